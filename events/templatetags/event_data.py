"""`{% event_data event %}`: the event's facts for search engines, for the page's head."""

from django import template
from django.utils import timezone

from events import structured
from pages.templatetags.site import data_block

register = template.Library()


@register.simple_tag(takes_context=True)
def event_data(context, event):
    """Facts as of the template's `now`; nothing where there is no date to tell."""
    now = context.get("now") or timezone.now()
    data = structured.data_of(event, identity=context["identity"], site_url=context["site_url"], now=now)
    return data_block(data) if data else ""
