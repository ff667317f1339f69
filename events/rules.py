"""What must be right before an event is published, and what is worth a second look.

The rules for POST are those of the Commission's Regulation 1055 (c) and (d), as of 2026:
https://post.ca.gov/Regulation-1055-Requirements-for-Course-Presentation
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Credit, Event
from pages.models import Identity

MOST_HOURS_A_DAY = 12
"""The hours a whole day may give at most. Nobody has written down its length, and no class teaches longer."""
REQUEST_DAYS = 30
"""POST must have the request to present a certified course this many days before it begins."""


@dataclass(frozen=True)
class Fault:
    """One thing that forbids publishing: beside which field of which record to say it, and what to say."""

    record: models.Model
    field: str
    message: str


def faults(event, sessions, ledger, session_hours):
    """What forbids publishing the event with these sessions, credits and hours by session, stored or not.

    Without a session hours are not compared with any: the date may be to come. The rows of `session_hours` name
    their session and credit by number; one whose session or credit is not among the others is passed over.
    """
    found = [fault for credit in ledger if credit.board == Credit.Board.POST for fault in _post_faults(event, credit)]
    lengths = {id(session): hours_of(session) for session in sessions}
    if not sessions or None in lengths.values():
        return found
    total = sum(lengths.values())
    for credit in ledger:
        if credit.hours is not None and credit.hours > total:
            text = _(
                "This credit has %(hours)s hours, but all sessions together last only %(total)s. "
                "Correct the hours, or the times of the sessions."
            )
            found.append(Fault(credit, "hours", text % {"hours": shown(credit.hours), "total": shown(total)}))
    return [*found, *_session_faults(sessions, lengths, ledger, session_hours)]


def _post_faults(event, credit):
    if not credit.certified_title:
        yield Fault(
            credit,
            "certified_title",
            _("POST wants a certified class announced under its certified title. Write the title it was certified by."),
        )
    elif credit.certified_title != event.title:
        text = _(
            "POST certified “%(certified)s”, but the event is called “%(title)s”. "
            "Make the two equal, letter by letter: a certified class is announced under its certified title only."
        )
        names = {"certified": credit.certified_title, "title": event.title}
        yield Fault(credit, "certified_title", text % names)
    if not credit.number:
        yield Fault(
            credit,
            "number",
            _("POST wants its certification number shown wherever the class is announced. Write the number."),
        )


def _session_faults(sessions, lengths, ledger, session_hours):
    by_number = {session.pk: session for session in sessions if session.pk}
    rows = [row for row in session_hours if row.session_id in by_number and row.hours is not None]
    for row in rows:
        length = lengths[id(by_number[row.session_id])]
        if row.hours > length:
            text = _("This session gives %(hours)s hours, but lasts only %(length)s. Write fewer hours.")
            yield Fault(row, "hours", text % {"hours": shown(row.hours), "length": shown(length)})
    for credit in ledger:
        total = sum((row.hours for row in rows if credit.pk and row.credit_id == credit.pk), Decimal(0))
        if credit.hours is not None and total > credit.hours:
            text = _(
                "The hours by session add up to %(total)s, but this credit has only %(hours)s. Correct one of the two."
            )
            yield Fault(credit, "hours", text % {"total": shown(total), "hours": shown(credit.hours)})


def hours_of(session):
    """The most hours a session, stored or not, can give; None where its times make no sense yet."""
    if session.day is None:
        return None
    if session.is_all_day:
        return Decimal(MOST_HOURS_A_DAY * ((session.end_day - session.day).days + 1))
    try:
        starts, ends = session.moments()
    except (TypeError, ValueError):  # an end is missing, or clocks skip the hour: the session's form says so
        return None
    return Decimal((ends - starts) / timedelta(minutes=1)) / 60


def shown(hours):
    """A number of hours as people write it: 2, 2.5 or 1.75."""
    return f"{round(Decimal(hours), 2).normalize():f}"


def warnings(event, sessions, ledger, now, first=None):
    """Sentences about what may be meant but often is not; a cancelled event has none.

    `first` says whether this is about the event's first publication; by default, whether it is hidden at `now`.
    """
    if event.state == Event.State.CANCELLED:
        return []
    first = not event.is_published(now) if first is None else first
    start = min((session.starts for session in sessions), default=None)
    is_over = bool(sessions) and max(session.ends for session in sessions) <= now
    found = [
        _without_session(sessions),
        _without_contact(event),
        "" if not first else _request_is_late(event, start, ledger, now),
        "" if is_over else _deadline(event, start, now),
        _seats(event),
        *_place(event),
    ]
    return [sentence for sentence in found if sentence]


def _without_session(sessions):
    if sessions:
        return ""
    return _("It has no session, so no calendar shows a date. Add one as soon as the date is known.")


def _without_contact(event):
    if event.contact_email or event.contact_phone:
        return ""
    identity = Identity.load()
    if identity.email or identity.phone:
        return ""
    return _("Nobody is named whom people can ask. Give a contact, or an e-mail address or phone in the identity.")


def _request_is_late(event, start, ledger, now):
    if start is None or not any(credit.board == Credit.Board.POST for credit in ledger):
        return ""
    public = max(now, event.publish_from or now)
    left = start - public
    if not timedelta() < left < timedelta(days=REQUEST_DAYS):
        return ""
    text = ngettext(
        "It becomes public %(days)d day before it begins. ",
        "It becomes public %(days)d days before it begins. ",
        left.days,
    ) % {"days": left.days}
    return text + _(
        "POST must receive the course presentation request at least 30 days ahead (Regulation 1055). "
        "Make sure yours was received in time."
    )


def _deadline(event, start, now):
    until = event.registration_until
    if not until or event.registration == Event.Registration.NONE:
        return ""
    if start and until > start:
        return _("People can register after it has begun. Set “register until” to a time before the first session.")
    if until <= now:
        return _("“Register until” has passed, so nobody can register any more. Set a later time if they should.")
    return ""


def _seats(event):
    if event.capacity is None or event.registration != Event.Registration.NONE:
        return ""
    return _("It has a number of seats, but no registration that could fill them. Say how people register.")


def _place(event):
    if event.format not in (Event.Format.IN_PERSON, Event.Format.HYBRID) or event.state == Event.State.MOVED_ONLINE:
        return
    if not event.county:
        yield _("No county is chosen, so people who look for a class near them miss it. Choose one.")
    if not event.address:
        yield _("It has no address, so nobody finds the room. Write one as soon as the place is known.")


@dataclass(frozen=True)
class Advice:
    """Faults and warnings of a stored event."""

    faults: list
    warnings: list


def advice(event, now=None, first=None):
    """What is to be said of the event as it is stored; uses what was prefetched of it."""
    sessions, ledger = list(event.sessions.all()), list(event.credits.all())
    hours = [row for credit in ledger for row in credit.session_hours.all()]
    return Advice(
        faults(event, sessions, ledger, hours),
        warnings(event, sessions, ledger, now or timezone.now(), first),
    )


TO_JUDGE = ("sessions", "credits__session_hours")
"""What `advice` reads of an event, for `prefetch_related`."""
