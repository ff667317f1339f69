"""Mail that waits in the database until it is delivered, on the tables of django-post-office.

A mail is written in the transaction of what it tells about: both are there or neither is. `deliver` brings what is due
to the mail server. A server that cannot be used stops the run, and everything waits for the next one; a mail that the
server refuses waits longer each time and has at last failed, for staff to see. Each mail is claimed in the database
before it goes out and marked as sent as soon as the server has taken it. Only where the machine, the database or the
connection dies in that moment can a mail be sent twice, then under the same `Message-ID`: mail knows no way to exclude
that.

The package's own `mail.send` is not used: it reads every text as a template, and visitors write those texts.
"""

import contextlib
import logging
import signal
import smtplib
import threading
import time
from datetime import timedelta
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.mail import get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.text import Truncator
from post_office.models import PRIORITY, STATUS, Attachment, Email

from pages.models import Identity, Mail

logger = logging.getLogger("cacita.outbox")

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440, 1440)]
"""How long a refused mail waits before each further try; after the last one it has failed. Four days together, as RFC
5321, 4.5.4.1 asks of a sender."""
LONGEST_RUN = timedelta(minutes=5)
"""When a run begins no further mail."""
ANSWER = 120  # seconds
"""How long the server may think about each step of a mail; connecting has `EMAIL_TIMEOUT`. Longer than usual, because
who gives up while the server takes the mail sends it twice (RFC 5321, 4.5.3.2)."""
CLAIMED = timedelta(minutes=15)
"""How long a mail belongs to the run that has begun it: more than the longest run and the four steps of one mail."""
PATIENCE = 3
"""After this many mails in a row without an answer the server counts as away."""
KEPT = timedelta(days=90)
"""How long a sent mail stays to be looked up."""
FAILED_KEPT = timedelta(days=365)
ORPHAN_AGE = timedelta(days=1)
"""How old the file of an attachment is before nobody can still be writing the mail it belongs to."""
SUBJECT_LENGTH = 200
FAULT_LENGTH = 500


class ServerAwayError(Exception):
    """The mail server cannot be used now."""


# Writing


def write(template, to, context, *, reply_to="", attachments=()):
    """Put one mail into the outbox and return it.

    `email/<template>.txt` is the mail: its first line the subject, after an empty line the text. It receives the
    `identity` and `site_url` beside `context`. `to` is one address or several, with commas: each gets a mail of its
    own, since a server may take one and refuse another, and the first is returned. An address that no mail could be
    sent to is left out, and so is such a `reply_to`; without any address nothing is written and None is returned.
    `attachments` are `(name, bytes, media type)` each. Raises `OSError` where those cannot be stored.
    """
    # In quotes an address may hold commas: one that a visitor wrote would become many.
    addresses = [to] if '"' in to else to.split(",")
    recipients = [address for address in map(str.strip, addresses) if is_usable(address, template)]
    if not recipients:
        return None
    identity = Identity.load()
    text = render_to_string(f"email/{template}.txt", {"identity": identity, "site_url": settings.SITE_URL, **context})
    subject, _line, body = text.strip().partition("\n")
    from_email = sender(identity)
    with transaction.atomic():
        # Not by `save()`: the package's own refuses senders such as noreply@127.0.0.1, and with it what a visitor sent.
        mails = Mail.objects.bulk_create(
            Mail(
                from_email=from_email,
                to=[recipient],
                subject=Truncator(" ".join(subject.split())).chars(SUBJECT_LENGTH),
                message=body.strip() + "\n",
                headers={"Reply-To": reply_to} if reply_to and is_usable(reply_to, template) else None,
                message_id=make_msgid(domain=from_email.rpartition("@")[2].rstrip(">")),
                status=STATUS.queued,
                priority=PRIORITY.medium,
                number_of_retries=0,
            )
            for recipient in recipients
        )
        for name, content, media_type in attachments:
            attachment = Attachment(name=" ".join(name.split())[-255:], mimetype=media_type)
            # The package names the file by chance and keeps the extension; the sender's name shall not be on disk.
            attachment.file.save("attachment.bin", ContentFile(content))
            attachment.emails.set(mails)
    return mails[0]


