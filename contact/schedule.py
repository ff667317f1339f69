"""What is left of a payment, and when the next one of a monthly gift is due."""

import calendar
from datetime import date

from contact.models import Donation


def left_of(payment):
    """What of a payment did not go back, in cents."""
    return payment.amount_cents - sum(refund.amount_cents for refund in payment.refunds.all())


def next_date(donation):
    """The day on which the next money of a monthly gift is due, or None where none is.

    It is the day of the first payment, a month after the latest one; a month too short for it ends on its last day.
    """
    if donation.state != Donation.State.ACTIVE:
        return None
    days = sorted(payment.received_on for payment in donation.payments.all())
    if not days:
        return None
    year, month = divmod(days[-1].year * 12 + days[-1].month, 12)
    return date(year, month + 1, min(days[0].day, calendar.monthrange(year, month + 1)[1]))
