from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from events.models import (
    RESERVED_SLUGS,
    Credit,
    Event,
    Material,
    NextEvent,
    Series,
    Session,
    SessionHours,
    UpcomingEvents,
    default_time_zone,
)
from tests.factories import (
    make_block,
    make_credit,
    make_event,
    make_identity,
    make_page,
    make_person,
    make_picture_file,
    make_series,
    make_session,
)

pytestmark = pytest.mark.django_db

START = datetime(2027, 9, 2, 20, tzinfo=UTC)
END = datetime(2027, 9, 2, 22, tzinfo=UTC)
"""The moments of `make_event`'s session: 1 to 3 p.m. in Los Angeles, in daylight time."""
TICK = timedelta(microseconds=1)
SPRING = date(2027, 3, 14)
AUTUMN = date(2027, 11, 7)
SKIPPED = "Clocks jump over this time on that day, when daylight time begins. Choose one an hour later."


def titles(queryset):
    return [event.title for event in queryset]


def errors(record):
    """What `full_clean` says against a record, by field."""
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def unsaved_session(event=None, **values):
    event = event or make_event(starts=None)
    return Session(event=event, **{"day": date(2027, 9, 2), "start_time": time(13), "end_time": time(15), **values})


# Which events are upcoming, on, past


@pytest.mark.parametrize(
    ("now", "upcoming", "on", "past"),
    [
        (START - TICK, True, False, False),
        (START, True, True, False),
        (END - TICK, True, True, False),
        (END, False, False, True),
        (END + TICK, False, False, True),
    ],
)
def test_event_is_upcoming_until_its_end_and_past_from_then_on(now, upcoming, on, past):
    event = make_event()
    assert Event.objects.upcoming(now).exists() is upcoming
    assert Event.objects.now_on(now).exists() is on
    assert Event.objects.past(now).exists() is past
    assert event.is_over(now) is past


def test_event_of_several_days_stays_upcoming_but_is_on_only_during_a_session():
    event = make_event()
    make_session(event, day=date(2027, 9, 3), start_time=time(9), end_time=time(10))
    between = END + timedelta(hours=1)
    assert titles(Event.objects.upcoming(between)) == ["Basic course"]
    assert titles(Event.objects.now_on(between)) == []
    assert titles(Event.objects.past(between)) == []
    assert titles(Event.objects.now_on(datetime(2027, 9, 3, 16, tzinfo=UTC))) == ["Basic course"]


def test_event_with_two_sessions_at_once_is_listed_once():
    event = make_event()
    make_session(event, start_time=time(13), end_time=time(15), title="Room 2")
    assert titles(Event.objects.now_on(START)) == ["Basic course"]


