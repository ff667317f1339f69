"""Compares the gifts stored here with what the card provider knows, and records what is missing."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from contact import card_gifts, giving, payments
from contact.models import Donation, Payment, ProviderEvent
from contact.money import shown

logger = logging.getLogger("cacita.reconciling")

LOOKS_BACK = timedelta(days=40)
"""How far the daily comparing looks back: the provider repeats an event for three days, a refund comes within weeks."""
COMPARED = "comparison"
"""The kind of what comparing found, among the events of the provider."""


@dataclass(frozen=True)
class Difference:
    about: str
    """The gift's reference and the provider's number. Never a name."""
    words: str
    cents: int = 0
    """What the provider has more than we, below zero where it has less."""
    trace: payments.Trace | None = None
    """Where to follow it; None where only a person can mend it."""

    def __str__(self):
        return f"{self.about}: {self.words}" + (f" ({shown(self.cents)})" if self.cents else "")


@dataclass
class Comparison:
    differences: list[Difference] = field(default_factory=list)
    here: int = 0
    """What came by card and stayed, in cents, as stored here."""
    there: int = 0
    """The same as the provider has it."""


def compare(since):
    """The difference between here and the provider, for everything since this moment; subscriptions always."""
    result = Comparison()
    compare_money(result, since)
    compare_subscriptions(result)
    return result


def compare_money(result, since):
    there = {money.provider_id: (trace, money) for trace, money in payments.monies_since(since)}
    here = {
        payment.provider_id: payment
        for payment in Payment.objects.filter(received_on__gte=card_gifts.day_of(since)).exclude(provider_id=None)
    }
    for payment_id in sorted({*there, *here, *payments.refunded_since(since)}):
        payment = here.get(payment_id) or Payment.objects.filter(provider_id=payment_id).first()
        trace, money = there.get(payment_id) or (None, None)
        if payment is None and money is None:
            continue
        if money is None:
            # It is older than what was listed, or the provider does not know it.
            trace, money = look_up(payment)
        compare_payment(result, payment_id, payment, trace, money)


def look_up(payment):
    try:
        return payments.trace("payment_intent", payment.provider_id), payments.money(payment.provider_id)
    except payments.UnknownToProviderError:
        return None, None


def compare_payment(result, payment_id, payment, trace, money):
    reference = trace.reference if trace else payment.donation.reference
    came_here = payment.amount_cents if payment else 0
    came_there = money.cents if money else 0
    back_here = sum(refund.amount_cents for refund in payment.refunds.all()) if payment else 0
    back_there = sum(refund.cents for refund in payments.refunds(payment_id)) if money and money.refunded_cents else 0
    result.here += came_here - back_here
    result.there += came_there - back_there

    def note(words, cents, trace=None):
        result.differences.append(Difference(f"{reference} {payment_id}", words, cents, trace))

    if payment is None:
        note(_("the payment is missing here"), came_there, trace)
    elif money is None:
        note(_("the provider knows no such payment"), -came_here)
    elif came_here != came_there:
        note(_("the sum of the payment differs"), came_there - came_here)
    if back_there > back_here:
        note(_("a refund is missing here"), back_here - back_there, trace)
    elif back_there < back_here:
        note(_("more was refunded here than there"), back_here - back_there)


def compare_subscriptions(result):
    donations = {
        donation.reference: donation for donation in Donation.objects.filter(frequency=Donation.Frequency.MONTHLY)
    }
    seen = set()
    for found in payments.subscriptions():
        donation = donations.get(found.reference)
        trace = payments.Trace(found.reference, customer_id=found.customer_id, subscription_id=found.provider_id)
        words = ""
        if donation is None:
            words, trace = _("there is no such monthly gift here"), None
        elif donation.subscription_id not in ("", found.provider_id):
            words, trace = _("a second subscription goes on") if found.goes_on else "", None
        else:
            seen.add(found.provider_id)
            words = fault_of(donation, found)
        if words:
            result.differences.append(Difference(f"{found.reference} {found.provider_id}", words, 0, trace))
    for donation in donations.values():
        goes_on = donation.state == Donation.State.ACTIVE and donation.subscription_id
        if goes_on and donation.subscription_id not in seen:
            about = f"{donation.reference} {donation.subscription_id}"
            result.differences.append(Difference(about, _("the provider knows no such subscription")))


def fault_of(donation, found):
    """What is wrong with the state of a monthly gift, or nothing."""
    if not donation.subscription_id:
        return _("the gift does not know its subscription")
    if found.goes_on and donation.state == Donation.State.STOPPED:
        return _("it goes on there and is stopped here")
    if not found.goes_on and donation.goes_on:
        return _("it has ended there and goes on here")
    return ""


def mend(differences, now):
    """Record what is missing here, by the rule that follows events. What cannot be mended stays as it is."""
    for difference in differences:
        if difference.trace is not None:
            try:
                card_gifts.follow(difference.trace, now)
            except (card_gifts.NoGiftError, giving.TooMuchError):
                continue


def reconcile_lately(now):
    """Timed work: record what no event told of, and show staff what remains, until it does not."""
    if not payments.is_on():
        return
    since = now - LOOKS_BACK
    differences = compare(since).differences
    if differences:
        logger.warning("Differences to the card provider: %d. Recording what is missing here.", len(differences))
        mend(differences, now)
        differences = compare(since).differences
    show(differences, now)


def show(differences, now):
    """Put each difference beside the provider's events, once, and take away those that are no more."""
    shown_now = {f"{COMPARED} {difference.about}: {difference.words}"[:255]: difference for difference in differences}
    ProviderEvent.objects.filter(kind=COMPARED).exclude(event_id__in=shown_now).delete()
    for number, difference in shown_now.items():
        values = {"kind": COMPARED, "created": now, "handled": now, "fault": str(difference)}
        ProviderEvent.objects.get_or_create(event_id=number, defaults=values)
