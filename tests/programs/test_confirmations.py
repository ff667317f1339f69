"""“Still right?”: who is asked and when, and that only a press of the button answers."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from post_office.models import Email

from programs import confirmations
from programs.models import Program
from tests.factories import make_identity, make_program

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 6, 1, 20, tzinfo=UTC)
TODAY = date(2027, 6, 1)
HIDDEN = "team@agency.example"


@pytest.fixture(autouse=True)
def _in_june(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_identity(email="desk@example.org")


def days_ago(days):
    return NOW - timedelta(days=days)


def asked_program(**values):
    """A program that has just been asked, and the address of its button."""
    program = make_program(role_email=HIDDEN, **values)
    confirmations.ask(program, days_ago(3))
    return program, confirmations.addresses(program)["confirm"]


# Asking


@pytest.mark.parametrize(
    ("values", "is_due"),
    [
        ({}, True),
        ({"confirmed_on": TODAY - timedelta(days=182), "confirmed_by": "staff"}, True),
        ({"confirmed_on": TODAY - timedelta(days=181), "confirmed_by": "staff"}, False),
        ({"asked_at": days_ago(182)}, True),
        ({"asked_at": days_ago(181)}, False),
        ({"asked_at": days_ago(300), "confirmed_on": TODAY - timedelta(days=400), "confirmed_by": "program"}, True),
        ({"asked_at": days_ago(100), "confirmed_on": TODAY - timedelta(days=400), "confirmed_by": "program"}, False),
        ({"role_email": ""}, False),
        ({"status": "draft"}, False),
        ({"publish_from": NOW + timedelta(days=1)}, False),
        ({"operation": "ended"}, False),
        ({"operation": "pilot"}, True),
        ({"operation": ""}, True),
    ],
)
def test_programs_are_due_half_a_year_after_answer_and_question(values, is_due):
    make_program(**{"role_email": HIDDEN, **values})

    assert confirmations.due(NOW).exists() is is_due


@pytest.mark.parametrize(("days", "may"), [(59, False), (60, True)])
def test_nobody_may_be_asked_again_within_sixty_days(days, may):
    make_program(role_email=HIDDEN, asked_at=days_ago(days))

    assert confirmations.askable(NOW).exists() is may


def test_daily_work_asks_a_few_those_that_waited_longest_first(monkeypatch):
    monkeypatch.setattr(confirmations, "MOST_A_DAY", 2)
    make_program("Asked once", role_email="a@agency.example", asked_at=days_ago(200))
    make_program("Confirmed", role_email="b@agency.example", confirmed_on=date(2026, 1, 1), confirmed_by="program")
    make_program("Never", role_email="c@agency.example")
    make_program("Silent")

    for expected in (["c@agency.example", "b@agency.example"], ["a@agency.example"], []):
        Email.objects.all().delete()
        confirmations.ask_those_due(NOW)
        assert [email.to[0] for email in Email.objects.order_by("pk")] == expected
    assert Program.objects.get(name="Silent").asked_at is None


@pytest.mark.parametrize("number", [1, 3])
def test_programs_due_are_found_with_the_same_questions(django_assert_num_queries, number):
    for place in range(number):
        make_program(f"Team {place}", role_email=HIDDEN)

    with django_assert_num_queries(2):
        assert len([program.counties for program in confirmations.due(NOW).prefetch_related("coverage")]) == number


def test_mail_says_what_the_listing_says_and_has_two_links():
    program = make_program(
        role_email=HIDDEN, phone="+19165550100", summary="Officers & clinicians.", serves_youth=False, caution="Secret"
    )

    confirmations.ask(program, NOW)

    email = Email.objects.get()
    assert (email.to, email.headers) == ([HIDDEN], {"Reply-To": "desk@example.org"})
    assert email.subject == "Is the listing of “Test team” still right?"
    for line in (
        "Counties: Yolo",
        "Kind: Co-responder team",
        "Public phone: (916) 555-0100",
        "What it does: Officers & clinicians.",
        "Serves youth: No",
        "http://127.0.0.1:8000/programs/test-team/correct/",
        f"http://127.0.0.1:8000{confirmations.addresses(program)['confirm']}",
    ):
        assert f"\n{line}\n" in email.message
    assert [word in email.message for word in ("Secret", "Website", "Works in the jail", "\n\n\n")] == [False] * 4


def test_asking_keeps_when_the_listing_was_last_changed():
    program = make_program(role_email=HIDDEN)
    Program.objects.update(updated=days_ago(9))

    confirmations.ask(program, NOW)

    program.refresh_from_db()
    assert (program.asked_at, program.updated) == (NOW, days_ago(9))


# Answering


def test_opening_the_link_confirms_nothing_and_shows_the_listing_and_one_button(client):
    program, address = asked_program(summary="Goes <out> together.")

    for response in (client.get(address), client.head(address), client.get(address)):
        assert response.status_code == 200
    program.refresh_from_db()
    assert (program.confirmed_on, program.confirmed_by) == (None, "")
    html = client.get(address).content.decode()
    assert "Goes &lt;out&gt; together." in html
    assert len(re.findall(r"<button", html.split("<main")[1].split("</main>")[0])) == 1
    assert HIDDEN not in html


def test_pressing_the_button_confirms_once_and_thanks(client):
    program, address = asked_program()

    responses = [client.post(address), client.post(address)]

    assert [(response.status_code, response.url) for response in responses] == [(302, address)] * 2
    program.refresh_from_db()
    assert (program.confirmed_on, program.confirmed_by) == (TODAY, "program")
    html = client.get(address).content.decode()
    assert "Thank you" in html
    assert "June 1, 2027" in html
    assert "<form" not in html.split("<main")[1].split("</main>")[0]


def test_second_press_on_another_day_keeps_the_first_date(client, monkeypatch):
    program, address = asked_program()
    client.post(address)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=9))

    client.post(address)

    program.refresh_from_db()
    assert program.confirmed_on == TODAY


def test_confirmation_by_staff_before_the_question_does_not_stand_in_the_way(client):
    program, address = asked_program(confirmed_on=date(2026, 1, 1), confirmed_by="staff")

    client.post(address)

    program.refresh_from_db()
    assert (program.confirmed_on, program.confirmed_by) == (TODAY, "program")


def test_confirming_does_not_undo_what_was_changed_meanwhile(client):
    program, address = asked_program()
    Program.objects.update(phone="+19165550199")

    client.post(address)

    program.refresh_from_db()
    assert (program.phone, program.updated) == ("+19165550199", NOW)


def test_link_of_an_earlier_question_is_stale_and_says_the_way_on(client):
    program, address = asked_program()
    confirmations.ask(program, NOW)

    for response in (client.get(address), client.post(address)):
        assert response.status_code == 404
        html = response.content.decode()
        assert "This link no longer works" in html
        assert '<a class="more" href="/programs/test-team/correct/">' in html
    program.refresh_from_db()
    assert program.confirmed_on is None


def test_link_of_another_program_and_altered_links_confirm_nothing(client):
    program, address = asked_program()
    other = make_program("Other", role_email=HIDDEN)
    confirmations.ask(other, days_ago(3))
    token = address.split("/")[-2]
    asked, _bar, signature = token.partition("-")

    for altered in (
        confirmations.token(other),
        f"{asked}-{signature[:-1]}",
        f"{int(asked) + 1}-{signature}",
        asked,
        "-",
        "ä",
        "a" * 2000,
    ):
        assert client.post(f"/programs/test-team/confirm/{altered}/").status_code == 404
    program.refresh_from_db()
    assert program.confirmed_on is None


def test_program_never_asked_has_no_link(client):
    make_program(role_email=HIDDEN)

    assert client.post("/programs/test-team/confirm/0-a/").status_code == 404


@pytest.mark.parametrize("slug", ["test-team", "nobody"])
def test_link_to_a_listing_that_is_gone_leads_to_the_directory(client, slug):
    _program, address = asked_program()
    Program.objects.update(status="draft")

    response = client.get(address.replace("test-team", slug))

    assert response.status_code == 404
    assert 'href="/programs/tell-us/"' in response.content.decode()
    assert "Test team" not in response.content.decode()


def test_confirmation_from_another_site_is_refused(client):
    program, address = asked_program()

    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    program.refresh_from_db()
    assert program.confirmed_on is None


def test_page_is_stored_nowhere_found_by_no_search_engine_and_sets_no_cookie(client):
    _program, address = asked_program()

    response = client.get(address)

    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert dict(response.cookies) == {}
