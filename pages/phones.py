"""Telephone numbers: stored once in the form a telephone dials, shown in the form people read."""

from urllib.parse import quote

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

REGION = "US"
"""Where a number without a country code is taken to be."""
LONGEST_SHORT = 6
"""Digits of a short code such as 988, 211 or 741741, which has no country code."""
LONGEST_TYPED = 40
"""People put signs and spaces between the digits."""


def dialled(text):
    """The number as a telephone dials it: `+19165550100` (ITU-T E.164), or a short code as it is.

    Raises `ValidationError` where the text is no number that could exist.
    """
    text = text.strip()
    if text.isdecimal() and text.isascii() and 3 <= len(text) <= LONGEST_SHORT:
        return text
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not is_whole(number):
        raise ValidationError(_("“%s” is no telephone number. Write it with its area code: 916 555 0100.") % text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_whole(number):
    """Whether it has as many digits as numbers of its country have. One without an area code is possible there too,
    but could not be dialled from elsewhere."""
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def shown(number):
    """The number as people of this country read it: `(916) 555-0100`; others with their country code."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number, REGION)
    at_home = parsed.country_code == phonenumbers.country_code_for_region(REGION)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def call_address(number):
    """The address behind which a telephone calls the number: `tel:988` (RFC 3966)."""
    return f"tel:{number}"


def text_address(number, keyword=""):
    """The address that opens a text message to the number, with the word in it: `sms:741741?&body=HOME`.

    RFC 5724 has `?body=`; iPhones once wanted `&body=`. With `?&` both kinds of telephone find the word.
    """
    return f"sms:{number}?&body={quote(keyword)}" if keyword else f"sms:{number}"


class PhoneField(models.CharField):
    """One telephone number, however it was typed; the database holds what a telephone dials."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 20, **kwargs})

    def clean(self, value, instance):
        return super().clean(dialled(value) if value else "", instance)

    def pre_save(self, instance, add):
        value = getattr(instance, self.attname)
        setattr(instance, self.attname, dialled(value) if value else "")
        return super().pre_save(instance, add)

    def formfield(self, **kwargs):
        return super().formfield(**{"widget": TelephoneInput, "max_length": LONGEST_TYPED, **kwargs})


class TelephoneInput(forms.TextInput):
    """Brings up the keys of a telephone where there are no others."""

    input_type = "tel"