def test_upcoming_events_come_earliest_first_and_past_ones_latest_first():
    make_event("Late", starts=(2027, 9, 3, 9, 0))
    make_event("Early", starts=(2027, 9, 1, 9, 0))
    make_event("Early too", starts=(2027, 9, 1, 9, 0))
    assert titles(Event.objects.upcoming(START - timedelta(days=9))) == ["Early", "Early too", "Late"]
    assert titles(Event.objects.past(START + timedelta(days=9))) == ["Late", "Early too", "Early"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL scans a table as small as a test's.")
@pytest.mark.parametrize("count", [1, 50, None])
def test_upcoming_events_are_found_without_a_walk_through_the_past(count):
    plan = Event.objects.published(START).upcoming(START)[:count].explain()
    assert "SEARCH events_event USING INDEX events_event_last_end_" in plan
    assert "SCAN" not in plan


def test_every_event_is_upcoming_or_past_or_without_dates():
    make_event("Past", starts=(2027, 9, 1, 9, 0))
    make_event("Now")
    make_event("Later", starts=(2027, 9, 3, 9, 0))
    make_event("Some day", starts=None)
    assert titles(Event.objects.upcoming(START)) == ["Now", "Later"]
    assert titles(Event.objects.past(START)) == ["Past"]
    assert titles(Event.objects.without_dates()) == ["Some day"]


def test_event_without_dates_is_never_over():
    assert make_event(starts=None).is_over(START) is False


def test_lists_chain_with_what_the_public_may_see():
    make_event("Public")
    make_event("Draft", status=Event.Status.DRAFT)
    make_event("Later", publish_from=START + TICK)
    assert titles(Event.objects.published(START).upcoming(START)) == ["Public"]
    assert titles(Event.objects.upcoming(START).published(START)) == ["Public"]


def test_editors_find_events_without_a_date_first_and_then_the_latest():
    make_event("Early", starts=(2027, 9, 1, 9, 0))
    make_event("Some day", starts=None)
    make_event("Late", starts=(2027, 9, 3, 9, 0))
    assert titles(Event.objects.all()) == ["Some day", "Late", "Early"]


def test_series_is_ongoing_until_it_is_ended():
    make_series("Goes on")
    make_series("Ended", is_ongoing=False)
    make_series("Draft", status=Series.Status.DRAFT)
    assert titles(Series.objects.published().ongoing()) == ["Goes on"]


# When a session takes place


@pytest.mark.parametrize(
    ("values", "starts", "ends", "hours"),
    [
        ({}, START, END, 2),
        (
            {"start_time": time(22), "end_time": time(2)},
            datetime(2027, 9, 3, 5, tzinfo=UTC),
            datetime(2027, 9, 3, 9, tzinfo=UTC),
            4,
        ),
        (
            {"start_time": time(18), "end_time": time(0)},
            datetime(2027, 9, 3, 1, tzinfo=UTC),
            datetime(2027, 9, 3, 7, tzinfo=UTC),
            6,
        ),
        (
            {"start_time": time(0), "end_time": time(1, 30)},
            datetime(2027, 9, 2, 7, tzinfo=UTC),
            datetime(2027, 9, 2, 8, 30, tzinfo=UTC),
            Decimal("1.5"),
        ),
        (
            {"start_time": None, "end_time": None},
            datetime(2027, 9, 2, 7, tzinfo=UTC),
            datetime(2027, 9, 3, 7, tzinfo=UTC),
            None,
        ),
        (
            {"start_time": None, "end_time": None, "last_day": date(2027, 9, 6)},
            datetime(2027, 9, 2, 7, tzinfo=UTC),
            datetime(2027, 9, 7, 7, tzinfo=UTC),
            None,
        ),
        (
            {"start_time": None, "end_time": None, "last_day": date(2027, 9, 2)},
            datetime(2027, 9, 2, 7, tzinfo=UTC),
            datetime(2027, 9, 3, 7, tzinfo=UTC),
            None,
        ),
        # Clocks are set forward at two and back at two.
        (
            {"day": date(2027, 3, 13), "start_time": time(22), "end_time": time(4)},
            datetime(2027, 3, 14, 6, tzinfo=UTC),
            datetime(2027, 3, 14, 11, tzinfo=UTC),
            5,
        ),
        (
            {"day": SPRING, "start_time": time(1), "end_time": time(3)},
            datetime(2027, 3, 14, 9, tzinfo=UTC),
            datetime(2027, 3, 14, 10, tzinfo=UTC),
            1,
        ),
        (
            {"day": date(2027, 11, 6), "start_time": time(23), "end_time": time(3)},
            datetime(2027, 11, 7, 6, tzinfo=UTC),
            datetime(2027, 11, 7, 11, tzinfo=UTC),
            5,
        ),
        (
            {"day": AUTUMN, "start_time": time(1, 15), "end_time": time(1, 45)},
            datetime(2027, 11, 7, 8, 15, tzinfo=UTC),
            datetime(2027, 11, 7, 8, 45, tzinfo=UTC),
            Decimal("0.5"),
        ),
        (
            {"day": SPRING, "start_time": None, "end_time": None},
            datetime(2027, 3, 14, 8, tzinfo=UTC),
            datetime(2027, 3, 15, 7, tzinfo=UTC),
            None,
        ),
        (
            {"day": AUTUMN, "start_time": None, "end_time": None},
            datetime(2027, 11, 7, 7, tzinfo=UTC),
            datetime(2027, 11, 8, 8, tzinfo=UTC),
            None,
        ),
    ],
)
def test_session_is_stored_with_the_moments_its_local_times_mean(values, starts, ends, hours):
    session = unsaved_session(**values)
    session.full_clean()
    session.save()
    session = Session.objects.get()
    assert (session.starts, session.ends) == (starts, ends)
    assert session.hours == hours
    assert session.is_all_day is (hours is None)


@pytest.mark.parametrize(
    ("values", "end_day"),
    [
        ({}, date(2027, 9, 2)),
        ({"start_time": time(22), "end_time": time(2)}, date(2027, 9, 3)),
        ({"day": date(2027, 12, 31), "start_time": time(22), "end_time": time(2)}, date(2028, 1, 1)),
        ({"start_time": None, "end_time": None}, date(2027, 9, 2)),
        ({"start_time": None, "end_time": None, "last_day": date(2027, 9, 6)}, date(2027, 9, 6)),
    ],
)
def test_session_ends_on_the_next_day_only_where_it_runs_over_midnight(values, end_day):
    assert unsaved_session(**values).end_day == end_day


def test_session_in_another_zone_keeps_that_zones_clock():
    event = make_event(time_zone="America/New_York", starts=(2027, 9, 2, 13, 0))
    assert event.first_start == datetime(2027, 9, 2, 17, tzinfo=UTC)
    assert make_event("Far", time_zone="Asia/Kolkata", starts=(2027, 9, 2, 1, 0)).first_start == datetime(
        2027, 9, 1, 19, 30, tzinfo=UTC
    )


def test_session_saved_in_part_keeps_its_moments_up_to_date():
    make_event()
    Session.objects.update_or_create(title="", defaults={"day": date(2027, 9, 9)})
    assert Session.objects.get().starts == START + timedelta(days=7)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"end_time": None}, {"end_time": ["Give both a start and an end, or neither for a whole day."]}),
        ({"start_time": None}, {"start_time": ["Give both a start and an end, or neither for a whole day."]}),
        (
            {"last_day": date(2027, 9, 3)},
            {"last_day": ["A session with times is on one day. Add a session for each day."]},
        ),
        (
            {"end_time": time(13)},
            {"end_time": ["The end is the same as the start. Write when the session ends."]},
        ),
        (
            {"start_time": None, "end_time": None, "last_day": date(2027, 9, 1)},
            {"last_day": ["The last day is before the first. Write a later one."]},
        ),
        (
            {"start_time": None, "end_time": None, "last_day": date(2028, 9, 3)},
            {"last_day": ["That is more than a year in a row. Write an earlier day."]},
        ),
        ({"day": date(1999, 12, 31)}, {"day": ["Write a year from 2000 to 2099."]}),
        ({"day": date.max}, {"day": ["Write a year from 2000 to 2099."]}),
        (
            {"start_time": None, "end_time": None, "last_day": date(2100, 1, 1)},
            {"last_day": ["Write a year from 2000 to 2099."]},
        ),
        ({"day": SPRING, "start_time": time(2, 30), "end_time": time(4)}, {"start_time": [SKIPPED]}),
        ({"day": SPRING, "start_time": time(1), "end_time": time(2)}, {"end_time": [SKIPPED]}),
        ({"day": date(2027, 3, 13), "start_time": time(22), "end_time": time(2, 59)}, {"end_time": [SKIPPED]}),
        ({"day": None}, {"day": ["This field cannot be null."]}),
    ],
)
def test_session_that_makes_no_sense_is_refused_with_a_sentence(values, expected):
    assert errors(unsaved_session(**values)) == expected


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "America", "../secret"])
def test_session_of_an_event_in_no_zone_leaves_the_error_to_the_event(zone):
    event = make_event(starts=None)
    event.time_zone = zone
    unsaved_session(event).full_clean()
    assert list(errors(event)) == ["time_zone"]


