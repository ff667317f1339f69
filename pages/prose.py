"""Rich text: what the editor's toolbar offers and what the database accepts come from one list."""

import re
from html import unescape

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField, create_sanitizer

from pages.languages import ENGLISH, in_language
from pages.links import validate_address

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel", "sms"]},
}
LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
HREF = re.compile(r"\bhref=\"([^\"]*)\"")
HEADING = re.compile(r"<h([2-6])\b")
GLOSSARY = "/resources/glossary/"
"""Where words are explained. A link to one of them is drawn in a quieter way than others."""
TERM_LINK = re.compile(rf"<a(?= (?:[^>]* )?href=\"(?:/\w\w)?{GLOSSARY}#[\w-]+\")")


class ProseField(ProseEditorField):
    """Sanitised HTML with paragraphs, lists and links, and with `headings=True` also headings of level 3 and 4.

    The package sanitises in `clean()` only; this field does so on every save too: starter content, the shell and
    imports cannot bring in what the editor refuses.
    """

    def __init__(self, *args, headings=False, **kwargs):
        extensions = EXTENSIONS | ({"Heading": {"levels": [3, 4]}} if headings else {})
        super().__init__(*args, extensions=extensions, sanitize=[create_sanitizer], **kwargs)

    def clean(self, value, instance):
        value = super().clean(value, instance)
        for attributes, inside in LINK.findall(value):
            words = unescape(strip_tags(inside)).strip()
            if not words:
                raise ValidationError(_("One link has no words. Write what it leads to, or remove the link."))
            _check_address(words, unescape("".join(HREF.findall(attributes))))
        return value

    def pre_save(self, instance, add):
        value = self.sanitize(super().pre_save(instance, add) or "")
        setattr(instance, self.attname, value)
        return value


def _check_address(words, href):
    """What the editor's window takes as an address may be half of one: `www.example.org` leads nowhere."""
    try:
        validate_address(href)
        _check_anchor(href)
    except ValidationError as error:
        text = _("The link “%(words)s” leads to “%(href)s”.") % {"words": words[:40], "href": href[:60]}
        raise ValidationError(f"{text} {error.message}") from None


def _check_anchor(href):
    """A view that knows the places on its page, as `check_anchor`, refuses one that is not there."""
    address, _hash, anchor = href.partition("#")
    try:
        view = resolve(in_language(address.partition("?")[0], ENGLISH)).func
    except Resolver404:
        return
    if anchor and hasattr(view, "check_anchor"):
        view.check_anchor(anchor)


def term_address(slug):
    """The address of a term of the glossary, as an editor copies it into a link."""
    return f"{GLOSSARY}#{slug}"


def with_terms_marked(html):
    """Sanitised text in which links to terms of the glossary have the class `term`, the only one that text can have."""
    return TERM_LINK.sub('<a class="term"', html)


def heading_levels(html):
    """The levels of the headings in a text, in their order: `[3, 4, 3]`."""
    return [int(level) for level in HEADING.findall(html)]
