"""What a treasurer needs: the sums of a year by month, by way and by purpose, and every movement as a table."""

from dataclasses import dataclass, field

from django.db.models import F, Q, Sum
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext as _

from contact.models import Payment, Purpose, Refund
from contact.money import dollars
from pages import spreadsheets


@dataclass
class Sums:
    """Cents of a month, of a purpose or of a year."""

    received: int = 0
    refunded: int = 0
    fees: int = 0
    """How much of what was received covers the fees of the card provider."""
    by_method: dict = field(default_factory=dict)

    @property
    def net(self):
        return self.received - self.refunded

    def add(self, other):
        self.received += other.received
        self.refunded += other.refunded
        self.fees += other.fees
        for method, cents in other.by_method.items():
            self.by_method[method] = self.by_method.get(method, 0) + cents

    def of(self, method):
        return self.by_method.get(method, 0)


@dataclass
class Year:
    year: int
    months: list
    """(number of the month, sums), all twelve."""
    purposes: list
    """(purpose or None, sums) of what came or went back in this year."""
    whole: Sums


FEE = Sum("donation__fee_cents", filter=Q(method=Payment.Method.CARD, amount_cents__gt=F("donation__fee_cents")))


def year_of(year):
    """All sums of a year: money counts in the month in which it came, or went back."""
    months = [(number, Sums()) for number in range(1, 13)]
    purposes = {}
    came = (
        Payment.objects.filter(received_on__year=year)
        .annotate(month=ExtractMonth("received_on"))
        .values_list("month", "donation__purpose", "method")
    )
    for month, purpose, method, cents, fees in came.annotate(cents=Sum("amount_cents"), fees=FEE).order_by():
        sums = Sums(received=cents, fees=fees or 0, by_method={method: cents})
        months[month - 1][1].add(sums)
        purposes.setdefault(purpose, Sums()).add(sums)
    back = (
        Refund.objects.filter(refunded_on__year=year)
        .annotate(month=ExtractMonth("refunded_on"))
        .values_list("month", "payment__donation__purpose")
    )
    for month, purpose, cents in back.annotate(cents=Sum("amount_cents")).order_by():
        sums = Sums(refunded=cents)
        months[month - 1][1].add(sums)
        purposes.setdefault(purpose, Sums()).add(sums)
    whole = Sums()
    for _month, sums in months:
        whole.add(sums)
    known = Purpose.objects.in_bulk([number for number in purposes if number])
    rows = sorted(purposes.items(), key=lambda row: (row[0] is None, str(known.get(row[0], ""))))
    return Year(year, months, [(known.get(number), sums) for number, sums in rows], whole)


def years():
    """The years in which anything moved, the latest first."""
    days = [*Payment.objects.dates("received_on", "year"), *Refund.objects.dates("refunded_on", "year")]
    return sorted({day.year for day in days}, reverse=True)


def table(year):
    """Every payment and every refund of a year as CSV. The column of amounts adds up to what is left of the year."""
    headings = [
        _("Date"),
        _("Kind"),
        _("Amount"),
        _("Fee covered"),
        _("By"),
        _("Number"),
        _("Gift"),
        _("Receipt"),
        _("Donor"),
        _("Purpose"),
        _("Value returned"),
    ]
    payments = Payment.objects.filter(received_on__year=year).select_related("donation__purpose")
    refunds = Refund.objects.filter(refunded_on__year=year).select_related("payment__donation__purpose")
    rows = [(payment.received_on, payment.recorded, payment_row(payment)) for payment in payments]
    rows += [(refund.refunded_on, refund.recorded, refund_row(refund)) for refund in refunds]
    return spreadsheets.table(headings, [row for _day, _moment, row in sorted(rows, key=lambda row: row[:2])])


def payment_row(payment):
    donation = payment.donation
    is_covered = payment.method == Payment.Method.CARD and payment.amount_cents > donation.fee_cents
    return [
        payment.received_on.isoformat(),
        _("Received"),
        dollars(payment.amount_cents),
        dollars(donation.fee_cents if is_covered else 0),
        payment.get_method_display(),
        payment.mark,
        *_about(payment),
        dollars(payment.value_cents),
    ]


def refund_row(refund):
    payment = refund.payment
    return [
        refund.refunded_on.isoformat(),
        _("Sent back"),
        dollars(-refund.amount_cents),
        dollars(0),
        payment.get_method_display(),
        payment.mark,
        *_about(payment),
        dollars(0),
    ]


def _about(payment):
    donation = payment.donation
    return [donation.reference, payment.receipt, donation.name, donation.purpose.name if donation.purpose else ""]
