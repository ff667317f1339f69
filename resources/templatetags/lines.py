"""What the help pages draw from a crisis line, each from the one record: links, dates, hours."""

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from pages import phones
from pages.bilingual import Words
from pages.languages import ENGLISH
from pages.templatetags.phones import call_link, link, text_link
from resources import family_card, frame, hours, lines

register = template.Library()
register.simple_tag(call_link)
register.simple_tag(text_link)


@register.simple_tag
def help_css():
    """The style sheet of a help page, for the `<style>` whose hash the content policy allows."""
    return mark_safe(frame.CSS)  # noqa: S308 - a file of this project


@register.simple_tag
def family_card_css():
    """The second style sheet of the family card; its view asks the content policy to allow it."""
    return mark_safe(family_card.CSS)  # noqa: S308 - a file of this project


@register.simple_tag
def chat_link(line):
    """A link to the line's chat, or nothing where it has none."""
    return link(line.chat_url, _("Chat online")) if line.chat_url else ""


@register.simple_tag
def video_link(line):
    """A link that calls the line's videophone, or nothing where it has none."""
    if not line.videophone:
        return ""
    label = _("Videophone: %(number)s") % {"number": phones.shown(line.videophone)}
    return link(phones.call_address(line.videophone), label)


@register.simple_tag
def tty_link(line):
    """A link that calls the line's text telephone, or nothing where it has none."""
    if not line.tty:
        return ""
    return link(phones.call_address(line.tty), _("TTY: %(number)s") % {"number": phones.shown(line.tty)})


@register.simple_tag
def website_link(line):
    """A link to the line's website, or nothing where it has none."""
    return link(line.website, _("Website")) if line.website else ""


register.simple_tag(lines.checked_words)
register.simple_tag(hours.words, name="open_words")
register.simple_tag(hours.week_words)
register.filter(lines.day_shown)
register.filter(lines.moment_shown)


@register.filter
def said(record, name):
    """The words of a field in the language of the page, marked where they stand in another."""
    # Templates turn what is no string into plain text first, which would lose the mark.
    return conditional_escape(record.said(name))


@register.filter
def english(text):
    """Words that exist in English alone, marked where the page is in another language."""
    return conditional_escape(Words(text, ENGLISH))


@register.inclusion_tag("help/county_lines.html", takes_context=True)
def county_lines(context, county):
    """The crisis lines of a county as a card of the site, or the numbers for everybody where we know of none."""
    now = timezone.now()
    today = timezone.localdate(now)
    return {
        "county": county,
        "lines": lines.load_local(county.slug, now, today),
        "numbers": context["crisis_numbers"],
        "now": now,
        "today": today,
    }
