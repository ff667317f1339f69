"""Calendars as three independent readers understand them: icalendar, which writes them too, ics and ical.js."""

import json
import os
import subprocess
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import ics
import pytest
from django.utils import timezone

from events import calendars, zone_rules
from events.models import Event, Session
from tests.factories import make_credit, make_event, make_identity, make_session

NOW = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)
READER = Path(__file__).with_name("read_calendar.mjs")
LONG = "Für Einsatzkräfte: “presence”, patience; and 20\\80 — ¿qué? 危機介入 " * 20

pytestmark = pytest.mark.django_db


@pytest.fixture
def icaljs():
    path = os.environ.get("ICALJS")
    if path:
        return path
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("No ical.js was found and none could be installed; here it is required.")
    return pytest.skip("NO ICAL.JS: calendars were not read with it. Install node and npm, or name it in ICALJS.")


def write(events=None, identity=None):
    sessions = calendars.sessions_of(Event.objects.all() if events is None else events, NOW)
    return calendars.calendar_of(sessions, name="Test: events", identity=identity or make_identity(), now=NOW)


def entries_of(text):
    return {str(entry["uid"]): entry for entry in icalendar.Calendar.from_ical(text).walk("VEVENT")}


def only_entry(text):
    (entry,) = entries_of(text).values()
    return entry


