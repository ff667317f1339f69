"""The staff's inbox in a real browser: by keyboard alone, without scripts, on a phone, and what axe says."""

import pytest

from tests.browser.looks import ON_LACIT, STAFF_LOOKS, findings
from tests.browser.test_admin import press_until
from tests.live import run_in_shell

pytestmark = ON_LACIT

INBOX = "/admin/contact/message/"
FILL = """
from datetime import timedelta
from django.utils import timezone
from contact.models import AnswerTemplate
from pages.models import Mail
from pages.outbox import STATUS
from tests.factories import make_attachment, make_message, make_topic

topic = make_topic("Browser day", addresses="training@example.org")
AnswerTemplate.objects.create(name="Thanks", topic=topic, text="Dear {name}, this is about {reference}.")
long = "https://example.org/" + "a-long-way/" * 12
for reference, values in {
    "M-BRWSR2": {"agency": "Test Agency of a County with a Long Name", "text": f"Two lines\\n\\nand {long}"},
    "M-BRWSR3": {"suspicion": ["trap", "virus"], "captcha": "unchecked"},
}.items():
    sent = timezone.now() - timedelta(days=5)
    message = make_message("Dana Test", reference=reference, topic=topic, sent=sent, **values)
    make_attachment(message, "a-plan-with-" + "a-long-name-" * 8 + ".pdf")
    message.notes.create(text="They call back on Monday.")
    mail = Mail.objects.create(to=["sender@example.org"], from_email="office@example.org", status=STATUS.failed)
    mail.logs.create(status=STATUS.failed, message="550 No such user here")
    message.answers.create(text="Gladly.", email=mail)
"""


@pytest.fixture(scope="module")
def _letters(live_site):
    """Two messages that wait, one of them suspicious, with all that can stand on their pages."""
    run_in_shell(live_site, FILL)


@pytest.mark.usefixtures("_letters")
@pytest.mark.parametrize("width", [360, 1280])
def test_message_is_found_noted_and_answered_by_keyboard_without_scripts(staff_page, width):
    page = staff_page(INBOX, width=width, scripts=False)
    page.goto(f"{INBOX}?q=M-BRWSR2")
    press_until(page, "#result_list tbody th a")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="M-BRWSR2, Dana Test").wait_for()

    press_until(page, ".message-page textarea")
    page.keyboard.type(f"Noted at {width}.")
    press_until(page, ".message-page__step button")
    page.keyboard.press("Enter")
    page.locator(".thread__entry", has_text=f"Noted at {width}.").wait_for()

    press_until(page, "#template")
    page.keyboard.type("Thanks")
    press_until(page, ".message-page__step button")
    page.keyboard.press("Enter")
    answer = page.get_by_label("Your answer:")
    answer.wait_for()
    assert answer.input_value() == "Dear Dana Test, this is about M-BRWSR2."
    press_until(page, "textarea")
    page.keyboard.press("Control+End")
    page.keyboard.type(f" Sent at {width}.")
    press_until(page, ".submit-row input")
    page.keyboard.press("Enter")
    page.locator(".messagelist", has_text="Your answer is on its way").wait_for()
    sent = page.locator(".thread__entry", has_text=f"Sent at {width}.")
    assert sent.locator(".badge").inner_text() == "Waiting to be sent"
    assert page.locator("#id_state").input_value() == "answered"


@pytest.mark.usefixtures("_letters")
@STAFF_LOOKS
def test_axe_and_the_console_find_nothing_in_the_inbox(staff_page, width, dark):
    page = staff_page(INBOX, width=width, dark=dark)
    page.goto(f"{INBOX}?state=all&q=M-BRWSR3")
    seen, wide = [], []

    def look(name):
        seen.append((name, findings(page)))
        wide.extend([name] if page.evaluate("document.documentElement.scrollWidth") > width else [])

    look("list")
    with page.expect_navigation():
        page.locator("#result_list tbody th a").click()
    look("message")
    with page.expect_navigation():
        page.get_by_role("button", name="Answer by mail").click()
    look("answer")
    with page.expect_navigation():
        page.get_by_role("button", name="Send the answer").click()
    page.locator(".errorlist").wait_for()
    look("answer refused")
    for path, name in (("/admin/contact/topic/", "Browser day"), ("/admin/contact/answertemplate/", "Thanks")):
        page.goto(path)
        look(path)
        with page.expect_navigation():
            page.locator("#result_list tbody th a", has_text=name).click()
        look(f"{path} form")
    assert [faulty for faulty in seen if faulty[1]] == []
    assert (wide, page.faults) == ([], [])
