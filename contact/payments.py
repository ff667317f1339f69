"""The card provider, Stripe: the one module that talks to it.

Donors pay on the provider's own page; neither a card number nor a script of theirs comes near ours. Without both keys
nothing here is used and the library is never imported.

Every question has ten seconds and is put once more where nobody answered or the provider was busy. Then, or when it
refuses, `ProviderAwayError` is raised: the gift is stored already, so say that it waits and offer to try again. The log
gets the kind of the failure and the provider's number for it, never a key, a name or an address.

The version of their interface is pinned here. Their events come in whatever version the endpoint was set up with, and
in any order; so an event only says where to look, and what is true is asked anew, in this version.
"""

import logging
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from contact.models import Giving
from pages.models import Identity

logger = logging.getLogger("cacita.payments")

API_VERSION = "2026-10-28.endive"
ANSWERED_WITHIN = 10  # seconds
TRIED_AGAIN = 1
CURRENCY = "usd"
TOLERANCE = 300
"""How old, in seconds, the signature of an event may be. The provider signs each repetition anew."""
PER_PAGE = 100


class ProviderAwayError(Exception):
    """The provider could not be reached, or refused. Nothing is lost; try again later."""


class ForgedEventError(Exception):
    """What claims to be an event was not signed by the provider, or long ago."""


class UnknownToProviderError(ProviderAwayError):
    """The provider knows no such object: it is of another account, or of its trial mode."""


@dataclass(frozen=True)
class Event:
    """What the provider told: that something happened to an object."""

    id: str
    kind: str
    created: datetime
    object_kind: str
    object_id: str


@dataclass(frozen=True)
class Trace:
    """Where an object of the provider leads: to which gift, and what to ask about it."""

    reference: str
    checkout_id: str = ""
    customer_id: str = ""
    subscription_id: str = ""
    payment_ids: tuple[str, ...] = ()
    is_given_up: bool = False
    """The donor left the provider's page for good, or the bank refused at last."""


@dataclass(frozen=True)
class Money:
    """A payment by card that succeeded."""

    provider_id: str
    cents: int
    moment: datetime
    refunded_cents: int


@dataclass(frozen=True)
class MoneyBack:
    provider_id: str
    cents: int
    moment: datetime


@dataclass(frozen=True)
class Subscription:
    provider_id: str
    reference: str
    customer_id: str
    is_over: bool
    goes_on: bool
    """Whether more money will come: not once it is over, or set to end with the month already paid."""
    was_paid: bool
    """Whether it ever began: one whose first payment never succeeded expires."""


def is_on():
    """Whether gifts are taken by card."""
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)


def form_hosts():
    """Where the forms that lead to the provider end: set it as `request.form_hosts`, or the policy of the page stops
    them. A domain of one's own, which the provider rents out, is not among them."""
    return (
        [settings.STRIPE_API_BASE]
        if settings.STRIPE_API_BASE
        else [
            "https://billing.stripe.com",
            "https://checkout.stripe.com",
        ]
    )


# What donors do


def start_checkout(donation, success_url, cancel_url):
    """The address of the provider's page where this gift is paid, for a redirect. They lead back to one of the two.

    One gift has one such page: a double click leads to the same, a changed sum closes the page with the former sum,
    and a gift that is paid already leads to `success_url`.
    """
    key = donation.reference
    with asking("start a checkout"):
        sessions = client().v1.checkout.sessions
        if donation.checkout_id:
            before = sessions.retrieve(donation.checkout_id)
            if before.status == "complete":
                return success_url
            if before.status == "open":
                if before.amount_total == donation.total_cents:
                    return before.url
                sessions.expire(before.id)
            key = f"{donation.reference} after {before.id}"
        session = create_checkout(donation, success_url, cancel_url, key)
    donation.checkout_id = session.id
    donation.save(update_fields=["checkout_id"])
    return session.url


def create_checkout(donation, success_url, cancel_url, key):
    import stripe  # noqa: PLC0415 - half a second and 13 MB that only gifts by card need

    marks = {"reference": donation.reference}
    about = {"metadata": marks, "description": _("Gift %s") % donation.reference}
    wish = {
        "mode": "subscription" if donation.is_monthly else "payment",
        "success_url": success_url,
        "cancel_url": cancel_url,
        "client_reference_id": donation.reference,
        "metadata": marks,
        "line_items": line_items(donation),
        # Sums are charged as they were shown, in dollars.
        "adaptive_pricing": {"enabled": False},
    }
    wish |= (
        {"subscription_data": about} if donation.is_monthly else {"payment_intent_data": about, "submit_type": "donate"}
    )
    if donation.email:
        wish["customer_email"] = donation.email
    sessions = client().v1.checkout.sessions
    try:
        return sessions.create(wish, {"idempotency_key": key})
    except stripe.InvalidRequestError as refused:
        if refused.param != "customer_email":
            raise
        # An address that is good enough for mail but not for them. They ask the donor for one.
        del wish["customer_email"]
        return sessions.create(wish, {"idempotency_key": f"{key} without e-mail"})


