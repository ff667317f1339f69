"""What staff decide about messages."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from contact.messages import announce
from contact.models import Message

LONG = timedelta(days=3)
"""Whoever wrote has waited too long after this."""


def waits_too_long(message, now):
    return message.is_waiting and message.sent <= now - LONG


def take_over(messages, user):
    """Give these messages to somebody who is at work on them now; returns those that changed."""
    return _change(messages.exclude(owner=user, state=Message.State.IN_PROGRESS), state="progress", owner=user)


def mark_answered(messages, user):
    """Close these messages, answered by telephone for example; one that was nobody's becomes `user`'s."""
    open_ones = messages.exclude(state=Message.State.ANSWERED)
    nobodys = _change(open_ones.filter(owner=None), state="answered", owner=user)
    return nobodys + _change(open_ones, state="answered")


def mark_spam(messages, _user):
    return _change(messages.exclude(state=Message.State.SPAM), state="spam")


def not_spam(messages, _user):
    """Clear these messages of suspicion and spam, and send the mails that were held back, once; returns them."""
    cleared = []
    for message in messages.filter(Q(state=Message.State.SPAM) | ~Q(suspicion=[])):
        with transaction.atomic():
            marked = Message.objects.filter(pk=message.pk, state=Message.State.SPAM).update(state=Message.State.NEW)
            released = Message.objects.suspicious().filter(pk=message.pk).update(suspicion=[])
            if marked or released:
                message.refresh_from_db()
                cleared.append(message)
            if released:
                announce(message)
    return cleared


def _change(messages, **values):
    changed = list(messages)
    Message.objects.filter(pk__in=[message.pk for message in changed]).update(**values)
    return changed
