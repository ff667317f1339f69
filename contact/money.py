"""Money at the edges of the site: what people type becomes whole cents, and whole cents become what people read."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

TYPED = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?\s*\$?", re.ASCII)
"""Digits, with commas between thousands, and at most two digits of cents: `1,250.50` or `$25`."""


def cents_of(text):
    """Whole cents out of what somebody typed. Raises `ValueError` for anything that could be read in two ways."""
    match = TYPED.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    dollars, cents = match.groups(default="0")
    return int(dollars.replace(",", "")) * 100 + int(cents.ljust(2, "0"))


def dollars(cents):
    """The exact amount in dollars, for spreadsheets and wherever somebody else counts on."""
    return Decimal(cents).scaleb(-2).quantize(Decimal("0.01"))


def shown(cents):
    """`$1,250.50`; what is below zero has its sign before the dollar."""
    text = number_format(abs(dollars(cents)), decimal_pos=2, force_grouping=True)
    return f"{'−' if cents < 0 else ''}${text}"


def shown_short(cents):
    """`$25` where there are no cents, else as `shown`."""
    text = shown(cents)
    return text[:-3] if cents % 100 == 0 else text


class MoneyField(forms.Field):
    """An amount in dollars as people type it; its value is whole cents, and None where nothing was typed."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "maxlength": "20"}

    def to_python(self, value):
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return cents_of(str(value))
        except ValueError:
            raise ValidationError(_("Write an amount in dollars, for example 40 or 40.50.")) from None

    def prepare_value(self, value):
        """Cents as somebody would type them; what was typed stays as it is."""
        return str(dollars(value)) if isinstance(value, int) else value
