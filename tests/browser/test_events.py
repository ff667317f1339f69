"""The calendar in a real browser: the way to a class without JavaScript, both schemes, narrow and wide."""

import re

import pytest

from tests.browser.looks import LOOKS, ON_CACITA, findings

pytestmark = ON_CACITA

MONTH = re.compile(r"/events/calendar/\d{4}/\d{2}/$")


@pytest.fixture
def addresses(live_site, open_page):
    """One page of every kind there is on this site: list, filtered list, month, event, series, past year."""
    page = open_page("/events/", scripts=False)
    ways = page.locator("main a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    kinds = {}
    for way in ways:
        parts = way.strip("/").split("/")
        if parts[0] == "events" and len(parts) > 1 and "." not in way:
            kinds.setdefault(parts[1] if parts[1] in ("calendar", "series", "past") else "event", way)
    return ["/events/", "/events/?q=nothing+like+this", *kinds.values()]


def test_every_kind_of_page_is_reached_from_the_list(addresses):
    assert {way.split("/")[2] for way in addresses if way.count("/") > 3} >= {"calendar", "series"}
    assert len(addresses) >= 5


@pytest.mark.parametrize("width", [360, 1280])
def test_class_is_found_in_three_taps_without_scripts(open_page, width):
    page = open_page("/", width=width, scripts=False)
    taps = 0
    if page.locator(".menu > summary").is_visible():
        page.locator(".menu > summary").click()
        taps += 1
    page.locator("header a[href='/events/']:visible").first.click()
    title = page.locator(".timetable__head a").first.inner_text()
    page.locator(".timetable__head a").first.click()
    taps += 2
    assert (page.locator("h1").inner_text(), taps <= 3) == (title, True)
    card = page.locator(".card--fact")
    assert card.is_visible()
    assert [name for name in card.locator("dt").all_inner_texts() if name in ("Time", "Place", "Cost", "Credit")] == [
        "Time",
        "Place",
        "Cost",
        "Credit",
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_filters_work_without_scripts(open_page, width):
    page = open_page("/events/", width=width, scripts=False)
    if page.locator(".filters--phone > summary").is_visible():
        page.locator(".filters--phone > summary").click()
    page.locator("input[name=free]:visible").check()
    page.get_by_role("button", name="Show").locator("visible=true").click()
    assert page.url.endswith("/events/?q=&county=&free=1") or page.url.endswith("/events/?q=&free=1")
    assert page.locator("input[name=free]").first.is_checked()


@LOOKS
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, addresses, width, dark):
    page = open_page("/", width=width, dark=dark)
    for path in addresses:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (path, findings(page), wide <= width) == (path, [], True)
        assert page.faults == []


def test_event_prints_on_one_page(open_page, addresses):
    path = next(way for way in addresses if way.count("/") == 3 and not way.startswith("/events/?"))
    printed = open_page(path).pdf(format="Letter")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1


def test_month_is_a_grid_on_a_desk_and_a_list_on_a_phone(open_page, addresses):
    path = next(way for way in addresses if MONTH.search(way))
    desk, phone = open_page(path), open_page(path, width=360)
    for page, shown in ((desk, True), (phone, False)):
        assert page.locator(".grid thead").is_visible() is shown
        assert page.locator(".grid__empty").first.is_visible() is shown
        assert page.locator(".grid li a").first.is_visible()
