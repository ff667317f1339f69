"""Brings gifts in line with what the card provider says: one rule for its events, in any order, and for comparing.

Whatever led here, the payment, its refunds and the subscription are looked up as they are now and stored by the
functions of `contact.giving`, which do nothing a second time. So no event can come too late, too often or too early.
"""

from django.db.models import Q

from contact import giving, payments
from contact.models import Donation, Payment
from pages.models import Identity
from pages.time_zones import zone_of

State = Donation.State


class NoGiftError(LookupError):
    """The provider names a gift of ours that is not stored here."""


def follow(trace, now):
    """Store everything this trace leads to. Asks the provider; raises `ProviderAwayError` or `NoGiftError`."""
    donation = gift_of(trace)
    link(donation, trace)
    for payment_id in trace.payment_ids:
        follow_payment(donation, payment_id, now)
    if trace.subscription_id:
        follow_subscription(donation, now)
    elif trace.is_given_up and trace.checkout_id == donation.checkout_id:
        change_state(donation, State.OPEN, State.ABANDONED)


def gift_of(trace):
    found = Q(reference=trace.reference)
    if trace.subscription_id:
        found |= Q(subscription_id=trace.subscription_id)
    donation = Donation.objects.filter(found).first()
    if donation is None:
        raise NoGiftError
    return donation


def link(donation, trace):
    """Keep the provider's names for the gift's parts, once they are known."""
    for name in ("checkout_id", "customer_id", "subscription_id"):
        value = getattr(trace, name)
        if value and not getattr(donation, name):
            Donation.objects.filter(pk=donation.pk, **{name: ""}).update(**{name: value})
    donation.refresh_from_db()


def follow_payment(donation, payment_id, now):
    """Store a payment that succeeded, and what went back of it."""
    money = payments.money(payment_id)
    if money is None:
        return
    payment = giving.record_payment(
        donation, money.cents, day_of(money.moment), Payment.Method.CARD, provider_id=money.provider_id, now=now
    )
    if money.refunded_cents:
        for refund in payments.refunds(payment_id):
            follow_refund(payment, refund)


def follow_refund(payment, refund):
    giving.record_refund(payment, refund.cents, day_of(refund.moment), provider_id=refund.provider_id)


def follow_subscription(donation, now):
    """Let the state of a monthly gift be that of its subscription.

    Two events may be at work at once. Each compares with the state it saw before it asked: whoever finds another one
    asks anew, so an answer from before the end never wakes a gift that has ended.
    """
    seen = None
    while (state := Donation.objects.values_list("state", flat=True).get(pk=donation.pk)) != seen:
        seen = state
        subscription = payments.subscription(donation.subscription_id)
        if subscription.goes_on:
            if seen == State.STOPPED:
                change_state(donation, seen, State.ACTIVE, stopped=None)
        elif seen == State.OPEN and not subscription.was_paid:
            change_state(donation, seen, State.ABANDONED)
        elif seen in (State.OPEN, State.ACTIVE):
            giving.stop(donation, now)


def change_state(donation, before, after, **values):
    """Change the state unless somebody else did in the meantime."""
    Donation.objects.filter(pk=donation.pk, state=before).update(state=after, **values)


def day_of(moment):
    """The day on which it was by the association's clock."""
    return moment.astimezone(zone_of(Identity.load())).date()
