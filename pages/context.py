"""What every template may ask for. Menus and notices are looked up only by a page that shows them."""

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language

from pages.crisis import crisis_numbers
from pages.languages import ENGLISH, SPANISH, in_language, language_of
from pages.menus import load_menus
from pages.models import Identity, Notice

HELP = "/help/"
"""Where a person in crisis finds help; in Spanish the same below `/es/`."""


def site(request):
    identity = getattr(request, "identity", None) or SimpleLazyObject(Identity.load)
    frame_language = getattr(request, "frame_language", language_of(request.path))
    return {
        "identity": identity,
        "menus": SimpleLazyObject(lambda: load_menus(request.path, frame_language)),
        "home_href": in_language("/", frame_language),
        "help_href": in_language(HELP, frame_language),
        "asks_consent": SimpleLazyObject(lambda: asks_consent(identity, request)),
        "notices": SimpleLazyObject(lambda: list(Notice.objects.published().select_related("link_page"))),
        "crisis_numbers": SimpleLazyObject(lambda: crisis_numbers(identity, timezone.now())),
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + in_language(request.path, get_language()),
        "shows_draft": getattr(request, "shows_draft", False),
        "frame_language": frame_language,
        "other_language": other_language(request, frame_language),
        "alternates": alternates(request) if getattr(request, "speaks_spanish", False) else (),
    }


def other_language(request, frame_language):
    """`(language, address)` of this page in the language it is not shown in."""
    other = ENGLISH if frame_language == SPANISH else SPANISH
    # Two slashes at the start would make the rest of the address another host.
    return other, in_language(escape_leading_slashes(request.get_full_path()), other)


def alternates(request):
    """`(language, whole address)` of a page that exists in both, for search engines; the first is for anybody else."""
    known = (("x-default", ENGLISH), (ENGLISH, ENGLISH), (SPANISH, SPANISH))
    return [(name, settings.SITE_URL + in_language(request.path, language)) for name, language in known]


def is_help(request):
    """Whether a person in crisis looks for help at this address, in either language."""
    return in_language(request.path, ENGLISH).startswith(HELP)


def asks_consent(identity, request):
    """Whether visitors of this address are asked to be counted: never where a person in crisis looks for help, nor
    where the address itself, which the service would learn, is a secret."""
    if is_help(request) or getattr(request, "has_secret_address", False):
        return False
    return bool(identity.analytics)
