"""The wallet card and the poster as people get them: one accessible page each, whatever the records hold."""

import itertools
import json
import re
from dataclasses import asdict, replace
from io import BytesIO

import pytest
import qrcode
import typst
from django.utils import timezone, translation
from PIL import Image
from pypdf import PdfReader

from pages import papers
from pages.bilingual import Words
from pages.models import Identity
from programs import counties
from resources.leaflet import leaflet
from resources.models import CrisisLine
from tests import naughty
from tests.factories import make_identity, make_line
from tests.resources.test_help_views import body, links, make_everything, make_team

pytestmark = pytest.mark.django_db
PAPERS = ("/help/card.pdf", "/help/poster.pdf", "/help/kern/card.pdf", "/help/kern/poster.pdf")
KINDS = ("card", "poster")
INCH = 72
DOTS = 300
"""To the inch, where a paper is looked at as a picture."""
SMALLEST = 7.5
"""Points, of the letters on a card."""
SIX_FEET = 5 / 8 * INCH
"""Height of figures that can be read from there."""
FIGURES = 0.645
"""How high the figures of Libertinus Serif are, as a share of the size of its letters."""


@pytest.fixture(autouse=True)
def address(settings):
    settings.SITE_URL = "https://www.example.org"
    return settings.SITE_URL


def make_bar():
    make_line("Lifeline", phone="988", text_number="988", is_in_bar=True, position=1)
    make_line("Danger", phone="911", kind=CrisisLine.Kind.EMERGENCY, is_in_bar=True, position=2)


def read(content):
    return PdfReader(BytesIO(content))


def got(client, path):
    return read(client.get(path).content)


def text(reader):
    return " ".join(reader.pages[0].extract_text().split())


def paper_of(slug=""):
    return leaflet("Paper: %(heading)s", counties.BY_SLUG.get(slug), Identity.load(), timezone.now())


def made(kind, paper):
    return read(papers.pdf(f"{kind}.typ", asdict(paper)))


def elements(reader):
    """What a screen reader is told of a paper: its structure, element by element, in reading order."""
    waiting, found = [reader.trailer["/Root"]["/StructTreeRoot"]], []
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            found += [node] if "/S" in node else []
            waiting += [node["/K"]] if "/K" in node else []
    return found


def kinds(reader):
    return [element["/S"] for element in elements(reader)]


def pieces(reader):
    """(text, size in points) of every piece of text."""
    found = []

    def visit(text, _user, matrix, _font, size):
        if text.strip():
            found.append((text.strip(), abs(size * matrix[0])))

    reader.pages[0].extract_text(visitor_text=visit)
    return found


def addresses(reader):
    return [
        note.get_object()["/A"]["/URI"]
        for note in reader.pages[0].get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    ]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/help/card.pdf", "Wallet card: Crisis help"),
        ("/help/poster.pdf", "Poster: Crisis help"),
        ("/help/kern/card.pdf", "Wallet card: Crisis help in Kern County"),
        ("/help/kern/poster.pdf", "Poster: Crisis help in Kern County"),
    ],
)
def test_paper_is_one_letter_page_for_screen_readers(client, path, title):
    make_everything()
    reader = got(client, path)
    root = reader.trailer["/Root"]

    assert [[float(side) for side in page.mediabox] for page in reader.pages] == [[0, 0, 8.5 * INCH, 11 * INCH]]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert (reader.metadata.title, reader.metadata.author) == (title, "TA")


@pytest.mark.parametrize("path", PAPERS)
def test_answer_is_shown_asked_for_again_and_tells_nobody(client, path):
    make_everything()
    response = client.get(path)
    name = "-".join(["crisis-help", *path.removesuffix(".pdf").split("/")[2:], "en.pdf"])

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{name}"'
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-cache"
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")
    assert len(response.content) <= 60_000


@pytest.mark.parametrize("path", PAPERS)
def test_paper_is_sent_again_only_when_a_number_changed(client, path):
    make_bar()
    tag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")

    line = CrisisLine.objects.get(slug="lifeline")
    line.stand_in = "+18005550100"
    line.save()

    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "Call (800) 555-0100" in text(read(changed.content))
    assert "Call 988" not in text(read(changed.content))


