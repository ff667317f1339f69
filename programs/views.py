"""The public pages of the directory."""

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pages.lists import CountedPaginator
from pages.publishing import get_visible_or_404
from pages.views import finish
from programs import downloads, lists
from programs import map as county_map
from programs.counties import BY_SLUG, COUNTIES, REGIONS
from programs.facts import Sheet
from programs.filters import Filters
from programs.models import Program
from programs.neighbors import neighbors_of


@require_safe
def directory(request):
    """The county map beside a table of the counties, or beside the programs that fit the filters."""
    now, today = timezone.now(), timezone.localdate()
    filters = Filters(request.GET, today)
    programs = lists.listed(now)
    survey = lists.survey(programs, filters)
    rows = CountedPaginator(lists.for_list(filters.narrow(programs)), survey.total) if filters else None
    context = {
        "today": today,
        "filters": filters,
        "survey": survey,
        "counties": lists.county_rows(survey.by_county),
        "unknown": lists.unknown_beside(filters, survey),
        "regions": filters.chips(),
        "map": county_map.drawn(survey.by_county, chosen=filters.place, region=filters.region),
        "rows": rows and rows.get_page(request.GET.get("page")),
        "columns": downloads.COLUMNS,
        "is_narrowed": bool(request.GET),
    }
    return render(request, "programs/directory.html", context)


@require_safe
def program(request, slug):
    programs = Program.objects.prefetch_related("coverage", "sources")
    program = get_visible_or_404(programs, request, slug=slug)
    context = {"program": program, "sheet": Sheet(program, timezone.localdate())}
    return finish(request, render(request, "programs/program.html", context))


@require_safe
def counties(request):
    """All counties by region, each with the number of its programs."""
    by_county = lists.counts_by_county(lists.listed(timezone.now()))
    context = {"regions": lists.regions(by_county), "known": len(by_county), "total": len(COUNTIES)}
    return render(request, "programs/counties.html", context)


@require_safe
def county(request, slug):
    if slug not in BY_SLUG:
        raise Http404
    now = timezone.now()
    programs = Program.objects.published(now).covering(slug)
    counts = programs.order_by().aggregate(all=Count("pk"), running=Count("pk", filter=~Q(operation="ended")))
    rows = CountedPaginator(programs.ended_last(), counts["all"]).get_page(request.GET.get("page"))
    county = BY_SLUG[slug]
    context = {
        "county": county,
        "region": REGIONS[county.region],
        "neighbors": neighbors_of(slug),
        "total": counts["running"],
        "rows": rows,
        "running": [program for program in rows if not program.has_ended],
        "ended": [program for program in rows if program.has_ended],
        "today": timezone.localdate(),
        "now": now,
        "is_narrowed": bool(request.GET),
    }
    return render(request, "programs/county.html", context)
