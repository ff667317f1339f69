"""The family card in a browser: what is typed stays there, and one page of paper holds it, blank or filled in."""

import re
from urllib.parse import urlsplit

import pytest

from tests.browser.looks import ON_LACIT
from tests.browser.waiting import wait_until

pytestmark = ON_LACIT

CARD = "/help/family-card/"
ELSEWHERE = "/robots.txt"
"""A page that fetches nothing. Once it has been asked for, all that the card asked for before is known."""
FIELDS = ".card input, .card textarea"
WORD = "Quetzalcoatl"
"""What no page, script or store of the browser holds by itself."""
SHORT = "Three words here"
LONG = "An answer of some length, with quite a few words in it, that goes on until the second line is full."
STORES = """async () => {
    const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href];
    kept.push(JSON.stringify(await indexedDB.databases()), JSON.stringify(history.state));
    for (const name of await caches.keys()) {
        const store = await caches.open(name);
        for (const request of await store.keys()) kept.push(request.url, await (await store.match(request)).text());
    }
    return kept.join();
}"""


@pytest.fixture
def open_card(open_page):
    """A function that opens the card once the browser has nothing left to fetch by itself."""

    def open_card(**options):
        page = open_page(CARD, workers=True, **options)
        if options.get("scripts", True):
            wait_until(page, "navigator.serviceWorker.controller?.state === 'activated'")
        return page

    return open_card


def fill(page, text=LONG):
    for field in page.locator(FIELDS).all():
        field.fill(text if field.evaluate("one => one.matches('textarea')") else SHORT)


def sheets(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter")))


def test_nothing_leaves_while_the_card_is_typed_and_printed(open_card):
    page = open_card()
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))

    for field in page.locator(FIELDS).all():
        field.focus()
        page.keyboard.type(WORD)
        page.keyboard.press("Enter")
    page.evaluate("window.print = () => document.body.dataset.printed = 1")
    page.get_by_role("button", name="Print or save as PDF").click()
    page.pdf(format="Letter")
    assert page.evaluate("document.body.dataset.printed") == "1"
    assert WORD not in page.evaluate(STORES)
    assert page.context.cookies() == []
    assert page.faults == []

    page.goto(ELSEWHERE)
    assert [urlsplit(address).path for address in asked] == [ELSEWHERE]


def test_policy_stops_whatever_would_send_from_the_card(open_card):
    page = open_card()
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.evaluate("fetch('/healthz/?word').catch(() => {})")
    page.evaluate("navigator.sendBeacon('/healthz/?word')")
    page.evaluate("document.querySelector('form').method = 'get'")
    page.evaluate("document.querySelector('form').submit()")
    assert page.url.endswith(CARD)
    assert [fault for fault in page.faults if "Content Security Policy" in fault] != []

    page.goto(ELSEWHERE)
    assert [urlsplit(address).path for address in asked] == [ELSEWHERE]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_enter_changes_nothing_but_the_field(open_card, scripts):
    page = open_card(scripts=scripts)
    fill(page)
    before = page.url
    for field in page.locator(FIELDS).all():
        field.press("End")
        field.press("Enter")
    assert page.url == before
    assert {field.input_value().strip() for field in page.locator(FIELDS).all()} == {SHORT, LONG}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("is_filled", [False, True], ids=["blank", "filled"])
def test_card_prints_on_one_page(open_card, is_filled, scripts):
    page = open_card(scripts=scripts)
    if is_filled:
        fill(page)
    assert sheets(page) == 1


def test_long_answer_is_shown_and_printed_whole(open_card):
    page = open_card(width=360)
    fill(page)
    field = page.locator("#now")
    field.fill("\n".join([LONG] * 6))
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert field.evaluate("one => one.scrollHeight - one.clientHeight") <= 1, media


def test_long_answer_is_whole_where_the_browser_cannot_size_a_field(open_page):
    page = open_page("/contact/", width=360)
    page.add_init_script(
        """addEventListener("load", () => {
            for (const field of document.querySelectorAll("textarea")) field.style.fieldSizing = "fixed";
        })"""
    )
    page.goto(CARD)
    field = page.locator("#now")
    before = field.bounding_box()["height"]
    field.fill("\n".join([LONG] * 6))
    assert field.bounding_box()["height"] > 3 * before
    assert field.evaluate("one => one.scrollHeight - one.clientHeight") <= 1


def test_blank_lines_to_write_on_are_printed(open_card):
    page = open_card()
    page.emulate_media(media="print")
    for field in page.locator(FIELDS).all():
        style = field.evaluate("one => [getComputedStyle(one).backgroundImage, getComputedStyle(one).printColorAdjust]")
        assert style[0].startswith("linear-gradient("), style
        assert style[1] == "exact"
        assert field.bounding_box()["height"] >= 24
    for hidden in (".leave", ".bar", ".foot", ".field small", ".card button"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator(".rule p").first.is_visible()


def test_button_prints_with_scripts_and_words_tell_how_without(open_card):
    for scripts in (True, False):
        page = open_card(scripts=scripts)
        assert page.locator("[data-print]").is_visible() == scripts
        assert page.get_by_text("choose Print in the menu of your browser").is_visible() == (not scripts)


def test_what_was_typed_is_gone_once_the_page_was_left(open_card):
    page = open_card()
    fill(page, WORD)
    page.goto("/contact/")
    page.go_back()
    assert {field.input_value() for field in page.locator(FIELDS).all()} == {""}
