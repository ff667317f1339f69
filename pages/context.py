"""What every template may ask for. Menus and notices are looked up only by a page that shows them."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from pages.crisis import crisis_numbers
from pages.menus import load_menus
from pages.models import Identity, Notice


def site(request):
    return {
        "identity": getattr(request, "identity", None) or SimpleLazyObject(Identity.load),
        "menus": SimpleLazyObject(lambda: load_menus(request.path)),
        "notices": SimpleLazyObject(lambda: list(Notice.objects.published().select_related("link_page"))),
        "crisis_numbers": crisis_numbers(),
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + request.path,
        "shows_draft": getattr(request, "shows_draft", False),
    }
