"""The contact form in a real browser: by keyboard, without scripts, and with nobody else told.

A site takes five messages in ten minutes from one address, and all of these come from here: send few.
"""

import re

import pytest

from tests.browser.looks import LOOKS, ON_LACIT, findings
from tests.browser.waiting import wait_until
from tests.contact.files import PDF
from tests.live import PREPARED, running_site

THANKS = re.compile(r"/contact/thanks/M-[2-9A-Z]{6}/$")
GOOGLE = "https://www.google.com/recaptcha/api.js"
FAKE = """
window.grecaptcha = {
  ready: (then) => then(),
  execute: (key, { action }) => Promise.resolve(`token of ${key} for ${action}`),
};
"""


def choose(page, *files):
    page.set_input_files(
        "input[type=file]",
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files],
    )


def fill(page):
    page.get_by_label("Your name").fill("Jane Doe")
    page.get_by_label("E-mail").fill("jane@example.org")
    page.get_by_label("A general question").check()
    page.get_by_label("Message").fill("When is the next course?")


def send(page):
    page.get_by_role("button", name="Send message").click()


@ON_LACIT
def test_message_is_sent_by_keyboard_alone(open_page):
    page = open_page("/contact/")
    page.get_by_label("Your name").focus()
    for words in ("Jane Doe", "jane@example.org", "", ""):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "training"
    page.keyboard.press("Tab")
    page.keyboard.type("When is the next course?")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "file"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(THANKS)
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you for your message"
    assert page.locator(".statement").inner_text() in page.url
    assert page.faults == []


@ON_LACIT
def test_message_is_sent_without_scripts_after_a_fault_with_its_file(open_page):
    page = open_page("/contact/", width=360, scripts=False)
    fill(page)
    page.get_by_label("E-mail").fill("jane@")
    choose(page, ("plan.pdf", PDF), ("setup.exe", b"MZ"))
    send(page)
    summary = page.get_by_role("alert")
    assert "E-mail: Enter a valid email address." in summary.inner_text()
    assert "We cannot use “setup.exe”. Only these kinds are taken" in summary.inner_text()
    assert page.get_by_label("Message").input_value() == "When is the next course?"
    assert page.get_by_label("A general question").is_checked()
    assert page.get_by_label("plan.pdf").is_checked()
    page.get_by_label("E-mail").fill("jane@example.org")
    send(page)
    page.wait_for_url(THANKS)


@ON_LACIT
@LOOKS
def test_axe_finds_nothing_in_a_refused_form(open_page, width, dark):
    page = open_page("/contact/?topic=media", width=width, dark=dark)
    choose(page, ("plan.pdf", PDF), ("setup.exe", b"MZ"))
    send(page)
    page.locator(".summary").wait_for()
    assert page.evaluate("document.activeElement.className") == "summary"
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/contact/thanks/M-222222/")
    assert findings(page) == []


@ON_LACIT
def test_too_large_files_are_said_before_they_are_sent(open_page):
    page = open_page("/contact/")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    fill(page)
    choose(page, ("film.pdf", bytes(11 * 1024 * 1024)))
    note = page.locator(".field__error")
    assert "at most 5 files, each up to 10\N{NO-BREAK SPACE}MB, together 20\N{NO-BREAK SPACE}MB" in note.inner_text()
    send(page)
    assert page.evaluate("document.activeElement.type") == "file"
    assert posts == []
    choose(page, ("plan.pdf", PDF))
    assert note.inner_text() == ""


@ON_LACIT
def test_nobody_else_is_told_of_a_visit_to_the_form(open_page, live_site):
    page = open_page("/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/contact/"):
        page.goto(path)
        if page.get_by_label("Message").count():
            page.get_by_label("Message").focus()
            page.keyboard.type("Hello")
        page.wait_for_load_state("networkidle")
    assert len(asked) > 4
    assert [url for url in asked if not url.startswith(live_site.url)] == []
    assert page.context.cookies() == []
    assert page.faults == []


# With a captcha


@pytest.fixture(scope="module")
def site_with_captcha(chromium_path, prepared, tmp_path_factory):
    keys = {"RECAPTCHA_PUBLIC_KEY": "public-key", "RECAPTCHA_PRIVATE_KEY": "private-key", "RECAPTCHA_VERSION": "v3"}
    with running_site(PREPARED, tmp_path_factory.mktemp("captcha"), prepared, TICKS=0, **keys) as site:
        yield site


@pytest.fixture
def captcha_page(chromium, site_with_captcha):
    """The contact page with keys, where nothing leaves this machine: what was asked of Google, and what was posted."""
    context = chromium.new_context(base_url=site_with_captcha.url)
    page = context.new_page()
    page.asked, page.posted, page.faults = [], [], []
    page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))

    def take(route):
        if route.request.method != "POST":
            return route.continue_()
        page.posted.append(route.request.post_data)
        return route.fulfill(body="posted")

    page.route("**/contact/", take)
    page.route(lambda url: not url.startswith(site_with_captcha.url), lambda route: route.abort())
    yield page
    context.close()


def answer(page, body=None):
    """Have the provider's script answered with ours, or not at all."""

    def give(route):
        page.asked.append(route.request.url)
        if body is None:
            return route.abort()
        return route.fulfill(body=body, content_type="text/javascript")

    page.route(f"{GOOGLE}**", give)


def test_captcha_is_loaded_once_somebody_begins_and_its_answer_sent(captcha_page):
    page = captcha_page
    answer(page, FAKE)
    page.goto("/contact/")
    page.wait_for_load_state("networkidle")
    assert page.asked == []
    assert page.get_by_text("your browser loads reCAPTCHA from Google").is_visible()
    fill(page)
    wait_until(page, "window.grecaptcha")
    assert page.asked == [f"{GOOGLE}?render=public-key"]
    send(page)
    page.get_by_text("posted").wait_for()
    (posted,) = page.posted
    assert "token of public-key for contact" in posted
    assert page.faults == []


def test_form_goes_without_a_captcha_that_cannot_be_loaded(captcha_page):
    page = captcha_page
    answer(page)
    page.goto("/contact/")
    fill(page)
    send(page)
    page.get_by_text("posted").wait_for()
    (posted,) = page.posted
    assert re.search(r'name="captcha"\s+------', posted)
    assert "When is the next course?" in posted


def test_button_pressed_twice_sends_once(captcha_page):
    page = captcha_page
    answer(page, FAKE.replace("Promise.resolve(", "new Promise((then) => setTimeout(then, 200)).then(() => "))
    page.goto("/contact/")
    fill(page)
    page.get_by_role("button", name="Send message").dblclick()
    page.get_by_text("posted").wait_for()
    assert len(page.posted) == 1
