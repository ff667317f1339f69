"""Facts of an event in plain words, for calendars and feeds, which know no markup."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Credit, Event


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
    """One board's line: hours, certified title, number, and for perishable skills the category."""
    hours = f"{credit.hours.normalize():f}"
    parts = [ngettext("%(hours)s hour", "%(hours)s hours", credit.hours) % {"hours": hours}]
    if credit.category != Credit.Category.GENERAL:
        parts.append(credit.get_category_display())
    parts += [part for part in (credit.certified_title, credit.number) if part]
    return f"{credit.board}: {'; '.join(parts)}"


def cost(event):
    """Free, the price, or the price in words; empty where nothing is known."""
    parts = [_("Free")] if event.is_free else []
    if event.price_cents is not None:
        parts.append(dollars(event.price_cents))
    if event.price_note:
        parts.append(event.price_note)
    return _("Cost: %(cost)s") % {"cost": "; ".join(parts)} if parts else ""


def dollars(cents):
    return f"${cents // 100:,}" if cents % 100 == 0 else f"${cents / 100:,.2f}"
