"""Calendars as three independent readers understand them: icalendar, ics and ical.js share no code that matters here."""

import json
import os
import subprocess
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import ics
import icalendar
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