def line_items(donation):
    """The gift, and the fee where the donor covers it, each on a line of its own."""
    name = Giving.load().legal_name or Identity.load().name
    words = (_("Monthly gift to %s") if donation.is_monthly else _("Gift to %s")) % name
    items = [line_item(donation, words, donation.amount_cents)]
    if donation.fee_cents:
        items.append(line_item(donation, _("The fee of the card provider, covered by you"), donation.fee_cents))
    return items


def line_item(donation, words, cents):
    price = {"currency": CURRENCY, "unit_amount": cents, "product_data": {"name": words}}
    if donation.is_monthly:
        price["recurring"] = {"interval": "month"}
    return {"price_data": price, "quantity": 1}


def portal_url(donation, return_url):
    """The address of the provider's page where a monthly donor changes the card or stops, for a redirect."""
    wish = {"customer": donation.customer_id, "return_url": return_url}
    with asking("open the portal"):
        return client().v1.billing_portal.sessions.create(wish).url


def end(donation):
    """See to it that no more money comes for this gift: cancel its subscription, close its page. Ending what has
    ended already, or what the provider does not know, is fine."""
    with suppress(UnknownToProviderError), asking("end a gift"):
        subscription_id = donation.subscription_id
        if donation.checkout_id and not subscription_id:
            sessions = client().v1.checkout.sessions
            session = sessions.retrieve(donation.checkout_id)
            if session.status == "open":
                sessions.expire(session.id)
            # Paid, but the event has not come yet.
            subscription_id = session.subscription
        if subscription_id and not subscription(subscription_id).is_over:
            client().v1.subscriptions.cancel(subscription_id)


# What the provider tells


def read_event(body, signature):
    """The event in these bytes. Raises `ForgedEventError` unless the provider signed exactly them, and recently."""
    import stripe  # noqa: PLC0415

    try:
        event = client().construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE).to_dict()
        return Event(
            id=event["id"],
            kind=event["type"],
            created=moment_of(event["created"]),
            object_kind=event["data"]["object"]["object"],
            object_id=event["data"]["object"].get("id") or "",
        )
    # Signs that are no text at all make the library stumble in its own ways.
    except (stripe.SignatureVerificationError, ValueError, TypeError, KeyError, AttributeError) as fault:
        raise ForgedEventError(type(fault).__name__) from None


def trace(kind, object_id):
    """Where this object leads, as a `Trace`; None where it is nothing of ours.

    Raises `UnknownToProviderError` where the provider does not know it.
    """
    follow = TRACERS.get(kind)
    if follow is None or not object_id:
        return None
    with asking(f"look up a {kind}"):
        return follow(object_id)


def trace_checkout(checkout_id):
    session = client().v1.checkout.sessions.retrieve(checkout_id, {"expand": ["payment_intent"]}).to_dict()
    return trace_of_checkout(session)


def trace_of_checkout(session):
    intent = session.get("payment_intent")
    refused = session["payment_status"] == "unpaid" and intent and intent["status"] in FAILED
    return Trace(
        reference=reference_in(session),
        checkout_id=session["id"],
        customer_id=session.get("customer") or "",
        subscription_id=session.get("subscription") or "",
        payment_ids=(intent["id"],) if intent else intents_of(session.get("invoice")),
        is_given_up=session["status"] == "expired" or bool(session["status"] == "complete" and refused),
    )


def trace_invoice(invoice_id):
    return trace_of_invoice(client().v1.invoices.retrieve(invoice_id).to_dict())


def trace_of_invoice(invoice, payment_ids=None):
    made_by = (invoice.get("parent") or {}).get("subscription_details") or {}
    return Trace(
        reference=reference_in(made_by),
        customer_id=invoice.get("customer") or "",
        subscription_id=made_by.get("subscription") or "",
        payment_ids=payment_ids or intents_of(invoice["id"]),
    )


def trace_subscription(subscription_id):
    found = subscription(subscription_id)
    return Trace(found.reference, customer_id=found.customer_id, subscription_id=found.provider_id)


def trace_charge(charge_id):
    return trace_part(client().v1.charges.retrieve(charge_id).payment_intent)


def trace_refund(refund_id):
    return trace_part(client().v1.refunds.retrieve(refund_id).payment_intent)


def trace_part(intent_id):
    """From one payment to its gift: a gift once is marked on it, a monthly one on the subscription of its invoice."""
    if not intent_id:
        return None
    intent = client().v1.payment_intents.retrieve(intent_id).to_dict()
    if reference_in(intent):
        return trace_of_intent(intent)
    wish = {"payment": {"type": "payment_intent", "payment_intent": intent_id}}
    for part in client().v1.invoice_payments.list(wish).data:
        return trace_invoice(part.invoice)
    return trace_of_intent(intent)


def trace_of_intent(intent):
    return Trace(reference_in(intent), customer_id=intent.get("customer") or "", payment_ids=(intent["id"],))


