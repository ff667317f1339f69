"""Whether a line answers now, by the clocks of its zone: past midnight, and on the days when clocks change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

DAY = timedelta(days=1)
WEEK = 7
JOIN = timedelta(minutes=1)
"""Hours until 23:59 and from 0:00 are one stretch."""


@dataclass(frozen=True)
class Stretch:
    """A time without a break in which a line answers, on the clocks of its zone."""

    begins: datetime
    ends: datetime


def stretches(rows, zone, day):
    """The stretches that begin on the day before `day` or during the eight days from it, in order, joined where they
    touch. `rows` have `weekday`, `opens` and `closes`.

    A time that clocks skip is read as if they had not been put forward yet; one they show twice is its first.
    """
    found = []
    for offset in range(-1, WEEK + 1):
        date = day + offset * DAY
        for row in rows:
            if row.weekday == date.weekday():
                last = date if row.closes > row.opens else date + DAY
                found.append((_moment(date, row.opens, zone), _moment(last, row.closes, zone)))
    joined = []
    for begins, ends in sorted(found):
        if joined and begins - joined[-1][1] <= JOIN:
            joined[-1][1] = max(joined[-1][1], ends)
        elif ends > begins:
            joined.append([begins, ends])
    return [Stretch(begins.astimezone(zone), ends.astimezone(zone)) for begins, ends in joined]


def _moment(date, time, zone):
    return datetime.combine(date, time, zone).astimezone(UTC)


def standing(rows, zone, now):
    """`(stretch, is_open)`: the stretch in which the line answers at the moment `now`, or the next one, or None."""
    # Times of one zone are compared by what clocks show, which an hour of the year shows twice; UTC is not.
    now = now.astimezone(UTC)
    for stretch in stretches(rows, zone, now.astimezone(zone).date()):
        if stretch.ends > now:
            return stretch, stretch.begins <= now
    return None, False


def words(line, now):
    """`Open now until 9 p.m. PST`, in the line's zone; empty where its record does not say when it answers."""
    rows = list(line.opening_hours.all()) if line.pk else []
    if line.is_day_and_night or not rows:
        return ""
    zone = ZoneInfo(line.time_zone)
    stretch, is_open = standing(rows, zone, now)
    today = now.astimezone(zone).date()
    if is_open:
        if stretch.ends - now > WEEK * DAY - DAY:
            return _("Open now")
        return _("Open now until %(time)s") % {"time": _time(stretch.ends, today)}
    return _opens(stretch.begins, today)


def week_words(line, now):
    """`Monday to Friday, 8 a.m. to 5 p.m. PST`: the hours of the line's record, for whoever calls later."""
    week = week_on_clocks(line)
    if not week:
        return ""
    return _("%(time)s %(zone)s") % {"time": week, "zone": now.astimezone(ZoneInfo(line.time_zone)).tzname()}


def week_on_clocks(line):
    """The hours by the clocks of the line's zone, which are right in summer and in winter."""
    days = {}
    for row in line.opening_hours.all() if line.pk else ():
        days.setdefault(row.weekday, []).append((row.opens, row.closes))
    if not days:
        return ""
    runs = []
    for weekday, times in sorted(days.items()):
        if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == times:
            runs[-1][1] = weekday
        else:
            runs.append([weekday, weekday, times])
    return "; ".join(
        _("%(days)s, %(times)s")
        % {"days": _days(first, last), "times": ", ".join(_from_to(opens, closes) for opens, closes in times)}
        for first, last, times in runs
    )


def _days(first, last):
    if (first, last) == (0, WEEK - 1):
        return _("Every day")
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}


def _from_to(opens, closes):
    return _("%(first)s to %(last)s") % {
        "first": time_format(opens, "TIME_FORMAT"),
        "last": time_format(closes, "TIME_FORMAT"),
    }


def _time(moment, today):
    time = date_format(moment, "TIME_FORMAT")
    shown = _("%(time)s %(zone)s") % {"time": time, "zone": moment.tzname()}
    if (moment.date() - today).days < 2:
        return shown
    return _("%(day)s, %(time)s") % {"day": WEEKDAYS[moment.weekday()], "time": shown}


def _opens(moment, today):
    days = (moment.date() - today).days
    time = _("%(time)s %(zone)s") % {"time": date_format(moment, "TIME_FORMAT"), "zone": moment.tzname()}
    if days == 0:
        return _("Closed now. Opens today at %(time)s") % {"time": time}
    if days == 1:
        return _("Closed now. Opens tomorrow at %(time)s") % {"time": time}
    return _("Closed now. Opens %(day)s at %(time)s") % {"day": WEEKDAYS[moment.weekday()], "time": time}
