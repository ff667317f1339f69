"""Facts of an event in plain words, for calendars and feeds, which know no markup."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import timetable
from events.models import Credit, Event

UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")
"""Characters that come along with pasted text; XML forbids most of them, and calendars break lines at some."""


def plain(text):
    """The text on one line, without characters nobody sees."""
    return UNSEEN.sub(" ", text).strip()


def lines(*parts):
    """The parts that say something, a line each."""
    return "\n".join(text for text in map(plain, parts) if text)


def place(event, session=None):
    """Where to go: the session's own place, else the event's, online where nobody meets in a room. May be empty."""
    if event.state == Event.State.MOVED_ONLINE:
        return _("Online")
    if session and session.place:
        return session.place
    if event.format == Event.Format.ONLINE:
        return _("Online")
    room = ", ".join(part for part in (event.venue, event.address) if part)
    if not room and event.county:
        room = _("%(county)s County") % {"county": event.county_name}
    return room


def state(event):
    """What everybody who planned to come must know; empty where all goes as planned."""
    if event.state == Event.State.SCHEDULED:
        return ""
    label = event.get_state_display()
    return f"{label}: {event.state_reason}" if event.state_reason else f"{label}."


def credit(credit):
    """One board's line: hours, the category of a perishable skill, certified title, number."""
    hours = timetable.hours_number(credit.hours)
    parts = [ngettext("%(hours)s hour", "%(hours)s hours", credit.hours) % {"hours": hours}]
    if credit.category != Credit.Category.GENERAL:
        parts.append(credit.get_category_display())
    parts += [part for part in (credit.certified_title, credit.number) if part]
    return f"{credit.board}: {'; '.join(parts)}"


def cost(event):
    """The price, and what the editor says about it; empty where nothing is known."""
    price = timetable.cost_text(event)
    if event.price_note and event.price_note != price:
        price = f"{price}; {event.price_note}"
    return _("Cost: %(cost)s") % {"cost": price} if price else ""


def sample(event):
    """What must stand beside a date that came with the starter content."""
    return _("Sample date: the true one is not known yet.") if event.date_is_sample else ""


def title(event):
    """The title, after the word that it does not take place where that is so."""
    return event.title if event.is_open_to_come else f"{event.get_state_display()}: {event.title}"
