"""Events as a table for a spreadsheet."""

from django.conf import settings
from django.utils.translation import gettext as _

from pages import spreadsheets

TO_EXPORT = ("sessions", "credits")
"""What `table` reads of an event beside its series, for `prefetch_related`."""


def table(events):
    """UTF-8 with the mark that tells a spreadsheet so; one line per event, times on the clocks of its zone."""
    headings, values = zip(*columns(), strict=True)
    return spreadsheets.table(headings, ([value(event) for value in values] for event in events))


def columns():
    """(heading, function of an event) of each column; the headings in the language in force."""
    return [
        (_("Title"), lambda event: event.title),
        (_("Address of the page"), lambda event: settings.SITE_URL + event.get_absolute_url()),
        (_("Status"), lambda event: event.get_status_display()),
        (_("State"), lambda event: event.get_state_display()),
        (_("Reason"), lambda event: event.state_reason),
        (_("Kind"), lambda event: event.get_kind_display()),
        (_("Series"), lambda event: event.series or ""),
        (_("Begins"), lambda event: _clock(event.first_start, event)),
        (_("Ends"), lambda event: _clock(event.last_end, event)),
        (_("Time zone"), lambda event: event.time_zone),
        (_("Sample date"), lambda event: _("yes") if event.date_is_sample else _("no")),
        (_("Sessions"), lambda event: len(event.sessions.all())),
        (_("Format"), lambda event: event.get_format_display()),
        (_("Venue"), lambda event: event.venue),
        (_("Address"), lambda event: event.address),
        (_("County"), lambda event: event.county_name),
        (_("For whom"), lambda event: ", ".join(event.get_audiences_display())),
        (_("Credit"), lambda event: "; ".join(_credit(credit) for credit in event.credits.all())),
        (_("Price in dollars"), lambda event: 0 if event.is_free else event.price),
        (_("Price in words"), lambda event: event.price_note),
        (_("Registration"), lambda event: event.get_registration_display()),
        (_("Where to register"), lambda event: event.registration_url),
        (_("Register until"), lambda event: _clock(event.registration_until, event)),
        (_("Seats"), lambda event: event.capacity),
        (_("Contact"), lambda event: event.contact_name),
        (_("Contact’s e-mail"), lambda event: event.contact_email),
        (_("Contact’s phone"), lambda event: event.contact_phone),
    ]


def _clock(moment, event):
    return "" if moment is None else f"{moment.astimezone(event.zone):%Y-%m-%d %H:%M}"


def _credit(credit):
    return " ".join(part for part in (str(credit), credit.number) if part)
