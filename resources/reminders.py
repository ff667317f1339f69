"""Reminders of due checks, by mail: to whoever checks a line, or to the role that keeps the lines.

One mail tells a person all lines that are due in their care. A line that nobody has checked yet is told once its
record has been left alone for a while: who has just published it is about to check it, and the start page asks anyway.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from pages import outbox
from pages.models import Identity
from pages.time_zones import zone_of
from resources import checks
from resources.lines import checked_words
from resources.models import CrisisLine

PAUSE = timedelta(days=14)
"""How long a reminder counts, and how long a line is left alone before the first one."""


def remind(now):
    """Write a mail to everybody with lines to check who was told of none within `PAUSE`."""
    identity = Identity.load()
    today = timezone.localdate(now, zone_of(identity))
    due = checks.due_lines(identity, today)
    prefetch_related_objects(due, "owner")
    of_address = {}
    for line in due:
        if line.reason != CrisisLine.Reason.NEVER or was_left_alone(line, now):
            of_address.setdefault(address_for(line, identity), []).append(line)
    of_address.pop("", None)
    for address, lines in of_address.items():
        tell(address, lines, identity, today)


def was_left_alone(line, now):
    return max(line.updated, line.publish_from or line.updated) <= now - PAUSE


def address_for(line, identity):
    """The address of the line's owner, else of the role that keeps the lines, else of the association; or empty.

    An owner who may not record checks, or to whose address no mail can be sent, would leave the line to nobody.
    """
    owner = line.owner
    may = owner and owner.is_staff and checks.may_check(owner) and outbox.is_usable(owner.email, "lines_due")
    return (owner.email if may else "") or identity.crisis_lines_email or identity.email


@transaction.atomic
def tell(address, lines, identity, today):
    """Write the mail, and note it with each line. Where the address was told of any line lately, all wait."""
    these, told_lately = Q(pk__in=[line.pk for line in lines]), Q(reminded_on__gt=today - PAUSE)
    # Both are locked: of two runs at once, the second finds what the first has noted.
    known = CrisisLine.objects.filter(these | told_lately).select_related("owner").select_for_update(of=["self"])
    told = [line for line in known if line.reminded_on and line.reminded_on > today - PAUSE]
    if any(address_for(line, identity) == address for line in told):
        return
    CrisisLine.objects.filter(these).update(reminded_on=today)
    context = {"rows": [row(line, today) for line in lines], "checks": absolute("checks")}
    outbox.write("lines_due", address, context)


def row(line, today):
    return {
        "name": line.name,
        "words": checked_words(line, today),
        "is_emergency": line.is_emergency,
        "address": absolute("check", line.pk),
    }


def absolute(name, *args):
    return settings.SITE_URL + reverse(f"admin:resources_crisisline_{name}", args=args)
