"""Receipts: what they say, and how they look as a PDF.

What a receipt must say is United States tax law, as the Internal Revenue Service explains it in Publication 1771 and on
its page “Charitable contributions: Written acknowledgments":

* From $250 on, a donor needs a written acknowledgment that names the organization and the amount, and says whether
  anything was given in return: that nothing was, or what, with an estimate of its value made in good faith (section
  170(f)(8) of the Internal Revenue Code).
* Where more than $75 is paid partly as a gift and partly for something in return, the organization must say that only
  what exceeds the value of that is deductible, and estimate the value (section 6115).

A receipt below these sums says the same, which is true there too. Nothing is said to be deductible unless staff ticked
`Giving.is_deductible`; what is not known (an EIN, an address) is left out and never made up.
"""

import logging
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contact import schedule
from contact.donor_links import stop_path, whole
from contact.models import Giving, Payment
from contact.money import shown
from pages import papers
from pages.models import Identity

logger = logging.getLogger("cacita.receipts")

ACKNOWLEDGED_FROM = 250_00
"""From this amount on a donor needs a written acknowledgment."""


@dataclass(frozen=True)
class Paper:
    """What stands on a receipt or a statement, in words, in reading order."""

    title: str
    number: str
    sender: list[str]
    """The association: its legal name, then lines of its address, then its EIN; as far as known."""
    donor: str
    facts: list[tuple[str, str]]
    sentences: list[str]
    table: dict = field(default_factory=dict)
    language: str = "en"
    labels: dict = field(default_factory=dict)


def receipt_of(payment):
    """The receipt of a payment as things stand now: after a refund it is the corrected one."""
    giving, identity = Giving.load(), Identity.load()
    return Paper(
        title=_("Corrected receipt") if payment.refunds.all() else _("Receipt for a gift"),
        number=payment.receipt,
        sender=sender_lines(giving, identity),
        donor=payment.donation.name,
        facts=facts_of(payment, giving),
        sentences=sentences_of(payment, giving, identity),
        language=get_language() or settings.LANGUAGE_CODE,
        labels=labels(),
    )


def facts_of(payment, giving):
    donation = payment.donation
    refunds = list(payment.refunds.all())
    left = schedule.left_of(payment)
    facts = [
        (_("Receipt"), payment.receipt),
        (_("Gift"), donation.reference),
        (_("Amount received"), shown(payment.amount_cents)),
        (_("Received on"), day(payment.received_on)),
        (_("By"), method_words(payment)),
    ]
    facts += [(_("Sent back on %s") % day(refund.refunded_on), shown(refund.amount_cents)) for refund in refunds]
    if refunds:
        facts.append((_("What is left of it"), shown(left)))
    if payment.value_cents:
        facts.append((_("You received"), payment.value_words))
        facts.append((_("Its value, our good-faith estimate"), shown(payment.value_cents)))
        if giving.is_deductible:
            facts.append((_("Part above that value"), shown(max(left - payment.value_cents, 0))))
    if donation.is_monthly:
        facts.append((_("How often"), _("Every month")))
        if due := schedule.next_date(donation):
            facts.append((_("Next one"), next_words(donation, due)))
    if donation.purpose:
        facts.append((_("For"), donation.purpose.name))
    if donation.tribute:
        facts.append((donation.get_tribute_display(), donation.tribute_name))
    return facts


def sentences_of(payment, giving, identity):
    left = schedule.left_of(payment)
    sentences = []
    if payment.refunds.all():
        sentences.append(_("This receipt takes the place of the one you had before for the same gift."))
    if left:
        sentences += acknowledgment(left, payment, giving, giving.legal_name or identity.name)
    elif giving.is_deductible:
        sentences.append(_("All of this gift was sent back to you. Nothing of it can be deducted."))
    else:
        sentences.append(_("All of this gift was sent back to you."))
    donation = payment.donation
    if donation.goes_on:
        if is_first(payment):
            sentences.append(_("This is the first of your monthly gifts."))
        sentences.append(_("To stop your monthly gift: %s") % whole(stop_path(donation)))
    sentences.append(_("Your gifts and receipts: %s") % whole(reverse("donate:my_link")))
    return sentences


def acknowledgment(left, payment, giving, name):
    """What the law wants said about the `left` cents of a payment that the association keeps."""
    if payment.value_cents:
        sentences = [
            _("In return for this gift you received: %(words)s. Our good-faith estimate of its value is %(value)s.")
            % {"words": payment.value_words, "value": shown(payment.value_cents)}
        ]
        if giving.is_deductible:
            sentences.append(
                _(
                    "For federal income tax, what you may deduct is limited to the part of your gift that exceeds this "
                    "value: %s."
                )
                % shown(max(left - payment.value_cents, 0))
            )
    else:
        sentences = [_("%s provided no goods or services in return for this gift.") % name]
    if not giving.is_deductible:
        return [*sentences, _("This receipt does not say whether the gift can be deducted from taxes.")]
    sentences.append(
        _(
            "%s is recognized as tax-exempt under section 501(c)(3) of the Internal Revenue Code; gifts to it are "
            "deductible as far as the law allows."
        )
        % name
    )
    if left >= ACKNOWLEDGED_FROM:
        sentences.append(
            _(
                "This is the written acknowledgment that the Internal Revenue Service asks for with a gift of $250 or "
                "more. Keep it, and have it before you file your return."
            )
        )
    else:
        sentences.append(_("Keep this receipt with your records."))
    return sentences


def is_first(payment):
    return not any(
        (other.received_on, other.pk) < (payment.received_on, payment.pk) for other in payment.donation.payments.all()
    )


def method_words(payment):
    words = payment.get_method_display()
    return f"{words}, {payment.mark}" if payment.mark else words


def next_words(donation, due):
    """A card is charged on the day; a check is on its way for some."""
    words = _("on %s") if donation.route == donation.Route.CARD else _("around %s")
    return words % day(due)


def day(moment):
    return date_format(moment, "F j, Y")


def sender_lines(giving, identity):
    """Who gives the receipt, as far as staff said so."""
    ein = [_("EIN %s") % identity.ein] if identity.ein else []
    return [
        giving.legal_name or identity.name,
        *(line.strip() for line in identity.address_lines if line.strip()),
        *ein,
    ]


def missing(giving, identity):
    """What a donor's tax adviser will look for on a receipt and not find, in words for staff."""
    wanted = [
        (giving.legal_name.strip(), _("legal name")),
        (identity.ein, _("EIN")),
        (identity.address.strip(), _("postal address")),
    ]
    return [words for value, words in wanted if not value]


# The paper


def labels():
    return {"from": _("From"), "to": _("To"), "page": _("Page")}


def pdf(paper):
    """The paper for screen readers and printers. Raises `typst.TypstError` where the machine cannot make it."""
    return papers.pdf("paper.typ", asdict(paper))


def attachments(paper):
    """The PDF for a mail. Where it cannot be made the mail goes without it: its text says all that the law asks for,
    and the payment is stored in the same transaction."""
    import typst  # noqa: PLC0415 - see pages/papers.py

    try:
        content = pdf(paper)
    except typst.TypstError:
        logger.exception("Could not make the PDF of receipt %s", paper.number)
        return []
    return [(file_name(paper), content, "application/pdf")]


def file_name(paper):
    """A receipt is named by its number, a statement by its year."""
    return f"gifts-{paper.number}.pdf" if paper.number.isdecimal() else f"{paper.number}.pdf"


def payments_with_all():
    """Payments with everything a receipt tells, in few queries."""
    return Payment.objects.select_related("donation__purpose").prefetch_related("refunds", "donation__payments")
