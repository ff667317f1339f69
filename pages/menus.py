"""The header's and the footer's menu as the templates draw them: one query for both."""

from dataclasses import dataclass, field

from django.utils import translation
from django.utils.html import conditional_escape

from pages.languages import ENGLISH, SPANISH, in_language
from pages.models import MenuItem

HOMES = {in_language("/", language) for language in (ENGLISH, SPANISH)}


@dataclass
class Entry:
    label: str
    """Markup where its words stand in another language than the menu."""
    href: str
    current: str
    """Value of `aria-current`: `page` for the page itself, `true` for a page above it, else empty."""
    children: list = field(default_factory=list)


def load_menus(path, language=ENGLISH):
    """`{"header": [Entry, …], "footer": […]}` of the page at `path`.

    Entries that lead nowhere the public may go are left out. In Spanish those that lead to a page of ours stay so; in
    English an entry may lead to a Spanish page.
    """
    menus = {menu.value: [] for menu in MenuItem.Menu}
    entries = {}
    items = list(MenuItem.objects.select_related("page"))
    for item in sorted(items, key=lambda item: item.parent_id is not None):
        href = in_language(item.href, SPANISH) if language == SPANISH else item.href
        with translation.override(language):
            label = conditional_escape(item.said("label"))
        entry = Entry(label, href, _current(href, path))
        if item.parent_id is None:
            entries[item.pk] = entry
            menus[item.menu].append(entry)
        elif entry.href and item.parent_id in entries:
            entries[item.parent_id].children.append(entry)
    return {menu: [entry for entry in listed if entry.href or entry.children] for menu, listed in menus.items()}


def _current(href, path):
    if href == path:
        return "page"
    is_above = href.startswith("/") and href.endswith("/") and href not in HOMES and path.startswith(href)
    return "true" if is_above else ""
