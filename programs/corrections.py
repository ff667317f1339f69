"""“Correct or add a listing”: anybody may propose, nothing of it is public until staff accept it."""

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pages import limits, outbox
from pages.forms import public_post
from pages.models import Identity
from programs import decisions
from programs.counties import BY_SLUG
from programs.forms import AdditionForm, CorrectionForm
from programs.models import Correction, Program

LIMIT = limits.Limit(
    "correction",
    each=((6, timedelta(hours=1)), (20, timedelta(days=1))),
    together=((60, timedelta(hours=1)), (300, timedelta(days=1))),
)


@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, slug):
    program = get_object_or_404(Program.objects.published().prefetch_related("coverage"), slug=slug)
    form = CorrectionForm(request.POST if request.method == "POST" else None, program=program)
    return _answer(request, "programs/correct.html", form, program)


@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    county = request.GET.get("county")
    initial = {"counties": [county]} if county in BY_SLUG else {}
    form = AdditionForm(request.POST if request.method == "POST" else None, initial=initial)
    return _answer(request, "programs/add.html", form, None)


@require_safe
def thanks(request):
    return render(request, "programs/thanks.html")


def _answer(request, template, form, program):
    """Take a valid form and lead on; otherwise show it, with its faults if it was sent."""
    status = HTTPStatus.OK
    if form.is_valid():
        refused = limits.refusal(LIMIT, request, timezone.now())
        if not refused:
            take(form, program)
            return redirect("programs:thanks")
        form.add_error(None, refused)
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, template, {"form": form, "program": program}, status=status)


@transaction.atomic
def take(form, program):
    """Store what a valid form proposes and write to staff and to the sender. What seems sent by a program is stored
    all the same, and waits without any mail for staff to look."""
    before, proposed = form.proposal
    data = form.cleaned_data
    correction = Correction.objects.create(
        program=program,
        before=before,
        proposed=proposed,
        words=data["words"],
        sender_name=data["sender_name"],
        sender_email=data["sender_email"],
        sender_role=data["sender_role"],
        is_suspicious=form.is_suspicious,
    )
    if not correction.is_suspicious:
        identity = Identity.load()
        context = {
            "correction": correction,
            "rows": decisions.compare(correction),
            "address": settings.SITE_URL + reverse("admin:programs_correction_change", args=[correction.pk]),
        }
        outbox.write("program_correction", identity.email, context, reply_to=correction.sender_email)
        outbox.write("program_correction_copy", correction.sender_email, context, reply_to=identity.email)
    return correction
