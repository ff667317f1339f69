"""The way partners keep the directory true, in a real browser: without scripts, by keyboard, narrow and wide."""

import re

import pytest

from tests.browser.looks import ON_CACITA, findings
from tests.browser.test_admin import press_until
from tests.live import run_in_shell

pytestmark = ON_CACITA

SLUG = "browser-team"
MAKE = f"""
from django.utils import timezone
from programs import confirmations
from programs.models import Correction, Letter, Program
program, _made = Program.objects.update_or_create(slug="{SLUG}", defaults=dict(
    name="Browser team", lead_agency="Test Police", kind="co_responder", summary="They go together.",
    status="published", phone="+19165550100", role_email="team@agency.example", confirmed_on=None, confirmed_by="",
    cities=""))
program.coverage.get_or_create(county="yolo")
Correction.objects.all().delete()
Letter.objects.all().delete()
Correction.objects.create(pk=900, program=program, before={{"phone": "+19165550100", "summary": "They go together.",
    "cities": ""}}, proposed={{"phone": "+19165550199", "summary": "They ride together.", "cities": "Davis"}},
    words="We moved.", sender_name="Ana Diaz", sender_email="ana@example.org", sender_role="Coordinator")
Letter.objects.create(pk=900, program=program, name="Ana Diaz", email="ana@example.org", text="?", is_suspicious=True)
confirmations.ask(program, timezone.now())
"""
TELL = f"""
from programs.models import Correction, Letter, Program
from programs import confirmations
program = Program.objects.get(slug="{SLUG}")
"""
CORRECTION = "/admin/programs/correction/900/change/"


@pytest.fixture
def program(live_site):
    """A program of the running site, with a proposal, a letter that waits, and a question it was asked."""
    run_in_shell(live_site, MAKE)
    return f"/programs/{SLUG}/"


def told(live_site, question):
    """What the running site's database says."""
    return run_in_shell(live_site, f"{TELL}\nprint({question})")


def confirm_way(live_site):
    return told(live_site, "confirmations.addresses(program)['confirm']")


@pytest.mark.parametrize("width", [360, 1280])
def test_listing_is_corrected_without_scripts(open_page, live_site, program, width):
    page = open_page(program, width=width, scripts=False)
    page.locator(f"main a[href='{program}correct/']").first.click()
    page.get_by_role("button", name="Send the correction").click()
    assert page.locator(".summary a").first.inner_text() == "Your name: This field is required."
    page.get_by_label("Your name").fill("Ben Ito")
    page.get_by_label("Your e-mail").fill("ben@example.org")
    page.get_by_label("Public phone").fill("916 555 0123")
    page.get_by_role("button", name="Send the correction").click()

    assert page.url.endswith("/programs/tell-us/thanks/")
    assert page.locator("h1").inner_text() == "Thank you, it has arrived"
    sent = told(live_site, "[(c.proposed, c.before) for c in Correction.objects.filter(sender_name='Ben Ito')]")
    assert sent == "[({'phone': '+19165550123'}, {'phone': '+19165550100'})]"


def test_program_is_told_of_by_keyboard(open_page, live_site, program):
    page = open_page("/programs/tell-us/?county=yolo", width=360)
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Keyboard team")
    page.keyboard.press("Tab")
    page.keyboard.type("Keyboard agency")
    page.keyboard.press("Tab")
    page.keyboard.type("Disp")
    page.keyboard.press("Tab")
    assert page.get_by_label("Counties").input_value() == "Yolo"
    press_until(page, "[name=summary]")
    page.keyboard.type("A desk.")
    press_until(page, "[name=sender_name]")
    page.keyboard.type("Cy Young")
    page.keyboard.press("Tab")
    page.keyboard.type("cy@example.org")
    press_until(page, "main [type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/programs/tell-us/thanks/")
    kept = told(live_site, "Correction.objects.get(sender_name='Cy Young').proposed['kind']")
    assert kept == "dispatch"


