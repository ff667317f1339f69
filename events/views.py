"""The public pages of the calendar."""

from datetime import date

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import lists, months
from events.filters import Filters
from events.models import Event, Series
from events.sheet import Sheet
from pages.lists import PER_PAGE, CountedPaginator
from pages.models import Person
from pages.publishing import get_visible_or_404
from pages.views import finish


@require_safe
def upcoming(request):
    """What is to come, by month; then the series that go on, and the years gone by."""
    now, zone = timezone.now(), request.identity.time_zone
    filters = Filters(request.GET)
    events = Event.objects.published(now).upcoming(now)
    survey = lists.survey(events.filter(filters.fits_words()), now, zone)
    total = filters.total(survey.batches)
    rows = CountedPaginator(lists.for_list(filters.narrow(events)), total).get_page(request.GET.get("page"))
    context = {
        "now": now,
        "filters": filters,
        "facets": filters.facets(survey.batches),
        "total": total,
        "rows": rows,
        "groups": lists.grouped(rows, now),
        "series": [] if filters or rows.has_previous() else lists.ongoing_series(now),
        "past_years": survey.past_years,
        "is_narrowed": bool(request.GET),
    }
    return render(request, "events/upcoming.html", context)


@require_safe
def month(request, year, month):
    """One month as a grid. A month without a published session is no page: nothing here leads to it."""
    now, zone = timezone.now(), request.identity.time_zone
    filters = Filters(request.GET)
    month = date(year, month, 1)
    sessions = list(months.sessions_in(month, now, zone, filters))
    if not sessions:
        raise Http404
    batches = months.batches_of(sessions)
    fitting = [one for one in sessions if one.fits_words and filters.admits(batches[one.event_id])]
    earlier, later = months.neighbours(month, sessions, now, zone)
    context = {
        "now": now,
        "filters": filters,
        "facets": filters.facets(batches.values()),
        "total": filters.total(batches.values()),
        "month": month,
        "weekdays": months.weekdays(),
        "weeks": months.weeks_of(month, fitting),
        "earlier": earlier,
        "later": later,
    }
    return render(request, "events/month.html", context)


@require_safe
def past(request, year):
    now, zone = timezone.now(), request.identity.time_zone
    years = lists.past_years(now, zone)
    if year not in years:
        raise Http404
    events = lists.past_in(year, now, zone)
    rows = CountedPaginator(lists.for_list(events), events.count()).get_page(request.GET.get("page"))
    context = {"now": now, "year": year, "years": years, "rows": rows, "is_narrowed": bool(request.GET)}
    return render(request, "events/past.html", context)


@require_safe
def series(request, slug):
    now = timezone.now()
    series = get_visible_or_404(Series.objects, request, slug=slug)
    events = lists.for_list(series.events.published(now))
    context = {
        "now": now,
        "series": series,
        "upcoming": events.upcoming(now)[:PER_PAGE],
        "past": events.past(now)[:PER_PAGE],
    }
    return finish(request, render(request, "events/series.html", context))


@require_safe
def event(request, slug):
    now = timezone.now()
    events = Event.objects.select_related("series").prefetch_related(
        "sessions",
        "credits",
        "materials",
        Prefetch("presenters", Person.objects.published(now)),
    )
    event = get_visible_or_404(events, request, slug=slug)
    event.loads_at_once = True
    context = {"now": now, "event": event, "sheet": Sheet(event, now)}
    return finish(request, render(request, "events/event.html", context))
