"""What forbids publishing an event, and what is said without forbidding it."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from events import rules
from events.models import Credit, Event, Session, SessionHours
from tests.factories import make_credit, make_event, make_identity, make_session

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
COMPLETE = {"contact_email": "training@example.org", "county": "sacramento", "address": "1 Test Street"}


def an_event(**values):
    return Event(**{"title": "Basic course", "time_zone": "America/Los_Angeles", **values})


def a_session(event, hours=8, **values):
    values = {"day": date(2027, 9, 2), "start_time": time(8), "end_time": time(8 + hours), **values}
    return Session(event=event, **values)


def a_credit(event, **values):
    given = {"board": Credit.Board.POST, "certified_title": "Basic course", "number": "1234-00001", "hours": Decimal(8)}
    return Credit(event=event, **{**given, **values})


def faults_of(event, sessions=(), ledger=(), hours=()):
    return [(fault.record, fault.field, fault.message) for fault in rules.faults(event, sessions, ledger, hours)]


def test_complete_post_credit_may_be_published():
    event = an_event()

    assert faults_of(event, [a_session(event)], [a_credit(event)]) == []


def test_post_credit_under_another_title_is_a_fault():
    event = an_event()
    credit = a_credit(event, certified_title="Basic Course")

    assert faults_of(event, (), [credit]) == [
        (
            credit,
            "certified_title",
            "POST certified “Basic Course”, but the event is called “Basic course”. "
            "Make the two equal, letter by letter: a certified class is announced under its certified title only.",
        )
    ]


def test_post_credit_without_title_and_number_has_two_faults():
    event = an_event()
    credit = a_credit(event, certified_title="", number="")

    assert faults_of(event, (), [credit]) == [
        (
            credit,
            "certified_title",
            "POST wants a certified class announced under its certified title. Write the title it was certified by.",
        ),
        (
            credit,
            "number",
            "POST wants its certification number shown wherever the class is announced. Write the number.",
        ),
    ]


@pytest.mark.parametrize("board", [board for board in Credit.Board if board != Credit.Board.POST])
def test_other_boards_ask_for_neither_title_nor_number(board):
    event = an_event()

    assert faults_of(event, (), [a_credit(event, board=board, certified_title="", number="")]) == []


def test_more_hours_than_all_sessions_last_is_a_fault():
    event = an_event()
    sessions = [a_session(event, 2), a_session(event, 1, day=date(2027, 9, 3), end_time=time(9, 30))]
    credit = a_credit(event, hours=Decimal("3.75"))

    assert faults_of(event, sessions, [credit]) == [
        (
            credit,
            "hours",
            "This credit has 3.75 hours, but all sessions together last only 3.5. "
            "Correct the hours, or the times of the sessions.",
        )
    ]


def test_hours_without_any_session_are_no_fault():
    event = an_event()

    assert faults_of(event, (), [a_credit(event, hours=Decimal(40))]) == []


def test_whole_days_give_twelve_hours_each_at_most():
    event = an_event()
    days = a_session(event, start_time=None, end_time=None, last_day=date(2027, 9, 4))

    assert faults_of(event, [days], [a_credit(event, hours=Decimal(36))]) == []
    assert [field for _record, field, _text in faults_of(event, [days], [a_credit(event, hours=Decimal(37))])] == [
        "hours"
    ]


def test_session_over_the_clock_change_lasts_as_long_as_it_does():
    event = an_event()
    night = {"day": date(2027, 3, 13), "start_time": time(22), "end_time": time(6)}
    credit = a_credit(event, hours=Decimal("7.5"))

    assert faults_of(event, [a_session(event, **night)], [credit]) == [
        (
            credit,
            "hours",
            "This credit has 7.5 hours, but all sessions together last only 7. "
            "Correct the hours, or the times of the sessions.",
        )
    ]


@pytest.mark.parametrize(
    "broken",
    [{"end_time": None}, {"day": None}, {"day": date(2027, 3, 14), "start_time": time(2, 30), "end_time": time(5)}],
)
def test_hours_are_not_compared_with_a_session_that_fails_by_itself(broken):
    event = an_event()

    assert faults_of(event, [a_session(event, **broken)], [a_credit(event, hours=Decimal(99))]) == []


def test_hours_by_session_stay_within_session_and_credit(db):
    event = make_event(hours=2)
    make_session(event, day=date(2027, 9, 3), start_time=time(9), end_time=time(12))
    first, second = event.sessions.all()
    credit = make_credit(event, hours=Decimal(4))
    rows = [
        SessionHours(credit=credit, session=first, hours=Decimal("2.5")),
        SessionHours(credit=credit, session=second, hours=Decimal(3)),
    ]

    assert faults_of(event, [first, second], [credit], rows) == [
        (rows[0], "hours", "This session gives 2.5 hours, but lasts only 2. Write fewer hours."),
        (
            credit,
            "hours",
            "The hours by session add up to 5.5, but this credit has only 4. Correct one of the two.",
        ),
    ]


def test_hours_of_a_session_about_to_be_removed_do_not_count(db):
    event = make_event(hours=2)
    make_session(event, day=date(2027, 9, 3), start_time=time(9), end_time=time(12))
    first, second = event.sessions.all()
    credit = make_credit(event, hours=Decimal(2))
    rows = [SessionHours(credit=credit, session=second, hours=Decimal(3))]

    assert faults_of(event, [first], [credit], rows) == []


def warned(event, now=NOW, **values):
    event = Event.objects.get(pk=event.pk)
    return rules.warnings(event, list(event.sessions.all()), list(event.credits.all()), now, **values)


def test_complete_event_has_no_warning(db):
    assert warned(make_event(**COMPLETE)) == []


def test_event_without_session_is_warned_of(db):
    assert warned(make_event(starts=None, **COMPLETE)) == [
        "It has no session, so no calendar shows a date. Add one as soon as the date is known."
    ]


def test_event_without_contact_is_warned_of_unless_the_identity_has_one(db):
    identity = make_identity()
    event = make_event(**COMPLETE | {"contact_email": ""})

    assert warned(event) == [
        "Nobody is named whom people can ask. Give a contact, or an e-mail address or phone in the identity."
    ]
    identity.email = "office@example.org"
    identity.save()
    assert warned(event) == []


LATE = (
    "It becomes public {} before it begins. POST must receive the course presentation request at least 30 days ahead "
    "(Regulation 1055). Make sure yours was received in time."
)


@pytest.mark.parametrize(
    ("before", "sentences"),
    [
        (timedelta(days=30), []),
        (timedelta(days=29, hours=23), [LATE.format("29 days")]),
        (timedelta(days=1), [LATE.format("1 day")]),
        (timedelta(hours=5), [LATE.format("0 days")]),
        (timedelta(), []),
    ],
)
def test_post_class_published_late_is_warned_of(db, before, sentences):
    event = make_event(status="draft", **COMPLETE)
    make_credit(event)

    assert warned(event, event.first_start - before) == sentences


def test_late_publication_counts_from_the_day_it_becomes_public(db):
    event = make_event(publish_from=datetime(2027, 8, 23, 20, tzinfo=UTC), **COMPLETE)
    make_credit(event)

    assert warned(event) == [LATE.format("10 days")]


def test_class_that_is_public_already_is_warned_of_only_when_it_was_just_published(db):
    event = make_event(**COMPLETE)
    make_credit(event)
    late = event.first_start - timedelta(days=3)

    assert warned(event, late) == []
    assert warned(event, late, first=True) == [LATE.format("3 days")]


def test_late_class_without_post_credit_is_not_warned_of(db):
    event = make_event(status="draft", **COMPLETE)
    make_credit(event, board=Credit.Board.STC)

    assert warned(event, event.first_start - timedelta(days=3)) == []


def test_registration_that_ends_after_the_start_is_warned_of(db):
    event = make_event(registration="contact", registration_until=datetime(2027, 9, 2, 21, tzinfo=UTC), **COMPLETE)

    assert warned(event) == [
        "People can register after it has begun. Set “register until” to a time before the first session."
    ]


def test_registration_that_has_ended_is_warned_of_while_the_event_is_ahead(db):
    event = make_event(registration="contact", registration_until=datetime(2027, 5, 31, tzinfo=UTC), **COMPLETE)

    assert warned(event) == [
        "“Register until” has passed, so nobody can register any more. Set a later time if they should."
    ]
    assert warned(event, event.last_end) == []


def test_seats_without_registration_are_warned_of(db):
    assert warned(make_event(capacity=40, **COMPLETE)) == [
        "It has a number of seats, but no registration that could fill them. Say how people register."
    ]


@pytest.mark.parametrize("form", ["person", "hybrid"])
def test_room_without_county_and_address_is_warned_of(db, form):
    event = make_event(format=form, contact_email="training@example.org")

    assert warned(event) == [
        "No county is chosen, so people who look for a class near them miss it. Choose one.",
        "It has no address, so nobody finds the room. Write one as soon as the place is known.",
    ]


@pytest.mark.parametrize("values", [{"format": "online"}, {"format": ""}, {"state": "online"}])
def test_event_without_a_room_needs_no_address(db, values):
    assert warned(make_event(contact_email="training@example.org", **values)) == []


def test_event_that_is_over_and_still_scheduled_is_not_warned_of(db):
    event = make_event(**COMPLETE)

    assert warned(event, event.last_end) == []


def test_cancelled_event_has_no_warning(db):
    assert warned(make_event(starts=None, state="cancelled", state_reason="The room is flooded.")) == []
