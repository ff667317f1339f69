"""Messages as a table for a spreadsheet."""

from django.utils import timezone
from django.utils.translation import gettext as _

from pages import spreadsheets

TO_EXPORT = ("attachments",)
"""What `table` reads of a message beside its topic and owner, for `prefetch_related`."""


def table(messages):
    """UTF-8 with the mark that tells a spreadsheet so; one line per message, times on the clocks of the identity."""
    headings, values = zip(*columns(), strict=True)
    return spreadsheets.table(headings, ([value(message) for value in values] for message in messages))


def columns():
    """(heading, function of a message) of each column; the headings in the language in force."""
    return [
        (_("Reference"), lambda message: message.reference),
        (_("Received"), lambda message: f"{timezone.localtime(message.sent):%Y-%m-%d %H:%M}"),
        (_("Topic"), lambda message: message.topic or ""),
        (_("Name"), lambda message: message.name),
        (_("E-mail"), lambda message: message.email),
        (_("Phone"), lambda message: message.phone),
        (_("Agency"), lambda message: message.agency),
        (_("Message"), lambda message: message.text),
        (_("Attachments"), lambda message: "; ".join(file.name for file in message.attachments.all())),
        (_("State"), lambda message: message.get_state_display()),
        (_("Who takes care of it"), lambda message: message.owner or ""),
        (_("Suspicion"), lambda message: "; ".join(str(words) for words in message.suspicions)),
        (_("Captcha"), lambda message: message.get_captcha_display()),
        (_("Kept"), lambda message: _("yes") if message.is_kept else _("no")),
    ]
