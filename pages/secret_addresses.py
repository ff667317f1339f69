"""Pages that open for whoever knows their address: it came by mail, and nobody else shall learn of it."""

from functools import wraps

from django.utils.cache import add_never_cache_headers


def secret_address(view):
    """Keep the address from other sites, from services that count visitors, from caches and from search engines.

    Not `no-referrer`: browsers would then send the forms of these pages with the origin `null`, which `public_post`
    refuses.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        request.has_secret_address = True
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded
