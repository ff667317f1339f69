"""How often a form may be sent: by one address, and by everybody together.

The attempts are counted in the database, so all workers and machines count together and a restart forgets nothing.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.models import Attempt

KEPT = timedelta(days=1)
"""The longest time a limit may look back; older attempts are deleted."""


@dataclass(frozen=True)
class Limit:
    """So many times within so long: `each` counts one address, `together` everybody. Neither looks back over a day."""

    form: str
    each: tuple[tuple[int, timedelta], ...]
    together: tuple[tuple[int, timedelta], ...] = ()

    def __post_init__(self):
        if any(within > KEPT for _most, within in (*self.each, *self.together)):
            raise ValueError(f"The limit of “{self.form}” looks back further than attempts are kept ({KEPT}).")


def refusal(limit, request, now):
    """A sentence for somebody who has sent the form too often, or nothing; what is let through is counted.

    On PostgreSQL, posts that arrive in the same instant do not see each other, and as many as there are threads may
    slip through together: a limit slows a flood, it guards nothing that must not happen twice.
    """
    who = digest_of(address_of(request))
    attempts = Attempt.objects.filter(form=limit.form)
    for rules, counted in ((limit.each, attempts.filter(who=who)), (limit.together, attempts)):
        for most, within in rules:
            begin = now - within
            times = counted.filter(at__gt=begin).order_by("-at").values_list("at", flat=True)[:most]
            if len(times) == most:
                return _sentence(min(times) - begin)
    Attempt.objects.create(form=limit.form, who=who, at=now)
    return ""


def _sentence(wait):
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    return _("This form was sent too often. What you wrote is still here: please send it again in %s.") % (
        ngettext("%d minute", "%d minutes", minutes) % minutes
    )


def address_of(request):
    """The visitor's network address. Behind a proxy it is the last one of `X-Forwarded-For`: the proxy wrote it."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def digest_of(address):
    """A digest that tells addresses apart without keeping them. One household's IPv6 addresses count as one."""
    return salted_hmac("pages.limits", network_of(address), algorithm="sha256").hexdigest()


def network_of(address):
    """The address as it is counted: without a port, IPv4 also where it is written as IPv6, of IPv6 the first half."""
    host = address
    if address.startswith("["):
        host = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        host = address.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def forget(now):
    """Delete the attempts no limit looks back to."""
    Attempt.objects.filter(at__lte=now - KEPT).delete()
