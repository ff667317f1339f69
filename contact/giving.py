"""What becomes of a gift: it is decided, paid, refunded, stopped, or forgotten.

Every function stores what happened together with the mail that tells of it: both are there or neither is.
"""

import contextlib
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contact import payments, receipts
from contact.donor_links import stop_path, whole
from contact.models import Donation, Giving, Payment, Refund
from contact.pledges import ways_of
from contact.schedule import left_of
from pages import outbox
from pages.models import Identity

TWICE_WITHIN = timedelta(minutes=10)
"""The same decision of the same person within this time is the same gift: somebody pressed the button twice."""
REMIND_AFTER = timedelta(days=21)
ABANDON_AFTER = timedelta(days=120)
ABANDON_CARD_AFTER = timedelta(days=7)
"""The provider's page for a card stays open for a day at most; a week leaves time for a late word from them."""


class TooMuchError(ValueError):
    """More would go back than came."""


def give(values, now, *, is_suspicious=False):
    """Store what a donor decided at the moment `now` and return the donation.

    `values` are fields of `Donation`. What seems to come from a program is stored, and neither the donor nor the
    provider hears of it until somebody on the staff calls `accept`.
    """
    with transaction.atomic():
        # One decision at a time: two posts of one form must not both find that nothing was stored yet.
        Giving.objects.select_for_update().first()
        donation = _twin(values, now)
        if donation is None:
            donation = Donation.objects.create(**values, made=now, is_suspicious=is_suspicious)
            if not is_suspicious:
                _tell_of(donation)
        elif _take_second_thoughts(donation, values, is_suspicious):
            _tell_of(donation)
    return donation


def _twin(values, now):
    """The gift that was just stored for the same decision, while it may still go another way."""
    second_thoughts = ("route", "fee_cents")
    same = {name: value for name, value in values.items() if name not in second_thoughts}
    found = Donation.objects.filter(**same, state=Donation.State.OPEN, made__gt=now - TWICE_WITHIN).first()
    if found is None or all(getattr(found, name) == values[name] for name in second_thoughts):
        return found
    # The provider's page may be open already, and it shows what was decided then.
    return None if found.checkout_id or values["route"] == Donation.Route.CARD else found


def _take_second_thoughts(donation, values, is_suspicious):
    """Let a gift go the way that was chosen last; whether its donor must be told now."""
    is_other_way = donation.route != values["route"]
    is_cleared = donation.is_suspicious and not is_suspicious
    donation.route = values["route"]
    donation.fee_cents = values["fee_cents"]
    donation.is_suspicious = donation.is_suspicious and is_suspicious
    donation.save(update_fields=["route", "fee_cents", "is_suspicious"])
    return not donation.is_suspicious and (is_other_way or is_cleared)


def _tell_of(donation):
    """Send instructions for a pledge. A gift by card is told of when it is paid."""
    if donation.route == Donation.Route.PLEDGE:
        _write_to_donor("gift_pledge", donation)
        _write_to_treasurer(donation, "pledge")


@transaction.atomic
def accept(donation):
    """Somebody on the staff says that this gift was no program's: let it go its way."""
    donation.refresh_from_db(from_queryset=Donation.objects.select_for_update())
    if not donation.is_suspicious:
        return
    donation.is_suspicious = False
    donation.save(update_fields=["is_suspicious"])
    if donation.state != Donation.State.OPEN:
        return
    if donation.route == Donation.Route.CARD:
        _write_to_donor("gift_pay", donation, pay_url=whole(reverse("donate:pay", args=[donation.reference])))
    else:
        _tell_of(donation)


@transaction.atomic
def record_payment(
    donation,
    amount_cents,
    received_on,
    method,
    provider_id=None,
    now=None,
    *,
    mark="",
    value_cents=0,
    value_words="",
    recorded_by=None,
):
    """Store that money came, send the receipt and return the payment.

    Whatever the provider names `provider_id` is stored once: a second call changes nothing and returns the first
    payment. Money that comes late brings an abandoned gift back; a stopped monthly gift stays stopped.
    """
    now = now or timezone.now()
    donation.refresh_from_db(from_queryset=Donation.objects.select_for_update())
    if provider_id and (known := Payment.objects.filter(provider_id=provider_id).first()):
        return known
    payment = Payment.objects.create(
        donation=donation,
        amount_cents=amount_cents,
        received_on=received_on,
        method=method,
        provider_id=provider_id or None,
        mark=mark,
        value_cents=value_cents,
        value_words=value_words,
        recorded_by=recorded_by,
    )
    if not donation.is_monthly:
        donation.state = Donation.State.DONE
    elif donation.state != Donation.State.STOPPED:
        donation.state = Donation.State.ACTIVE
    donation.is_suspicious = False
    donation.save(update_fields=["state", "is_suspicious"])
    send_receipt(payment, now)
    if method == Payment.Method.CARD:
        _write_to_treasurer(donation, "payment", payment=payment)
    return payment


