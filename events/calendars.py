"""Events as an iCalendar file (RFC 5545): one VEVENT for each session, the same bytes for the same data."""

from datetime import UTC, timedelta
from functools import lru_cache
from itertools import chain
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.db.models import Exists, OuterRef, prefetch_related_objects

from events import facts, times, zone_rules
from events.models import Event, Session

PAST = timedelta(days=90)
FUTURE = timedelta(days=548)
"""Eighteen months."""
LIMIT = 1_000
"""Sessions in one file."""
END = b"END:VCALENDAR\r\n"
ASK_AGAIN = timedelta(hours=1)
"""How often a calendar that subscribes should ask."""

STATUS = {
    Event.State.SCHEDULED: "CONFIRMED",
    Event.State.MOVED_ONLINE: "CONFIRMED",
    Event.State.POSTPONED: "TENTATIVE",
    Event.State.CANCELLED: "CANCELLED",
}


def sessions_of(events, now):
    """The sessions of these events around the moment `now`, earliest first: where there are too many, the nearest to
    come go first, then the latest of the past. Three statements."""
    # Asked session by session: a list of all events would be read whole for the few whose time it is.
    among = Exists(events.order_by().filter(pk=OuterRef("event_id")))
    sessions = Session.objects.filter(among, ends__gt=now - PAST, ends__lt=now + FUTURE)
    sessions = sessions.select_related("event")
    coming = list(sessions.filter(ends__gt=now).order_by("starts", "pk")[:LIMIT])
    past = sessions.filter(ends__lte=now).order_by("-starts", "-pk")[: LIMIT - len(coming)]
    chosen = sorted(chain(past, coming), key=lambda session: (session.starts, session.pk))
    prefetch_related_objects(chosen, "event__credits")
    return chosen


def calendar_of(sessions, *, name, identity, now):
    """The file as bytes. Each session has its event, with its credits, in hand."""
    host, name = urlsplit(settings.SITE_URL).hostname, facts.plain(name)
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{host}//Training calendar//EN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(ASK_AGAIN))
    for zone, years in sorted(zones_of(sessions, identity, now).items()):
        calendar.add_component(zone_rules.rules_of(zone, min(years), max(years)))
    head = calendar.to_ical().removesuffix(END)
    return b"".join([head, *(entry(session, host, identity) for session in sessions), END])


def zones_of(sessions, identity, now):
    """The years in which each zone is used.

    A file without sessions holds the association's own zone, since a calendar of nothing is none (RFC 5545, 3.4).
    """
    if not sessions:
        return {identity.time_zone: {now.year}}
    zones = {}
    for session in sessions:
        if not session.is_all_day and zone_of(session) is not UTC:
            zones.setdefault(session.event.time_zone, set()).update((session.starts.year, session.ends.year))
    return zones


def zone_of(session):
    """The zone in which a session's times are written: the event's, or UTC where a time comes twice that night.

    RFC 5545 says that such a time means its first pass; some readers (ical.js 2.2) take the second.
    """
    zone = session.event.zone
    times = (session.starts.astimezone(zone), session.ends.astimezone(zone))
    comes_twice = any(time.utcoffset() != time.replace(fold=1).utcoffset() for time in times)
    return UTC if comes_twice or session.event.time_zone == "UTC" else zone


def entry(session, host, identity):
    """The session's VEVENT as bytes."""
    event = session.event
    address = settings.SITE_URL + event.get_absolute_url()
    if session.is_all_day:
        zone, start, end = None, session.day, times.next_day(session.end_day)
    else:
        zone = zone_of(session)
        start, end = session.starts.astimezone(zone), session.ends.astimezone(zone)
    changed = event.calendar_changed.astimezone(UTC).replace(microsecond=0)
    properties = (
        ("uid", f"{session.uid}@{host}"),
        ("sequence", event.sequence),
        ("dtstamp", changed),
        ("last-modified", changed),
        ("dtstart", start),
        ("dtend", end),
        ("status", STATUS[event.state]),
        ("summary", summary(session)),
        ("location", facts.plain(facts.place(event, session))),
        ("description", description(event, address)),
        ("url", address),
        ("categories", (str(event.get_kind_display()), *event.get_audiences_display())),
    )
    return written(properties, event.contact_email or identity.email, identity.name, str(zone))


@lru_cache(maxsize=2 * LIMIT)
def written(properties, email, name, zone):
    """A VEVENT of these properties, those that are empty left out, organized by whoever reads mail at `email`.

    Kept, since to write a thousand takes half a second and most are asked for again. `zone` tells apart equal moments
    that two zones write differently: to Python they are the same.
    """
    entry = icalendar.Event()
    for key, value in properties:
        if value != "":
            entry.add(key, value)
    if email:
        organizer = icalendar.vCalAddress(f"mailto:{email}")
        organizer.params["CN"] = facts.plain(name).replace('"', "'")
        entry.add("organizer", organizer)
    return entry.to_ical()


def summary(session):
    title = facts.title(session.event)
    return facts.plain(f"{title}: {session.title}" if session.title else title)


def description(event, address):
    """What to know before going, a line each; the page says the rest."""
    return facts.lines(
        event.summary,
        facts.state(event),
        *(facts.credit(credit) for credit in event.credits.all()),
        facts.cost(event),
        facts.sample(event),
        address,
    )