def test_session_without_event_says_so():
    assert errors(Session(day=SPRING, start_time=time(1), end_time=time(3))) == {
        "event": ["This field cannot be null."]
    }


def test_session_cannot_be_stored_in_an_hour_that_is_skipped():
    with pytest.raises(ValueError, match="does not exist in America/Los_Angeles on 2027-03-14"):
        unsaved_session(day=SPRING, start_time=time(2, 30), end_time=time(4)).save()


def test_database_refuses_a_session_that_ends_before_it_starts():
    make_event()
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.update(ends=START)


def test_sessions_stand_in_the_order_of_time():
    event = make_event()
    make_session(event, day=date(2027, 9, 1), title="First")
    assert [str(session) for session in event.sessions.all()] == ["2027-09-01 First", "2027-09-02"]


# What is stored with the event


def test_settled_event_knows_its_first_start_last_end_and_boards():
    event = make_event()
    make_session(event, day=date(2027, 9, 1), start_time=time(9), end_time=time(10))
    make_session(event, day=date(2027, 9, 3), start_time=time(9), end_time=time(10))
    make_credit(event, board=Credit.Board.STC)
    make_credit(event, board=Credit.Board.POST)
    make_credit(event, board=Credit.Board.POST, category=Credit.Category.COMMUNICATIONS)
    event = Event.objects.get()
    assert event.first_start == datetime(2027, 9, 1, 16, tzinfo=UTC)
    assert event.last_end == datetime(2027, 9, 3, 17, tzinfo=UTC)
    assert event.boards == ("POST", "STC")


