"""Links that put a session into somebody's calendar on another site. They are built here: nothing is sent unclicked.

Google: https://calendar.google.com/calendar/render?action=TEMPLATE with `dates` in UTC, or days with an exclusive end.
Outlook.com: https://outlook.live.com/calendar/0/deeplink/compose with `startdt` and `enddt`, likewise.
"""

from datetime import UTC
from urllib.parse import urlencode

from events import facts, times


def calendar_title(session):
    return f"{session.event.title}: {session.title}" if session.title else session.event.title


def google(session, address):
    """`address` is the event's own page, written into the entry."""
    if session.is_all_day:
        begin, end = f"{session.day:%Y%m%d}", f"{times.next_day(session.end_day):%Y%m%d}"
    else:
        begin, end = (f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (session.starts, session.ends))
    entry = {"action": "TEMPLATE", "text": calendar_title(session), "dates": f"{begin}/{end}", "details": address}
    return link("https://calendar.google.com/calendar/render", entry | {"location": place(session)})


def outlook(session, address):
    entry = {"path": "/calendar/action/compose", "rru": "addevent", "subject": calendar_title(session)}
    if session.is_all_day:
        begin, end = session.day.isoformat(), times.next_day(session.end_day).isoformat()
        entry["allday"] = "true"
    else:
        begin, end = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in (session.starts, session.ends))
    entry |= {"startdt": begin, "enddt": end, "body": address, "location": place(session)}
    return link("https://outlook.live.com/calendar/0/deeplink/compose", entry)


def place(session):
    return facts.place(session.event, session)


def link(site, entry):
    return f"{site}?{urlencode({name: value for name, value in entry.items() if value})}"


def map_link(event, session=None):
    """Where OpenStreetMap finds the place, if there is a room to go to."""
    where = (session.place if session else "") or ", ".join(part for part in (event.address or event.venue,) if part)
    return link("https://www.openstreetmap.org/search", {"query": where}) if where else ""