def as_text(value):
    """A moment in UTC, or a day."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def expected():
    """What the records say, in the form of the readers below."""
    return {
        f"{session.uid}@127.0.0.1": {
            "start": as_text(session.day if session.is_all_day else session.starts),
            "end": as_text(session.end_day + zone_rules.DAY if session.is_all_day else session.ends),
            "whole_day": session.is_all_day,
            "summary": calendars.summary(session),
            "status": calendars.STATUS[session.event.state],
            "location": session.event.venue,
        }
        for session in Session.objects.select_related("event")
    }


def read_with_icalendar(text):
    return {
        uid: {
            "start": as_text(entry["dtstart"].dt),
            "end": as_text(entry["dtend"].dt),
            "whole_day": not isinstance(entry["dtstart"].dt, datetime),
            "summary": str(entry["summary"]),
            "status": str(entry["status"]),
            "location": str(entry.get("location", "")),
        }
        for uid, entry in entries_of(text).items()
    }


def read_with_ics(text):
    return {
        entry.uid: {
            "start": as_text(entry.begin.date() if entry.all_day else entry.begin.datetime),
            "end": as_text(entry.end.date() if entry.all_day else entry.end.datetime),
            "whole_day": entry.all_day,
            "summary": entry.name,
            "status": entry.status,
            "location": entry.location or "",
        }
        for entry in ics.Calendar(text.decode()).events
    }


def read_with_icaljs(text, path):
    done = subprocess.run(["node", READER, path], input=text, capture_output=True, check=True, timeout=60)
    entries = {}
    for entry in json.loads(done.stdout):
        entry.pop("description")
        entry |= {name: entry[name].replace(".000Z", "Z") for name in ("start", "end")}
        entry["location"] = entry["location"] or ""
        entries[entry.pop("uid")] = entry
    return entries


def make_every_case():
    make_event("Evening webinar")
    academy = make_event("Five-day academy", starts=None, venue="Range House")
    for day in range(13, 18):
        make_session(academy, day=date(2027, 9, day), start_time=time(8), end_time=time(17), title=f"Day {day - 12}")
    make_event("Ride along", starts=(2027, 10, 1, 22, 0), hours=4)
    whole = make_event("Conference", starts=None)
    make_session(whole, day=date(2027, 10, 30), last_day=date(2027, 11, 8))
    make_session(whole, day=date(2027, 11, 9))
    # Clocks are set forward on March 14 and back on November 7, both at 2 a.m.
    make_event("Before the change to daylight time", starts=(2027, 3, 14, 1, 0), hours=0.5)
    make_event("Across the change to daylight time", starts=(2027, 3, 14, 1, 30), hours=2)
    make_event("After the change to daylight time", starts=(2027, 3, 14, 3, 15), hours=1)
    make_event("Before the change to standard time", starts=(2027, 11, 7, 0, 30), hours=1)
    make_event("Across the change to standard time", starts=(2027, 11, 7, 1, 30), hours=2)
    make_event("After the change to standard time", starts=(2027, 11, 7, 2, 30), hours=1)
    make_event("In New York", starts=(2027, 11, 7, 0, 15), time_zone="America/New_York")
    make_event("In New York in the spring", starts=(2027, 3, 14, 3, 0), time_zone="America/New_York")
    make_event("In Phoenix", starts=(2027, 7, 7, 9, 0), time_zone="America/Phoenix")
    make_event("In Berlin", starts=(2027, 3, 28, 3, 15), time_zone="Europe/Berlin")
    make_event("In Casablanca", starts=(2028, 2, 1, 9, 0), time_zone="Africa/Casablanca")
    make_event("In UTC", starts=(2027, 7, 7, 9, 0), time_zone="UTC")
    make_event(LONG.strip()[:200], slug="long", summary=LONG[:300], venue="Saló de Actos, “Añil”; 2\\B, planta 3")
    make_event("Called off", state=Event.State.CANCELLED, state_reason="The trainer is ill.")
    make_event("Put off", state=Event.State.POSTPONED, state_reason="The hall is flooded.")


def test_calendar_reads_alike_in_icalendar():
    make_every_case()
    assert read_with_icalendar(write()) == expected()


def test_calendar_reads_alike_in_ics():
    make_every_case()
    assert read_with_ics(write()) == expected()


def test_calendar_reads_alike_in_icaljs(icaljs):
    make_every_case()
    assert read_with_icaljs(write(), icaljs) == expected()


def test_time_that_comes_twice_is_written_in_utc():
    make_event(starts=(2027, 11, 7, 0, 30), hours=1)
    assert b"\r\nDTSTART:20271107T073000Z\r\nDTEND:20271107T083000Z\r\n" in write()


def test_session_with_times_names_its_zone_and_the_zone_is_described():
    make_event()
    text = write()
    assert b"\r\nDTSTART;TZID=America/Los_Angeles:20270902T130000\r\n" in text
    zones = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == ["America/Los_Angeles"]


def test_whole_days_are_dates_and_end_on_the_day_after():
    event = make_event(starts=None)
    make_session(event, day=date(2027, 10, 30), last_day=date(2027, 11, 8))
    text = write()
    assert b"\r\nDTSTART;VALUE=DATE:20271030\r\nDTEND;VALUE=DATE:20271109\r\n" in text
    assert b"VTIMEZONE" not in text


def test_calendar_without_sessions_holds_the_associations_zone():
    text = write(identity=make_identity(time_zone="America/Denver"))
    components = icalendar.Calendar.from_ical(text).subcomponents
    assert [(part.name, str(part["tzid"])) for part in components] == [("VTIMEZONE", "America/Denver")]


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("America/Los_Angeles", 2027, 2028),
        ("America/New_York", 2026, 2028),
        ("America/Phoenix", 2027, 2027),
        ("Europe/Berlin", 2027, 2029),
        ("Europe/Dublin", 2027, 2028),
        ("Africa/Casablanca", 2027, 2028),
        ("Australia/Lord_Howe", 2027, 2028),
        ("America/Caracas", 2016, 2017),
        ("Asia/Kathmandu", 2027, 2027),
    ],
)
def test_zone_rules_agree_with_the_zone_on_every_day(zone, first, last):
    described = zone_rules.rules_of(zone, first, last).to_tz(lookup_tzid=False)
    day, info = datetime(first, 1, 1, 12, 0), ZoneInfo(zone)
    while day.year <= last:
        assert described.utcoffset(day) == info.utcoffset(day), day
        day += zone_rules.DAY


def test_change_to_daylight_time_is_described_at_the_hour_clocks_jump_from():
    daylight = zone_rules.rules_of("America/Los_Angeles", 2027, 2027).daylight[0]
    assert daylight["dtstart"].to_ical() == b"20260308T020000"
    assert daylight["rrule"].to_ical() == b"FREQ=YEARLY;BYDAY=2SU;BYMONTH=3"


def test_entry_tells_what_to_know_before_going():
    event = make_event(
        summary="Two hours on first words.",
        venue="Range House",
        address="1 Range Road, Chico",
        kind=Event.Kind.WEBINAR,
        audiences=["patrol", "dispatch"],
        price_cents=5050,
        price_note="$40 for members",
        contact_email="desk@example.org",
    )
    make_credit(event, category="communications")
    make_credit(event, board="STC", certified_title="", number="", hours=1)
    entry = only_entry(write())
    assert str(entry["description"]).splitlines() == [
        "Two hours on first words.",
        "POST: 2 hours; Perishable skill: strategic communications; Basic course; 1234-00001-27",
        "STC: 1 hour",
        "Cost: $50.50; $40 for members",
        "http://127.0.0.1:8000/events/basic-course/",
    ]
    assert str(entry["location"]) == "Range House, 1 Range Road, Chico"
    assert str(entry["url"]) == "http://127.0.0.1:8000/events/basic-course/"
    assert [str(name) for name in entry["categories"].cats] == ["Webinar", "Patrol", "Dispatch"]
    assert (str(entry["organizer"]), entry["organizer"].params["CN"]) == (
        "mailto:desk@example.org",
        "Test Association",
    )


def test_organizer_may_have_any_name():
    make_event()
    entry = only_entry(write(identity=make_identity(name='The “Coast”; 1, "A": B', email="office@example.org")))
    assert entry["organizer"].params["CN"] == "The “Coast”; 1, 'A': B"


def test_entry_has_no_organizer_when_nobodys_address_is_known():
    make_event()
    assert "organizer" not in only_entry(write())


def test_entry_names_the_associations_address_when_the_event_has_none():
    make_event()
    entry = only_entry(write(identity=make_identity(email="office@example.org")))
    assert str(entry["organizer"]) == "mailto:office@example.org"


@pytest.mark.parametrize(
    ("state", "status", "summary", "line"),
    [
        (Event.State.CANCELLED, "CANCELLED", "Cancelled: Basic course", "Cancelled: The hall is flooded."),
        (Event.State.POSTPONED, "TENTATIVE", "Postponed: Basic course", "Postponed: The hall is flooded."),
        (Event.State.MOVED_ONLINE, "CONFIRMED", "Basic course", "Moved online: The hall is flooded."),
    ],
)
def test_entry_says_the_state_and_why(state, status, summary, line):
    make_event(state=state, state_reason="The hall is flooded.", venue="Hall")
    entry = only_entry(write())
    assert (str(entry["status"]), str(entry["summary"])) == (status, summary)
    assert line in str(entry["description"]).splitlines()
    assert str(entry["location"]) == ("Online" if state == Event.State.MOVED_ONLINE else "Hall")


def test_sample_date_is_said_in_the_description():
    make_event(date_is_sample=True)
    assert "Sample date: the true one is not known yet." in str(only_entry(write())["description"]).splitlines()


def test_links_to_join_stay_out():
    event = make_event(format=Event.Format.ONLINE, join_url="https://meet.example.org/secret")
    make_session(event, day=date(2027, 9, 3), join_url="https://meet.example.org/secret-too")
    text = write()
    assert len(entries_of(text)) == 2
    assert b"secret" not in text


def test_lines_are_folded_at_75_octets_and_read_back_whole():
    make_event(title=LONG.strip()[:200], slug="long", summary=LONG[:300].strip())
    text = write()
    assert max(len(line) for line in text.split(b"\r\n")) <= 75
    assert text.replace(b"\r\n", b"").count(b"\n") == 0
    entry = only_entry(text)
    assert str(entry["summary"]) == LONG.strip()[:200]
    assert str(entry["description"]).splitlines()[0] == LONG[:300].strip()


def test_same_data_gives_the_same_bytes():
    make_every_case()
    assert write() == write()


def test_uid_stays_and_sequence_rises_only_when_a_calendar_shows_the_change():
    event = make_event()
    first = only_entry(write())
    event.body, event.capacity = "<p>More words.</p>", 30
    event.settle()
    session = event.sessions.get()
    same = only_entry(write())
    assert same == first
    session.start_time = time(14)
    session.save()
    event.settle(now=timezone.now() + zone_rules.DAY)
    moved = only_entry(write())
    assert moved["uid"] == first["uid"] == f"{session.uid}@127.0.0.1"
    assert (first["sequence"], moved["sequence"]) == (0, 1)
    assert moved["dtstamp"].dt > first["dtstamp"].dt
    assert moved["last-modified"].dt == moved["dtstamp"].dt == event.calendar_changed.replace(microsecond=0)


def test_same_moment_in_another_zone_is_written_anew():
    event = make_event(time_zone="America/Los_Angeles")
    assert b"DTSTART;TZID=America/Los_Angeles:20270902T130000\r\n" in write()
    Event.objects.filter(pk=event.pk).update(time_zone="America/Denver")
    assert b"DTSTART;TZID=America/Denver:20270902T140000\r\n" in write()


def test_uid_is_below_the_sites_host(settings):
    settings.SITE_URL = "https://www.example.org:8443"
    make_event()
    uid = str(only_entry(write())["uid"])
    assert UUID(uid.removesuffix("@www.example.org")) == Session.objects.get().uid


def test_window_reaches_from_90_days_ago_to_18_months_ahead():
    inside = [(2026, 12, 2, 9, 0), (2028, 8, 29, 9, 0)]
    outside = [(2026, 11, 30, 9, 0), (2028, 9, 1, 9, 0)]
    for number, starts in enumerate([*inside, *outside]):
        make_event(f"Course {number}", starts=starts)
    assert {str(entry["summary"]) for entry in entries_of(write()).values()} == {"Course 0", "Course 1"}


def test_too_many_sessions_leave_the_nearest_to_come_and_then_the_latest_past(monkeypatch):
    for day in range(20, 24):
        make_event(f"Past {day}", starts=(2027, 2, day, 9, 0))
    for day in range(5, 8):
        make_event(f"Coming {day}", starts=(2027, 3, day, 9, 0))
    monkeypatch.setattr(calendars, "LIMIT", 5)
    names = [str(entry["summary"]) for entry in entries_of(write()).values()]
    assert names == ["Past 22", "Past 23", "Coming 5", "Coming 6", "Coming 7"]
    monkeypatch.setattr(calendars, "LIMIT", 2)
    assert [str(entry["summary"]) for entry in entries_of(write()).values()] == ["Coming 5", "Coming 6"]
