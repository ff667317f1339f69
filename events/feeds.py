"""Calendars and news to subscribe to: all events, a filter's, one series', one event's. No view here renders a page."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import calendars, news
from events.filters import Filters
from events.models import Event, Series
from pages.publishing import get_visible_or_404
from pages.views import finish

MAX_AGE = 15 * 60
"""Seconds for which a reader or a cache in between need not ask again."""


@require_safe
def calendar(request):
    """The sessions of the list's events as a calendar; the address takes the list's filters."""
    now = timezone.now()
    filters = Filters(request.GET)
    sessions = calendars.sessions_of(filters.narrow(Event.objects.published(now)), now)
    return answer_calendar(request, sessions, name=name_of(request, filters), filename="events.ics", now=now)


@require_safe
def series_calendar(request, slug):
    now = timezone.now()
    series = get_visible_or_404(Series.objects, request, slug=slug)
    sessions = calendars.sessions_of(series.events.published(now), now)
    name = f"{request.identity.short_name}: {series.title}"
    return answer_calendar(request, sessions, name=name, filename=f"{series.slug}.ics", now=now)


@require_safe
def event_calendar(request, slug):
    """All sessions of one event, however long ago or far ahead; none as long as it has no date."""
    event = get_visible_or_404(Event.objects.prefetch_related("credits"), request, slug=slug)
    sessions = list(event.sessions.all()[: calendars.LIMIT])
    return answer_calendar(request, sessions, name=event.title, filename=f"{event.slug}.ics", now=timezone.now())


@require_safe
def rss(request):
    """The list's upcoming events as RSS 2.0; the address takes the list's filters."""
    now = timezone.now()
    filters = Filters(request.GET)
    query = f"?{filters.query}" if filters else ""
    text = news.news_of(
        news.events_of(filters.narrow(Event.objects.published(now)), now),
        title=name_of(request, filters),
        description=request.identity.mission,
        list_url=settings.SITE_URL + reverse("events:upcoming") + query,
        feed_url=settings.SITE_URL + reverse("events:rss") + query,
        now=now,
    )
    return answer(request, text, content_type="application/rss+xml", filename="events.rss")


def name_of(request, filters):
    """What a reader shows beside the subscription: the association and what was chosen."""
    name = _("%(association)s: events") % {"association": request.identity.short_name}
    return f"{name} ({', '.join(filters.labels)})" if filters else name


def answer_calendar(request, sessions, *, name, filename, now):
    content = calendars.calendar_of(sessions, name=name, identity=request.identity, now=now)
    return answer(request, content, content_type="text/calendar", filename=filename)


def answer(request, content, *, content_type, filename):
    """The same data gives the same bytes, so that the ETag, which a middleware adds, answers a reader that asks again.

    There is no Last-Modified: an event that leaves the feed would not move it, and a reader that asks by date alone
    would keep the event for ever.
    """
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename)
    if not getattr(request, "shows_draft", False):
        patch_cache_control(response, public=True, max_age=MAX_AGE)
    return finish(request, response)
