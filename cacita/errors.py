"""Error pages. They keep the crisis numbers, and render even where the database does not answer."""

from django.db import DatabaseError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from pages.models import Identity


def _page(request, status, title, text):
    if getattr(request, "identity", None) is None:
        try:
            request.identity = Identity.load()
        except DatabaseError:
            request.identity = Identity(name=_("This site"), short_name=_("This site"))
    context = {"status": status, "title": title, "text": text}
    return render(request, "error.html", context, status=status)


@requires_csrf_token
def bad_request(request, exception=None):
    return _page(
        request,
        400,
        _("We could not read that request"),
        _("What your browser sent was cut off or in a form we do not know. Go back and try once more."),
    )


@requires_csrf_token
def permission_denied(request, exception=None):
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


@requires_csrf_token
def page_not_found(request, exception=None):
    return _page(
        request,
        404,
        _("There is no page at this address"),
        _("It may have moved, or the link has a typing error. The menu above leads to everything we have."),
    )


@requires_csrf_token
def server_error(request):
    return _page(
        request,
        500,
        _("Something broke on our side"),
        _("It is not your fault, and we have a record of it. Try again in a few minutes."),
    )
