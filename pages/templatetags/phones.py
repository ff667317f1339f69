"""`{% call_link line %}`, `{% text_link line %}`: the only way a telephone number comes into a page.

`line` is whatever has a `number` with the key to `press`, a `text_number` with its `text_keyword`: a crisis line, a
number of the bar. So the words and the address behind them are never those of two lines.
"""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from pages import phones

register = template.Library()


def call_label(line):
    """`Call 988, then press 1`."""
    if line.press:
        return _("Call %(number)s, then press %(key)s") % {"number": phones.shown(line.number), "key": line.press}
    return _("Call %(number)s") % {"number": phones.shown(line.number)}


def text_label(line):
    """`Text HOME to 741741`."""
    if line.text_keyword:
        return _("Text %(word)s to %(number)s") % {
            "word": line.text_keyword,
            "number": phones.shown(line.text_number),
        }
    return _("Text %(number)s") % {"number": phones.shown(line.text_number)}


def link(address, label, css=""):
    if css:
        return format_html('<a class="{}" href="{}">{}</a>', css, address, label)
    return format_html('<a href="{}">{}</a>', address, label)


@register.simple_tag
def call_link(line, css=""):
    """A link that calls the line, or nothing where it has no number. The key is for the caller's own hand."""
    return link(phones.call_address(line.number), call_label(line), css) if line.number else ""


@register.simple_tag
def text_link(line, css=""):
    """A link that opens a text message to the line with its word, or nothing where it takes none."""
    if not line.text_number:
        return ""
    return link(phones.text_address(line.text_number, line.text_keyword), text_label(line), css)


@register.simple_tag
def phone_link(number):
    """A link that calls a number on its own, which is its own label; nothing for an empty one."""
    return link(phones.call_address(number), phones.shown(number)) if number else ""
