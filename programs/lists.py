"""Long lists of programs: what a row needs, and how many there are of each sort."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from pages.filters import Facet
from programs.counties import BY_SLUG, COUNTIES, REGIONS, County
from programs.models import Program


def listed(now):
    """The programs the directory counts and lists at the moment `now`: published, and not known to have ended."""
    return Program.objects.published(now).running()


def for_list(programs):
    """These programs with all a row shows: two statements, however many rows."""
    return programs.prefetch_related("coverage")


def counts_by_county(programs):
    """How many of these programs cover each county, by slug; a county that is missing has none."""
    rows = programs.order_by().values_list("coverage__county").annotate(count=Count("pk"))
    return {county: count for county, count in rows if county in BY_SLUG}


@dataclass(frozen=True)
class Survey:
    total: int
    by_county: dict
    """Programs by slug of the county, whichever county the filters name."""
    facets: list[Facet]

    @property
    def known(self):
        """How many counties have one."""
        return len(self.by_county)

    @property
    def counties(self):
        """How many there are."""
        return len(COUNTIES)


def survey(programs, filters):
    """How many of these programs fit the filters, in each county and beside each choice: two statements."""
    worded = programs.filter(filters.fits_words())
    counts = filters.narrow_place(worded).order_by().aggregate(**filters.counts())
    by_county = counts_by_county(worded.filter(filters.fits()))
    return Survey(counts["total"], by_county, filters.facets(counts, by_county))


def unknown_beside(filters, survey):
    """The counties of the place that was chosen, and of nothing else, of which no program is known."""
    if not filters.place or filters.is_more_than_place:
        return []
    chosen = [filters.county] if filters.county else [one for one in COUNTIES if one.region == filters.region]
    return [county for county in chosen if county.slug not in survey.by_county]


@dataclass(frozen=True)
class Row:
    """A county in a table."""

    county: County
    count: int


def county_rows(by_county):
    return [Row(county, by_county.get(county.slug, 0)) for county in COUNTIES]


def regions(by_county):
    """(name, slug, rows of its counties) of each region."""
    rows = county_rows(by_county)
    return [(name, slug, [row for row in rows if row.county.region == slug]) for slug, name in REGIONS.items()]


def by_agency(programs):
    """(agency, its programs) in the order of the alphabet."""
    rows = sorted(programs, key=lambda program: (program.lead_agency.casefold(), program.name.casefold()))
    return [(agency, list(group)) for agency, group in groupby(rows, key=lambda program: program.lead_agency)]


def by_county(programs, slugs):
    """(county, its programs) for the counties of these slugs; a program stands under each county it covers."""
    groups = [
        (BY_SLUG[slug], [p for p in programs if any(row.county == slug for row in p.coverage.all())]) for slug in slugs
    ]
    return [(county, rows) for county, rows in groups if rows]
