"""The directory in a real browser: the way to a program without JavaScript, both schemes, narrow and wide."""

import pytest

from tests.browser.looks import LOOKS, ON_CACITA, ON_LACIT, findings

ADDRESSES = (
    "/programs/",
    "/programs/?county=north-coast",
    "/programs/?q=nothing+like+this",
    "/programs/counties/",
    "/programs/counties/kern/",
    "/programs/counties/alpine/",
    "/programs/long-beach-ccr/",
    "/start-a-program/",
)


@ON_CACITA
@LOOKS
def test_axe_finds_nothing_with_all_unfolded(open_page, width, dark):
    page = open_page("/", width=width, dark=dark)
    for path in ADDRESSES:
        page.goto(path)
        for fold in page.locator("main details > summary").all():
            fold.click()
        assert (path, findings(page)) == (path, [])
        assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, width)


@ON_CACITA
@pytest.mark.parametrize("width", [360, 1280])
def test_program_is_reached_from_home_in_three_taps_without_scripts(open_page, width):
    page = open_page("/", width=width, scripts=False)
    page.locator(".mapstrip").click()
    page.locator("main th a", has_text="Kern").click()
    page.locator(".timetable__head a", has_text="Mobile Evaluation Team").click()
    assert page.locator("h1").inner_text() == "Kern Mobile Evaluation Team (MET)"


@ON_CACITA
def test_filters_work_without_scripts(open_page):
    page = open_page("/programs/", scripts=False)
    page.locator(".filters > summary").click()
    page.get_by_label("Dispatch", exact=False).first.check()
    page.locator(".filters select").select_option("los-angeles-county")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/programs/?q=&county=los-angeles-county&kind=dispatch")
    assert page.locator(".timetable__head").all_inner_texts() == ["Didi Hirsch 911 call diversion (Los Angeles)"]
    assert page.locator(".chip[aria-current]").inner_text() == "Los Angeles County"


@ON_LACIT
def test_lacit_menu_leads_to_its_own_programs(open_page):
    page = open_page("/", width=1280)
    page.locator("header a", has_text="LA CIT Programs").first.click()
    assert page.locator(".timetable__head").count() == 11
    assert findings(page) == []
