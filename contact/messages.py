"""What becomes of a message: stored first, with its files and mails, all or nothing; the outbox sends them later."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from contact import attachments, captcha, scanner
from contact.models import Attachment, Message
from pages import outbox
from pages.crisis import crisis_numbers
from pages.models import Identity

SAME_WITHIN = timedelta(days=1)
"""How long the same words from the same person are taken for a repetition."""


def sent_before(form):
    """The message this very form was stored as already, or None: buttons are pressed twice, connections break."""
    return Message.objects.filter(sending=form.sending).first()


def receive(form):
    """Store what a valid form says, and return the message. Raises `OSError` or `DatabaseError`, and then nothing is.

    The captcha provider and the virus scanner are asked before the transaction begins: it holds up all other writers.
    """
    verdict = form.fields["captcha"].judge(form.cleaned_data["captcha"]) if captcha.is_on() else Message.Captcha.NONE
    parts = [*map(attachments.Part.of, form.waiting), *form.parts]
    try:
        scans = [scanner.scan(part.file) for part in parts]
        return _store(form, verdict, parts, scans)
    finally:
        for row in form.waiting:
            row.file.close()


def _store(form, verdict, parts, scans):
    said = form.cleaned_data
    words = {name: said[name] for name in ("name", "email", "phone", "agency", "text")}
    written = []
    try:
        with transaction.atomic():
            digest = form.digest
            message, is_new = Message.objects.get_or_create(
                sending=form.sending,
                defaults={
                    **words,
                    "topic": form.chosen_topic,
                    "sent": form.now,
                    "captcha": verdict,
                    "digest": digest,
                    "suspicion": _suspicion(form, verdict, scans, digest),
                },
            )
            if is_new:
                attachments.store(message, parts, scans, written)
                if not message.suspicion:
                    announce(message)
    except BaseException:
        attachments.remove(written)
        raise
    return message


def _suspicion(form, verdict, scans, digest):
    """Every reason to let a person look first."""
    same = Message.objects.filter(digest=digest, sent__gt=form.now - SAME_WITHIN)
    reasons = {
        Message.Suspicion.TRAP: form.is_suspicious,
        Message.Suspicion.CAPTCHA: verdict == Message.Captcha.FAILED,
        Message.Suspicion.DUPLICATE: same.exists(),
        Message.Suspicion.VIRUS: Attachment.Scan.VIRUS in scans,
    }
    return [reason.value for reason, holds in reasons.items() if holds]


def announce(message):
    """Write the two mails of a message: to whoever looks after its topic, and a copy to the person who wrote."""
    identity = Identity.load()
    staff = (message.topic.addresses if message.topic else "") or identity.email
    numbers = crisis_numbers(identity, message.sent)
    context = {"message": message, "attachments": list(message.attachments.all()), "numbers": numbers}
    context["inbox_href"] = reverse("admin:contact_message_change", args=[message.pk])
    outbox.write("message_staff", staff, context, reply_to=message.email)
    outbox.write("message_copy", message.email, context, reply_to=staff.partition(",")[0].strip())
