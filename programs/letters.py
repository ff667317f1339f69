"""Letters to a program: our form hides its address; the program answers the writer directly, or not."""

from datetime import timedelta
from http import HTTPStatus

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pages import limits, outbox
from pages.forms import public_post
from programs.forms import LetterForm
from programs.models import Letter, Program

LIMIT = limits.Limit(
    "letter",
    each=((4, timedelta(hours=1)), (12, timedelta(days=1))),
    together=((60, timedelta(hours=1)), (300, timedelta(days=1))),
)
KEPT = timedelta(days=365)
"""How long a letter stays to be looked up."""


def reachable():
    """Programs somebody may write to."""
    return Program.objects.published().exclude(role_email="")


@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, slug):
    program = get_object_or_404(reachable(), slug=slug)
    form = LetterForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if form.is_valid():
        refused = limits.refusal(LIMIT, request, timezone.now())
        if not refused:
            take(form, program)
            return redirect("programs:write_thanks", program.slug)
        form.add_error(None, refused)
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "programs/write.html", {"form": form, "program": program}, status=status)


@require_safe
def write_thanks(request, slug):
    program = get_object_or_404(reachable(), slug=slug)
    return render(request, "programs/write_thanks.html", {"program": program})


@transaction.atomic
def take(form, program):
    """Store the letter and hand it on, unless a program seems to have sent it: then staff decide."""
    words = {name: form.cleaned_data[name] for name in ("name", "email", "text")}
    letter = Letter.objects.create(program=program, is_suspicious=form.is_suspicious, **words)
    if not letter.is_suspicious:
        hand_on(letter, timezone.now())
    return letter


@transaction.atomic
def hand_on(letter, now):
    """Write the mail to the program and return whether one was written: once only, and only to an address."""
    untouched = Letter.objects.filter(pk=letter.pk, handed_on=None)
    if not letter.program.role_email or not untouched.update(handed_on=now):
        return False
    letter.handed_on = now
    outbox.write("program_letter", letter.program.role_email, {"letter": letter}, reply_to=letter.email)
    return True


def forget(now):
    """Delete the letters of more than a year ago."""
    Letter.objects.filter(sent__lte=now - KEPT).delete()
