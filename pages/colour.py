"""Contrast between two colours, as WCAG 2.2 measures it."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HEX = re.compile(r"#[0-9a-f]{6}")
PAPER = "#faf6ed"
"""The ground of every page in the light scheme; `--cream` in `tokens.css` is the same colour."""
INK = "#1d2630"
"""The darkest text; what stands on an accent-coloured button is about this dark."""
READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3: the least contrast of normal text."""


def validate_hex(value):
    if not HEX.fullmatch(value):
        raise ValidationError(_("Write a color as # and six digits or letters a–f, for example #0b5a8c."))


def luminance(colour):
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white): https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Contrast ratio of two colours, 1 (none) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
