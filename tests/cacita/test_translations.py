"""Spanish pages say nothing in English that the site itself says: every word of theirs has its Spanish."""

import re

import pytest
from babel.messages.mofile import read_mo
from django.utils import translation
from django.utils.translation import trans_real

from programs.counties import COUNTIES
from resources.models import Resource
from resources.which_number import every_path
from tools.translations import MO, read, untranslated

SAME = {"EIN", "EIN %(ein)s", "California", "No", "TTY: %(number)s"}
"""Words that are the same in both languages."""
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|<[^>]+>|https?://\S+")


def english_of(entry):
    return tuple(entry.id) if isinstance(entry.id, (list, tuple)) else (entry.id,)


def strings_of(entry):
    return tuple(entry.string) if isinstance(entry.string, (list, tuple)) else (entry.string,)


def test_every_word_of_a_spanish_page_has_its_spanish():
    assert untranslated(read()) == [], "Run `make translations` and fill in what it lists."


def test_compiled_catalog_is_the_written_one():
    with MO.open("rb") as file:
        compiled = {english_of(entry): strings_of(entry) for entry in read_mo(file) if entry.id}
    assert compiled == {english_of(entry): strings_of(entry) for entry in read() if entry.id}


def test_spanish_keeps_numbers_names_and_markup_of_the_english():
    for entry in read():
        if entry.id:
            for string in strings_of(entry):
                assert sorted(PLACE.findall(string)) == sorted(PLACE.findall(english_of(entry)[-1])), string


def test_spanish_is_not_the_english_again():
    same = {english for entry in read() if entry.id for english in english_of(entry) if english in strings_of(entry)}
    # Patterns of numbers and names alone are no words.
    assert {words for words in same if re.search(r"[A-Za-z]{2}", PLACE.sub("", words))} <= SAME


@pytest.fixture
def said_in_english(monkeypatch):
    """What pages in Spanish ask for and no catalog of ours or of Django's has, filled as they are drawn."""
    missing = set()
    known = trans_real.translation("es")._catalog

    def listening(name, plural):
        original = getattr(translation._trans, name)

        def asked(*arguments):
            message = arguments[0] if not plural else (arguments[0], 1)
            if translation.get_language() == "es" and arguments[0] and message not in known:
                missing.add(arguments[0])
            return original(*arguments)

        monkeypatch.setattr(translation._trans, name, asked)

    listening("gettext", plural=False)
    listening("ngettext", plural=True)
    return missing


@pytest.mark.django_db
def test_no_page_in_spanish_asks_for_words_there_are_none_for(site, client, said_in_english):
    paths = ["/es/help/", "/es/help/what-to-say/", "/es/help/which-number/", "/es/help/family-card/"]
    paths += ["/es/help/not-saved/", "/es/help/app.webmanifest", "/es/help/card.pdf", "/es/help/kern/poster.pdf"]
    paths += ["/es/no-such-page/", "/es/about/"]
    paths += [
        "/es/resources/",
        "/es/resources/?q=jail&finding=for",
        "/es/resources/?kind=none",
        "/es/resources/?q=zzzz",
    ]
    paths += ["/es/resources/glossary/", "/es/resources/glossary/?q=hold", "/es/resources/glossary/?q=zzzz"]
    paths += [f"/es/resources/{slug}/" for slug in Resource.objects.published().values_list("slug", flat=True)]
    paths += [f"/es/help/which-number/{path}/" for path in every_path()]
    paths += [f"/es/help/{county.slug}/" for county in COUNTIES]
    for path in paths:
        client.get(path)
    assert said_in_english == set()
