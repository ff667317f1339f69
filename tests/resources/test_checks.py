"""Checks of crisis lines: what a check says of its line, and which line is checked next."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from resources import checks
from resources.models import Check, CrisisLine
from tests.factories import make_identity, make_line

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)
QUARTER = timedelta(days=92)


def record(line, outcome="right", days_ago=0, **values):
    checks.record(Check(line=line, outcome=outcome, made_on=TODAY - days_ago * DAY, **values))
    line.refresh_from_db()
    return line


def dates(line):
    return line.checked_on, line.failed_on, line.next_check


# What a check says


@pytest.mark.parametrize("outcome", ["right", "changed"])
def test_line_found_right_is_checked_again_in_a_quarter(outcome):
    assert dates(record(make_line(), outcome)) == (TODAY, None, TODAY + QUARTER)


@pytest.mark.parametrize("outcome", ["silent", "wrong"])
def test_line_that_fails_is_due_again_today_and_keeps_when_it_was_last_right(outcome):
    line = record(make_line(), days_ago=10)
    assert dates(record(line, outcome)) == (TODAY - 10 * DAY, TODAY, TODAY)
    assert line.is_overdue(TODAY) is True
    assert dates(record(line)) == (TODAY, None, TODAY + QUARTER)


def test_check_of_an_earlier_day_written_down_later_changes_nothing():
    line = record(make_line(), "silent", days_ago=1)
    assert dates(record(line, "right", days_ago=5)) == (TODAY - 5 * DAY, TODAY - DAY, TODAY - DAY)


def test_check_of_a_day_to_come_is_refused_in_words():
    with pytest.raises(ValidationError) as refused:
        Check(line=make_line(), outcome="right", made_on=TODAY + DAY).full_clean(exclude=["made_by"])
    assert refused.value.message_dict == {
        "made_on": ["This day is still to come. Write the day on which somebody checked."]
    }
    Check(line=CrisisLine.objects.get(), outcome="right", made_on=TODAY).full_clean(exclude=["made_by"])


def test_number_for_emergencies_has_outcomes_that_need_no_call():
    emergency = make_line("Danger", kind="emergency")
    assert [outcome for outcome, _words in checks.outcomes(emergency)] == ["right", "changed", "wrong"]
    assert checks.outcomes(make_line()) == checks.outcomes(None) == Check.Outcome.choices


# Which line is next


def names(reason="", **identity):
    return [line.name for line in checks.due_lines(make_identity(**identity), TODAY, reason)]


def make_due():
    """A line for each reason, and three that nobody has to check."""
    record(make_line("Failed"), "silent", days_ago=3)
    make_line("Never")
    record(make_line("Long ago"), days_ago=200)
    record(make_line("A quarter ago"), days_ago=92)
    record(make_line("Fresh"), days_ago=91)
    make_line("Draft", status="draft")
    make_line("Later", publish_from=timezone.now() + DAY)


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        ("", ["Never", "Long ago", "Failed", "A quarter ago"]),
        ("failed", ["Failed"]),
        ("never", ["Never"]),
        ("again", ["Long ago", "A quarter ago"]),
    ],
)
def test_lines_are_due_for_a_reason(reason, found):
    make_due()
    assert names(reason) == found


def test_line_that_failed_stays_due_whatever_its_next_check():
    record(make_line("Failed"), "wrong")
    CrisisLine.objects.update(next_check=TODAY + QUARTER)
    assert names("failed") == ["Failed"]


def test_bar_comes_first_then_never_dialled_then_longest_overdue():
    record(make_line("Old", position=1), days_ago=300)
    record(make_line("Older", position=9), days_ago=400)
    make_line("Never, second", position=3)
    make_line("Never, first", position=2)
    record(make_line("Bar", position=50, is_in_bar=True), days_ago=100)

    assert names() == ["Bar", "Never, first", "Never, second", "Older", "Old"]


def make_local():
    make_line("Fresno", counties=["fresno"], position=1)
    make_line("Nation", position=2)
    make_line("Kern", counties=["kern", "kings"], position=3)


def test_lines_of_our_counties_come_before_others_and_those_elsewhere_last():
    make_local()
    assert names(counties="Kern\nTulare") == ["Kern", "Nation", "Fresno"]


def test_association_of_the_whole_state_prefers_no_county():
    make_local()
    assert names() == ["Fresno", "Nation", "Kern"]


def test_line_that_failed_today_is_not_offered_again_today():
    record(make_line("Today"), "silent")
    record(make_line("Yesterday"), "silent", days_ago=1)
    due = checks.due_lines(make_identity(), TODAY)

    assert [line.name for line in due] == ["Yesterday", "Today"]
    assert [line.name for line in checks.untried(due, TODAY)] == ["Yesterday"]


def test_next_line_follows_in_order_and_those_passed_over_come_again():
    one, two, three, other = (make_line(name) for name in ("One", "Two", "Three", "Other"))
    lines = [one, two, three]

    assert checks.following(one, lines) == two
    assert checks.following(three, lines) == one
    assert checks.following(other, lines) == one
    assert checks.following(one, [one]) is None
    assert checks.following(one, []) is None


@pytest.mark.parametrize("count", [1, 3])
def test_due_lines_cost_the_same_for_one_and_three(django_assert_num_queries, count):
    for number in range(count):
        make_line(f"Line {number}", counties=["kern"])
    identity = make_identity(counties="Kern")
    with django_assert_num_queries(2):
        assert len(checks.due_lines(identity, TODAY)) == count


# What the public reads


def text(client, page):
    html = client.get(page).content.decode().split("<main")[1]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(("page", "values"), [("/help/", {}), ("/help/kern/", {"counties": ["kern"]})])
def test_public_reads_of_the_source_until_a_check_is_recorded(client, page, values):
    day = timezone.localdate().strftime("%-d, %Y")
    line = make_line(source_date="2022-08-31", **values)
    assert "Source of Aug. 31, 2022, not yet dialled by us" in text(client, page)

    record(line)
    assert re.search(rf"Checked by us on \S+ {day}", text(client, page))
    assert "not yet dialled" not in text(client, page)

    record(line, "silent")
    assert re.search(rf"When we checked on \S+ {day}, we could not confirm this line", text(client, page))
    assert "Checked by us" not in text(client, page)


@pytest.mark.parametrize(
    ("page", "heading", "values"),
    [("/help/", "h3", {"who": ["teen"]}), ("/help/kern/", "h2", {"counties": ["kern"]})],
)
def test_line_that_fails_falls_below_checked_ones_at_once(client, page, heading, values):
    first, second = make_line("First", position=1, **values), make_line("Second", position=2, **values)
    record(first)
    record(second)

    def order():
        return re.findall(rf"<{heading}>(First|Second)<", client.get(page).content.decode())

    assert order() == ["First", "Second"]
    record(first, "wrong")
    assert order() == ["Second", "First"]


def test_line_whose_check_is_overdue_says_so_and_stands_below(client):
    record(make_line("Late", counties=["kern"], position=1), days_ago=93)
    record(make_line("Fresh", counties=["kern"], position=2), days_ago=1)

    html = client.get("/help/kern/").content.decode()

    assert re.findall(r"<h2>([^<]+)", html)[:2] == ["Fresh", "Late"]
    assert html.count("the next check is overdue") == 1