def test_event_ends_with_its_longest_session_not_its_last():
    event = make_event()
    make_session(event, day=date(2027, 9, 1), last_day=date(2027, 9, 9))
    assert Event.objects.get().last_end == datetime(2027, 9, 10, 7, tzinfo=UTC)


def test_event_without_sessions_and_credits_forgets_them():
    event = make_event()
    make_credit(event)
    event.sessions.all().delete()
    event.credits.all().delete()
    event.settle()
    event = Event.objects.get()
    assert (event.first_start, event.last_end, event.boards) == (None, None, ())


def test_rows_fetched_before_a_change_do_not_count():
    make_event()
    event = Event.objects.prefetch_related("sessions", "credits").get()
    Session.objects.get().delete()
    event.settle()
    assert Event.objects.get().first_start is None


def test_sessions_keep_their_local_times_where_the_zone_changes():
    event = make_event()
    event.time_zone = "America/New_York"
    event.settle()
    session = Session.objects.get()
    assert (session.start_time, session.end_time) == (time(13), time(15))
    assert session.starts == START - timedelta(hours=3)
    event = Event.objects.get()
    assert (event.first_start, event.last_end) == (session.starts, session.ends)
    assert event.sequence == 1


def test_hour_the_new_zone_skips_is_refused_before_the_event_is_settled():
    event = make_event(time_zone="America/Phoenix", starts=(2027, 3, 14, 2, 30))
    event.time_zone = "America/Los_Angeles"
    session = Session.objects.get()
    session.event = event
    assert errors(session) == {"start_time": [SKIPPED]}


@pytest.mark.parametrize("count", [1, 3])
def test_settling_costs_the_same_for_many_sessions(count, django_assert_num_queries):
    event = make_event(starts=None)
    for number in range(count):
        make_session(event, day=date(2027, 9, 1 + number))
    with django_assert_num_queries(3):
        event.settle()


