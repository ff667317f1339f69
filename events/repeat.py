"""“Repeat this class”: the dates a rule gives, and dated copies of an event as drafts.

A series is a group of events and never a formula that hides rows: each copy is an event of its own.
"""

import re
import uuid
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.models import YEARS, Event, SessionHours

MOST = 60
"""Copies that may be made at once: a class each week for more than a year."""
DATED = re.compile(r"-\d{4}-\d{2}-\d{2}(-\d+)?$")
LAST = -1
"""In place of first, second, third or fourth: the last such weekday of a month."""


def weekly(first, every, count=None, until=None):
    """Dates `every` weeks apart from `first` on: `count` of them, or up to the day `until`, whichever ends first."""
    return _bounded((first + timedelta(weeks=every * step) for step in range(MOST + 1)), count, until)


def monthly(first, place, weekday, count=None, until=None):
    """The `place`-th (1 to 4, or `LAST`) weekday (Monday is 0) of each month, none before `first`."""
    months = (divmod(first.month - 1 + step, 12) for step in range(MOST + 2))
    days = (nth_weekday(first.year + years, month + 1, place, weekday) for years, month in months)
    return _bounded((day for day in days if day >= first), count, until)


def nth_weekday(year, month, place, weekday):
    before, length = monthrange(year, month)
    day = 1 + (weekday - before) % 7 + 7 * (place - 1)
    if place == LAST:
        day = 1 + (weekday - before) % 7
        day += 7 * ((length - day) // 7)
    return date(year, month, day)


def _bounded(days, count, until):
    """At most one date more than `MOST`, which is enough to see that there are too many."""
    found = []
    for day in days:
        if len(found) == (count or MOST + 1) or (until and day > until):
            break
        found.append(day)
    return found


def first_day(event):
    """The day of the first session as the editor wrote it, or None."""
    return min((session.day for session in event.sessions.all()), default=None)


def refusals(event, dates):
    """Sentences that say why the event cannot be repeated on these dates."""
    start = first_day(event)
    if start is None:
        return [_("This event has no session that could be moved. Add its dates first.")]
    if not dates:
        return [_("No date is left. Give at least one.")]
    if len(dates) > MOST:
        return [_("These are more than %d dates. Make fewer copies at once.") % MOST]
    found = []
    for day in dates:
        shift = day - start
        if not shift:
            found.append(_("On %s stands the event itself. Choose another date.") % words(day))
        elif any(
            (session.end_day + shift).year not in YEARS or day.year not in YEARS for session in event.sessions.all()
        ):
            found.append(_("%s is out of the calendar’s reach. Choose a year from 2000 to 2099.") % words(day))
        else:
            found += [_skipped(session, shift, day) for session in event.sessions.all() if not _exists(session, shift)]
    return found


def _exists(session, shift):
    if session.is_all_day:
        return True
    try:
        _moved(session, shift).moments()
    except ValueError:
        return False
    return True


def _skipped(session, shift, day):
    moved = _moved(session, shift)
    return _(
        "On %(day)s clocks jump over a time of the session of %(session)s, when daylight time begins. "
        "Choose another date."
    ) % {"day": words(day), "session": words(moved.day)}


def _moved(session, shift):
    """The session `shift` later, at the same time on the clock; only the row in hand is changed, not the stored one."""
    copy = type(session)(event=session.event)
    for field in ("title", "start_time", "end_time", "place", "join_url"):
        setattr(copy, field, getattr(session, field))
    copy.day = session.day + shift
    copy.last_day = session.last_day and session.last_day + shift
    return copy


def words(day):
    return date_format(day, "l, F j, Y")


@transaction.atomic
def repeat(event, dates):
    """Draft copies of the event, one whose first session is on each of the dates; returns them in that order.

    All sessions keep their times on the clock, credits and hours by session come along, and so does material that
    is no recording. Raises ValidationError with the sentences of `refusals`.
    """
    dates = sorted(set(dates))
    if found := refusals(event, dates):
        raise ValidationError(found)
    start = first_day(event)
    return [_copy(event, day, day - start) for day in dates]


def _copy(event, day, shift):
    copy = Event.objects.get(pk=event.pk)
    copy.pk = None
    copy._state.adding = True
    copy.uid = uuid.uuid4()
    copy.slug = free_slug(event.slug, day)
    copy.status, copy.publish_from, copy.publish_until = Event.Status.DRAFT, None, None
    copy.state, copy.state_reason = Event.State.SCHEDULED, ""
    copy.date_is_sample = False
    copy.sequence, copy.calendar_digest, copy.calendar_changed = 0, "", timezone.now()
    copy.registration_until = _later(event.registration_until, shift, event.zone)
    copy.save()
    copy.presenters.set(event.presenters.all())

    sessions, ledger = {}, {}
    for session in event.sessions.all():
        sessions[session.pk] = moved = _moved(session, shift)
        moved.event = copy
        moved.save()
    for credit in event.credits.all():
        ledger[credit.pk] = _row_of(credit, event=copy)
    for hours in SessionHours.objects.filter(credit__event=event):
        _row_of(hours, credit=ledger[hours.credit_id], session=sessions[hours.session_id])
    for material in event.materials.filter(is_recording=False):
        _row_of(material, event=copy)
    copy.settle()
    return copy


def _row_of(row, **parents):
    """A stored copy of a row that belongs to other parents."""
    kept = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}
    return type(row).objects.create(**{**kept, **parents})


def _later(moment, shift, zone):
    """The moment whole days later at the same time on the clock; an hour the clocks skip counts as the one after."""
    if moment is None:
        return None
    local = moment.astimezone(zone).replace(tzinfo=None) + shift
    return datetime.combine(local.date(), local.time(), tzinfo=zone).astimezone(UTC)


def free_slug(slug, day):
    """The slug with the day in place of one it may end in, and a number where that is taken."""
    room = Event._meta.get_field("slug").max_length - len("-2027-09-02-99")
    stem = DATED.sub("", slug)[:room].rstrip("-")
    base = f"{stem}-{day}"
    taken = set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 100))) if name not in taken)
