"""What the treasurer's view asks of its sums."""

from django import template
from django.utils.dates import MONTHS

register = template.Library()


@register.filter
def by_method(sums, method):
    return sums.of(method)


@register.filter
def month_name(number):
    return MONTHS[number]
