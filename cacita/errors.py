"""Error pages. They keep the crisis numbers, and render even where the database does not answer.

They hold no form, so they need no token and none of Django's `requires_csrf_token`: it would read the very body that
could not be read.
"""

import logging
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.forms import ForeignPost
from pages.languages import language_of
from pages.models import Identity

logger = logging.getLogger(__name__)

WITHOUT_DATABASE = {"menus": {"header": [], "footer": []}, "notices": [], "asks_consent": False}


def _page(request, status, title, text):
    """The error page in the language of the address, whatever the view that failed had spoken."""
    language = language_of(request.path)
    with translation.override(language):
        response = _in_this_language(request, status, title, text)
    response.headers["Content-Language"] = language
    return response


def _in_this_language(request, status, title, text):
    """The page with menus and notices, or without them where the database does not answer."""
    context = {"status": status, "title": title, "text": text}
    # On the request, because the content policy allows the style sheet of exactly this identity.
    request.identity = getattr(request, "identity", None) or _identity()
    if status != HTTPStatus.INTERNAL_SERVER_ERROR:
        try:
            return render(request, "error.html", context, status=status)
        except DatabaseError:
            logger.exception("The error page could not read its menus.")
    # Links nobody has looked up yet stay out of the footer: the database may be what broke.
    request.identity.__dict__.setdefault("social_links", [])
    return render(request, "error.html", context | WITHOUT_DATABASE, status=status)


def _identity():
    try:
        return Identity.load()
    except DatabaseError:
        return Identity(name=gettext("This site"), short_name=gettext("This site"))


def bad_request(request, exception=None):
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return _page(
            request,
            413,
            _("That was too much at once"),
            _("Nothing was stored. Go back and send it in parts: fewer or smaller files at a time."),
        )
    return _page(
        request,
        400,
        _("We could not read that request"),
        _("What your browser sent was cut off or in a form we do not know. Go back and try once more."),
    )


def permission_denied(request, exception=None):
    if isinstance(exception, ForeignPost):
        return _page(request, 403, _("We did not take this form"), str(exception))
    return _page(
        request,
        403,
        _("You may not open this page"),
        _("It is for staff with other rights. Sign in with the account that has them, or ask an administrator."),
    )


def csrf_failure(request, reason=""):
    return _page(
        request,
        403,
        _("This form had gone stale"),
        _("It was open too long, or your browser keeps no cookies for staff pages. Go back, reload and send it again."),
    )


def page_not_found(request, exception=None):
    return _page(
        request,
        404,
        _("There is no page at this address"),
        _("It may have moved, or the link has a typing error. The menu above leads to everything we have."),
    )


def server_error(request):
    return _page(
        request,
        500,
        _("Something broke on our side"),
        _("It is not your fault, and we have a record of it. Try again in a few minutes."),
    )
