"""The books: what was promised, what came, what went back and what it was used for."""

from dataclasses import dataclass, field

from django.db.models import Prefetch, Sum

from contact.models import Donation, Payment, Purpose, Refund, Spending


@dataclass
class Line:
    """One purpose, or gifts for none in particular. All sums are cents."""

    purpose: Purpose | None
    promised: int = 0
    """Pledged and not received yet; of a monthly pledge the first month."""
    received: int = 0
    """Without what went back."""
    used: int = 0
    spendings: list = field(default_factory=list)

    @property
    def left(self):
        return self.received - self.used

    @property
    def goal(self):
        return self.purpose.goal_cents if self.purpose else None


@dataclass
class Ledger:
    lines: list
    names: list
    """Donors who want to be named, and from whom something came."""

    @property
    def promised(self):
        return sum(line.promised for line in self.lines)

    @property
    def received(self):
        return sum(line.received for line in self.lines)

    @property
    def used(self):
        return sum(line.used for line in self.lines)


def ledger(now):
    """The public ledger: published purposes each, everything else under no purpose, so that the sums are whole."""
    purposes = list(Purpose.objects.published(now))
    lines = {purpose.pk: Line(purpose) for purpose in purposes}
    rest = Line(None)
    promised = Donation.objects.waiting().values_list("purpose").annotate(Sum("amount_cents")).order_by()
    received = Payment.objects.values_list("donation__purpose").annotate(Sum("amount_cents")).order_by()
    refunded = Refund.objects.values_list("payment__donation__purpose").annotate(Sum("amount_cents")).order_by()
    for number, cents in promised:
        lines.get(number, rest).promised += cents
    for number, cents in received:
        lines.get(number, rest).received += cents
    for number, cents in refunded:
        lines.get(number, rest).received -= cents
    for spending in Spending.objects.all():
        line = lines.get(spending.purpose_id, rest)
        line.used += spending.amount_cents
        line.spendings.append(spending)
    shown = [*lines.values()]
    if rest.promised or rest.received or rest.used:
        shown.append(rest)
    return Ledger(shown, names())


def names():
    donations = Donation.objects.trusted().filter(shows_name=True).prefetch_related("payments__refunds")
    found = {}
    for donation in donations:
        if any(_is_kept(payment) for payment in donation.payments.all()):
            found.setdefault(donation.name.casefold(), donation.name)
    return [found[key] for key in sorted(found)]


def _is_kept(payment):
    return payment.amount_cents > sum(refund.amount_cents for refund in payment.refunds.all())


def gifts_of(email):
    """The gifts of one donor with all that became of them, the latest first."""
    payments = Payment.objects.prefetch_related("refunds")
    return (
        Donation.objects.of_donor(email)
        .trusted()
        .select_related("purpose")
        .prefetch_related(Prefetch("payments", queryset=payments))
    )
