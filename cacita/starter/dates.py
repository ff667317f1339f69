"""Moves the dates of starter events into the coming months, so that a new site shows a living calendar."""

from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from cacita.starter.files import StarterError

AS_PRINTED = "as-printed"
NEXT = "next"
CHOICES = (AS_PRINTED, NEXT)
NOTICE = timedelta(weeks=3)
"""How long before the first moved date a new site starts at the latest, so that the calendar does not end at once."""
WEEK = timedelta(weeks=1)


def weeks_to_next(events, zone, now):
    """The fewest whole weeks after which every session of these events lies `NOTICE` or more ahead of `now`.

    All events move by the same number: they keep their distances, weekdays and local times. `zone` is the one of
    events that name none.
    """
    weeks = [0]
    for event in events:
        local_now = now.astimezone(ZoneInfo(event.get("time_zone") or zone)).replace(tzinfo=None)
        for session in event.get("sessions", []):
            where = f"events.json, {event.get('slug')}"
            clock = time.fromisoformat(session["start_time"]) if session.get("start_time") else time()
            start = datetime.combine(day_of(session, "day", where), clock)
            weeks.append(ceil((local_now + NOTICE - start) / WEEK))
    return max(weeks)


def later(session, weeks, where):
    """The same session so many weeks later."""
    days = {name: day_of(session, name, where) + weeks * WEEK for name in ("day", "last_day") if session.get(name)}
    return session | days


def day_of(session, name, where):
    try:
        return date.fromisoformat(session[name])
    except (KeyError, TypeError, ValueError):
        raise StarterError(f"{where}: a session’s “{name}” must be a day such as 2022-09-01.") from None
