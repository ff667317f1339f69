"""Dates by a rule, and copies of an event on them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from events import repeat
from events.models import Event, Material, SessionHours
from tests.factories import make_credit, make_event, make_person, make_series, make_session


def test_weekly_dates_are_so_many_weeks_apart():
    assert repeat.weekly(date(2027, 9, 2), 2, count=3) == [date(2027, 9, 2), date(2027, 9, 16), date(2027, 9, 30)]


def test_weekly_dates_end_with_the_last_day():
    assert repeat.weekly(date(2027, 9, 2), 1, until=date(2027, 9, 16)) == [
        date(2027, 9, 2),
        date(2027, 9, 9),
        date(2027, 9, 16),
    ]


def test_count_and_last_day_together_end_with_the_first_of_them():
    assert repeat.weekly(date(2027, 9, 2), 1, count=2, until=date(2028, 9, 2)) == [date(2027, 9, 2), date(2027, 9, 9)]


@pytest.mark.parametrize("dates", [repeat.weekly(date(2027, 1, 4), 1), repeat.monthly(date(2027, 1, 4), 1, 0)])
def test_dates_without_an_end_stop_just_above_the_bound(dates):
    assert len(dates) == repeat.MOST + 1


def test_second_wednesday_of_each_month():
    assert repeat.monthly(date(2027, 11, 11), 2, 2, count=3) == [
        date(2027, 12, 8),
        date(2028, 1, 12),
        date(2028, 2, 9),
    ]


def test_last_friday_of_each_month():
    assert repeat.monthly(date(2027, 1, 1), repeat.LAST, 4, count=4) == [
        date(2027, 1, 29),
        date(2027, 2, 26),
        date(2027, 3, 26),
        date(2027, 4, 30),
    ]


def test_monthly_dates_may_begin_on_the_first_day_itself():
    assert repeat.monthly(date(2027, 9, 8), 2, 2, until=date(2027, 9, 30)) == [date(2027, 9, 8)]


def full_event():
    event = make_event(
        "Basic course",
        starts=(2027, 9, 2, 9, 0),
        hours=4,
        series=make_series(),
        state="postponed",
        state_reason="The room is flooded.",
        date_is_sample=True,
        publish_from=datetime(2027, 1, 1, tzinfo=UTC),
        registration="contact",
        registration_until=datetime(2027, 8, 27, 0, tzinfo=UTC),  # 5 p.m. PDT on August 26
        capacity=40,
        contact_email="training@example.org",
    )
    event.presenters.add(make_person())
    make_session(event, day=date(2027, 9, 3), start_time=time(22), end_time=time(2), place="Jail", title="Night")
    make_session(event, day=date(2027, 9, 6), last_day=date(2027, 9, 7))
    credit = make_credit(event, hours=Decimal(4))
    SessionHours.objects.create(credit=credit, session=event.sessions.first(), hours=Decimal("1.5"))
    Material.objects.create(event=event, label="Handout", url="https://example.org/handout")
    Material.objects.create(event=event, label="Recording", url="https://example.org/film", is_recording=True)
    event.settle()
    return event


def test_copy_keeps_what_the_class_is_and_drops_what_happened_to_it(db):
    event = full_event()

    [copy] = repeat.repeat(event, [date(2027, 10, 7)])

    copy.refresh_from_db()
    assert (copy.title, copy.series, copy.capacity, copy.contact_email) == (
        "Basic course",
        event.series,
        40,
        "training@example.org",
    )
    assert (copy.slug, copy.status, copy.state, copy.state_reason) == (
        "basic-course-2027-10-07",
        "draft",
        "scheduled",
        "",
    )
    assert (copy.publish_from, copy.publish_until, copy.date_is_sample, copy.sequence) == (None, None, False, 0)
    assert copy.uid != event.uid
    assert list(copy.presenters.all()) == list(event.presenters.all())
    assert [material.label for material in copy.materials.all()] == ["Handout"]
    assert copy.registration_until == datetime(2027, 10, 1, 0, tzinfo=UTC)  # 5 p.m. PDT on September 30


def test_copy_moves_every_session_by_the_same_days_and_keeps_credits(db):
    event = full_event()

    [copy] = repeat.repeat(event, [date(2027, 10, 7)])

    copy.refresh_from_db()
    assert [
        (one.day, one.start_time, one.end_time, one.last_day, one.place, one.title) for one in copy.sessions.all()
    ] == [
        (date(2027, 10, 7), time(9), time(13), None, "", ""),
        (date(2027, 10, 8), time(22), time(2), None, "Jail", "Night"),
        (date(2027, 10, 11), None, None, date(2027, 10, 12), "", ""),
    ]
    assert copy.first_start == datetime(2027, 10, 7, 16, tzinfo=UTC)
    assert {one.uid for one in copy.sessions.all()} & {one.uid for one in event.sessions.all()} == set()
    credit = copy.credits.get()
    assert (credit.board, credit.number, credit.hours) == ("POST", "1234-00001-27", Decimal(4))
    hours = SessionHours.objects.get(credit=credit)
    assert (hours.session, hours.hours) == (copy.sessions.first(), Decimal("1.5"))
    assert copy.boards == ("POST",)


def test_event_is_left_as_it_was(db):
    event = full_event()
    before = Event.objects.filter(pk=event.pk).values().get()

    repeat.repeat(event, [date(2027, 10, 7), date(2027, 11, 4)])

    assert Event.objects.filter(pk=event.pk).values().get() == before
    assert [event.sessions.count(), event.credits.count(), event.materials.count()] == [3, 1, 2]


def test_copies_keep_the_time_on_the_clock_across_its_change(db):
    event = make_event(starts=(2027, 10, 28, 13, 0))

    copies = repeat.repeat(event, repeat.weekly(date(2027, 11, 4), 1, count=2))

    assert [copy.first_start for copy in copies] == [
        datetime(2027, 11, 4, 20, tzinfo=UTC),
        datetime(2027, 11, 11, 21, tzinfo=UTC),
    ]


def test_date_on_which_clocks_skip_the_time_is_refused_and_nothing_is_made(db):
    event = make_event(starts=(2027, 3, 6, 22, 0), hours=3)
    make_session(event, day=date(2027, 3, 7), start_time=time(2, 30), end_time=time(4))

    with pytest.raises(ValidationError) as refusal:
        repeat.repeat(event, [date(2027, 3, 20), date(2027, 3, 13)])

    assert refusal.value.messages == [
        "On Saturday, March 13, 2027 clocks jump over a time of the session of Sunday, March 14, 2027, "
        "when daylight time begins. Choose another date."
    ]
    assert Event.objects.count() == 1


def test_day_of_the_event_itself_is_refused(db):
    assert repeat.refusals(make_event(), [date(2027, 9, 2)]) == [
        "On Thursday, September 2, 2027 stands the event itself. Choose another date."
    ]


def test_event_without_a_session_is_not_repeated(db):
    assert repeat.refusals(make_event(starts=None), [date(2027, 9, 2)]) == [
        "This event has no session that could be moved. Add its dates first."
    ]


def test_no_date_is_refused(db):
    assert repeat.refusals(make_event(), []) == ["No date is left. Give at least one."]


def test_more_than_sixty_copies_are_refused(db):
    event = make_event()
    dates = repeat.weekly(date(2028, 1, 6), 1)

    assert repeat.refusals(event, dates) == ["These are more than 60 dates. Make fewer copies at once."]
    assert repeat.refusals(event, dates[:60]) == []


def test_date_out_of_reach_is_refused(db):
    assert repeat.refusals(make_event(), [date(2100, 1, 1)]) == [
        "Friday, January 1, 2100 is out of the calendar’s reach. Choose a year from 2000 to 2099."
    ]


def test_copy_of_a_copy_has_one_day_in_its_address(db):
    [copy] = repeat.repeat(make_event(), [date(2027, 10, 7)])
    [again] = repeat.repeat(copy, [date(2027, 10, 14)])

    assert again.slug == "basic-course-2027-10-14"


def test_second_copy_on_a_day_has_an_address_of_its_own(db):
    event = make_event()
    repeat.repeat(event, [date(2027, 10, 7)])
    [second] = repeat.repeat(event, [date(2027, 10, 7)])

    assert second.slug == "basic-course-2027-10-07-2"


def test_long_address_is_cut_to_make_room_for_the_day(db):
    event = make_event(slug="a" * 80)
    [copy] = repeat.repeat(event, [date(2027, 10, 7)])

    assert copy.slug == f"{'a' * 66}-2027-10-07"
