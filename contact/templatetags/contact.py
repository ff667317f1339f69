"""What pages show of the contact form."""

from django import template
from django.utils import timezone

from contact import captcha
from contact.forms import MessageForm
from pages.crisis import crisis_numbers

register = template.Library()


@register.inclusion_tag("contact/crisis.html", takes_context=True)
def crisis_note(context):
    """Says above the form that nobody watches it, with the numbers to use instead."""
    return {"numbers": crisis_numbers(context["identity"], timezone.now())}


@register.simple_tag
def contact_form(block):
    """The form of a content block. Its ids are its own: a page may hold more than one form."""
    topic = block.topic.slug if block.topic else ""
    return MessageForm(topic=topic, auto_id=f"contact-{block.pk}-%s")


@register.simple_tag
def captcha_is_on():
    return captcha.is_on()
