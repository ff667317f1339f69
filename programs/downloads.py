"""The directory as open data, for the same filters as the page: a table, and JSON. No view here renders a page.

The JSON is one page of services as an API of the Human Services Data Specification answers, version 3.1
(https://github.com/openreferral/specification/releases/tag/v3.1): `contents` holds services with their organization,
phones, service areas and attributes. A program of ours is a service of theirs, and a county is a service area; there
are no locations, since teams go where they are called. Every listed program is `active`, for those that ended are not
listed. Beyond the specification: `title`, `publisher`, `terms`, `date`, `specification`, `sources` and the fields that
begin with `x_`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pages import phones, spreadsheets
from programs import listing, lists
from programs.facts import YES_OR_NO
from programs.filters import Filters
from programs.models import Program

SPECIFICATION = "https://github.com/openreferral/specification/releases/tag/v3.1"
MAX_AGE = 15 * 60
"""Seconds for which a reader or a cache in between need not ask again."""
TERMS = gettext_lazy(
    "You may copy, use and pass on this list without asking. Say whose it is and of which day. It is compiled from "
    "public sources and may be incomplete or out of date: check with a program before you rely on what it says."
)


@dataclass(frozen=True)
class Column:
    name: str
    words: Promise
    """What it holds, for the table of fields on the page."""
    value: Callable


def _yes_or_no(name):
    return lambda program: {True: "yes", False: "no", None: ""}[getattr(program, name)]


COLUMNS = (
    Column("slug", gettext_lazy("Last part of the address; it names the program for good."), lambda one: one.slug),
    Column("name", gettext_lazy("Name."), lambda one: one.name),
    Column("lead_agency", gettext_lazy("Lead agency, with its partners."), lambda one: one.lead_agency),
    Column(
        "kind",
        gettext_lazy("cit_training, co_responder, mobile_crisis, dispatch or diversion."),
        lambda one: one.kind,
    ),
    Column(
        "counties",
        gettext_lazy("Counties covered, wholly or in part; several with semicolons."),
        lambda one: "; ".join(str(county) for county in one.counties),
    ),
    Column(
        "county_fips",
        gettext_lazy("Their five-digit FIPS codes, in the same order."),
        lambda one: "; ".join(county.fips for county in one.counties),
    ),
    Column("cities", gettext_lazy("Cities or areas it keeps to, where that is known."), lambda one: one.cities),
    Column("summary", gettext_lazy("What it does."), lambda one: one.summary),
    Column("since", gettext_lazy("Since when, in the words of the source."), lambda one: one.since),
    Column("operation", gettext_lazy("active or pilot; empty where it is not known."), lambda one: one.operation),
    Column("operation_note", gettext_lazy("More about that."), lambda one: one.operation_note),
    Column("how_to_reach", gettext_lazy("For somebody who needs its help."), lambda one: one.how_to_reach),
    Column("phone", gettext_lazy("Public telephone number."), lambda one: phones.shown(one.phone)),
    Column("website", gettext_lazy("Its own page."), lambda one: one.website),
    Column(
        "serves_youth",
        gettext_lazy("yes or no; empty where it is not known, which is not no."),
        _yes_or_no(YES_OR_NO[0]),
    ),
    Column("works_in_jail", gettext_lazy("yes, no or empty, as above."), _yes_or_no(YES_OR_NO[1])),
    Column("works_with_dispatch", gettext_lazy("yes, no or empty, as above."), _yes_or_no(YES_OR_NO[2])),
    Column(
        "is_co_response",
        gettext_lazy("Police and clinician respond together: yes, no or empty."),
        _yes_or_no(YES_OR_NO[3]),
    ),
    Column("is_day_and_night", gettext_lazy("At any hour of every day: yes, no or empty."), _yes_or_no(YES_OR_NO[4])),
    Column("hours_of_service", gettext_lazy("Hours in words."), lambda one: one.hours_of_service),
    Column(
        "training_hours",
        gettext_lazy("Length of the course it gives, in hours."),
        lambda one: listing.plain("training_hours", one.training_hours),
    ),
    Column("training_for", gettext_lazy("Who may take the course."), lambda one: one.training_for),
    Column(
        "confidence",
        gettext_lazy("confirmed: two or more independent sources agree; one_source; general_knowledge."),
        lambda one: one.confidence,
    ),
    Column(
        "confirmed_on",
        gettext_lazy("Day on which it was last confirmed; empty: never yet."),
        lambda one: one.confirmed_on,
    ),
    Column("confirmed_by", gettext_lazy("program or staff."), lambda one: one.confirmed_by),
    Column(
        "sources",
        gettext_lazy("Addresses of the sources, with spaces between them."),
        lambda one: " ".join(source.url for source in one.sources.all() if source.url),
    ),
    Column(
        "last_changed",
        gettext_lazy("When the listing was last changed (UTC)."),
        lambda one: f"{one.updated:%Y-%m-%dT%H:%M:%SZ}",
    ),
    Column(
        "page",
        gettext_lazy("Address of its page here."),
        lambda one: settings.SITE_URL + one.get_absolute_url(),
    ),
)
"""The fields of the table, in their order. Their names never change; new ones come at the end."""


@require_safe
def as_csv(request):
    """The list as a table. A telephone number stands as people read it: one that begins with + would be a formula."""
    rows = ([column.value(program) for column in COLUMNS] for program in _chosen(request))
    content = spreadsheets.table([column.name for column in COLUMNS], rows)
    return _answer(HttpResponse(content, content_type="text/csv; charset=utf-8"), "programs.csv")


@require_safe
def as_json(request):
    programs = list(_chosen(request))
    changed = max((program.updated for program in programs), default=None)
    content = {
        "title": _("CIT and crisis response programs in California"),
        "publisher": {"name": request.identity.name, "url": f"{settings.SITE_URL}/"},
        "terms": str(TERMS),
        "date": timezone.localdate(changed).isoformat() if changed else None,
        "specification": SPECIFICATION,
        "total_items": len(programs),
        "total_pages": 1,
        "page_number": 1,
        "size": len(programs),
        "first_page": True,
        "last_page": True,
        "empty": not programs,
        "contents": [service_of(program) for program in programs],
    }
    return _answer(JsonResponse(content, json_dumps_params={"ensure_ascii": False}), "programs.json")


def _chosen(request):
    programs = Filters(request.GET, timezone.localdate()).narrow(lists.listed(timezone.now()))
    return programs.prefetch_related("coverage", "sources")


def _answer(response, filename):
    """The same data gives the same bytes, so that the ETag, which a middleware adds, answers a reader that asks again.

    There is no Last-Modified: a program that leaves the list would not move it.
    """
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename)
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response


def service_of(program):
    """A program as a service of the specification. What nobody told us is left out."""
    address = settings.SITE_URL + program.get_absolute_url()
    service = {
        "id": _id(address),
        "name": program.name,
        "description": program.summary,
        "url": program.website,
        "status": "active",
        "application_process": program.how_to_reach,
        "eligibility_description": program.training_for,
        "assured_date": program.confirmed_on and program.confirmed_on.isoformat(),
        "last_modified": f"{program.updated:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
        "organization": _organization(program.lead_agency),
        "phones": [{"id": _id(f"{address}#phone"), "number": program.phone, "type": "voice"}] if program.phone else [],
        "service_areas": [_area(address, county, program.cities) for county in program.counties],
        "attributes": [*_attributes(address, program)],
        "sources": [
            {"title": source.title, "url": source.url, "date": source.date} for source in program.sources.all()
        ],
        "x_page": address,
        "x_since": program.since,
        "x_operation": program.operation,
        "x_operation_note": program.operation_note,
        "x_hours_of_service": program.hours_of_service,
        "x_confidence": program.confidence,
        "x_confirmed_by": program.confirmed_by,
    }
    return {name: value for name, value in service.items() if value not in (None, "", [])}


def _id(address):
    """An identifier that stays the same as long as the address does (RFC 4122, version 5)."""
    return str(uuid5(NAMESPACE_URL, address))


def _organization(name):
    return {"id": _id(f"{settings.SITE_URL}/programs/#organization={name}"), "name": name, "description": ""}


def _area(address, county, cities):
    area = {
        "id": _id(f"{address}#area-{county.slug}"),
        "name": f"{county} County, California",
        "description": cities,
        "x_fips": county.fips,
    }
    return {name: value for name, value in area.items() if value}


def _attributes(address, program):
    """What kind of program it is, and the facts it told us."""
    facts = {"kind": program.kind, "training_hours": listing.plain("training_hours", program.training_hours)}
    facts |= {name: {True: "yes", False: "no", None: None}[getattr(program, name)] for name in YES_OR_NO}
    for name, value in facts.items():
        if value:
            label = str(Program._meta.get_field(name).verbose_name)
            yield {
                "id": _id(f"{address}#{name}"),
                "link_entity": "service",
                "link_type": name,
                "label": label,
                "value": value,
            }
