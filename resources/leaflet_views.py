"""The wallet card and the poster of crisis help as PDF, made anew for whoever asks: a number that was changed is on
the next paper."""

import logging
from dataclasses import asdict

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from pages import papers
from programs import counties
from resources.help_views import frame, help_page
from resources.leaflet import leaflet

logger = logging.getLogger("cacita.help")


@help_page
def card(request, slug=""):
    return _answer(request, "card", _("Wallet card: %(heading)s"), slug)


@help_page
def poster(request, slug=""):
    return _answer(request, "poster", _("Poster: %(heading)s"), slug)


def _answer(request, kind, title, slug):
    """The paper, or the numbers as a page where the machine cannot make it."""
    county = counties.BY_SLUG.get(slug)
    if slug and county is None:
        raise Http404
    now = timezone.now()
    paper = leaflet(title, county, request.identity, now)
    try:
        content = papers.pdf(f"{kind}.typ", asdict(paper))
    except (ImportError, RuntimeError):
        logger.exception("Could not make the %s of %s", kind, paper.address)
        return render(request, "help/no_paper.html", frame(request, now) | {"county": county}, status=503)
    name = "-".join(part for part in ("crisis-help", slug, kind, paper.language) if part)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=False, filename=f"{name}.pdf"),
        # Kept by browsers, but never shown before they have asked whether a number changed.
        "Cache-Control": "no-cache",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
