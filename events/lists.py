"""Long lists of events: what a row needs, what the calendar holds, which years have passed events."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Min, OuterRef, Subquery, Value
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from events import times
from events.filters import COLUMNS, Batch
from events.models import YEARS, Credit, Event, Series

HAPPENING = (Event.State.SCHEDULED, Event.State.MOVED_ONLINE)


def for_list(events):
    """These events with all a timetable row shows: two statements, however many rows."""
    most = Credit.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(most=Max("hours"))
    events = events.annotate(credit_hours=Subquery(most.values("most")))
    return events.select_related("series").prefetch_related("sessions")


@dataclass(frozen=True)
class Survey:
    batches: list[Batch]
    past_years: list[int]


def survey(events, now, zone):
    """How many of these events there are of each sort, and which years have past events: one statement for both.

    A grouped count and one event for each year are very different things, but a page that asks for them apart asks
    the database once more for every visitor.
    """
    sorts = events.order_by().values_list(*COLUMNS).annotate(count=Count("pk"), start=Min("first_start"))
    ended = one_of_each_year(now, zone).values_list(*COLUMNS).annotate(count=Value(0), start=F("first_start"))
    rows = list(sorts.union(ended, all=True))
    return Survey(
        batches=[Batch.of(*columns, count) for *columns, count, _start in rows if count],
        past_years=years((start for *_columns, count, start in rows if not count), zone),
    )


def past_in(year, now, zone):
    """Published events that began in a year of this zone and are over, the latest first."""
    return in_year(Event.objects.published(now).past(now), year, zone)


def in_year(events, year, zone):
    begin, end = (times.midnight(date(number, 1, 1), zone) for number in (year, year + 1))
    return events.filter(first_start__gte=begin, first_start__lt=end)


def one_of_each_year(now, zone):
    """One past event of every year that has any: a look-up in the index for each year, never a walk over the table."""
    events = Event.objects.published(now).past(now).order_by().values("pk")
    found = [Subquery(in_year(events, year, zone)[:1]) for year in YEARS if year <= now.year]
    return Event.objects.order_by().filter(pk__in=found)


def past_years(now, zone):
    return years(one_of_each_year(now, zone).values_list("first_start", flat=True), zone)


def years(starts, zone):
    return sorted({start.astimezone(ZoneInfo(zone)).year for start in starts}, reverse=True)


@dataclass(frozen=True)
class Group:
    """Neighbouring rows of a list under one heading. `day` is the first start among them, in the event's zone."""

    key: str
    label: str
    day: datetime
    events: list[Event]


def grouped(events, now):
    """Events in the order of their start, parted by month; those that have begun stand under a heading of their own."""

    def key(event):
        return "now" if event.first_start <= now else f"{start_of(event):%Y-%m}"

    groups = []
    for name, neighbours in groupby(events, key):
        rows = list(neighbours)
        day = start_of(rows[0])
        groups.append(Group(name, _("Under way") if name == "now" else format_date(day, "F Y"), day, rows))
    return groups


def start_of(event):
    return event.first_start.astimezone(event.zone)


def ongoing_series(now):
    """Published series that go on, each with its next event if any: `next_start` in `next_zone`, `next_is_sample`."""
    ahead = Event.objects.published(now).upcoming(now).filter(series=OuterRef("pk"), state__in=HAPPENING)
    return (
        Series.objects.published(now)
        .ongoing()
        .annotate(
            next_start=Subquery(ahead.values("first_start")[:1]),
            next_zone=Subquery(ahead.values("time_zone")[:1]),
            next_is_sample=Subquery(ahead.values("date_is_sample")[:1]),
        )
    )
