from django.utils import timezone

from pages.models import Identity
from pages.time_zones import zone_of


class IdentityMiddleware:
    """Puts the association's identity on the request and shows times in its zone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "needs_no_identity", False):
            return
        request.identity = Identity.load()
        timezone.activate(zone_of(request.identity))
