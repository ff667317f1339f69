"""Crisis help on a small telephone: taps, keys, one request, without scripts, on paper."""

import re

import pytest

from tests.browser.looks import LOOKS, ON_LACIT, findings

pytestmark = ON_LACIT

PAGES = (
    "/help/",
    "/help/los-angeles/",
    "/help/alpine/",
    "/help/which-number/",
    "/help/which-number/danger-no/me/",
    "/help/which-number/danger-yes/",
    "/help/which-number/danger-no/someone/later/",
    "/help/what-to-say/",
    "/help/family-card/",
    "/help/not-saved/",
    "/es/help/",
    "/es/help/los-angeles/",
    "/es/help/which-number/danger-no/me/",
    "/es/help/family-card/",
)
FEW = ("/help/", "/help/los-angeles/", "/help/which-number/danger-no/me/", "/help/family-card/")
"""One page of each build; axe walks them all."""
PHONE = {"width": 360, "height": 640}
SHEET = 11 * 96 - 2 * 64
"""Height of a printed page in CSS pixels: letter paper with margins of two thirds of an inch."""


def on_phone(open_page, path, **options):
    page = open_page(path, width=PHONE["width"], **options)
    page.set_viewport_size(PHONE)
    return page


def focused_address(page):
    return page.evaluate("document.activeElement.getAttribute('href')")


def is_on_screen(page, selector):
    box = page.locator(selector).first.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]


@LOOKS
def test_axe_finds_nothing_on_help(open_page, width, dark):
    page = open_page("/help/", width=width, dark=dark)
    for path in PAGES:
        page.goto(path)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert (path, findings(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("path", FEW)
def test_zoomed_help_still_fits(open_page, path):
    page = open_page(path, width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("path", FEW)
def test_call_link_follows_the_skip_link_by_keyboard(open_page, path):
    page = on_phone(open_page, path)
    for _press in range(3):
        page.keyboard.press("Tab")
        if focused_address(page) == "#main":
            break
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Tab")
    assert focused_address(page) == "tel:988"


def test_skip_link_moves_to_the_content(open_page):
    page = open_page("/help/los-angeles/")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("path", FEW)
def test_one_request_brings_the_page(open_page, path):
    page = open_page("/healthz/", scripts=False)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path, wait_until="networkidle")
    page.mouse.wheel(0, 10_000)
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "640px"
    assert page.context.cookies() == []
    assert page.faults == []


@pytest.mark.parametrize("path", FEW)
def test_nothing_but_scripts_is_fetched_beside_the_page(open_page, live_site, path):
    page = open_page("/healthz/")
    asked = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.goto(path, wait_until="networkidle")
    assert [url for _kind, url in asked if not url.startswith(live_site.url)] == []
    assert {kind for kind, _url in asked} <= {"document", "script", "manifest"}
    assert len(asked) <= 4
    assert page.context.cookies() == []
    assert page.faults == []


def test_numbers_to_call_and_text_are_on_the_first_screen(open_page):
    page = on_phone(open_page, "/help/", scripts=False)
    for address in ("tel:988", "sms:988", "tel:911"):
        assert is_on_screen(page, f"main a[href='{address}']"), address


@pytest.mark.parametrize("path", ["/", "/what-is-cit/", "/events/", "/contact/", "/no-such-page/"])
def test_988_is_one_tap_and_a_text_two_from_any_page(open_page, path):
    page = on_phone(open_page, path, scripts=False)
    assert is_on_screen(page, "a[href='tel:988']")
    page.locator("a[href='/help/']:visible").first.click()
    assert is_on_screen(page, "a[href='sms:988']")


def test_spanish_is_one_tap_away_and_leads_back(open_page):
    page = on_phone(open_page, "/help/", scripts=False)
    page.locator("main a[hreflang='es']").click()
    assert page.url.endswith("/es/help/")
    assert page.locator("html").get_attribute("lang") == "es"
    assert is_on_screen(page, "main .call.first a")
    assert is_on_screen(page, "main a[href='tel:911']")
    page.locator("main a[hreflang='en']").click()
    assert page.url.endswith("/help/")
    assert page.locator("html").get_attribute("lang") == "en"


def test_county_line_is_three_taps_away(open_page):
    page = on_phone(open_page, "/help/", scripts=False)
    page.locator("select").select_option("los-angeles")
    page.locator("form button").click()
    page.wait_for_url("**/help/los-angeles/")
    assert is_on_screen(page, "main .call a[href^='tel:']")


def test_question_of_danger_is_two_taps_from_the_call(open_page):
    page = on_phone(open_page, "/help/which-number/", scripts=False)
    page.locator("main .call a").first.click()
    page.wait_for_url("**/danger-yes/")
    assert is_on_screen(page, "main .call a[href='tel:911']")
    page.go_back()
    assert page.locator("main .call a").count() == 3


@pytest.mark.parametrize("path", FEW)
def test_whatever_can_be_tapped_is_large(open_page, path):
    page = on_phone(open_page, path)
    targets = page.locator("a:not(.skip), button, select, summary, input, textarea").filter(visible=True)
    for target in targets.all():
        # The first link of a card fills the card.
        height = target.evaluate("one => (one.matches('.call > :first-child') ? one.parentElement : one).offsetHeight")
        assert height >= 44, target.inner_text()


def test_folds_open_without_scripts(open_page):
    page = on_phone(open_page, "/help/", scripts=False)
    for fold in page.locator("summary").all():
        fold.click()
    assert page.locator("details:not([open])").count() == 0


def test_what_to_say_is_one_screen_and_one_page(open_page):
    page = on_phone(open_page, "/help/what-to-say/")
    last = page.locator("main p").last.bounding_box()
    assert last["y"] + last["height"] <= PHONE["height"]

    page.set_viewport_size({"width": 720, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollHeight") <= SHEET
    paper = page.pdf(format="Letter", margin=dict.fromkeys(("top", "right", "bottom", "left"), "0.66in"))
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


@pytest.mark.parametrize("path", FEW)
def test_paper_shows_ink_on_white(open_page, path):
    page = open_page(path, dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate(
        """() => [...document.querySelectorAll('html, body, main *')]
            .filter(one => one.checkVisibility())
            .map(one => getComputedStyle(one))
            .flatMap(style => ['ground,' + style.backgroundColor, 'ink,' + style.color])"""
    )
    assert {colour for colour in colours if colour.startswith("ground")} <= {
        "ground,rgb(255, 255, 255)",
        "ground,rgba(0, 0, 0, 0)",
    }
    assert {colour for colour in colours if colour.startswith("ink")} <= {"ink,rgb(0, 0, 0)", "ink,rgb(51, 51, 51)"}
    assert page.locator(".skip, .leave, .foot, form:not(.card)").filter(visible=True).count() == 0