def test_sequence_starts_at_zero_and_stays_while_nothing_changes():
    event = make_event(starts=None)
    make_session(event)
    changed = event.calendar_changed
    event.settle(now=START)
    Event.objects.get().settle(now=START)
    event.refresh_from_db()
    assert (event.sequence, event.calendar_changed) == (0, changed)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Other title"),
        ("slug", "other-address"),
        ("kind", Event.Kind.WEBINAR),
        ("summary", "Other summary"),
        ("audiences", ["patrol"]),
        ("state", Event.State.CANCELLED),
        ("state_reason", "The trainer is ill."),
        ("time_zone", "America/Tijuana"),
        ("date_is_sample", True),
        ("format", Event.Format.ONLINE),
        ("venue", "Other hall"),
        ("address", "1 Other Street"),
        ("county", "kern"),
        ("is_free", True),
        ("price_cents", 5000),
        ("price_note", "$50 for members"),
        ("contact_email", "training@example.org"),
    ],
)
def test_sequence_rises_once_when_what_a_calendar_shows_changes(field, value):
    event = make_event()
    setattr(event, field, value)
    event.settle(now=START)
    event.settle(now=END)
    event = Event.objects.get()
    assert (event.sequence, event.calendar_changed) == (1, START)


@pytest.mark.parametrize(
    ("field", "value"),
    [("body", "<p>More</p>"), ("join_url", "https://example.org/room"), ("capacity", 30), ("status", "draft")],
)
def test_sequence_stays_when_only_the_page_changes(field, value):
    event = make_event()
    setattr(event, field, value)
    event.settle(now=START)
    assert Event.objects.get().sequence == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", date(2027, 9, 9)), ("end_time", time(16)), ("place", "Annex"), ("title", "Practice")],
)
def test_sequence_rises_when_a_session_changes(field, value):
    event = make_event()
    session = Session.objects.get()
    setattr(session, field, value)
    session.save()
    event.settle()
    assert Event.objects.get().sequence == 1


def test_sequence_rises_when_a_session_or_a_credit_comes_or_goes():
    event = make_event()
    session = make_session(event, day=date(2027, 9, 3))
    assert event.sequence == 1
    session.delete()
    event.settle()
    assert event.sequence == 2
    credit = make_credit(event)
    assert event.sequence == 3
    credit.hours = 3
    credit.save()
    event.settle()
    assert event.sequence == 4


# What an event must be


def test_event_is_a_scheduled_training_in_person_until_somebody_says_otherwise():
    event = Event.objects.create(title="New", slug="new")
    assert (event.kind, event.state, event.format, event.registration) == ("training", "scheduled", "person", "none")
    assert (event.is_free, event.price, event.audiences, event.is_published()) == (False, None, (), False)
    assert event.is_open_to_come


@pytest.mark.parametrize(
    ("state", "is_open"),
    [("scheduled", True), ("online", True), ("postponed", False), ("cancelled", False)],
)
def test_event_is_open_to_come_unless_cancelled_or_postponed(state, is_open):
    assert make_event(state=state).is_open_to_come is is_open


def test_new_event_is_in_the_zone_of_the_identity():
    make_identity(time_zone="America/Denver")
    assert default_time_zone() == "America/Denver"
    assert Event(title="New").time_zone == "America/Denver"


def test_new_event_of_a_site_without_identity_has_a_zone():
    assert Event(title="New").time_zone == "America/Los_Angeles"


def test_event_in_no_known_zone_is_refused():
    assert errors(make_event(time_zone="Mars/Olympus", starts=None)) == {
        "time_zone": ["“Mars/Olympus” is no time zone. Write one like America/Los_Angeles."]
    }


