from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finder

from cacita.stylesheet import NAME, PARTS, joined

FINDER = "cacita.stylesheet.StylesheetFinder"


def test_every_file_of_the_folder_is_a_part():
    assert sorted(PARTS) == sorted(file.stem for file in (settings.BASE_DIR / "static" / "css").glob("*.css"))


def test_joined_sheet_fixes_the_layers_first_and_holds_no_comment():
    sheet = joined()
    assert sheet.startswith("@layer reset,base,layout,components,utilities;@layer base{")
    assert "/*" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_development_and_collectstatic_offer_the_same_sheet():
    assert Path(finders.find(NAME)).read_text(encoding="utf-8") == joined()
    ((name, storage),) = get_finder(FINDER).list([])
    with storage.open(name) as collected:
        assert (name, collected.read().decode()) == (NAME, joined())


def test_other_files_are_left_to_other_finders():
    assert get_finder(FINDER).find("css/tokens.css") == []
