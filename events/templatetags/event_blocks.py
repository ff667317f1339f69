"""What the blocks of pages draw from the calendar, at one moment for each block."""

from zoneinfo import ZoneInfo

from django import template
from django.db.models import Q
from django.utils import timezone

from events import lists, timetable
from events.filters import ONLINE, condition
from events.models import Event

register = template.Library()
TOGETHER = 5
"""Events that the blocks of a page look up together."""
NEAR, ANYWHERE = 5, 3
"""Events a county's page lists: to go to, and online."""


@register.simple_tag
def present():
    return timezone.now()


@register.simple_tag
def events_of(block, now):
    """The next events of a block, as many as it shows."""
    if block.count <= TOGETHER:
        return first_events(block, now)[: block.count]
    return list(lists.for_list(block.upcoming(now))[: block.count])


@register.simple_tag
def event_of(block, now):
    """The next event of a block that takes place, or None."""
    found = first_events(block, now)
    event = next((event for event in found if event.state in lists.HAPPENING), None)
    if event or len(found) < TOGETHER:
        return event
    return lists.for_list(block.upcoming(now).filter(state__in=lists.HAPPENING)).first()


def first_events(block, now):
    """The first events of a block. Blocks of a page that choose alike, a ticket and a timetable, look them up once."""
    shared = vars(block.parent).setdefault("_first_events", {}) if hasattr(block, "parent") else {}
    choices = (block.query, block.series_id)
    if choices not in shared:
        shared[choices] = list(lists.for_list(block.upcoming(now))[:TOGETHER])
    return shared[choices]


@register.simple_tag
def ongoing_series(now):
    """The published series that go on."""
    return list(lists.ongoing_series(now))


@register.inclusion_tag("events/near.html")
def training_near(county, neighbors, now):
    """The next events in a county and its neighbors, and the next ones online, which are near to everybody."""
    ahead = Event.objects.published(now).upcoming(now).filter(state__in=lists.HAPPENING)
    places = {county.slug, *(near.slug for near in neighbors)}
    close = ahead.filter(county__in=places).exclude(state=Event.State.MOVED_ONLINE).exclude(format=Event.Format.ONLINE)
    online = ahead.filter(condition("format", ONLINE)).exclude(pk__in=close.order_by().values("pk"))
    wanted = Q(pk__in=close.values("pk")[:NEAR]) | Q(pk__in=online.values("pk")[:ANYWHERE])
    events = list(lists.for_list(Event.objects.filter(wanted).upcoming(now)))
    near = [event for event in events if event.county in places and not timetable.is_online(event)]
    return {"county": county, "now": now, "near": near, "online": [event for event in events if event not in near]}


@register.filter
def next_start_shown(series):
    """The start of a series' next event on the clocks of that event."""
    return series.next_start.astimezone(ZoneInfo(series.next_zone))
