"""The contact form and the page that thanks for a message."""

import logging
from datetime import timedelta
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contact import captcha, messages
from contact.attachments import MOST_FILES
from contact.forms import MessageForm
from contact.judging import MOST_BYTES
from contact.receiving import Receiver
from pages.forms import public_post
from pages.limits import Limit, refusal
from pages.models import Identity

logger = logging.getLogger("cacita.contact")

LIMIT = Limit(
    "contact",
    each=((5, timedelta(minutes=10)), (20, timedelta(days=1))),
    together=((300, timedelta(hours=1)),),
)
WITHOUT_DATABASE = {"menus": {"header": [], "footer": []}, "notices": [], "help_href": "", "asks_consent": False}


@require_http_methods(["GET", "HEAD", "POST"])
@public_post
def form(request):
    """The form. Whatever goes wrong with a message, its answer is this page with everything that was typed."""
    if request.method != "POST":
        return _page(request, MessageForm(topic=request.GET.get("topic", "")))
    request.upload_handlers = [Receiver(request, MOST_FILES, MOST_BYTES)]
    data, files = request.POST, request.FILES
    try:
        return _answer(request, MessageForm(data, files))
    except (DatabaseError, OSError) as fault:
        _log("A message could not be stored", fault)
        return _sorry(request, data, files)


form.needs_no_identity = True  # looked up below: this page answers without a database too


def _answer(request, form):
    """Store the message and lead on to the thanks, or say what stands against it."""
    message = messages.sent_before(form)
    status = HTTPStatus.OK
    if message is None and form.is_valid():
        if sentence := refusal(LIMIT, request, form.now):
            form.add_error(None, sentence)
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            message = messages.receive(form)
    if message:
        return HttpResponseRedirect(reverse("contact:thanks", args=[message.reference]), status=HTTPStatus.SEE_OTHER)
    if form.has_lost_files:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    _keep_files(form)
    return _page(request, form, status)


def _keep_files(form):
    try:
        form.keep_files()
    except (DatabaseError, OSError) as fault:
        _log("The files of a form could not be kept for its next try", fault)
        form.say_files_are_gone()


def _log(what, fault):
    """One line, for the others may hold what somebody wrote: PostgreSQL shows the row that it does not take."""
    logger.error("%s. %s: %s", what, type(fault).__name__, str(fault).partition("\n")[0])


def _sorry(request, data, files):
    """The form with all that was typed, of which nothing is stored: the disk is full, or the database away."""
    try:
        form = MessageForm(data, files)
    except DatabaseError:
        form = MessageForm(data, files, offline=True)
    form.add_error(
        None,
        _(
            "We could not store your message just now, and it was not sent. What you wrote is still here: please send "
            "it again in a few minutes."
        ),
    )
    form.say_files_are_gone()
    return _page(request, form, HTTPStatus.SERVICE_UNAVAILABLE)


def _page(request, form, status=HTTPStatus.OK):
    context = {"form": form}
    if captcha.is_on():
        request.script_hosts = captcha.HOSTS
    try:
        request.identity = Identity.load()
        return render(request, "contact/form.html", context, status=status)
    except DatabaseError:
        if status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        request.identity = Identity(name=_("This site"), short_name=_("This site"))
        request.identity.social_links = []
        return render(request, "contact/form.html", context | WITHOUT_DATABASE, status=status)


@require_safe
def thanks(request, reference):
    """The same page for every code, whether there is such a message or not: it tells nobody who has written."""
    return render(request, "contact/thanks.html", {"reference": reference})
