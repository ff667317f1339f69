"""Crisis help. Nothing about who asks is stored or logged here, and no page sets a cookie or asks for another file."""

from functools import wraps

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.crisis import crisis_numbers, first_number
from pages.languages import speaks_spanish
from programs import counties
from resources import family_card as card
from resources import lines, offline
from resources import which_number as questions
from resources.models import Place

COUNTY_ANCHOR = "in-your-county"
STATE_LIST = "https://www.dhcs.ca.gov/individuals/Pages/MHPContactList.aspx"
"""Where the State's Department of Health Care Services lists the line of every county's mental health plan."""
NEUTRAL_PAGE = "https://www.weather.gov/"
"""Where “Leave this page” leads: the national weather service, which anybody may have been reading."""


def frame(request, now):
    """What every help page may say: the moment, the numbers to call, the counties the association serves."""
    numbers = crisis_numbers(request.identity, now)
    return {
        "now": now,
        "today": timezone.localdate(now),
        "talk": first_number(numbers, is_emergency=False),
        "emergency": first_number(numbers, is_emergency=True),
        "own_counties": counties.named(request.identity.county_names),
        "anchor": COUNTY_ANCHOR,
        "neutral_page": NEUTRAL_PAGE,
    }


def help_page(view):
    """A page in both languages that tells no other site where its reader came from."""

    @speaks_spanish
    @require_safe
    @wraps(view)
    def answered(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answered


@help_page
def help_now(request):
    context = frame(request, timezone.now())
    context["board"] = lines.load_board(context["now"], context["today"])
    context["counties"] = counties.COUNTIES
    return render(request, "help/help.html", context)


@help_page
def county(request, slug):
    county = counties.BY_SLUG.get(slug)
    if county is None:
        raise Http404
    context = frame(request, timezone.now())
    now = context["now"]
    context |= {
        "county": county,
        "lines": lines.load_local(county.slug, now, context["today"]),
        "teams": list(lines.load_teams(county.slug, now)),
        "places": list(Place.objects.published(now).filter(county=slug)),
        "state_list": STATE_LIST,
    }
    return render(request, "help/county.html", context)


@help_page
def find_county(request):
    """Where the choice of a county leads; one nobody knows leads back to the choice."""
    county = counties.BY_SLUG.get(request.GET.get("county", ""))
    if county is None:
        return redirect(f"{reverse('help:help')}#{COUNTY_ANCHOR}")
    return redirect("help:county", county.slug)


@help_page
def say_to_911(request):
    return render(request, "help/say_to_911.html", frame(request, timezone.now()))


@help_page
def which_number(request, path=""):
    """One question, or the one thing to do. The answers so far stand in the address and nowhere else."""
    found = questions.follow(path)
    if found is None:
        raise Http404
    given, step = found
    context = frame(request, timezone.now())
    line = lines.first_published(questions.LINES[step], context["now"]) if step in questions.LINES else None
    if step is questions.Action.SERVICES and line is None:
        step = questions.Action.COUNTY
    context |= {
        "path": f"{path}/" if path else "",
        "back": "".join(f"{answer.key}/" for _question, answer in given[:-1]),
        "question": step if isinstance(step, questions.Question) else None,
        "action": step.value if isinstance(step, questions.Action) else "",
        "line": line,
    }
    return render(request, "help/which_number.html", context)


@help_page
@cache_control(no_store=True)
@csp_replace({"connect-src": [NONE], "form-action": [NONE]})
def family_card(request):
    """A form to fill in and print. The browser is forbidden to send what is typed, and to keep it for going back."""
    request.style_sheets = [card.CSS]
    context = frame(request, timezone.now())
    context |= {"parts": card.PARTS, "sources": card.SOURCES}
    return render(request, "help/family_card.html", context)


@help_page
def not_saved(request):
    """What a device without a network shows in place of a page it does not keep."""
    return render(request, "help/not_saved.html", frame(request, timezone.now()))


@speaks_spanish
@cache_control(no_cache=True)
@require_safe
def worker(request):
    return HttpResponse(offline.worker(), content_type="text/javascript; charset=utf-8")


worker.needs_no_identity = True


@speaks_spanish
@require_safe
def manifest(request):
    return JsonResponse(offline.manifest(request.identity), content_type="application/manifest+json")
