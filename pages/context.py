"""What every template may ask for. Menus and notices are looked up only by a page that shows them."""

from django.conf import settings
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from pages.crisis import crisis_numbers
from pages.menus import load_menus
from pages.models import Identity, Notice

HELP = "/help/"
"""Where a person in crisis finds help; in Spanish the same below `/es/`."""


def site(request):
    identity = getattr(request, "identity", None) or SimpleLazyObject(Identity.load)
    menus = SimpleLazyObject(lambda: load_menus(request.path))
    return {
        "identity": identity,
        "menus": menus,
        "help_href": get_script_prefix() + HELP[1:],
        "asks_consent": SimpleLazyObject(lambda: asks_consent(identity, request)),
        "notices": SimpleLazyObject(lambda: list(Notice.objects.published().select_related("link_page"))),
        "crisis_numbers": SimpleLazyObject(lambda: crisis_numbers(identity, timezone.now())),
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + request.path,
        "shows_draft": getattr(request, "shows_draft", False),
    }


def is_help(request):
    """Whether a person in crisis looks for help at this address, in either language."""
    return getattr(request, "path_in_english", request.path).startswith(HELP)


def asks_consent(identity, request):
    """Whether visitors of this address are asked to be counted: never where a person in crisis looks for help, nor
    where the address itself, which the service would learn, is a secret."""
    if is_help(request) or getattr(request, "has_secret_address", False):
        return False
    return bool(identity.analytics)
