"""The statement of a year: every payment of a donor, what went back of it, and what is left in all."""

import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contact import receipts
from contact.donor_links import whole
from contact.models import Giving, Payment, Statement
from contact.money import shown
from contact.schedule import left_of
from pages import outbox
from pages.models import Identity
from pages.time_zones import zone_of

logger = logging.getLogger("cacita.statements")

SENT_IN = 1
"""January."""


def payments_in(email, year):
    rows = receipts.payments_with_all().filter(donation__email__iexact=email, received_on__year=year)
    return list(rows.order_by("received_on", "pk"))


def years_of(email):
    """The years in which money of this donor came, the latest first."""
    days = Payment.objects.filter(donation__email__iexact=email).dates("received_on", "year", order="DESC")
    return [day.year for day in days]


def statement_of(email, year):
    """The statement of a donor's year, or None where nothing came in it."""
    payments = payments_in(email, year)
    if not payments:
        return None
    giving, identity = Giving.load(), Identity.load()
    came = sum(payment.amount_cents for payment in payments)
    back = came - sum(left_of(payment) for payment in payments)
    value = sum(min(payment.value_cents, left_of(payment)) for payment in payments)
    facts = [
        (_("Year"), str(year)),
        (_("Received"), shown(came)),
    ]
    if back:
        facts.append((_("Sent back"), shown(back)))
    if value:
        facts.append((_("Value of what you received, our good-faith estimate"), shown(value)))
    if back or value:
        label = _("Left as gifts above that value") if value else _("Left as gifts")
        facts.append((label, shown(came - back - value)))
    return receipts.Paper(
        title=_("Statement of gifts"),
        number=str(year),
        sender=receipts.sender_lines(giving, identity),
        donor=payments[-1].donation.name,
        facts=facts,
        sentences=sentences_of(payments, giving, identity),
        table=table_of(payments),
        language=get_language() or settings.LANGUAGE_CODE,
        labels=receipts.labels(),
    )


def table_of(payments):
    """One row for each payment, and one below it for each sum that went back."""
    rows = []
    for payment in payments:
        rows.append(
            [
                receipts.day(payment.received_on),
                payment.receipt,
                receipts.method_words(payment),
                shown(payment.amount_cents),
            ]
        )
        for refund in payment.refunds.all():
            rows.append(
                [receipts.day(refund.refunded_on), payment.receipt, _("Sent back"), shown(-refund.amount_cents)]
            )
    return {"head": [_("Date"), _("Receipt"), _("By"), _("Amount")], "rows": rows}


def sentences_of(payments, giving, identity):
    name = giving.legal_name or identity.name
    with_value = [payment for payment in payments if payment.value_cents and left_of(payment)]
    sentences = [
        _("For %(receipt)s you received: %(words)s. Our good-faith estimate of its value is %(value)s.")
        % {"receipt": payment.receipt, "words": payment.value_words, "value": shown(payment.value_cents)}
        for payment in with_value
    ]
    if not with_value:
        sentences.append(_("%s provided no goods or services in return for these gifts.") % name)
    elif len(with_value) < len(payments):
        sentences.append(_("%s provided no goods or services in return for the others.") % name)
    if giving.is_deductible:
        if with_value:
            sentences.append(
                _("For federal income tax, what you may deduct is limited to the part of a gift above this value.")
            )
        sentences.append(
            _(
                "%s is recognized as tax-exempt under section 501(c)(3) of the Internal Revenue Code; gifts to it are "
                "deductible as far as the law allows."
            )
            % name
        )
    else:
        sentences.append(_("This statement does not say whether the gifts can be deducted from taxes."))
    sentences.append(_("Your gifts and receipts: %s") % whole(reverse("donate:my_link")))
    return sentences


def send(now):
    """In January, mail every donor of the year before the statement of it, once. Runs every day."""
    today = now.astimezone(zone_of(Identity.load())).date()
    if today.month != SENT_IN:
        return
    year = today.year - 1
    sent = {email.lower() for email in Statement.objects.filter(year=year).values_list("email", flat=True)}
    with_email = Payment.objects.filter(received_on__year=year).exclude(donation__email="")
    emails = with_email.values_list("donation__email", flat=True).distinct()
    for email in sorted({email.lower() for email in emails} - sent):
        send_one(email, year, now)


def send_one(email, year, now):
    try:
        with transaction.atomic():
            Statement.objects.create(email=email, year=year, sent=now)
            paper = statement_of(email, year)
            context = {"paper": paper, "year": year}
            outbox.write("gift_statement", email, context, attachments=receipts.attachments(paper))
    except IntegrityError:
        logger.info("The statement of %d was sent by another process.", year)
