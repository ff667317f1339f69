"""Papers are made wherever they can be made, and hold what was put in as words."""

from io import BytesIO

import pytest
import typst
from pypdf import PdfReader

from pages import papers

PAPER = {
    "title": "Receipt",
    "number": "R-222222",
    "sender": ["Test Association"],
    "donor": "Zoë Ж. Test",
    "facts": [],
    "sentences": [],
    "table": {},
    "language": "en",
    "labels": {"from": "From", "to": "To", "page": "Page"},
}


def reader(**values):
    return PdfReader(BytesIO(papers.pdf("paper.typ", PAPER | values)))


def test_paper_is_for_screen_readers_and_brings_its_letters():
    paper = reader()
    metadata = paper.trailer["/Root"]["/Metadata"].get_data()
    fonts = [font.get_object() for font in paper.pages[0]["/Resources"]["/Font"].values()]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert {font["/BaseFont"].split("+")[1].split("-")[0] for font in fonts} == {"LibertinusSerif"}
    assert "Zoë Ж. Test" in paper.pages[0].extract_text()


def test_letter_that_no_font_holds_does_not_keep_a_paper_from_being_made():
    """Linear B, and a code point nobody uses."""
    assert "Receipt" in reader(donor="𐀀𐀁 \U000e1000").pages[0].extract_text()


def test_fault_that_is_not_about_letters_is_told():
    with pytest.raises(typst.TypstError, match="does not contain key"):
        papers.pdf("paper.typ", {"title": "Receipt"})
