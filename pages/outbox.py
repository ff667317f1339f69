"""Mail that waits in the database until it is delivered, on the tables of django-post-office.

A mail is written in the transaction of what it tells about: both are there or neither is. `deliver` sends what is due.
A server that does not answer stops the run, and everything waits for the next one; a mail that a server refuses waits
longer each time and is at last marked as failed, for staff to see. Each mail is marked as sent the moment the server
has taken it. Only a machine that dies in that moment could send one twice: mail knows no way to exclude that.

The package's own `mail.send` is not used: it reads every text as a template, and visitors write those texts.
"""

import contextlib
import logging
import smtplib
import time
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from post_office.models import PRIORITY, STATUS, Attachment, Email

from pages.models import Identity

logger = logging.getLogger("cacita.outbox")

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""How long a refused mail waits before each further try; after the last one it has failed."""
LONGEST_RUN = timedelta(minutes=5)
KEPT = timedelta(days=90)
"""How long a sent mail stays to be looked up."""


class ServerAwayError(Exception):
    """The mail server cannot be used now."""


def write(template, to, context, *, reply_to="", attachments=()):
    """Put one mail into the outbox and return it.

    `email/<template>.txt` is the mail: its first line the subject, after an empty line the text. It receives the
    `identity` and `site_url` beside `context`. `to` is one address or several, with commas; without any address
    nothing is written and None is returned. `attachments` are `(name, bytes, media type)` each.
    """
    recipients = [address.strip() for address in to.split(",") if address.strip()]
    if not recipients:
        return None
    identity = Identity.load()
    text = render_to_string(f"email/{template}.txt", {"identity": identity, "site_url": settings.SITE_URL, **context})
    subject, _line, body = text.strip().partition("\n")
    email = Email.objects.create(
        from_email=sender(identity),
        to=recipients,
        subject=" ".join(subject.split()),
        message=body.strip() + "\n",
        headers={"Reply-To": reply_to} if reply_to else None,
        status=STATUS.queued,
        priority=PRIORITY.medium,
    )
    for name, content, media_type in attachments:
        attachment = Attachment(name=name, mimetype=media_type)
        attachment.file.save(name, ContentFile(content))
        email.attachments.add(attachment)
    return email


def sender(identity):
    """The association's name before the address that sends."""
    name = identity.name.replace('"', "").replace("\\", "")
    return f'"{name}" <{settings.DEFAULT_FROM_EMAIL}>'


def deliver(now):
    """Send what is due at the moment `now`. Only one process at a time may do this."""
    due = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued]).filter(
        Q(scheduled_time=None) | Q(scheduled_time__lte=now)
    )
    numbers = list(due.order_by("-priority", "pk").values_list("pk", flat=True))
    if not numbers:
        return
    try:
        with Courier(now) as courier:
            for number in numbers:
                if courier.is_late():
                    break
                courier.take(Email.objects.get(pk=number))
    except ServerAwayError as away:
        logger.warning("The mail server cannot be used now; %d mails wait. %s", len(numbers), away)


class Courier:
    """One connection to the mail server, and what becomes of each mail that is brought there."""

    def __init__(self, now):
        self.now = now
        self.began = time.monotonic()
        self.connection = get_connection()

    def __enter__(self):
        self._open()
        return self

    def __exit__(self, *fault):
        # What the server says to our farewell changes nothing: the mails are delivered.
        with contextlib.suppress(OSError):
            self.connection.close()

    def is_late(self):
        return time.monotonic() - self.began > LONGEST_RUN.total_seconds()

    def take(self, email):
        """Bring one mail to the server. Raises `ServerAwayError` where that is no fault of the mail."""
        try:
            email.dispatch(commit=False, disconnect_after_delivery=False, connection=self.connection)
        except Exception as fault:
            self._refused(email, fault)
        else:
            self._note(email, STATUS.sent)

    def _open(self):
        try:
            self.connection.open()
        except OSError as fault:
            raise ServerAwayError(describe(fault)) from fault

    def _refused(self, email, fault):
        """Note what went wrong with a mail. It counts as a try even where the server fell silent over it, so that one
        mail which a server cannot bear does not stop all the others for good."""
        tries = email.number_of_retries or 0
        final = tries >= len(PAUSES) or is_final(fault)
        email.number_of_retries = tries + 1
        email.scheduled_time = None if final else self.now + PAUSES[tries]
        self._note(email, STATUS.failed if final else STATUS.requeued, fault)
        with contextlib.suppress(OSError):
            self.connection.close()
        self._open()

    def _note(self, email, status, fault=None):
        email.status = status
        email.save(update_fields=["status", "number_of_retries", "scheduled_time", "last_updated"])
        email.logs.create(
            status=STATUS.failed if fault else STATUS.sent,
            message=describe(fault) if fault else "",
            exception_type=type(fault).__name__ if fault else "",
        )


def is_final(fault):
    """Whether the server said that it will never take this mail (a reply of the 500s, RFC 5321, 4.2.1)."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError) and fault.smtp_code >= 500


def describe(fault):
    """What happened, in the words of the server or of the machine."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{to}: {code} {spoken(words)}" for to, (code, words) in fault.recipients.items())
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{fault.smtp_code} {spoken(fault.smtp_error)}"
    return str(fault) or type(fault).__name__


def spoken(words):
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)


def resend(emails):
    """Put these mails back into the outbox, to be tried at the next run, and return how many."""
    return emails.update(status=STATUS.queued, scheduled_time=None, number_of_retries=0)


def forget(now):
    """Delete what was sent long ago, with its attachments. What failed stays until staff delete it."""
    old = Email.objects.filter(status=STATUS.sent, last_updated__lte=now - KEPT)
    attachments = list(Attachment.objects.filter(emails__in=old).distinct())
    old.delete()
    for attachment in attachments:
        if not attachment.emails.exists():
            attachment.file.delete(save=False)
            attachment.delete()