@pytest.mark.parametrize("slug", RESERVED_SLUGS)
def test_address_the_calendar_uses_is_refused(slug):
    assert errors(make_event(slug=slug)) == {"slug": [f"“{slug}” is an address the site itself uses. Choose another."]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"registration": "elsewhere"}, {"registration_url": ["Write the address where people register."]}),
        (
            {"registration": "contact", "contact_name": "Training desk"},
            {
                "contact_email": [
                    "People are to write to the contact: give an e-mail address or a phone number.",
                ]
            },
        ),
        (
            {"state": "cancelled", "state_reason": " "},
            {"state_reason": ["Say why in a sentence; everybody who planned to come will read it."]},
        ),
        (
            {"state": "postponed"},
            {"state_reason": ["Say why in a sentence; everybody who planned to come will read it."]},
        ),
        ({"county": "nowhere"}, {"county": ["Value 'nowhere' is not a valid choice."]}),
        ({"kind": "party"}, {"kind": ["Value 'party' is not a valid choice."]}),
        ({"registration_url": "javascript:alert(1)"}, {"registration_url": ["Enter a valid URL."]}),
    ],
)
def test_event_that_leaves_people_puzzled_is_refused_with_a_sentence(values, expected):
    assert errors(make_event(**values)) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"registration": "none"},
        {"registration": "elsewhere", "registration_url": "https://example.org/register"},
        {"registration": "contact", "contact_email": "training@example.org"},
        {"registration": "contact", "contact_phone": "555-0100"},
        {"state": "cancelled", "state_reason": "The trainer is ill."},
        {"state": "online"},
        {"format": ""},
        {"county": "los-angeles", "venue": "Hall", "address": "1 First Street"},
        {"is_free": True, "price_note": "Lunch is on you."},
        {"price_cents": 1},
    ],
)
def test_event_that_says_enough_is_accepted(values):
    make_event(**values).full_clean()


def test_event_with_an_undescribed_picture_is_refused():
    event = make_event(picture=make_picture_file())
    assert list(errors(event)) == ["picture_alt"]


