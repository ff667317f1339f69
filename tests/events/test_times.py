from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from events import times

LOS_ANGELES = "America/Los_Angeles"
SPRING = date(2027, 3, 14)
AUTUMN = date(2027, 11, 7)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        (date(2027, 1, 10), time(13), LOS_ANGELES, datetime(2027, 1, 10, 21, tzinfo=UTC)),
        (date(2027, 7, 10), time(13), LOS_ANGELES, datetime(2027, 7, 10, 20, tzinfo=UTC)),
        (date(2027, 7, 10), time(13), "America/Phoenix", datetime(2027, 7, 10, 20, tzinfo=UTC)),
        (date(2027, 7, 10), time(13), "Pacific/Honolulu", datetime(2027, 7, 10, 23, tzinfo=UTC)),
        (date(2027, 7, 10), time(1), "Asia/Kolkata", datetime(2027, 7, 9, 19, 30, tzinfo=UTC)),
        (SPRING, time(1, 59), LOS_ANGELES, datetime(2027, 3, 14, 9, 59, tzinfo=UTC)),
        (SPRING, time(3), LOS_ANGELES, datetime(2027, 3, 14, 10, tzinfo=UTC)),
        (AUTUMN, time(0, 59), LOS_ANGELES, datetime(2027, 11, 7, 7, 59, tzinfo=UTC)),
        (AUTUMN, time(2), LOS_ANGELES, datetime(2027, 11, 7, 10, tzinfo=UTC)),
    ],
)
def test_moment_is_what_clocks_in_the_zone_show(day, clock, zone, expected):
    assert times.moment(day, clock, zone) == expected
    assert times.moment(day, clock, zone).tzinfo is UTC


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_hour_that_comes_twice_means_its_first_pass(minute):
    assert times.moment(AUTUMN, time(1, minute), LOS_ANGELES) == datetime(2027, 11, 7, 8, minute, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_skipped_hour_is_no_moment(minute):
    with pytest.raises(ValueError, match=r"does not exist in America/Los_Angeles on 2027-03-14"):
        times.moment(SPRING, time(2, minute), LOS_ANGELES)


def test_hour_skipped_in_one_zone_exists_in_another():
    assert times.moment(SPRING, time(2, 30), "America/Phoenix") == datetime(2027, 3, 14, 9, 30, tzinfo=UTC)


def test_checked_moment_names_the_field_and_says_what_to_do():
    with pytest.raises(ValidationError) as caught:
        times.checked_moment(SPRING, time(2, 30), LOS_ANGELES, "start_time")
    assert caught.value.message_dict == {
        "start_time": ["Clocks jump over this time on that day, when daylight time begins. Choose one an hour later."]
    }


def test_checked_moment_is_the_moment_where_it_exists():
    expected = times.moment(SPRING, time(3), LOS_ANGELES)
    assert times.checked_moment(SPRING, time(3), LOS_ANGELES, "start_time") == expected


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 13), 24), (SPRING, 23), (AUTUMN, 25), (date(2027, 11, 8), 24)]
)
def test_day_lasts_from_midnight_to_midnight(day, hours):
    length = times.midnight(times.next_day(day), LOS_ANGELES) - times.midnight(day, LOS_ANGELES)
    assert length == timedelta(hours=hours)


def test_day_without_a_midnight_begins_when_clocks_jump():
    # Chile set its clocks from 24:00 to 1:00 on the night to 8 September 2019.
    assert times.midnight(date(2019, 9, 8), "America/Santiago") == datetime(2019, 9, 8, 4, tzinfo=UTC)


def test_next_day_crosses_the_end_of_the_year():
    assert times.next_day(date(2027, 12, 31)) == date(2028, 1, 1)
