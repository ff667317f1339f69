from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from resources import hours
from resources.models import LineHours
from tests.factories import make_line

PACIFIC = ZoneInfo("America/Los_Angeles")
MONDAY, TUESDAY, SATURDAY, SUNDAY = 0, 1, 5, 6


def at(*parts, zone=PACIFIC, fold=0):
    return datetime(*parts, tzinfo=zone, fold=fold)


def rows(*given):
    return [
        LineHours(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for weekday, opens, closes in given
    ]


def standing(now, *given, zone=PACIFIC):
    """(begins, ends, whether it is open now) as clocks of the zone show them."""
    stretch, is_open = hours.standing(rows(*given), zone, now)
    return f"{stretch.begins:%a %H:%M %Z}", f"{stretch.ends:%a %H:%M %Z}", is_open


EVENING = (MONDAY, "18:00", "22:00")
NIGHT = (MONDAY, "22:00", "02:00")


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (at(2026, 11, 23, 17, 59), False),
        (at(2026, 11, 23, 18, 0), True),
        (at(2026, 11, 23, 21, 59), True),
    ],
)
def test_line_answers_between_opening_and_closing(now, is_open):
    assert standing(now, EVENING) == ("Mon 18:00 PST", "Mon 22:00 PST", is_open)


def test_closed_line_opens_on_its_next_day():
    (begins, _ends, is_open), now = standing(at(2026, 11, 23, 22, 0), EVENING), at(2026, 11, 23, 22, 0)
    stretch, _is_open = hours.standing(rows(EVENING), PACIFIC, now)
    assert (begins, is_open, (stretch.begins.date() - now.date()).days) == ("Mon 18:00 PST", False, 7)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (at(2026, 11, 23, 23, 59), True),
        (at(2026, 11, 24, 0, 0), True),
        (at(2026, 11, 24, 1, 59), True),
        (at(2026, 11, 24, 2, 0), False),
        (at(2026, 11, 23, 1, 0), False),
    ],
)
def test_night_that_ends_after_midnight_belongs_to_the_day_it_began(now, is_open):
    assert hours.standing(rows(NIGHT), PACIFIC, now)[1] is is_open


def test_night_from_sunday_lasts_into_the_new_week():
    assert standing(at(2026, 11, 23, 1, 0), (SUNDAY, "22:00", "02:00")) == ("Sun 22:00 PST", "Mon 02:00 PST", True)


@pytest.mark.parametrize("closes", ["00:00", "23:59"])
def test_hours_that_meet_at_midnight_are_one_stretch(closes):
    given = (MONDAY, "18:00", closes), (TUESDAY, "00:00", "06:00")
    assert standing(at(2026, 11, 23, 20, 0), *given) == ("Mon 18:00 PST", "Tue 06:00 PST", True)


def test_hours_that_overlap_end_with_the_later():
    given = (MONDAY, "08:00", "20:00"), (MONDAY, "09:00", "12:00")
    assert standing(at(2026, 11, 23, 13, 0), *given)[1:] == ("Mon 20:00 PST", True)


def test_line_in_another_zone_keeps_its_own_clock():
    eastern = ZoneInfo("America/New_York")
    given = (MONDAY, "10:00", "22:00")
    assert standing(at(2026, 11, 23, 6, 59), given, zone=eastern) == ("Mon 10:00 EST", "Mon 22:00 EST", False)
    assert standing(at(2026, 11, 23, 7, 0), given, zone=eastern) == ("Mon 10:00 EST", "Mon 22:00 EST", True)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # On March 14, 2027 clocks go from 2 to 3 a.m.: the night is an hour shorter.
        (at(2027, 3, 14, 1, 59), ("Sat 20:00 PST", "Sun 06:00 PDT", True)),
        (at(2027, 3, 14, 5, 59), ("Sat 20:00 PST", "Sun 06:00 PDT", True)),
        # On November 7, 2027 clocks go from 2 back to 1 a.m.: it is an hour longer.
        (at(2027, 11, 7, 1, 30), ("Sat 20:00 PDT", "Sun 06:00 PST", True)),
        (at(2027, 11, 7, 1, 30, fold=1), ("Sat 20:00 PDT", "Sun 06:00 PST", True)),
    ],
)
def test_night_of_a_clock_change_ends_by_the_new_clock(now, expected):
    assert standing(now, (SATURDAY, "20:00", "06:00")) == expected


