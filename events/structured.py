"""An event as search engines read it: https://schema.org/Event. What the event does not say is left out."""

from urllib.parse import urljoin

from events import timetable
from events.models import Event

STATUS = {
    Event.State.SCHEDULED: "https://schema.org/EventScheduled",
    Event.State.POSTPONED: "https://schema.org/EventPostponed",
    Event.State.CANCELLED: "https://schema.org/EventCancelled",
    Event.State.MOVED_ONLINE: "https://schema.org/EventMovedOnline",
}
ATTENDANCE = {
    Event.Format.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    Event.Format.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    Event.Format.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}
EDUCATION = (Event.Kind.TRAINING, Event.Kind.WEBINAR)


def data_of(event, *, identity, site_url, now):
    """The facts, or None for an event without a date or with one that is only a sample."""
    sessions = list(event.sessions.all())
    if not sessions or event.date_is_sample:
        return None
    type_ = "EducationEvent" if event.kind in EDUCATION else "Event"
    address = site_url + event.get_absolute_url()
    format_ = Event.Format.ONLINE if event.state == Event.State.MOVED_ONLINE else event.format
    return known(
        {
            "@type": type_,
            "@id": f"{address}#event",
            "name": event.title,
            "description": event.summary,
            "url": address,
            "startDate": start_of(min(sessions, key=lambda session: session.starts)),
            "endDate": end_of(max(sessions, key=lambda session: session.ends)),
            "eventStatus": STATUS[event.state],
            "eventAttendanceMode": ATTENDANCE.get(format_, ""),
            "location": location_of(event, format_, address),
            "image": [urljoin(site_url, picture.url) for picture in pictures_of(event)],
            "isAccessibleForFree": True if event.is_free else None,
            "maximumAttendeeCapacity": event.capacity,
            "offers": offer_of(event, address, now),
            "organizer": {
                "@type": "Organization",
                "@id": f"{site_url}/#organization",
                "name": identity.name,
                "url": f"{site_url}/",
            },
            "performer": [
                {"@type": "Person", "name": person.name}
                for person in event.presenters.all()
                if person.is_published(now)
            ],
            "subEvent": [part_of(session, type_, event, address, format_) for session in sessions if sessions[1:]],
        }
    )


def known(data):
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def start_of(session):
    return timetable.machine_time(session)


def end_of(session):
    """The end with its offset; of whole days the last one, which the vocabulary counts in."""
    return session.end_day.isoformat() if session.is_all_day else timetable.local(session)[1].isoformat()


def location_of(event, format_, address, session=None):
    place = place_of(event, session) if format_ != Event.Format.ONLINE else None
    online = (
        {"@type": "VirtualLocation", "url": address} if format_ in (Event.Format.ONLINE, Event.Format.HYBRID) else None
    )
    both = [one for one in (place, online) if one]
    return both if both[1:] else (both or [None])[0]


def place_of(event, session=None):
    county = f"{event.county_name} County, California" if event.county else ""
    if session and session.place:
        return {"@type": "Place", "name": session.place, "address": session.place}
    if not (event.venue or event.address or county):
        return None
    return {
        "@type": "Place",
        "name": event.venue or event.address or county,
        "address": event.address or county or event.venue,
    }


def pictures_of(event):
    """The picture, whole and in its largest size."""
    return event.picture.renditions("whole", "jpeg")[-1:] if event.picture else []


def offer_of(event, address, now):
    """The price, where it is a number. Seats are offered only as long as one can come and register."""
    cents = 0 if event.is_free else event.price_cents
    if cents is None:
        return None
    until = event.registration_until
    is_open = event.is_open_to_come and not event.is_over(now) and (until is None or now < until)
    return known(
        {
            "@type": "Offer",
            "price": f"{cents / 100:.2f}",
            "priceCurrency": "USD",
            "availability": "https://schema.org/InStock" if is_open else "",
            "url": event.registration_url or address,
            "validThrough": until.astimezone(event.zone).isoformat() if until else "",
        }
    )


def part_of(session, type_, event, address, format_):
    """One of several sessions as an event of its own."""
    return known(
        {
            "@type": type_,
            "name": f"{event.title}: {session.title}" if session.title else event.title,
            "startDate": start_of(session),
            "endDate": end_of(session),
            "eventStatus": STATUS[event.state],
            "eventAttendanceMode": ATTENDANCE.get(format_, ""),
            "location": location_of(event, format_, address, session),
        }
    )
