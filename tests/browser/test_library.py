"""The library and the glossary in a real browser: filters without JavaScript, both schemes, narrow and wide, paper."""

import pytest

from tests.browser.looks import LOOKS, ON_CACITA, findings
from tests.live import run_in_shell

pytestmark = ON_CACITA

MAKE = """
from resources.models import Resource, Term
rest = dict(status="published", audiences=["officers"], url="https://example.org/", summary="One thing. And another.")
for number, finding in enumerate(("for", "mixed", "against")):
    Resource.objects.update_or_create(slug=f"browser-{number}", defaults=dict(title=f"Browser study {number}",
        kind="research", topics=["holds"], finding=finding, year=2010 + number, authors="Diaz A, Lee B",
        publisher="Journal of Tests 1(2), 3-4", doi="10.1000/a-long-name-of-a-document-182", source_title="Journal",
        design="comparison of two groups", **rest))
Resource.objects.update_or_create(slug="browser-law", defaults=dict(title="Browser act", kind="law",
    citation="Penal Code 13515.26", topics=["holds"], language="both", **rest))
one, _made = Term.objects.update_or_create(slug="browser-one", defaults=dict(term="Browser one", category="law",
    definition="A word to look for.", expansion="Its long name", status="published", source_title="Somewhere",
    source_url="https://example.org/", legal_section="Code 1"))
two, _made = Term.objects.update_or_create(slug="browser-two", defaults=dict(term="Zz browser two", category="law",
    definition="Another word.", status="published"))
two.see_also.set([one])
"""
ADDRESSES = (
    "/resources/",
    "/resources/?kind=research&topic=holds",
    "/resources/?q=nothing+like+this",
    "/resources/browser-0/",
    "/resources/browser-law/",
    "/resources/glossary/",
    "/resources/glossary/?q=nothing+like+this",
)


@pytest.fixture(autouse=True)
def _shelf(live_site):
    run_in_shell(live_site, MAKE)


@LOOKS
def test_axe_finds_nothing_with_all_unfolded(open_page, width, dark):
    page = open_page("/", width=width, dark=dark)
    for path in ADDRESSES:
        page.goto(path)
        for fold in page.locator("main details > summary:visible").all():
            fold.click()
        assert (path, findings(page)) == (path, [])
        assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, width)
        assert (path, page.faults) == (path, [])


@pytest.mark.parametrize("width", [360, 1280])
def test_study_is_reached_without_scripts(open_page, width):
    page = open_page("/resources/", width=width, scripts=False)
    page.locator(".chip", has_text="Research").click()
    for fold in page.locator(".filters > summary:visible").all():
        fold.click()
    page.get_by_label("Involuntary holds", exact=False).locator("visible=true").check()
    page.get_by_label("Found no benefit", exact=False).locator("visible=true").check()
    page.get_by_label("From", exact=True).locator("visible=true").fill("2012")
    page.get_by_role("button", name="Show").locator("visible=true").click()
    assert page.url.endswith("/resources/?kind=research&q=&topic=holds&finding=against&from=2012&to=")
    assert page.locator(".timetable__head").all_inner_texts() == ["Browser study 2"]
    page.locator(".timetable__head a").click()
    assert page.locator("h1").inner_text() == "Browser study 2"


def test_one_click_marks_the_whole_citation(open_page):
    page = open_page("/resources/browser-0/")
    page.locator(".entry__citation").click()
    assert page.evaluate("getSelection().toString()") == (
        "Diaz A, Lee B (2010). Browser study 0. Journal of Tests 1(2), 3-4. "
        "https://doi.org/10.1000/a-long-name-of-a-document-182"
    )


def test_letters_and_links_between_terms_lead_to_their_places(open_page):
    page = open_page("/resources/glossary/", width=360, scripts=False)
    page.locator(".letters a", has_text="Z").click()
    assert page.url.endswith("#letter-z")
    page.locator("#browser-two a", has_text="Browser one").click()
    assert page.url.endswith("/resources/glossary/#browser-one")
    box = page.locator("#browser-one").bounding_box()
    assert 0 <= box["y"] < 400


def test_glossary_on_paper_keeps_the_terms_alone(open_page):
    page = open_page("/resources/glossary/")
    page.emulate_media(media="print")
    assert page.locator("#browser-one dd").is_visible()
    assert not page.locator(".letters").is_visible()
    assert not page.locator(".glossary__form").is_visible()
