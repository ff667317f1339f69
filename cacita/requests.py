"""Requests nobody can read: refused with our own page before any view sees them, never a server error."""

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

UNREADABLE = "unreadable"
MOST_BYTES = 200 * 1024 * 1024
"""Of a whole request: a dozen of the largest pictures. Django limits what it keeps in memory, but not files on disk."""


class ReadableRequest(WSGIRequest):
    """A request that is always made. Django's own raises at a `Content-Type` it cannot parse, outside of every handler.

    Seen with `charset*=nonsense''x` and with a NUL byte in the charset.
    """

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {"charset": UNREADABLE}


class ReadableHandler(WSGIHandler):
    """Django's handler with the request above. To HEAD it hands no body on, which gunicorn would log as a fault."""

    request_class = ReadableRequest

    def __call__(self, environ, start_response):
        response = super().__call__(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return response
        response.close()
        return []


class RefuseUnreadableMiddleware:
    """Answers 400 to a body in another charset than UTF-8 and to NUL bytes in the address, 413 to an excessive body.

    Browsers send forms in UTF-8. Django would decode a body and even the query in whatever charset the request
    claims, also one that is no text encoding (`hex`). PostgreSQL takes no NUL byte in any text.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = request.content_params.get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            request.encoding = "utf-8"  # or the error page itself would fail on reading the request
            raise BadRequest(f"The body claims the charset {charset[:40]!r}; only UTF-8 is read.")
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a NUL byte.")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > MOST_BYTES:
            raise RequestDataTooBig(f"The body has {length} bytes; at most {MOST_BYTES} are read.")
        return self.get_response(request)
