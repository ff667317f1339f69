"""“Is your listing still right?”: asked by mail twice a year, answered with one click.

The link in the mail is good for this one question: it names the program and the moment it was asked, signed. Opening
it changes nothing, since mail scanners open every link; the page has one button, and that confirms.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from pages import outbox
from pages.forms import public_post
from pages.models import Identity
from pages.secret_addresses import secret_address
from programs import listing
from programs.models import Program

HALF_A_YEAR = timedelta(days=182)
"""How old the last answer and the last question must be before the daily work asks."""
LEAST_PAUSE = timedelta(days=60)
"""Nobody is asked again within this time, not even when staff wish it."""
MOST_A_DAY = 40
"""Enough for 7,000 programs in half a year, and few enough that no mail server takes us for a sender of spam."""

SIGNER = signing.Signer(salt="programs.confirmations")


# Asking


def askable(now):
    """Programs that may be asked at the moment `now`: public, running, with an address, and not asked of late."""
    waited = Q(asked_at=None) | Q(asked_at__lte=now - LEAST_PAUSE)
    return Program.objects.published(now).running().exclude(role_email="").filter(waited)


def due(now):
    """Programs to be asked by themselves, those that waited longest first."""
    line = now - HALF_A_YEAR
    return (
        askable(now)
        .filter(Q(confirmed_on=None) | Q(confirmed_on__lte=timezone.localdate(line)))
        .filter(Q(asked_at=None) | Q(asked_at__lte=line))
        .order_by(F("asked_at").asc(nulls_first=True), F("confirmed_on").asc(nulls_first=True), "pk")
    )


def ask_those_due(now):
    for program in due(now).prefetch_related("coverage")[:MOST_A_DAY]:
        ask(program, now)


@transaction.atomic
def ask(program, now):
    """Write the mail. Links of earlier mails to this program are stale from now on."""
    Program.objects.filter(pk=program.pk).update(asked_at=now)
    program.asked_at = now
    links = {name: settings.SITE_URL + address for name, address in addresses(program).items()}
    context = {"program": program, "lines": listing.lines(program), **links}
    return outbox.write("program_still_right", program.role_email, context, reply_to=Identity.load().email)


def addresses(program):
    """Where the two links of the mail lead."""
    return {
        "confirm": reverse("programs:confirm", args=[program.slug, token(program)]),
        "correct": reverse("programs:correct", args=[program.slug]),
    }


# Answering


def token(program):
    """Signs that this program was asked at this moment."""
    asked = f"{program.asked_at.timestamp():.0f}"
    signature = SIGNER.signature(f"{program.pk}/{asked}")
    return f"{asked}-{signature}"


def is_answer_to_last_question(program, text):
    return program.asked_at is not None and constant_time_compare(text, token(program))


@secret_address
@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, slug, token):
    program = Program.objects.published().prefetch_related("coverage").filter(slug=slug).first()
    if program is None or not is_answer_to_last_question(program, token):
        return render(request, "programs/confirm_stale.html", {"program": program}, status=404)
    if request.method == "POST":
        note(program, timezone.now())
        return redirect(request.path)
    context = {"program": program, "lines": listing.lines(program), "is_confirmed": is_confirmed(program)}
    return render(request, "programs/confirm.html", context)


def is_confirmed(program):
    """Whether the program answered since it was last asked."""
    return program.confirmed_by == Program.ConfirmedBy.PROGRAM and program.confirmed_on >= timezone.localdate(
        program.asked_at
    )


def note(program, now):
    """Keep that the program said today that its listing is right."""
    if not is_confirmed(program):
        program.confirmed_on, program.confirmed_by = timezone.localdate(now), Program.ConfirmedBy.PROGRAM
        program.save(update_fields=["confirmed_on", "confirmed_by", "updated"])
