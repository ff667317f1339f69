"""What a calendar must say about a time zone: when its clocks are set forward and back.

`icalendar` can write this too, but puts the change to daylight time an hour late (at the hour clocks jump to, where
RFC 5545, section 3.6.5, wants the hour they jump from), which moves a session on that morning by an hour.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@lru_cache(maxsize=64)
def rules_of(zone, first_year, last_year):
    """A VTIMEZONE that holds from the beginning of `first_year` to the end of `last_year`."""
    info = ZoneInfo(zone)
    start = datetime(first_year - 1, 1, 1, tzinfo=UTC)
    moments = list(changes_between(info, start, last_year - first_year + 2))
    changes = {}
    if not moments or moments[0].year >= first_year:
        # Nothing changed in the year before: the offset that holds from its beginning.
        local = start.astimezone(info)
        key = (TimezoneStandard, local.utcoffset(), local.utcoffset(), local.tzname())
        changes[key] = [datetime(first_year - 1, 1, 1)]
    for moment in moments:
        before, after = (moment - timedelta(seconds=1)).astimezone(info), moment.astimezone(info)
        kind = TimezoneDaylight if after.dst() else TimezoneStandard
        key = (kind, before.utcoffset(), after.utcoffset(), after.tzname())
        changes.setdefault(key, []).append((moment + before.utcoffset()).replace(tzinfo=None))
    component = Timezone()
    component.add("tzid", zone)
    for (kind, offset_from, offset_to, name), starts in changes.items():
        part = kind()
        part.add("dtstart", starts[0])
        part.add("tzoffsetfrom", offset_from)
        part.add("tzoffsetto", offset_to)
        part.add("tzname", name)
        if rule := yearly_rule(starts):
            part.add("rrule", rule)
        elif starts[1:]:
            part.add("rdate", starts[1:])
        component.add_component(part)
    return component


def changes_between(info, start, years):
    """The moments, to the second, at which the zone's offset changes in so many years from `start`."""
    days = [start + DAY * number for number in range(366 * years)]
    for early, late in pairwise(days):
        before, after = early, late
        if before.astimezone(info).utcoffset() == after.astimezone(info).utcoffset():
            continue
        offset = before.astimezone(info).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
            if middle.astimezone(info).utcoffset() == offset:
                before = middle
            else:
                after = middle
        yield after


def yearly_rule(starts):
    """The rule that these local times follow, such as the second Sunday in March of every year, or None."""
    shapes = {(start.month, start.weekday(), start.time()) for start in starts}
    years = [start.year for start in starts]
    if len(shapes) > 1 or len(years) < 2 or years != list(range(years[0], years[-1] + 1)):
        return None
    # Counted from the end of the month where that fits: a fourth Sunday is a last one in most years.
    weeks = {-1} if all((start + 7 * DAY).month != start.month for start in starts) else set()
    weeks = weeks or {(start.day + 6) // 7 for start in starts}
    if len(weeks) > 1:
        return None
    return vRecur(freq="YEARLY", bymonth=starts[0].month, byday=f"{weeks.pop()}{WEEKDAYS[starts[0].weekday()]}")
