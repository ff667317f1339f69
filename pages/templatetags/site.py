"""Tags and filters of the page frame: icons, the logo, rich text, trails and facts for search engines."""

import json
from urllib.parse import urljoin, urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from pages import phones
from pages.icons import DRAWINGS
from pages.languages import in_language
from pages.prose import with_terms_marked

register = template.Library()

JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
"""As in Django's `json_script`: nothing in a value can end the element."""


@register.simple_tag
def icon(name, variant=""):
    """A line drawing that says nothing to a screen reader. `variant` adds a class: `line` is the large thin one."""
    if name not in DRAWINGS:
        raise template.TemplateSyntaxError(f"There is no icon “{name}”. Choose one of: {', '.join(sorted(DRAWINGS))}.")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">{}</svg>',
        f" icon--{variant}" if variant else "",
        mark_safe(DRAWINGS[name]),  # noqa: S308 - a constant of this project
    )


@register.simple_tag
def logo(identity):
    """The logo: drawn in the page where it is a drawing, else as a picture, else nothing.

    It has no words of its own: it stands in a link or beside a line that says the name.
    """
    if identity.logo_drawing:
        return mark_safe(identity.logo_drawing)  # noqa: S308 - read by pages.drawings, which keeps shapes only
    if identity.logo:
        return format_html(
            '<img src="{}" alt="" width="{}" height="{}">',
            identity.logo.url,
            identity.logo_width,
            identity.logo_height,
        )
    return ""


@register.filter
def prose(text):
    """Rich text as markup. Only for what a `ProseField` stores, which sanitises on every save."""
    return mark_safe(with_terms_marked(text or ""))  # noqa: S308


@register.filter
def absolute(address, site_url):
    """The whole address of something on this site; one that is whole already stays as it is."""
    return urljoin(site_url, address)


@register.filter
def dialable(phone):
    """A phone number as a `tel:` link needs it: digits, and a plus in front where there is one."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


@register.filter
def phone_shown(phone):
    """The number of a `PhoneField` as people read it; with `dialable`, label and link come from one value."""
    return phones.shown(phone)


def data_block(data):
    """Structured data for search engines. A script element of this type is data: nothing runs it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def logo_data(identity, site_url):
    """The logo with its words, as https://schema.org/ImageObject, or nothing."""
    if not identity.logo:
        return None
    return {"@type": "ImageObject", "url": urljoin(site_url, identity.logo.url), "caption": identity.logo_alt}


@register.simple_tag
def organization_data(identity, site_url):
    """Who runs the site, as https://schema.org/Organization; facts the identity does not hold are left out."""
    facts = {
        "@type": "Organization",
        "@id": f"{site_url}/#organization",
        "name": identity.name,
        "alternateName": identity.short_name if identity.short_name != identity.name else "",
        "url": f"{site_url}/",
        "description": identity.mission,
        "logo": logo_data(identity, site_url),
        "email": identity.email,
        "telephone": identity.phone,
        "address": ", ".join(identity.address_lines),
        "taxID": identity.ein,
        "areaServed": [f"{name} County, California" for name in identity.county_names],
        "sameAs": [link.url for link in identity.social_links],
    }
    return data_block({name: value for name, value in facts.items() if value})


@register.inclusion_tag("partials/crumbs.html", takes_context=True)
def breadcrumbs(context, current, *above, label="", href=""):
    """The way from the home page to `current`, for people and for search engines.

    `above` are records or lists of records in between, outermost first; `label` and `href` name one fixed page
    before them. Example: `{% breadcrumbs photo album label=_("Gallery") href=gallery_url %}`.
    """
    trail = [{"label": gettext("Home"), "href": in_language("/", get_language())}]
    if href:
        trail.append({"label": label, "href": href})
    for records in above:
        for record in records if isinstance(records, list | tuple) else [records]:
            trail.append({"label": str(record), "href": record.get_absolute_url()})
    return {"trail": trail, "current": str(current), "site_url": context["site_url"]}


@register.simple_tag
def breadcrumb_data(trail, current, site_url):
    """The same way as https://schema.org/BreadcrumbList."""
    steps = [(step["label"], site_url + step["href"]) for step in trail]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(steps, start=1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": current})
    return data_block({"@type": "BreadcrumbList", "itemListElement": items})


@register.filter
def with_query(address, query):
    return f"{address}?{query}" if query else address


@register.filter
def host_shown(address):
    return urlsplit(address).hostname or ""
