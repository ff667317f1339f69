"""Reminders of due checks: who is told of which lines, how often, and what the mail says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone
from post_office.models import Email

from cacita.jobs import JOBS
from resources import checks, reminders
from resources.models import Check, CrisisLine
from tests.factories import make_identity, make_line

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 6, 1, 20, tzinfo=UTC)
TODAY = date(2027, 6, 1)
DAY = timedelta(days=1)
OFFICE, ROLE = "office@example.org", "lines@example.org"
PLACE = "http://127.0.0.1:8000/admin/resources/crisisline"


@pytest.fixture(autouse=True)
def _in_june(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_identity(email=OFFICE)


def make_owner(name="ana", may_check=True, **values):
    values = {"email": f"{name}@example.org", "is_staff": True, **values}
    owner = get_user_model().objects.create_user(name, password="x", **values)
    if may_check:
        owner.user_permissions.set(Permission.objects.filter(codename__in=["change_crisisline", "add_check"]))
    return owner


def make_due(name="Line", **values):
    """A published line whose next check has been due for a week."""
    values = {"checked_on": TODAY - 99 * DAY, "next_check": TODAY - 7 * DAY, **values}
    return make_line(name, **values)


def told(now=NOW):
    """(address, names of the lines) of each mail that a run at this moment writes."""
    before = list(Email.objects.values_list("pk", flat=True))
    reminders.remind(now)
    mails = Email.objects.exclude(pk__in=before).order_by("pk")
    names = CrisisLine.objects.order_by("name").values_list("name", flat=True)
    return [(mail.to, [name for name in names if f"\n{name}\n" in mail.message]) for mail in mails]


# Who is told of what


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({"next_check": TODAY}, True),
        ({"next_check": TODAY + DAY}, False),
        ({"next_check": TODAY + DAY, "failed_on": TODAY}, True),
        ({"status": "draft"}, False),
        ({"publish_from": NOW + DAY}, False),
        ({"publish_until": NOW - DAY}, False),
        ({"reminded_on": TODAY - 13 * DAY}, False),
        ({"reminded_on": TODAY - 14 * DAY}, True),
    ],
)
def test_line_whose_check_is_due_is_told(values, is_told):
    make_due(**values)
    assert told() == ([([OFFICE], ["Line"])] if is_told else [])


@pytest.mark.parametrize(
    ("updated", "publish_from", "is_told"),
    [
        (NOW - 14 * DAY, None, True),
        (NOW - 13 * DAY, None, False),
        (NOW - 90 * DAY, NOW - 14 * DAY, True),
        (NOW - 90 * DAY, NOW - 13 * DAY, False),
        (NOW - 13 * DAY, NOW - 90 * DAY, False),
    ],
)
def test_line_nobody_has_checked_is_told_a_fortnight_after_its_last_change(updated, publish_from, is_told):
    line = make_line("Never", publish_from=publish_from)
    CrisisLine.objects.filter(pk=line.pk).update(updated=updated)
    assert told() == ([([OFFICE], ["Never"])] if is_told else [])


def test_owner_gets_one_mail_with_all_lines_and_the_office_the_rest():
    ana = make_owner()
    make_due("A", owner=ana)
    make_due("B", owner=ana)
    make_due("C")
    make_due("D", owner=make_owner("bob"))

    assert sorted(told()) == [
        (["ana@example.org"], ["A", "B"]),
        (["bob@example.org"], ["D"]),
        ([OFFICE], ["C"]),
    ]


@pytest.mark.parametrize(
    "values",
    [{"is_active": False}, {"is_staff": False}, {"email": ""}, {"email": "ana at home"}, {"may_check": False}],
)
def test_line_of_somebody_who_cannot_check_it_goes_to_the_role(values):
    make_identity(email=OFFICE, crisis_lines_email=ROLE)
    make_due(owner=make_owner(**values))
    assert told() == [([ROLE], ["Line"])]


def test_without_any_address_nobody_is_told_and_nothing_noted():
    make_identity(email="")
    line = make_due()
    assert told() == []
    line.refresh_from_db()
    assert line.reminded_on is None


# How often


def test_line_is_told_again_after_a_fortnight():
    make_due()
    assert told() == [([OFFICE], ["Line"])]
    assert told() == []
    assert told(NOW + 13 * DAY) == []
    assert told(NOW + 14 * DAY) == [([OFFICE], ["Line"])]


def test_line_nobody_has_checked_is_told_again_after_a_fortnight():
    make_line("Never")
    CrisisLine.objects.update(updated=NOW - 30 * DAY)
    assert [bool(told(NOW + days * DAY)) for days in (0, 1, 13, 14)] == [True, False, False, True]


def test_line_that_becomes_due_waits_until_its_owner_may_be_told_again():
    make_due("First")
    make_due("Second", next_check=TODAY + 3 * DAY)
    assert told() == [([OFFICE], ["First"])]
    assert told(NOW + 3 * DAY) == []
    assert told(NOW + 14 * DAY) == [([OFFICE], ["First", "Second"])]


def test_line_that_becomes_due_waits_when_the_told_ones_were_checked():
    first = make_due("First")
    make_due("Second", next_check=TODAY + 3 * DAY)
    assert told() == [([OFFICE], ["First"])]
    checks.record(Check(line=first, outcome="right", made_on=TODAY))
    assert told(NOW + 3 * DAY) == []
    assert told(NOW + 14 * DAY) == [([OFFICE], ["Second"])]


def test_check_that_was_made_lets_the_next_be_told():
    line = make_due()
    assert told() == [([OFFICE], ["Line"])]
    checks.record(Check(line=line, outcome="silent", made_on=TODAY))
    assert told() == []
    assert told(NOW + 14 * DAY) == [([OFFICE], ["Line"])]

    checks.record(Check(line=line, outcome="right", made_on=TODAY))
    assert told(NOW + 91 * DAY) == []
    assert told(NOW + 92 * DAY) == [([OFFICE], ["Line"])]


def test_run_that_breaks_off_neither_mails_nor_notes(monkeypatch):
    line = make_due()

    def fail(*args, **kwargs):
        raise RuntimeError("broken off")

    with monkeypatch.context() as broken:
        broken.setattr(reminders.outbox, "write", fail)
        with pytest.raises(RuntimeError, match="broken off"):
            reminders.remind(NOW)
    line.refresh_from_db()
    assert (line.reminded_on, Email.objects.count()) == (None, 0)

    assert told() == [([OFFICE], ["Line"])]


def test_reminders_are_daily_work():
    assert [(job.every, job.run) for job in JOBS if job.name == "crisis lines to check"] == [(DAY, reminders.remind)]


@pytest.mark.parametrize("count", [1, 3])
def test_reminders_cost_the_same_for_one_and_three(django_assert_num_queries, count):
    ana = make_owner()
    for number in range(count):
        make_due(f"Line {number}", owner=ana)
    with django_assert_num_queries(16):
        reminders.remind(NOW)
    assert Email.objects.count() == 1


# What the mail says


def test_mail_lists_the_lines_with_links_to_the_task():
    first = make_due("Kern & Kings", checked_on=date(2027, 2, 22), is_in_bar=True)
    second = make_line("Silent", failed_on=date(2027, 5, 30), checked_on=date(2027, 2, 1))

    reminders.remind(NOW)

    mail = Email.objects.get()
    assert mail.subject == "2 crisis lines to check"
    assert mail.message == (
        "These crisis lines that Test Association shows are due for a check: do they still answer, and is what we say "
        "of them right? Each takes about two minutes:\n"
        "\n"
        "Kern & Kings\n"
        "Last checked by us on Feb. 22, 2027; the next check is overdue\n"
        f"{PLACE}/{first.pk}/check/\n"
        "\n"
        "Silent\n"
        "When we checked on May 30, 2027, we could not confirm this line\n"
        f"{PLACE}/{second.pk}/check/\n"
        "\n"
        "All lines that wait, one after the other:\n"
        f"{PLACE}/checks/\n"
        "\n"
        "You get this mail because these lines are in your care. To hand one over, name somebody else in its form. "
        "The next reminder comes in two weeks at the earliest.\n"
        "\n"
        "-- \n"
        "Test Association\n"
        "http://127.0.0.1:8000/\n"
    )


def test_mail_of_one_line_speaks_of_one():
    make_due()
    reminders.remind(NOW)
    mail = Email.objects.get()
    assert mail.subject == "1 crisis line to check"
    assert "A crisis line that Test Association shows is due for a check" in mail.message
    assert "Never dial" not in mail.message


def test_mail_warns_of_dialling_a_number_for_emergencies():
    make_due("Danger", kind="emergency")
    reminders.remind(NOW)
    assert (
        "\nDanger\nLast checked by us on Feb. 22, 2027; the next check is overdue\n"
        "Never dial it to test it: the page says whom to ask.\n"
    ) in Email.objects.get().message


# The address of the role


def test_role_address_is_for_staff_alone(editor_client, client):
    make_identity(email=OFFICE, crisis_lines_email=ROLE)
    assert ROLE in editor_client.get("/admin/pages/identity/1/change/").content.decode()
    for page in ("/", "/help/", "/contact/"):
        assert ROLE not in client.get(page).content.decode()
