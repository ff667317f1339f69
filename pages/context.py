"""What every template may ask for. Menus and notices are looked up only by a page that shows them."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from pages.crisis import crisis_numbers
from pages.menus import load_menus
from pages.models import Identity, Notice, Page

HELP = "/help/"
"""Where a person in crisis finds help."""


def site(request):
    identity = getattr(request, "identity", None) or SimpleLazyObject(Identity.load)
    menus = SimpleLazyObject(lambda: load_menus(request.path))
    return {
        "identity": identity,
        "menus": menus,
        "help_href": SimpleLazyObject(lambda: HELP if is_help_published(menus) else ""),
        "asks_consent": SimpleLazyObject(lambda: asks_consent(identity, request)),
        "notices": SimpleLazyObject(lambda: list(Notice.objects.published().select_related("link_page"))),
        "crisis_numbers": crisis_numbers(),
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + request.path,
        "shows_draft": getattr(request, "shows_draft", False),
    }


def is_help_published(menus):
    """Whether the site has a help page; a menu that leads there answers without another query."""
    entries = [entry for menu in menus.values() for top in menu for entry in (top, *top.children)]
    return any(entry.href == HELP for entry in entries) or Page.objects.published().filter(path=HELP).exists()


def asks_consent(identity, request):
    """Whether visitors of this address are asked to be counted: never where a person in crisis looks for help, nor
    where the address itself, which the service would learn, is a secret."""
    if request.path.startswith(HELP) or getattr(request, "has_secret_address", False):
        return False
    return bool(identity.analytics)