def test_letter_is_sent_and_its_address_is_nowhere(open_page, live_site, program):
    page = open_page(program, scripts=False)
    assert "team@agency.example" not in page.content()
    page.locator(f"main a[href='{program}write/']").first.click()
    page.get_by_label("Your name").fill("Dee Park")
    page.get_by_label("Your e-mail").fill("dee@example.org")
    page.get_by_label("Message").fill("Do you train dispatchers?")
    assert "team@agency.example" not in page.content()
    page.get_by_role("button", name="Send the message").click()

    assert page.url.endswith(f"{program}write/thanks/")
    assert told(live_site, "Letter.objects.get(name='Dee Park').text") == "Do you train dispatchers?"


def test_listing_is_confirmed_by_its_button_alone(open_page, live_site, program):
    way = confirm_way(live_site)
    page = open_page(way, scripts=False)
    assert told(live_site, "program.confirmed_on") == "None"
    page.get_by_role("button", name="Yes, this is still right").click()

    assert page.url.endswith(way)
    assert page.locator("h1").inner_text() == "Thank you"
    assert told(live_site, "program.confirmed_by") == "program"


@pytest.mark.parametrize("width", [360, 1280])
def test_proposal_is_decided_by_keyboard(staff_page, live_site, program, width):
    page = staff_page(CORRECTION, width=width)
    press_until(page, "#take_phone", most=80)
    page.keyboard.press("Space")
    press_until(page, "[name=decision][value=chosen]")
    page.keyboard.press("Enter")
    page.locator(".messagelist", has_text="is worked in").wait_for()

    assert told(live_site, "(program.phone, program.cities)") == "('+19165550199', '')"
    page.goto(CORRECTION)
    assert page.locator(".compare .badge--published").count() == 1


def test_proposal_is_decided_without_scripts(staff_page, live_site, program):
    page = staff_page(CORRECTION, scripts=False)
    page.get_by_label("Cities").check()
    page.get_by_role("button", name="Accept what is ticked").click()

    assert told(live_site, "program.cities") == "Davis"


def test_table_is_shown_before_it_is_stored(staff_page, live_site, program):
    page = staff_page("/admin/programs/program/import/", width=360)
    table = {"name": "a.csv", "mimeType": "text/csv", "buffer": f"slug,cities\n{SLUG},Winters\n".encode()}
    page.get_by_label("CSV file").set_input_files(table)
    page.get_by_role("button", name="Show what it would do").click()
    page.get_by_text("1 program is changed").wait_for()
    assert told(live_site, "program.cities") == ""
    assert findings(page) == []
    page.get_by_role("button", name="Do it").click()
    page.locator(".messagelist", has_text="1 is changed").wait_for()
    assert told(live_site, "program.cities") == "Winters"


@pytest.mark.parametrize(
    ("width", "dark"), [(320, False), (768, True), (1280, False)], ids=["phone", "tablet, dark", "desk"]
)
def test_axe_finds_nothing_on_what_partners_see(open_page, live_site, program, width, dark):
    page = open_page("/", width=width, dark=dark)
    for path in (
        "/programs/tell-us/",
        "/programs/tell-us/thanks/",
        f"{program}correct/",
        f"{program}write/",
        f"{program}write/thanks/",
        confirm_way(live_site),
        f"{program}confirm/1-a/",
    ):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (path, findings(page), wide <= width) == (path, [], True)
    page.goto(f"{program}correct/")
    page.get_by_role("button", name="Send the correction").click()
    page.locator(".summary").wait_for()
    assert findings(page) == []
    assert [fault for fault in page.faults if "404" not in fault] == []


@pytest.mark.parametrize(
    ("width", "dark"), [(360, False), (768, False), (1280, True)], ids=["phone", "tablet", "desk, dark"]
)
def test_axe_and_the_console_find_nothing_on_what_staff_see(staff_page, live_site, program, width, dark):
    page = staff_page("/admin/programs/program/", width=width, dark=dark)
    number = told(live_site, "program.pk")
    for path in (
        "/admin/programs/program/",
        "/admin/programs/program/add/",
        f"/admin/programs/program/{number}/change/",
        "/admin/programs/program/import/",
        "/admin/programs/correction/",
        CORRECTION,
        "/admin/programs/letter/",
        "/admin/programs/letter/900/change/",
    ):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (path, findings(page), wide <= width) == (path, [], True)
    page.goto(CORRECTION)
    page.get_by_role("button", name="Accept what is ticked").click()
    assert re.search("Nothing is ticked", page.locator("main").inner_text())
    assert (findings(page), page.faults) == ([], [])