@transaction.atomic
def record_refund(payment, amount_cents, refunded_on, reason="", provider_id=None):
    """Store that money went back, send the corrected receipt and return the refund.

    Idempotent for a `provider_id` like `record_payment`. Raises `TooMuchError` where more would go back than came.
    """
    payment = Payment.objects.select_for_update(of=("self",)).select_related("donation").get(pk=payment.pk)
    if provider_id and (known := Refund.objects.filter(provider_id=provider_id).first()):
        return known
    if amount_cents > left_of(payment):
        raise TooMuchError(payment)
    refund = Refund.objects.create(
        payment=payment,
        amount_cents=amount_cents,
        refunded_on=refunded_on,
        reason=reason,
        provider_id=provider_id or None,
    )
    _write_with_receipt("gift_refund", payment, refund=refund)
    _write_to_treasurer(payment.donation, "refund", payment=payment, refund=refund)
    return refund


@transaction.atomic
def stop(donation, now):
    """End a monthly gift and tell the donor; whether there was anything to end. The provider is not asked here."""
    donation.refresh_from_db(from_queryset=Donation.objects.select_for_update())
    if not donation.goes_on:
        return False
    donation.state = Donation.State.STOPPED
    donation.stopped = now
    donation.save(update_fields=["state", "stopped"])
    if not donation.is_suspicious:
        _write_to_donor("gift_stopped", donation)
        _write_to_treasurer(donation, "stop")
    return True


def end(donation, now):
    """Stop a monthly gift, and before that at the card provider: only then no more money comes.

    Raises `payments.ProviderAwayError` where the provider does not answer; the gift goes on then.
    """
    if donation.route == Donation.Route.CARD and (donation.subscription_id or donation.checkout_id):
        if not payments.is_on():
            raise payments.ProviderAwayError
        with contextlib.suppress(payments.UnknownToProviderError):
            payments.end(donation)
    return stop(donation, now)


@transaction.atomic
def change_amount(donation, amount_cents):
    """Let a monthly pledge be of another amount from now on, and tell the donor."""
    donation.refresh_from_db(from_queryset=Donation.objects.select_for_update())
    if not donation.goes_on or donation.route != Donation.Route.PLEDGE or donation.amount_cents == amount_cents:
        return
    before = donation.amount_cents
    donation.amount_cents = amount_cents
    donation.save(update_fields=["amount_cents"])
    _write_to_donor("gift_changed", donation, before=before)
    _write_to_treasurer(donation, "change", before=before)


@transaction.atomic
def send_receipt(payment, now):
    """Mail the receipt of a payment unless it was sent already."""
    if not Payment.objects.filter(pk=payment.pk, receipt_sent=None).update(receipt_sent=now):
        return
    payment.receipt_sent = now
    _write_with_receipt("gift_receipt", payment)


@transaction.atomic
def send_receipt_again(payment, now):
    """Mail the receipt once more, as things stand now."""
    Payment.objects.filter(pk=payment.pk).update(receipt_sent=now)
    _write_with_receipt("gift_receipt", payment)


@transaction.atomic
def give_up(donation):
    """Close a gift of which staff know that it will not be paid; whether it was open."""
    donation.refresh_from_db(from_queryset=Donation.objects.select_for_update())
    if donation.state != Donation.State.OPEN:
        return False
    donation.state = Donation.State.ABANDONED
    donation.save(update_fields=["state"])
    return True


# Timed work


def tend(now):
    """Remind once, gently, of a pledge that nothing has come of; close what was never paid."""
    for donation in Donation.objects.waiting().filter(reminded=None, made__lte=now - REMIND_AFTER):
        _remind(donation, now)
    never_paid = Donation.objects.filter(state=Donation.State.OPEN, payments=None)
    never_paid.filter(made__lte=now - ABANDON_AFTER).update(state=Donation.State.ABANDONED)
    by_card = never_paid.filter(route=Donation.Route.CARD, made__lte=now - ABANDON_CARD_AFTER)
    by_card.filter(is_suspicious=False).update(state=Donation.State.ABANDONED)


@transaction.atomic
def _remind(donation, now):
    still_waiting = Donation.objects.waiting().filter(pk=donation.pk, reminded=None, payments=None)
    # A gift too old for a reminder is only closed: the site may have stood still in between.
    if still_waiting.update(reminded=now) and donation.made > now - ABANDON_AFTER:
        _write_to_donor("gift_reminder", donation)


# Mail


def _write_with_receipt(template, payment, **more):
    payment = receipts.payments_with_all().get(pk=payment.pk)
    paper = receipts.receipt_of(payment)
    _write_to_donor(template, payment.donation, receipts.attachments(paper), payment=payment, paper=paper, **more)


def _write_to_donor(template, donation, attachments=(), **more):
    giving, identity = Giving.load(), Identity.load()
    context = {
        "donation": donation,
        "ways": ways_of(giving, identity),
        "stop_url": whole(stop_path(donation)) if donation.goes_on else "",
        "my_link_url": whole(reverse("donate:my_link")),
        **more,
    }
    reply_to = giving.treasurer_addresses or identity.email
    outbox.write(template, donation.email, context, reply_to=reply_to, attachments=attachments)


def _write_to_treasurer(donation, what, **more):
    """Tell the treasurer; `what` is pledge, payment, refund, stop or change."""
    giving, identity = Giving.load(), Identity.load()
    context = {
        "what": what,
        "donation": donation,
        "admin_url": whole(reverse("admin:contact_donation_change", args=[donation.pk])),
        "missing": receipts.missing(giving, identity),
        **more,
    }
    outbox.write("gift_notice", giving.treasurer_addresses or identity.email, context)
