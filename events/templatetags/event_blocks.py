"""What the blocks of pages draw from the calendar, at one moment for each block."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from events import lists

register = template.Library()


@register.simple_tag
def present():
    return timezone.now()


@register.simple_tag
def events_of(block, now):
    """The next events of a block, as many as it shows."""
    return list(lists.for_list(block.upcoming(now))[: block.count])


@register.simple_tag
def event_of(block, now):
    """The next event of a block that takes place, or None."""
    return lists.for_list(block.upcoming(now).filter(state__in=lists.HAPPENING)).first()


@register.simple_tag
def ongoing_series(now):
    """The published series that go on."""
    return list(lists.ongoing_series(now))


@register.filter
def next_start_shown(series):
    """The start of a series' next event on the clocks of that event."""
    return series.next_start.astimezone(ZoneInfo(series.next_zone))
