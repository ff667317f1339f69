"""Answers to messages: staff write them, the outbox sends them, the message keeps them."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from contact.models import Message
from pages import outbox
from pages.models import Identity, Mail

PLACES = ("name", "reference", "association")
"""What a template may name in braces, for example `{name}`."""
KNOWN = re.compile(rf"\{{({'|'.join(PLACES)})\}}")
IN_BRACES = re.compile(r"\{[^{}\n]{0,40}\}")


class AnsweredMeanwhileError(Exception):
    """Somebody answered the message after this answer was begun."""


class UnreachableError(Exception):
    """No mail can be sent to the address the message came with."""


def fill_in(text, words):
    """The text with each place filled in once: other braces stay, and what is filled in is not read again."""
    return KNOWN.sub(lambda place: words[place[1]], text)


def words_for(message, identity):
    return {"name": message.name, "reference": message.reference, "association": identity.name}


def words_to_show(identity):
    """Stand-ins that show where a template will be filled in."""
    return {
        "name": _("[name of the sender]"),
        "reference": _("[reference of the message]"),
        "association": identity.name,
    }


def unknown_places(text):
    """What stands in braces and would be sent so, for example `{nmae}`."""
    return [found for found in IN_BRACES.findall(text) if not KNOWN.fullmatch(found)]


def replies_to(message, identity):
    """Where a reply to our answer arrives: the first role address of its topic, or the association's address, or ""."""
    addresses = message.topic.addresses if message.topic else ""
    return addresses.partition(",")[0].strip() or identity.email


def quoted(text):
    """The text marked as somebody else's words, as mail programs do."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def last_answer(message):
    """The number of the newest answer, or 0: two readers who know the same one know the same thread."""
    return message.answers.order_by("-pk").values_list("pk", flat=True).first() or 0


def answer(message, author, text, *, knowing):
    """Keep the answer, write its mail and close the message, all or nothing.

    `knowing` is the `last_answer` the author has read: raises `AnsweredMeanwhileError` where there is a newer one, so
    that neither two people nor one person's second press of the button sends two answers. Raises `UnreachableError`
    where no mail can be sent to the message's address.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update(of=["self"]).select_related("topic").get(pk=message.pk)
        if last_answer(message) != knowing:
            raise AnsweredMeanwhileError
        email = outbox.write(
            "answer",
            message.email,
            {"message": message, "text": text, "quoted": quoted(message.text)},
            reply_to=replies_to(message, Identity.load()),
        )
        if email is None:
            raise UnreachableError
        message.state = Message.State.ANSWERED
        message.owner = author
        message.save(update_fields=["state", "owner"])
        return message.answers.create(author=author, text=text, email=email)


def send_again(answers):
    """Let the mails of these answers that have failed be tried anew, and return how many."""
    return outbox.resend(Mail.objects.failed().filter(pk__in=answers.values("email")))
