"""How dates, times, places and prices of events are said in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from events.models import Credit, Event, Session


def _clock(moment):
    """(time, half of the day): ("1", "p.m."), ("9:30", "a.m."), ("noon", "")."""
    if moment.minute == 0 and moment.hour in (0, 12):
        return (gettext("noon") if moment.hour else gettext("midnight")), ""
    return format_date(moment, "g:i" if moment.minute else "g"), format_date(moment, "a")


def hour_text(moment):
    """One local time with its zone: `5 p.m. PDT`."""
    return f"{' '.join(part for part in _clock(moment) if part)} {zone_name(moment)}"


def zone_name(moment):
    """The abbreviation in force at a local moment; zones that have none are named by their distance from UTC."""
    name = moment.tzname()
    return name if name.isalpha() else f"UTC{name}"


def local(session):
    """(start, end) on the clocks of the event's zone."""
    zone = session.event.zone
    return session.starts.astimezone(zone), session.ends.astimezone(zone)


def hours_text(session):
    """The hours of a session as one reads them: `9 a.m.–12:30 p.m. PDT`, `10 p.m.–2 a.m. (next day) PDT`, `All day`."""
    if session.is_all_day:
        return gettext("All day")
    start, end = local(session)
    (opens, first_half), (closes, second_half) = _clock(start), _clock(end)
    first, second = [opens], [closes]
    clocks_change = start.tzname() != end.tzname()
    if first_half and (first_half != second_half or start.date() != end.date() or clocks_change):
        first.append(first_half)
    if second_half:
        second.append(second_half)
    if clocks_change:
        first.append(zone_name(start))
    if start.date() != end.date() and (end.hour, end.minute) != (0, 0):
        second.append(gettext("(next day)"))
    return f"{' '.join(first)}–{' '.join(second)} {zone_name(end)}"


def last_day(session):
    """The last day one comes for it: a session over midnight belongs to the day it begins."""
    return session.end_day if session.is_all_day else session.day


def machine_time(session):
    """The start for the `datetime` attribute: the day alone, or the moment with its offset from UTC."""
    return session.day.isoformat() if session.is_all_day else local(session)[0].isoformat()


def day_text(day):
    return format_date(day, gettext("l, F j, Y"))


def days_text(session):
    """The day of a session, or its first and last: `Thursday, September 2, 2027`."""
    if not session.is_all_day or session.end_day == session.day:
        return day_text(session.day)
    return gettext("%(first)s, to %(last)s") % {
        "first": format_date(
            session.day, gettext("l, F j") if session.day.year == session.end_day.year else gettext("l, F j, Y")
        ),
        "last": day_text(session.end_day),
    }


def short_day(day, year):
    """`Sep 6`, with its year where that is not `year`."""
    return format_date(day, gettext("M j") if day.year == year else gettext("M j, Y"))


def hours_number(hours):
    """A number of hours without idle zeros: `1.5`, `8`."""
    return f"{hours.normalize():f}"


def hours_words(hours):
    """`1 hour`, `1.5 hours`. The plural is chosen by a whole number: gettext takes no other."""
    words = ngettext("%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2)
    return words % {"hours": hours_number(hours)}


def money(cents):
    dollars, rest = divmod(cents, 100)
    whole = number_format(dollars, use_l10n=True, force_grouping=True)
    return f"${whole}.{rest:02d}" if rest else f"${whole}"


def cost_text(event):
    """What it costs in a word or two; empty where nobody has said."""
    if event.is_free:
        return gettext("Free")
    return money(event.price_cents) if event.price_cents else event.price_note


def is_online(event):
    """Whether there is no room to go to."""
    return event.state == Event.State.MOVED_ONLINE or event.format == Event.Format.ONLINE


def place_lines(event, session=None):
    """(place, more about it) as lists show it: online, the venue and its county, or that the place is to come."""
    if is_online(event):
        return gettext("Online"), ""
    venue = (session.place if session else "") or event.venue
    county = gettext("%(name)s County") % {"name": event.county_name} if event.county else ""
    place, more = (venue, county) if venue else (county, "")
    if event.format == Event.Format.HYBRID:
        place, more = (place or gettext("In person and online")), (gettext("and online") if place else "")
    return place or gettext("Place to come"), more


def credit_text(event):
    """Boards and the most hours any of them credits: `POST, STC: 8 h`. Empty without credit.

    A list annotates `credit_hours`, which spares it a query for the credits.
    """
    if not event.boards:
        return ""
    hours = event.credit_hours if hasattr(event, "credit_hours") else event.hours
    boards = ", ".join(board for board in Credit.Board.values if board in event.boards)
    return gettext("%(boards)s: %(hours)s h") % {"boards": boards, "hours": hours_number(hours)} if hours else boards


@dataclass
class Row:
    """One event in a timetable at the moment `now`, told by its next session, or the first one when all are over."""

    event: Event
    now: datetime

    def __post_init__(self):
        self.sessions = sorted(self.event.sessions.all(), key=lambda session: session.starts)
        for session in self.sessions:
            session.event = self.event
        ahead = [session for session in self.sessions if session.ends > self.now]
        self.session: Session | None = (ahead or self.sessions or [None])[0]

    @property
    def is_over(self):
        return self.event.is_over(self.now)

    @property
    def is_now_on(self):
        return self.event.is_open_to_come and any(one.starts <= self.now < one.ends for one in self.sessions)

    @property
    def series(self):
        """The series, unless it is a draft: its name is nobody's business yet."""
        series = self.event.series
        return series if series and series.is_published(self.now) else None

    @property
    def hours(self):
        return hours_text(self.session) if self.session else ""

    @property
    def machine_time(self):
        return machine_time(self.session)

    @property
    def more(self):
        """What the one date leaves out: `5 sessions until Sep 6`, `Session 2 of 5, until Sep 6`, `until Sep 10`."""
        if not self.session:
            return ""
        last, count = max(last_day(session) for session in self.sessions), len(self.sessions)
        until = short_day(last, self.session.day.year) if last > self.session.day else ""
        if count == 1:
            return gettext("until %(day)s") % {"day": until} if until else ""
        number = self.sessions.index(self.session) + 1
        if number > 1:
            words = gettext("Session %(number)s of %(count)s") % {"number": number, "count": count}
            return gettext("%(sessions)s, until %(day)s") % {"sessions": words, "day": until} if until else words
        words = ngettext("%(count)s session", "%(count)s sessions", count) % {"count": count}
        return gettext("%(sessions)s until %(day)s") % {"sessions": words, "day": until} if until else words

    @property
    def place(self):
        return place_lines(self.event, self.session)[0]

    @property
    def place_more(self):
        return place_lines(self.event, self.session)[1]

    @property
    def is_online(self):
        return is_online(self.event)

    @property
    def cost(self):
        return cost_text(self.event)

    @property
    def credit(self):
        return credit_text(self.event)