@pytest.mark.parametrize("path", PAPERS)
def test_papers_are_for_reading_alone(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/help/atlantis/card.pdf", "/help/atlantis/poster.pdf"])
def test_place_nobody_knows_has_no_paper(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("fault", [typst.TypstError("no memory"), ImportError("no library")])
@pytest.mark.parametrize("path", PAPERS)
def test_numbers_come_as_a_page_where_no_paper_can_be_made(client, monkeypatch, caplog, path, fault):
    make_everything()

    def fail(template, paper):
        raise fault

    monkeypatch.setattr(papers, "pdf", fail)
    response = client.get(path)
    found = links(body(response))

    assert response.status_code == 503
    assert response["Referrer-Policy"] == "no-referrer"
    assert {"tel:988", "sms:988", "tel:911"} <= set(found)
    assert found[found.index("#main") + 1] == "tel:988"
    assert path.rsplit("/", 1)[0] + "/" in found
    assert "We could not make this paper just now." in response.content.decode()
    assert f"of https://www.example.org{path.rsplit('/', 1)[0]}/" in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_paper_tells_what_the_county_has(client, kind):
    make_identity(short_name="TA")
    make_bar()
    make_line("En español", who=["spanish"], name_es="En español", phone="988", press="2")
    make_line("Kern line", counties=["kern"], phone="+16615550100", hours=[(day, "08:00", "17:00") for day in range(5)])
    make_line("Kern draft", counties=["kern"], phone="+16615550111", status=CrisisLine.Status.DRAFT)
    make_line("Fresno line", counties=["fresno"], phone="+15595550100")
    make_team()

    reader = got(client, f"/help/kern/{kind}.pdf")
    words = text(reader)

    for part in (
        "Crisis help in Kern County",
        "Call 988",
        "Text 988",
        "Call 911",
        "Ask for a CIT officer.",
        "En español: Llame al 988 y oprima el 2",
        "Kern line",
        "Call (661) 555-0100",
        "Monday to Friday, 8 a.m. to 5 p.m. · Not yet dialled by us",
        "Public pages name a mobile crisis team in Kern County.",
        "When you call 911",
        "“This is a mental health emergency.”",
        "www.example.org/help/kern/",
        "Made by TA on ",
    ):
        assert part in words
    assert "https://" not in words
    assert "555-0111" not in words
    assert "Fresno" not in words
    assert sorted(set(addresses(reader))) == [
        "https://www.example.org/help/kern/",
        "sms:988",
        "tel:+16615550100",
        "tel:911",
        "tel:988",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_paper_of_a_county_without_a_number_says_so(client, kind):
    words = text(got(client, f"/help/alpine/{kind}.pdf"))
    assert "We know of no checked number for Alpine County yet." in words
    assert "Call 988 and ask if a local team can come." in words


def test_card_is_read_aloud_once_and_printed_four_times(client):
    make_bar()
    make_line("Kern line", counties=["kern"], phone="+16615550100")
    reader = got(client, "/help/kern/card.pdf")
    found = kinds(reader)

    assert text(reader).count("(661) 555-0100") == 4
    assert addresses(reader).count("tel:+16615550100") == 1
    assert [kind for kind in found if kind.startswith("/H")] == ["/H1", "/H2", "/H2"]
    assert (found.count("/L"), found.count("/LI"), found.count("/Figure")) == (1, 3, 1)
    assert [entry["/Title"] for entry in reader.outline[1]] == ["Crisis help in Kern County", "When you call 911"]


def test_poster_has_a_heading_for_each_part(client):
    make_bar()
    make_line("Kern line", counties=["kern"])
    make_line("Kern other", counties=["kern"])
    reader = got(client, "/help/kern/poster.pdf")
    found = kinds(reader)

    assert [kind for kind in found if kind.startswith("/H")] == ["/H1", "/H2", "/H2"]
    assert (found.count("/L"), found.count("/LI"), found.count("/Figure")) == (1, 3, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_paper_in_spanish_says_so_and_marks_what_is_not(kind):
    make_bar()
    make_line("Kern line", counties=["kern"], name_es="Línea de Kern")
    with translation.override("es"):
        spanish = made(kind, paper_of("kern"))
    make_line("English alone", counties=["kern"])
    with translation.override("es"):
        mixed = made(kind, paper_of("kern"))

    assert [reader.trailer["/Root"]["/Lang"] for reader in (spanish, mixed)] == ["es", "es"]
    assert "Línea de Kern" in text(spanish)
    assert (marked(spanish), marked(mixed)) == (set(), {"en"})


def marked(reader):
    """The languages that pieces of a paper are marked with, beside its own."""
    own = reader.trailer["/Root"]["/Lang"]
    found = {element["/Lang"] for element in elements(reader) if "/Lang" in element}
    found |= set(re.findall(r"/Lang ?\((\w+)\)", reader.pages[0].get_contents().get_data().decode("latin1")))
    return found - {own}


@pytest.mark.parametrize("kind", KINDS)
def test_line_for_spanish_speakers_is_marked(kind):
    assert marked(made(kind, paper_of("kern"))) == set()
    make_line("En español", who=["spanish"], name_es="En español", phone="988", press="2")
    assert marked(made(kind, paper_of("kern"))) == {"es"}


@pytest.mark.parametrize("kind", KINDS)
def test_qr_code_on_the_paper_leads_to_the_page(kind):
    """What is drawn where the paper says that its figure stands, one point in each square."""
    paper = paper_of("san-bernardino")
    (figure,) = (element for element in elements(made(kind, paper)) if element["/S"] == "/Figure")
    left, bottom, right, top = (float(side) for side in figure["/A"][0]["/BBox"])
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data("https://www.example.org/help/san-bernardino/")
    wanted = code.get_matrix()
    square = (right - left) / len(wanted)
    picture, points = drawing(kind, paper), DOTS / INCH

    drawn = [
        [
            picture.getpixel(
                (round((left + (x + 0.5) * square) * points), round((11 * INCH - top + (y + 0.5) * square) * points))
            )
            < 128
            for x in range(len(wanted))
        ]
        for y in range(len(wanted))
    ]

    assert drawn == wanted
    assert top - bottom == pytest.approx(right - left)
    assert code.modules_count * square >= 0.8 * INCH
    assert figure["/Alt"] == "QR code that opens www.example.org/help/san-bernardino/"


def drawing(kind, paper):
    """The paper as it is printed, in shades of gray."""
    content = typst.compile(
        str(papers.FOLDER / f"{kind}.typ"),
        root=str(papers.FOLDER),
        sys_inputs={"paper": json.dumps(asdict(paper))},
        ignore_system_fonts=True,
        format="png",
        ppi=DOTS,
    )
    return Image.open(BytesIO(content)).convert("L")


def make_extremes(count):
    """As many lines of a county as given, in a site where every text is as long as its field allows."""
    make_identity(short_name=filled(30))
    longest = {
        "press": "10",
        "text_number": "+16615550111",
        "text_keyword": "KEYWORDKEYWORDKEYWOR",
        "videophone": "+16615550122",
        "stand_in": "+16615550199",
        "stand_in_note": filled(160),
        "what_for": filled(2000),
    }
    make_line(filled(120, "A "), is_in_bar=True, position=1, slug="talk", **longest)
    make_line(filled(120, "B "), is_in_bar=True, position=2, slug="danger", kind="emergency", **longest)
    make_line(filled(120, "C "), who=["spanish"], slug="spanish", name_es=filled(120, "D "), **longest)
    for number in range(count):
        make_line(
            filled(120, f"{number} "),
            slug=f"line-{number}",
            counties=["kern"],
            is_day_and_night=False,
            hours_es="",
            **longest,
        )
        CrisisLine.objects.filter(slug=f"line-{number}").update(hours=filled(200))
        make_line(filled(120, f"T{number} "), slug=f"teen-{number}", who=["teen"], **longest)
        make_team(
            filled(80, f"{number} "),
            phone=f"+1661555{number:04}",
            how_to_reach=filled(300),
            cities=filled(300),
            hours_of_service=filled(160),
        )


def filled(length, begin=""):
    """A text of words, as long as that."""
    return (begin + "Somewhere in the Long Valley " * length)[:length].strip()


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize("slug", ["kern", ""])
@pytest.mark.parametrize("kind", KINDS)
def test_longest_records_stay_on_the_page(settings, kind, slug, count):
    settings.SITE_URL = "https://www.an-association-with-a-rather-long-name.example.org"
    make_extremes(count)
    paper = paper_of(slug)
    reader = made(kind, paper)
    words = text(reader)

    assert len(reader.pages) == 1
    assert "Call (661) 555-0199" in words
    assert "www.an-association-with-a-rather-long-name.example.org/help/" in words.replace(" ", "")
    assert "Made by Somewhere in the Long" in words
    assert all(size >= SMALLEST - 0.01 for _text, size in pieces(reader))
    picture = drawing(kind, paper)
    assert [strip for strip in edges(kind, picture) if has_ink(picture, strip)] == []


def edges(kind, picture):
    """Strips that stay white (left, top, right, bottom, in inches): the margins, the foot of each side of a card."""
    around = [(0, 0, 8.5, 0.5), (0, 0, 0.5, 11), (8, 0, 8.5, 11), (0, 10.55, 8.5, 11)]
    if kind == "poster":
        return around
    feet = [(left, line - 0.09, left + 3.4, line - 0.02) for line in lines_to_cut(picture)[1:] for left in (0.8, 4.3)]
    return around + feet


def has_ink(picture, strip):
    return picture.crop([round(side * DOTS) for side in strip]).getextrema()[0] < 200


def lines_to_cut(picture):
    """Heights in inches where a line runs between the text of the cards and their right edge."""
    x = round(7.7 * DOTS)
    dark = [y for y in range(picture.height) if picture.getpixel((x, y)) < 200]
    return [y / DOTS for y in dark if y - 1 not in dark]


def test_card_is_as_large_as_a_business_card_and_there_are_four():
    picture = drawing("card", paper_of("kern"))
    lines = lines_to_cut(picture)
    assert [below - above for above, below in itertools.pairwise(lines)] == pytest.approx([2] * 4, abs=0.01)
    y = round((lines[0] + 0.05) * DOTS)
    dark = [x for x in range(picture.width) if picture.getpixel((x, y)) < 200]
    assert ((dark[-1] - dark[0]) / DOTS) == pytest.approx(7, abs=0.02)


def test_numbers_of_the_poster_can_be_read_from_six_feet():
    make_bar()
    make_line("Kern line", counties=["kern"], phone="+16615550100", what_for="To talk.")
    large = {text: size for text, size in pieces(made("poster", paper_of("kern"))) if size * FIGURES >= SIX_FEET}
    assert set(large) == {"988", "911", "(661) 555-0100"}


@pytest.mark.parametrize("kind", KINDS)
def test_markup_in_a_record_stays_text(kind):
    make_line("#strong[A] *b* $x^2$ // c <script>", counties=["kern"])
    assert "#strong[A] *b* $x^2$ // c <script>" in text(made(kind, paper_of("kern")))


@pytest.mark.parametrize("kind", KINDS)
def test_naughty_names_never_keep_a_paper_from_being_made(kind):
    make_line("Kern line", counties=["kern"])
    paper = paper_of("kern")
    line = paper.lines[0]
    for begin in range(0, len(naughty.STRINGS), 12):
        texts = [Words(text[:120], "en") for text in naughty.STRINGS[begin : begin + 12]]
        entries = [
            replace(line, name=name, what_for=what_for, standing=(when,))
            for name, what_for, when in itertools.zip_longest(texts[::3], texts[1::3], texts[2::3], fillvalue=texts[0])
        ]
        assert len(made(kind, replace(paper, lines=entries)).pages) == 1, entries
