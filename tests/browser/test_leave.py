"""“Leave this page” on crisis help: always at hand, never in the way, and Back does not lead here again."""

import pytest

from resources.help_views import NEUTRAL_PAGE
from tests.browser.looks import ON_LACIT

pytestmark = ON_LACIT

PAGES = ("/help/", "/help/los-angeles/", "/help/what-to-say/")
SIZES = ((320, 640), (640, 360), (1280, 800))
BAR = ".leave"
LINK = ".leave a"
STATUS = ".leave [role=status]"
WHERE = f"""() => [
    document.querySelector('{BAR}').getBoundingClientRect().toJSON(),
    document.activeElement.getBoundingClientRect().toJSON(),
    document.activeElement.matches('{LINK}'),
]"""


@pytest.fixture
def open_help(open_page):
    """A function that opens a help page after another page, with a stand-in of the neutral page.

    What was asked of the other site is in `page.asked`.
    """

    def open_help(path="/help/", **options):
        page = open_page("/contact/", **options)
        page.asked = []

        def stand_in(route):
            page.asked.append(route.request.headers.get("referer", ""))
            route.fulfill(content_type="text/html", body="<title>Weather</title><h1>Weather</h1>")

        page.context.route(f"{NEUTRAL_PAGE}**", stand_in)
        page.goto(path)
        return page

    return open_help


def has_left(page):
    page.wait_for_url(NEUTRAL_PAGE)
    assert page.title() == "Weather"
    assert page.asked == [""]


def comes_back_to(page):
    page.go_back()
    return page.url.split("/", 3)[3]


@pytest.mark.parametrize("path", PAGES)
def test_leave_is_the_first_stop_of_the_keyboard(open_help, path):
    page = open_help(path)
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.activeElement === document.querySelector('{LINK}')")
    assert page.asked == []


@pytest.mark.parametrize("path", PAGES)
def test_click_replaces_the_page(open_help, path):
    page = open_help(path)
    page.locator(LINK).click()
    has_left(page)
    assert comes_back_to(page) == "contact/"


def test_click_leaves_without_scripts(open_help):
    page = open_help(scripts=False)
    page.locator(LINK).click()
    has_left(page)
    assert comes_back_to(page) == "help/"


def test_page_is_blank_at_once(open_help):
    page = open_help()
    seen = page.evaluate(
        "(link) => { document.querySelector(link).click(); return [document.title, document.body.checkVisibility()] }",
        LINK,
    )
    assert seen == ["www.weather.gov", False]
    has_left(page)


@pytest.mark.parametrize("path", PAGES)
def test_three_presses_of_shift_replace_the_page(open_help, path):
    page = open_help(path)
    status = page.locator(STATUS)

    page.keyboard.press("Shift")
    assert status.text_content() == "Press Shift two more times to leave."
    page.keyboard.press("Shift")
    assert status.text_content() == "Press Shift once more to leave."
    page.keyboard.press("Shift")

    has_left(page)
    assert comes_back_to(page) == "contact/"


@pytest.mark.parametrize(
    "keys",
    [
        ("Shift", "Shift"),
        ("Shift", "Shift", "a", "Shift"),
        ("Shift+A", "Shift+B", "Shift+C", "Shift+D"),
        ("Shift", "Shift", "Tab", "Shift"),
    ],
    ids=" ".join,
)
def test_fewer_presses_or_others_in_between_stay(open_help, keys):
    page = open_help()
    for key in keys:
        page.keyboard.press(key)
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")
    assert page.url.endswith("/help/")
    assert page.asked == []


def test_capital_letters_are_not_announced(open_help):
    page = open_help()
    page.keyboard.press("Shift+A")
    assert page.locator(STATUS).text_content() == ""


def test_clicks_in_between_start_anew(open_help):
    page = open_help()
    for _press in range(2):
        page.keyboard.press("Shift")
    page.locator("h1").click()
    page.keyboard.press("Shift")
    assert page.locator(STATUS).text_content() == "Press Shift two more times to leave."


def test_presses_count_for_five_seconds(open_page):
    page = open_page("/contact/")
    page.clock.install()
    page.goto("/help/")
    for _press in range(2):
        page.keyboard.press("Shift")
    page.clock.run_for(5_000)
    assert page.locator(STATUS).text_content() == ""
    page.keyboard.press("Shift")
    assert page.locator(STATUS).text_content() == "Press Shift two more times to leave."


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_leave_stays_in_sight_and_covers_nothing_one_uses(open_help, width, height):
    page = open_help(width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    last = page.evaluate("document.querySelectorAll('a:not(.skip), select, button, summary').length - 1")
    assert last > 15
    # There and back again: going up is where a bar at the top would hide what has the focus.
    for key in ["Tab"] * last + ["Shift+Tab"] * (last - 1):
        page.keyboard.press(key)
        bar, used, is_leaving = page.evaluate(WHERE)
        assert (bar["top"], bar["height"] <= height / 4) == (0, True)
        assert is_leaving or used["top"] >= bar["bottom"] - 1, used


def test_anchors_come_to_rest_below_the_bar(open_help):
    page = open_help("/help/#in-your-county", width=320)
    bar, heading = (page.locator(one).first.bounding_box() for one in (BAR, "#in-your-county h2"))
    assert heading["y"] >= bar["y"] + bar["height"]


def test_leave_fits_with_text_of_twice_the_size(open_page):
    page = open_page("/help/", width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    bar, words = (page.locator(one).last.bounding_box() for one in (BAR, f"{BAR} small"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    assert words["x"] + words["width"] <= 640
    assert bar["height"] <= 100


def test_leave_is_not_printed(open_page):
    page = open_page("/help/what-to-say/")
    page.emulate_media(media="print")
    assert not page.locator(BAR).is_visible()
    assert not page.locator("footer").is_visible()