TRACERS = {
    "checkout.session": trace_checkout,
    "invoice": trace_invoice,
    "subscription": trace_subscription,
    "charge": trace_charge,
    "refund": trace_refund,
    "payment_intent": trace_part,
}
FAILED = ("requires_payment_method", "canceled")
"""States of a payment that did not succeed and will not by itself."""


def intents_of(invoice_id):
    """The payments of an invoice; none where it was settled by other means."""
    if not invoice_id:
        return ()
    paid = every(client().v1.invoice_payments, invoice=invoice_id, status="paid")
    return tuple(part["payment"]["payment_intent"] for part in paid if part["payment"]["type"] == "payment_intent")


def money(payment_id):
    """What came by this payment, or None as long as nothing did."""
    with asking("look up a payment"):
        return money_of(client().v1.payment_intents.retrieve(payment_id, {"expand": ["latest_charge"]}).to_dict())


def money_of(intent):
    if intent["status"] != "succeeded":
        return None
    if intent["currency"] != CURRENCY:
        raise ProviderAwayError(f"A payment came in {intent['currency']}, not in {CURRENCY}.")
    charge = intent["latest_charge"]
    return Money(intent["id"], intent["amount_received"], moment_of(charge["created"]), charge["amount_refunded"])


def refunds(payment_id):
    """What went back of this payment. Refunds under way or failed are not among them."""
    with asking("list the refunds of a payment"):
        return [
            MoneyBack(refund["id"], refund["amount"], moment_of(refund["created"]))
            for refund in every(client().v1.refunds, payment_intent=payment_id)
            if refund["status"] == "succeeded"
        ]


def subscription(subscription_id):
    with asking("look up a subscription"):
        return subscription_of(client().v1.subscriptions.retrieve(subscription_id).to_dict())


def subscription_of(found):
    is_over = found["status"] in ("canceled", "incomplete_expired")
    return Subscription(
        provider_id=found["id"],
        reference=reference_in(found),
        customer_id=found["customer"],
        is_over=is_over,
        goes_on=not (is_over or found.get("cancel_at_period_end") or found.get("cancel_at")),
        was_paid=found["status"] not in ("incomplete", "incomplete_expired"),
    )


# Everything at once, for comparing


def monies_since(moment):
    """`(trace, money)` of every payment for a gift since then."""
    created = {"gte": int(moment.timestamp())}
    with asking("list what came"):
        api = client().v1
        intents = {intent["id"]: intent for intent in every(api.payment_intents, created, "data.latest_charge")}
        invoices = {invoice["id"]: invoice for invoice in every(api.invoices, created)}
        invoice_of = {}
        for part in every(api.invoice_payments, created):
            invoice_of[part["payment"].get("payment_intent")] = part["invoice"]
        for number, intent in intents.items():
            if intent["status"] != "succeeded":
                continue
            found = trace_of_intent(intent)
            if not found.reference and number in invoice_of:
                # An invoice may be older than its payment.
                known = invoices.get(invoice_of[number])
                found = trace_of_invoice(known, (number,)) if known else trace_invoice(invoice_of[number])
            if found.reference:
                yield found, money_of(intent)


def refunded_since(moment):
    """The payments of which something went back since then."""
    with asking("list what went back"):
        found = every(client().v1.refunds, {"gte": int(moment.timestamp())})
        return {refund["payment_intent"] for refund in found if refund["payment_intent"]}


def subscriptions():
    """Every subscription for a gift, over or not."""
    with asking("list the subscriptions"):
        found = [subscription_of(row) for row in every(client().v1.subscriptions, status="all")]
        return [row for row in found if row.reference]


def every(service, created=None, expand=None, **wish):
    """All rows of a list, page by page, as plain values."""
    wish |= {"limit": PER_PAGE} | ({"created": created} if created else {}) | ({"expand": [expand]} if expand else {})
    return [row.to_dict() for row in service.list(wish).auto_paging_iter()]


# How it is asked


def client():
    return made_client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@cache
def made_client(key, base):
    """One for each process. It keeps its connections open, one for each thread."""
    import stripe  # noqa: PLC0415

    stripe.enable_telemetry = False
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base else None,
        max_network_retries=TRIED_AGAIN,
        http_client=stripe.RequestsClient(timeout=ANSWERED_WITHIN),
    )


@contextmanager
def asking(what):
    """Turn every failure of the library into ours."""
    import stripe  # noqa: PLC0415

    try:
        yield
    except stripe.StripeError as fault:
        if fault.http_status == 404:
            raise UnknownToProviderError(what) from None
        logger.error("Could not %s: %s %s %s", what, type(fault).__name__, fault.http_status, fault.request_id)
        raise ProviderAwayError(f"{type(fault).__name__} {fault.http_status or ''}".strip()) from None


def reference_in(found):
    return (found.get("metadata") or {}).get("reference") or ""


def moment_of(seconds):
    return datetime.fromtimestamp(seconds, UTC)
