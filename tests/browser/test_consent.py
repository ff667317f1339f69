"""The question before visits are counted: nothing leaves before Accept, and each answer is kept."""

import pytest

from tests.browser.looks import ON_LACIT, findings
from tests.browser.waiting import wait_until
from tests.live import run_in_shell

pytestmark = ON_LACIT

SCRIPT = "https://plausible.io/js/script.js"
CHANGE = "from pages.models import Identity; Identity.objects.update(analytics_service={!r}, analytics_site={!r})"


@pytest.fixture(scope="module", autouse=True)
def _counting(live_site):
    run_in_shell(live_site, CHANGE.format("plausible", "example.org"))
    yield
    run_in_shell(live_site, CHANGE.format("", ""))


@pytest.fixture
def visit(open_page, live_site):
    """A window that notes in `asked` which addresses of other hosts it asks for, and answers for the service."""
    page = open_page("/healthz/")
    page.asked = []
    page.on("request", lambda request: request.url.startswith(live_site.url) or page.asked.append(request.url))
    page.route("https://plausible.io/**", lambda route: route.fulfill(body="window.counted = true"))
    return page


def answer(page, name):
    page.get_by_role("region", name="May we count this visit?").get_by_role("button", name=name).click()


def open_quietly(page, path):
    page.goto(path, wait_until="networkidle")


def test_nothing_leaves_before_accept_and_the_answer_is_kept(visit):
    open_quietly(visit, "/")
    assert visit.locator(".consent").is_visible()
    assert visit.asked == []
    answer(visit, "Accept")
    wait_until(visit, "window.counted")
    assert visit.asked == [SCRIPT]
    assert not visit.locator(".consent").is_visible()
    open_quietly(visit, "/contact/")
    assert not visit.locator(".consent").is_visible()
    assert visit.asked == [SCRIPT, SCRIPT]
    assert visit.context.cookies() == []
    assert visit.faults == []


def test_decline_is_kept_and_can_be_changed(visit):
    open_quietly(visit, "/")
    answer(visit, "Decline")
    open_quietly(visit, "/contact/")
    assert not visit.locator(".consent").is_visible()
    assert visit.asked == []
    visit.get_by_role("button", name="Privacy choices").click()
    answer(visit, "Accept")
    wait_until(visit, "window.counted")
    assert visit.asked == [SCRIPT]


def test_taking_consent_back_stops_the_service(visit):
    open_quietly(visit, "/")
    answer(visit, "Accept")
    wait_until(visit, "window.counted")
    visit.get_by_role("button", name="Privacy choices").click()
    with visit.expect_navigation(wait_until="networkidle"):
        answer(visit, "Decline")
    assert visit.evaluate("window.counted") is None
    assert visit.asked == [SCRIPT]


def test_global_privacy_control_is_an_answer(visit):
    visit.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    open_quietly(visit, "/")
    assert not visit.locator(".consent").is_visible()
    assert not visit.locator(".footer__choice").is_visible()
    assert visit.asked == []


def test_help_page_neither_asks_nor_counts(visit):
    open_quietly(visit, "/help/")
    assert visit.locator(".consent").count() == 0
    assert visit.asked == []


def test_answers_have_equal_weight(visit):
    open_quietly(visit, "/")
    accept, decline = (visit.get_by_role("button", name=name) for name in ("Accept", "Decline"))
    look = (
        "(button) => ['color', 'backgroundColor', 'borderColor', 'font'].map((name) => getComputedStyle(button)[name])"
    )
    assert accept.evaluate(look) == decline.evaluate(look)
    assert [accept.bounding_box()[side] for side in ("y", "width", "height")] == [
        decline.bounding_box()[side] for side in ("y", "width", "height")
    ]


def test_axe_finds_nothing_while_the_question_stands(visit):
    open_quietly(visit, "/")
    assert findings(visit) == []


def test_nobody_is_asked_without_scripts(open_page):
    page = open_page("/", scripts=False)
    assert not page.locator(".consent").is_visible()
