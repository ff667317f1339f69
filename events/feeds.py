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
from events.models import Event, Series, Session
from pages.publishing import get_visible_or_404
from pages.views import finish

MAX_AGE = 15 * 60
"""Seconds for which a reader or a cache in between need not ask again."""


@require_safe
def calendar(request):
    """The sessions of the list's events as a calendar; the address takes the list's filters."""
    events = Event.objects.published()
    name = _("%(association)s: events") % {"association": request.identity.short_name}
    sessions = calendars.sessions_of(events, timezone.now())
    return answer_calendar(sessions, name, request.identity, "events.ics")


@require_safe
def series_calendar(request, slug):
    series = get_visible_or_404(Series.objects, request, slug=slug)
    sessions = calendars.sessions_of(series.events.published(), timezone.now())
    return finish(request, answer_calendar(sessions, series.title, request.identity, f"{series.slug}.ics"))


@require_safe
def event_calendar(request, slug):
    """All sessions of one event, however long ago or far ahead."""
    event = get_visible_or_404(Event.objects, request, slug=slug)
    sessions = Session.objects.filter(event=event).select_related("event").prefetch_related("event__credits")
    sessions = list(sessions[: calendars.LIMIT])
    return finish(request, answer_calendar(sessions, event.title, request.identity, f"{event.slug}.ics"))


@require_safe
def rss(request):
    """The list's upcoming events as RSS 2.0; the address takes the list's filters."""
    now = timezone.now()
    events = Event.objects.published()
    text = news.news_of(
        news.events_of(events, now),
        title=_("%(association)s: events") % {"association": request.identity.short_name},
        description=request.identity.mission,
        list_url=settings.SITE_URL + reverse("events:upcoming"),
        feed_url=settings.SITE_URL + request.get_full_path(),
        now=now,
    )
    return answer(text, "application/rss+xml", "events.rss")


def answer_calendar(sessions, name, identity, filename):
    return answer(calendars.calendar_of(sessions, name=name, identity=identity), "text/calendar", filename)


def answer(content, content_type, filename):
    """The same data gives the same bytes, so that the ETag, which a middleware adds, answers a reader that asks again.

    There is no Last-Modified: an event that leaves the feed would not move it, and a reader that asks by date alone
    would keep the event for ever.
    """
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename)
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response
