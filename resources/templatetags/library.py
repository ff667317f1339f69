"""What the pages of the library and the glossary draw from an entry, and what blocks show of it on other pages."""

import re

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from pages.bilingual import Words
from pages.templatetags.site import data_block
from programs.facts import source_date
from resources import citations, structured
from resources.lines import day_shown
from resources.templatetags.lines import said

register = template.Library()
for shared in (said, day_shown, source_date, citations.reference, citations.citation):
    register.filter(shared)

END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:al|vs|St|EE|UU))[.?!][”»’)]*(?=\s+[^\s(a-záéíñóúü])")
"""Where a sentence ends: not after “U.S.”, “et al.” or “EE. UU.”, and not before a small letter."""


@register.filter
def said_text(record, name):
    """The same words without a mark of their language, for places where no markup can stand."""
    return record.said(name).text


@register.filter
def said_language(record, name):
    """In which language these words stand."""
    return record.said(name).language


@register.filter
def is_translated(record, name):
    """Whether the page shows other words here than English does."""
    words = record.said(name)
    return words.language != "en" and words.text != getattr(record, name)


@register.filter
def first_sentence(record, name):
    """The first sentence of a field in the language of the page, marked where it stands in another."""
    words = record.said(name)
    end = END.search(words.text)
    return conditional_escape(Words(words.text[: end.end()] if end else words.text, words.language))


@register.simple_tag
def resource_data(resource, site_url):
    """The entry's document for search engines, for the page's head."""
    return data_block(structured.resource_data(resource, site_url=site_url))


@register.simple_tag
def glossary_data(terms, site_url):
    """The terms for search engines, for the page's head."""
    return data_block(structured.glossary_data(terms, site_url=site_url, name=_("Glossary")))


@register.simple_tag
def resources_of(block):
    """The entries a block shows, and whether the library has more of them."""
    found = list(block.resources(timezone.now())[: block.count + 1])
    return {"resources": found[: block.count], "has_more": len(found) > block.count}
