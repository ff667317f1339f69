"""The two languages of the site. An address below `/es/` is the same page in Spanish, as far as there is Spanish.

The frame of a page, its crisis bar, menus and footer, is in the language of the address. A view that `speaks_spanish`
answers in it as a whole; any other view answers in English, and `base.html` says so in Spanish. The address alone
decides: nothing is remembered about anybody, and no answer depends on what a browser prefers.
"""

from django.utils import translation

ENGLISH = "en"
SPANISH = "es"
PREFIX = f"/{SPANISH}"
SHARED = ("/admin/", "/media/", "/static/", "/healthz/", "/sitemap.xml", "/robots.txt", "/favicon.ico", "/icon")
"""Addresses that are the same in every language begin like this."""
SLASHES = "/\\"
"""Browsers take both for a slash: https://url.spec.whatwg.org/#relative-slash-state"""


def speaks_spanish(view):
    """Mark a view whose words all exist in Spanish."""
    view.speaks_spanish = True
    return view


def language_of(address):
    return SPANISH if address == PREFIX or address.startswith(f"{PREFIX}/") else ENGLISH


def in_language(address, language):
    """The address of the same page in this language. What is no page of ours stays as it is."""
    if not address.startswith("/") or address.startswith(SHARED):
        return address
    if language_of(address) == SPANISH:
        address = address.removeprefix(PREFIX)
    # Two slashes at the beginning would lead to another host.
    bare = f"/{address.lstrip(SLASHES)}"
    return f"{PREFIX}{bare}" if language == SPANISH else bare


class LanguageMiddleware:
    """Answers in the language of the address, or in English where the view has no other."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.frame_language = language_of(request.path_info)
        with translation.override(request.frame_language):
            response = self.get_response(request)
            if response.get("Content-Type", "").startswith("text/html"):
                response.headers.setdefault("Content-Language", translation.get_language())
        return response

    def process_view(self, request, view, args, kwargs):
        request.speaks_spanish = getattr(view, "speaks_spanish", False)
        if not request.speaks_spanish:
            translation.activate(ENGLISH)