def test_free_event_with_a_price_is_refused():
    event = make_event()
    event.is_free, event.price_cents = True, 5000
    assert errors(event) == {"__all__": ["A free event has no price. Untick “free” or empty the price."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


def test_price_of_nothing_is_refused():
    event = make_event()
    event.price_cents = 0
    assert errors(event) == {"__all__": ["Tick “free” instead of writing a price of 0."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


@pytest.mark.parametrize(
    ("dollars", "cents"),
    [(Decimal("50"), 5000), (Decimal("0.29"), 29), (Decimal("1150.10"), 115010), (None, None)],
)
def test_price_in_dollars_is_kept_in_whole_cents(dollars, cents):
    event = make_event()
    event.price = dollars
    assert event.price_cents == cents
    event.save()
    assert Event.objects.get().price == dollars


def test_price_shows_both_places_of_its_cents():
    assert str(make_event(price_cents=5000).price) == "50.00"


def test_event_is_found_under_its_slug_only_once():
    make_event()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_event()


def test_county_is_named_or_left_open():
    assert make_event("Kern", county="kern").county_name == "Kern"
    assert make_event("Somewhere").county_name == ""


# Credits


def test_event_counts_for_the_most_hours_any_board_gives():
    event = make_event()
    assert event.hours is None
    make_credit(event, hours=Decimal("1.5"))
    make_credit(event, board=Credit.Board.STC, hours=2)
    assert event.hours == 2


def test_board_stands_once_per_category():
    event = make_event()
    make_credit(event)
    make_credit(event, category=Credit.Category.COMMUNICATIONS)
    twice = Credit(event=event, board=Credit.Board.POST, hours=2)
    assert errors(twice) == {"__all__": ["This board and category stand here already."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


@pytest.mark.parametrize(("hours", "shown"), [("2", "POST 2 h"), ("1.50", "POST 1.5 h"), ("40", "POST 40 h")])
def test_credit_is_named_by_board_and_hours(hours, shown):
    credit = make_credit(make_event(), hours=Decimal(hours))
    assert str(credit) == shown
    assert str(Credit.objects.get()) == shown


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("0", "Ensure this value is greater than or equal to 0.25."),
        ("1.125", "Ensure that there are no more than 2 decimal places."),
    ],
)
def test_credit_of_no_or_odd_hours_is_refused(hours, message):
    assert errors(Credit(event=make_event(), board="POST", hours=Decimal(hours))) == {"hours": [message]}


def test_session_gives_hours_once_per_credit():
    event = make_event()
    hours = SessionHours(credit=make_credit(event), session=event.sessions.get(), hours=2)
    hours.full_clean()
    hours.save()
    assert str(hours) == "2027-09-02: POST 2 h"
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionHours.objects.create(credit=hours.credit, session=hours.session, hours=1)


def test_session_gives_hours_of_its_own_events_credits_only():
    credit = make_credit(make_event())
    other = make_event("Other")
    assert errors(SessionHours(credit=credit, session=other.sessions.get(), hours=1)) == {
        "session": ["This session belongs to another event. Choose one of this event."]
    }


# Materials


@pytest.mark.parametrize(
    ("shown", "now", "expected"),
    [
        ("always", START - TICK, True),
        ("always", END, True),
        ("before", START - TICK, True),
        ("before", START, False),
        ("after", END - TICK, False),
        ("after", END, True),
    ],
)
def test_material_is_shown_in_its_time(shown, now, expected):
    public = Material(event=make_event(), label="Handout", url="https://example.org/a", shown=shown)
    assert public.is_shown(now) is expected
    public.access = Material.Access.REGISTRANTS
    assert public.is_shown(now) is False


@pytest.mark.parametrize(("shown", "expected"), [("always", True), ("before", True), ("after", False)])
def test_material_of_an_event_without_dates_counts_as_before(shown, expected):
    material = Material(event=make_event(starts=None), label="Handout", url="https://example.org/a", shown=shown)
    assert material.is_shown(START) is expected


@pytest.mark.parametrize("both", [True, False])
def test_material_is_either_a_file_or_an_address(both):
    material = Material(event=make_event(), label="Handout")
    if both:
        material.file, material.url = ContentFile(b"Some words.", name="notes.txt"), "https://example.org/a"
    assert errors(material) == {"url": ["Give either a file or an address."]}


def test_material_with_one_of_the_two_is_accepted():
    event = make_event()
    Material(event=event, label="Handout", file=ContentFile(b"Some words.", name="notes.txt")).full_clean()
    Material(event=event, label="Recording", is_recording=True, url="https://example.org/a").full_clean()


# What goes with what


def test_deleted_event_takes_its_parts_along():
    event = make_event()
    credit = make_credit(event)
    SessionHours.objects.create(credit=credit, session=event.sessions.get(), hours=2)
    Material.objects.create(event=event, label="Handout", url="https://example.org/a")
    event.presenters.add(make_person())
    event.delete()
    for model in (Session, Credit, SessionHours, Material):
        assert model.objects.count() == 0


def test_events_outlive_their_series_and_their_presenters():
    series, person = make_series(), make_person()
    event = make_event(series=series)
    event.presenters.add(person)
    series.delete()
    person.delete()
    event.refresh_from_db()
    assert event.series is None
    assert list(event.presenters.all()) == []


@pytest.mark.parametrize("block", [UpcomingEvents, NextEvent])
def test_series_that_a_page_shows_cannot_be_deleted(block):
    series = make_series()
    make_block(block, make_page(), series=series)
    with pytest.raises(ProtectedError):
        series.delete()
    assert Series.objects.get() == series


def test_session_deleted_from_an_event_takes_its_hours_along():
    event = make_event()
    credit = make_credit(event)
    SessionHours.objects.create(credit=credit, session=event.sessions.get(), hours=2)
    event.sessions.get().delete()
    assert list(credit.session_hours.all()) == []
