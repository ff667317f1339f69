"""What the card provider tells the site, over and over until it is answered with 200."""

import logging

from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contact import card_gifts, payments
from contact.models import ProviderEvent

logger = logging.getLogger("cacita.webhooks")


@csrf_exempt
@require_POST
def webhook(request):
    """Note each event once and follow it to the gift it is about.

    200 means that it is done or no business of ours; 400 that the provider did not sign it; 500 that it must come
    again. What went wrong stays with the event, for staff, until a repetition succeeds.
    """
    if not payments.is_on():
        raise Http404
    try:
        event = payments.read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except payments.ForgedEventError:
        return HttpResponseBadRequest("The signature does not fit.\n", content_type="text/plain")
    row, _created = ProviderEvent.objects.get_or_create(
        event_id=event.id, defaults={"kind": event.kind, "created": event.created}
    )
    if row.handled:
        return HttpResponse("Known.\n", content_type="text/plain")
    try:
        row.fault = take(event, timezone.now())
    except Exception as fault:
        # Only the kind of the fault: its words could name a donor.
        logger.error("The event %s (%s) could not be followed: %s", event.id, event.kind, type(fault).__name__)
        ProviderEvent.objects.filter(pk=row.pk, handled=None).update(fault=f"{type(fault).__name__}: {fault}")
        return HttpResponseServerError("Please tell us again.\n", content_type="text/plain")
    row.handled = timezone.now()
    row.save(update_fields=["handled", "fault"])
    return HttpResponse("Thank you.\n", content_type="text/plain")


webhook.needs_no_identity = True


def take(event, now):
    """Follow one event; the answer is a sentence for staff where they must look themselves."""
    if event.kind not in FOLLOWED:
        return ""
    try:
        trace = payments.trace(event.object_kind, event.object_id)
        if trace is None or not (trace.reference or trace.subscription_id):
            return ""
        card_gifts.follow(trace, now)
    except payments.UnknownToProviderError:
        return _("The provider does not know what this is about. A trial event of its dashboard is like that.")
    except card_gifts.NoGiftError:
        return _("There is no gift %s here.") % trace.reference if trace.reference else ""
    if event.kind == "refund.failed":
        return _("A refund came back to you. If it is recorded here, delete it, and pay it another way.")
    return ""


FOLLOWED = frozenset(
    {
        "charge.refunded",
        "checkout.session.async_payment_failed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.completed",
        "checkout.session.expired",
        "customer.subscription.created",
        "customer.subscription.deleted",
        "customer.subscription.updated",
        "invoice.paid",
        "invoice.payment_failed",
        "refund.created",
        "refund.failed",
        "refund.updated",
    }
)
"""The kinds to choose when the endpoint is set up at the provider. All others are noted and left alone."""