def test_day_after_a_clock_change_opens_by_the_new_clock():
    assert standing(at(2027, 3, 14, 23, 0), (MONDAY, "08:00", "17:00"))[:2] == ("Mon 08:00 PDT", "Mon 17:00 PDT")
    assert standing(at(2027, 11, 7, 23, 0), (MONDAY, "08:00", "17:00"))[:2] == ("Mon 08:00 PST", "Mon 17:00 PST")


def test_time_that_clocks_skip_is_read_by_the_old_clock():
    assert standing(at(2027, 3, 14, 0, 0), (SUNDAY, "02:30", "08:00"))[0] == "Sun 03:30 PDT"


def test_time_that_clocks_show_twice_is_its_first():
    given = (SUNDAY, "00:00", "01:30")
    assert standing(at(2027, 11, 7, 1, 29), *[given]) == ("Sun 00:00 PDT", "Sun 01:30 PDT", True)
    assert hours.standing(rows(given), PACIFIC, at(2027, 11, 7, 1, 15, fold=1))[1] is False


def test_line_without_hours_has_no_standing():
    assert hours.standing([], PACIFIC, at(2026, 11, 23, 12, 0)) == (None, False)


EVERY_EVENING = [(day, time(18), time(22)) for day in range(7)]
WEEKDAYS = [(day, time(8), time(17, 30)) for day in range(5)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "now", "words"),
    [
        (EVERY_EVENING, at(2026, 11, 23, 20, 0), "Open now until 10 p.m. PST"),
        (EVERY_EVENING, at(2026, 7, 6, 20, 0), "Open now until 10 p.m. PDT"),
        (EVERY_EVENING, at(2026, 11, 23, 12, 0), "Closed now. Opens today at 6 p.m. PST"),
        (EVERY_EVENING, at(2026, 11, 23, 22, 0), "Closed now. Opens tomorrow at 6 p.m. PST"),
        (WEEKDAYS, at(2026, 11, 27, 17, 30), "Closed now. Opens Monday at 8 a.m. PST"),
        (WEEKDAYS, at(2026, 11, 27, 17, 29), "Open now until 5:30 p.m. PST"),
        ([(0, time(18), time(0)), (1, time(0), time(6))], at(2026, 11, 23, 20, 0), "Open now until 6 a.m. PST"),
        ([(0, time(18), time(0))], at(2026, 11, 23, 20, 0), "Open now until midnight PST"),
        (
            [(0, time(8), time(0)), (1, time(0), time(0, 1)), (1, time(0, 1), time(0)), (2, time(0), time(9))],
            at(2026, 11, 23, 20, 0),
            "Open now until Wednesday, 9 a.m. PST",
        ),
        (
            [(day, *stretch) for day in range(7) for stretch in ((time(0), time(12)), (time(12), time(0)))],
            at(2026, 11, 23, 20, 0),
            "Open now",
        ),
        ([], at(2026, 11, 23, 20, 0), ""),
    ],
)
def test_words_say_when_the_line_answers(given, now, words):
    assert hours.words(make_line(hours=given), now) == words


@pytest.mark.django_db
def test_line_of_day_and_night_needs_no_words():
    assert hours.words(make_line(hours=EVERY_EVENING, is_day_and_night=True), at(2026, 11, 23, 20, 0)) == ""


@pytest.mark.django_db
def test_words_in_spanish_keep_the_zone():
    line = make_line(hours=EVERY_EVENING)
    with translation.override("es"):
        assert hours.words(line, at(2026, 11, 23, 20, 0)).endswith("10 p.m. PST")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (EVERY_EVENING, "Every day, 6 p.m. to 10 p.m. PST"),
        (WEEKDAYS, "Monday to Friday, 8 a.m. to 5:30 p.m. PST"),
        (
            [(0, time(8), time(12)), (0, time(13), time(17)), (2, time(22), time(2)), (3, time(22), time(2))],
            "Monday, 8 a.m. to noon, 1 p.m. to 5 p.m.; Wednesday to Thursday, 10 p.m. to 2 a.m. PST",
        ),
        ([], ""),
    ],
)
def test_hours_of_the_week_are_said_by_runs_of_days(given, words):
    assert hours.week_words(make_line(hours=given), at(2026, 11, 23, 12, 0)) == words
