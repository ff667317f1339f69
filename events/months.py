"""One month of the calendar as a grid of weeks."""

from calendar import SUNDAY, Calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Value
from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from events import times
from events.filters import Batch
from events.models import YEARS, Event, Session
from events.timetable import last_day

LONGEST_RUN = timedelta(days=400)
"""Of whole days in a row. Bounds the look-up in the index of starts."""
A_DAY = timedelta(days=1)


@dataclass
class Day:
    date: date
    sessions: list[Session] = field(default_factory=list)


def published_sessions(now):
    events = Event.objects.published(now).filter(pk=OuterRef("event_id"))
    named = Q(day__gte=date(YEARS[0], 1, 1), day__lte=date(YEARS[-1], 12, 31))
    return Session.objects.filter(named, Exists(events)).select_related("event").order_by("starts", "pk")


def after(month):
    """The first day of the month after the one that begins on `month`."""
    return (month + timedelta(days=32)).replace(day=1)


def before(month):
    return (month - A_DAY).replace(day=1)


def sessions_in(month, now, zone, filters):
    """Every published session that touches the month, each with `fits_words`: whether the search finds its event.

    Days are those of the event's own zone, which can differ by a day from the site's.
    """
    begin, end = times.midnight(month, zone), times.midnight(after(month), zone)
    starts_here = Q(starts__gte=begin - A_DAY, starts__lt=end + A_DAY, day__gte=month, day__lt=after(month))
    runs_on = Q(starts__gte=begin - LONGEST_RUN, starts__lt=begin + A_DAY, day__lt=month, last_day__gte=month)
    words = filters.fits_words("event__")
    fits = ExpressionWrapper(words, BooleanField()) if words else Value(True)
    return published_sessions(now).filter(starts_here | runs_on).annotate(fits_words=fits)


def batches_of(sessions):
    """The events of these sessions, each once, as the filters count them."""
    events = {session.event_id: session.event for session in sessions if session.fits_words}
    return {pk: Batch.of(e.county, e.format, e.state, e.audiences, e.boards, e.is_free) for pk, e in events.items()}


def weeks_of(month, sessions):
    """Weeks from Sunday to Saturday; days of the neighbouring months are None."""
    days = {}
    for session in sessions:
        day = max(session.day, month)
        while day <= last_day(session) and day < after(month):
            days.setdefault(day, []).append(session)
            day += A_DAY
    weeks = Calendar(SUNDAY).monthdatescalendar(month.year, month.month)
    return [[Day(day, days.get(day, [])) if day.month == month.month else None for day in week] for week in weeks]


def neighbours(month, sessions, now, zone):
    """The nearest months before and after with a published session, given the sessions of this one; None for none."""
    if any(session.day < month for session in sessions):
        earlier = before(month)
    else:
        rows = published_sessions(now).filter(day__lt=month, starts__lt=times.midnight(month, zone) + A_DAY)
        session = rows.order_by("-starts", "-pk").first()
        earlier = min(last_day(session), month - A_DAY).replace(day=1) if session else None
    if any(last_day(session) >= after(month) for session in sessions):
        later = after(month)
    else:
        rows = published_sessions(now).filter(
            day__gte=after(month), starts__gte=times.midnight(after(month), zone) - A_DAY
        )
        session = rows.first()
        later = session.day.replace(day=1) if session else None
    return earlier, later


def address(day):
    """Where the month of a day is shown."""
    return reverse("events:month", args=[day.year, day.month])


def weekdays():
    """(short, whole) names from Sunday to Saturday."""
    return [(WEEKDAYS_ABBR[number], WEEKDAYS[number]) for number in Calendar(SUNDAY).iterweekdays()]
