"""The library and the glossary."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pages.filters import words_of
from pages.languages import speaks_spanish
from pages.lists import CountedPaginator
from pages.publishing import get_visible_or_404
from pages.views import finish
from resources import glossary as terms
from resources.library import evidence, related, survey
from resources.library_filters import Filters
from resources.models import Resource


@speaks_spanish
@require_safe
def library(request):
    """The entries that fit the filters, a page at a time, and what the research among all entries found."""
    filters = Filters(request.GET)
    published = Resource.objects.published(timezone.now())
    found = survey(published, filters)
    rows = CountedPaginator(filters.narrow(published), found.total)
    context = {
        "filters": filters,
        "survey": found,
        "rows": rows.get_page(request.GET.get("page")),
        "evidence": evidence(published),
        "is_narrowed": bool(request.GET),
    }
    return render(request, "library/library.html", context)


@speaks_spanish
@require_safe
def resource(request, slug):
    resource = get_visible_or_404(Resource.objects, request, slug=slug)
    context = {"resource": resource, "related": related(resource, Resource.objects.published(timezone.now()))}
    return finish(request, render(request, "library/resource.html", context))


@speaks_spanish
@require_safe
def glossary(request):
    """All terms by letter, or those that hold the words of a search."""
    words = words_of(request.GET)
    known = terms.published(timezone.now())
    found = terms.holding(known, words)
    context = {
        "words": words,
        "terms": found,
        "total": len(known),
        "letters": terms.by_letter(found),
        "is_narrowed": bool(request.GET),
    }
    return render(request, "library/glossary.html", context)


glossary.check_anchor = terms.check_anchor
