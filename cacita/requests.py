"""Requests that are refused before any view sees them."""

from django.core.exceptions import BadRequest


class RefuseForeignCharsetMiddleware:
    """Browsers send forms in UTF-8. A body in another charset is answered 400 at once.

    Otherwise Django would decode it in the charset it claims, which may not exist and end in a server error.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        charset = request.content_params.get("charset", "utf-8")
        if charset.lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise BadRequest(f"The body claims the charset {charset[:40]!r}; only UTF-8 is read.")