def is_usable(address, template):
    """Whether mail can be sent to this address. Forms refuse the others; what comes here all the same is logged."""
    if not address:
        return False
    try:
        validate_email(address)
        if '"' in address:
            raise ValidationError("What stands in quotes is taken apart at its commas further on.")
    except ValidationError:
        logger.warning("The mail “%s” was to go to an address that is none.", template)
        return False
    return True


def sender(identity):
    """The association's name before the address that sends, in quotes: it may hold a comma or a point."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = " ".join("".join(sign for sign in identity.name if sign not in '"\\<>').split())
    room = Mail._meta.get_field("from_email").max_length - len(f'"" <{address}>')
    return f'"{name[:room]}" <{address}>'


# Sending


def deliver(now):
    """Bring what is due at the moment `now` to the mail server, for at most `LONGEST_RUN` and the mail begun by then.

    The mail that was tried last comes last, so that none can stand in the way of the others.
    """
    numbers = list(Mail.objects.due(now).order_by("last_updated", "pk").values_list("pk", flat=True))
    if not numbers:
        return
    courier = Courier(now)
    try:
        courier.set_out()
        for number in numbers:
            if courier.is_late():
                break
            courier.take(number)
    except ServerAwayError as away:
        logger.warning("The mail server cannot be used now; mail waits. %s", away)
        note_fault(numbers[0], str(away))
    finally:
        courier.come_back()


class Courier:
    """One connection to the mail server, and what becomes of each mail that is brought there."""

    def __init__(self, now):
        self.now = now
        self.began = time.monotonic()
        self.connection = get_connection()
        self.answered = False
        """Whether the server has said yes or no to any mail of this run."""
        self.unanswered = []
        """Mails over which the server fell silent: their own fault only where it answers on others."""

    def is_late(self):
        return time.monotonic() - self.began > LONGEST_RUN.total_seconds()

    def set_out(self):
        try:
            self.connection.open()
        except OSError as fault:
            raise ServerAwayError(describe(fault)) from fault
        smtp = getattr(self.connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.sock.settimeout(ANSWER)

    def take(self, number):
        """Bring one mail to the server, unless somebody else does. Raises `ServerAwayError`."""
        with undisturbed():
            mail = self._claim(number)
            if mail is None:
                return
            try:
                message = mail.email_message()
            except Exception as fault:
                self._postpone(mail, fault)
                return
            try:
                self.connection.send_messages([message])
            except Exception as fault:
                if is_silence(fault):
                    self.unanswered.append((mail, fault))
                else:
                    self._answer(mail, fault)
            else:
                self._answer(mail, None)
                return
        self._reconnect()

    def come_back(self):
        # What the server says to our farewell changes nothing: the mails are delivered.
        with contextlib.suppress(OSError):
            self.connection.close()
        for mail, fault in self.unanswered:
            if self.answered:
                self._postpone(mail, fault)
            else:
                note(mail, mail.claimed_from, at=self.now)
                note_fault(mail.pk, describe(fault))

    def _claim(self, number):
        """The mail, ours from now on; None where somebody has taken, changed or deleted it."""
        mail = Mail.objects.due(self.now).filter(pk=number).first()
        claimed = (
            Mail.objects.due(self.now).filter(pk=number).update(status=STATUS.queued, scheduled_time=self.now + CLAIMED)
        )
        if not (mail and claimed):
            return None
        mail.claimed_from = mail.status
        return mail

    def _answer(self, mail, fault):
        """The server has spoken on this mail: it took it, or said in `fault` why not."""
        self.answered = True
        if fault:
            self._postpone(mail, fault)
        else:
            note(mail, STATUS.sent, at=self.now)
            mail.logs.create(status=STATUS.sent)

    def _postpone(self, mail, fault):
        """Count the try, and let the mail wait for another or give it up."""
        tries = mail.number_of_retries or 0
        if tries >= len(PAUSES) or is_final(fault):
            note(mail, STATUS.failed, at=self.now, number_of_retries=tries + 1)
            logger.warning("Mail %d has failed (%s); staff see why.", mail.pk, type(fault).__name__)
        else:
            pause = self.now + PAUSES[tries]
            note(mail, STATUS.requeued, at=self.now, number_of_retries=tries + 1, scheduled_time=pause)
        mail.logs.create(status=STATUS.failed, message=describe(fault), exception_type=type(fault).__name__)

    def _reconnect(self):
        """After a fault nobody knows what the server expects next: begin anew."""
        if not self.answered and len(self.unanswered) == PATIENCE:
            raise ServerAwayError(describe(self.unanswered[-1][1]))
        with contextlib.suppress(OSError):
            self.connection.close()
        self.set_out()


def note(mail, status, *, at, scheduled_time=None, **values):
    """Write down what became of a mail. Not by `save()`, which would judge the mail anew and might refuse it."""
    Email.objects.filter(pk=mail.pk).update(status=status, scheduled_time=scheduled_time, last_updated=at, **values)


def note_fault(number, words):
    """Keep for staff why a mail still waits: once, not again at every run."""
    mail = Mail.objects.with_fault().filter(pk=number).first()
    if mail and mail.fault != words:
        mail.logs.create(status=STATUS.failed, message=words)


@contextlib.contextmanager
def undisturbed():
    """Let a request to stop wait until the mail in hand is written down: otherwise it would be sent once more.

    The handlers are exchanged rather than the signals blocked: a library's own threads would not block them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Python handles signals in the main thread alone
        return
    asked = []
    before = {
        number: signal.signal(number, lambda number, _frame: asked.append(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        for number in asked:
            signal.raise_signal(number)


def is_silence(fault):
    """Whether a fault is one of the server or the way to it, not its answer on the mail that was brought there.

    The sender is the same on every mail: a server that refuses it, other than for the size of a mail, serves us not at
    all. With 421 a server says that it is about to close (RFC 5321, 4.2.3).
    """
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _words in fault.recipients.values())
    if isinstance(fault, smtplib.SMTPDataError):
        return fault.smtp_code == 421
    return isinstance(fault, OSError) and not is_too_large(fault)


def is_too_large(fault):
    return isinstance(fault, smtplib.SMTPSenderRefused) and fault.smtp_code == 552


def is_final(fault):
    """Whether the server said that it will never take this mail (a reply of the 500s, RFC 5321, 4.2.1)."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in fault.recipients.values())
    return is_too_large(fault) or (isinstance(fault, smtplib.SMTPDataError) and fault.smtp_code >= 500)


def describe(fault):
    """What happened, in the words of the server or of the machine. Never more than a few lines."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        words = "; ".join(f"{to}: {code} {spoken(words)}" for to, (code, words) in fault.recipients.items())
    elif isinstance(fault, smtplib.SMTPResponseException):
        words = f"{fault.smtp_code} {spoken(fault.smtp_error)}"
    else:
        words = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    return Truncator(words.replace("\0", "")).chars(FAULT_LENGTH)


def spoken(words):
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)


# Afterwards


def resend(mails):
    """Put these mails back into the outbox, to be tried at the next run, and return how many.

    What is queued goes out anyway, and may be on its way to the server at this moment: it is left alone.
    """
    return mails.exclude(status=STATUS.queued).update(status=STATUS.queued, scheduled_time=None, number_of_retries=0)


def forget(now):
    """Delete mails that were sent or failed long ago, and the files no mail needs any longer."""
    Mail.objects.sent().filter(last_updated__lte=now - KEPT).delete()
    Mail.objects.failed().filter(last_updated__lte=now - FAILED_KEPT).delete()
    Attachment.objects.filter(emails=None).delete()
    storage = Attachment._meta.get_field("file").storage
    for name in files_below(storage, "post_office_attachments"):
        # A file also stays behind where the transaction that wrote it was rolled back.
        old = storage.get_modified_time(name) <= now - ORPHAN_AGE
        if old and not Attachment.objects.filter(file=name).exists():
            storage.delete(name)


def files_below(storage, folder):
    """The name of every file in this folder and in those below it; nothing where it does not exist."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        yield f"{folder}/{file}"
    for name in folders:
        yield from files_below(storage, f"{folder}/{name}")
