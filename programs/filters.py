"""The directory's filters: one reading of the address for the page and the downloads, and what each choice holds.

The address is `?county=kern&kind=dispatch&with=youth&confirmed=1&q=words`. `county` takes a region as well. Several
kinds widen the list; several things a program does (`with`) narrow it, as different filters do.
"""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy

from pages import filters
from programs import counties
from programs.models import FRESH, Program

FACTS = {
    "youth": ("serves_youth", gettext_lazy("Serves youth")),
    "jail": ("works_in_jail", gettext_lazy("Works in the jail")),
    "dispatch": ("works_with_dispatch", gettext_lazy("Works with dispatch")),
    "co-response": ("is_co_response", gettext_lazy("Police and clinician together")),
    "day-and-night": ("is_day_and_night", gettext_lazy("Day and night")),
}
"""{value in the address: (field, words)}. A program of which nobody told us does not answer."""
COUNTED = ("kind", "with", "confirmed")
"""The filters whose choices one statement counts; counties are counted apart, since a program may cover several."""


class Filters(filters.Filters):
    known = {
        "county": {**counties.REGIONS, **dict(counties.CHOICES)},
        "kind": dict(Program.Kind.choices),
        "with": {value: words for value, (_field, words) in FACTS.items()},
        "confirmed": {"1": gettext_lazy("In the last year")},
    }
    titles = {
        "county": gettext_lazy("Where"),
        "kind": gettext_lazy("Kind"),
        "with": gettext_lazy("What it does"),
        "confirmed": gettext_lazy("Confirmed"),
    }
    single = ("county",)

    def __init__(self, data, today):
        super().__init__(data)
        self.today = today

    @property
    def place(self):
        """Slug of the region or county that was chosen, or an empty text."""
        return next(iter(self.chosen["county"]), "")

    @property
    def region(self):
        """Slug of the region that was chosen, or of the chosen county's."""
        return self.place if self.place in counties.REGIONS else getattr(counties.BY_SLUG.get(self.place), "region", "")

    @property
    def county(self):
        """The county that was chosen, or None."""
        return counties.BY_SLUG.get(self.place)

    @property
    def is_more_than_place(self):
        return bool(self.words) or any(values for name, values in self.chosen.items() if name != "county")

    def chips(self):
        """(name, query of the address, whether it is chosen) of each region, beside the other choices."""
        return [(name, self.query_with("county", slug), slug == self.place) for slug, name in counties.REGIONS.items()]

    @property
    def query_anywhere(self):
        """The other choices in the whole State."""
        return self.query_with("county")

    def narrow(self, programs):
        """These programs, as far as they fit every filter."""
        return self.narrow_place(programs).filter(self.fits_words(), self.fits())

    def narrow_place(self, programs):
        if not self.place:
            return programs
        return programs.in_region(self.place) if self.place in counties.REGIONS else programs.covering(self.place)

    def fits_words(self):
        """Every word of the search stands in the name, the agency, the cities or what the program does."""
        fits = Q()
        for word in self.words.split():
            fits &= (
                Q(name__icontains=word)
                | Q(lead_agency__icontains=word)
                | Q(cities__icontains=word)
                | Q(summary__icontains=word)
            )
        return fits

    def fits(self, besides=""):
        """What a program's own columns must say, the filter named `besides` left out."""
        fits = Q()
        for name in COUNTED:
            if name != besides and self.chosen[name]:
                conditions = [self.condition(name, value) for value in self.chosen[name]]
                fits &= all_of(conditions) if name == "with" else any_of(conditions)
        return fits

    def condition(self, name, value):
        """One value of one filter, for a query of programs."""
        if name == "kind":
            return Q(kind=value)
        if name == "with":
            return Q(**{FACTS[value][0]: True})
        return Q(confirmed_on__gte=self.today - FRESH)

    def counts(self):
        """What to `aggregate` over programs narrowed by place and words: the total, and each choice's share."""
        counts = {"total": Count("pk", filter=self.fits())}
        for name in COUNTED:
            # What a program does narrows: a further choice stands beside those that were made.
            beside = self.fits(besides="" if name == "with" else name)
            for value in self.known[name]:
                counts[f"{name}_{value}"] = Count("pk", filter=beside & self.condition(name, value))
        return counts

    def facets(self, counts, by_county):
        """The filters that are of use, with `counts` as counted above and the programs of each county."""
        # Regions are not counted: a program that covers two of their counties would count twice.
        place = self.facet("county", dict.fromkeys(counties.REGIONS) | by_county)
        place.groups = counties.parted(place.choices)
        facets = [place] if by_county or self.place else []
        for name in COUNTED:
            facet = self.facet(name, {value: counts[f"{name}_{value}"] for value in self.known[name]})
            if name == "with":  # "0" would read as "there is none", where nobody told us
                facet.choices = [choice for choice in facet.choices if choice.count or choice.is_chosen]
            if facet.is_chosen or any(choice.count for choice in facet.choices):
                facets.append(facet)
        return facets


def all_of(conditions):
    fits = Q()
    for condition in conditions:
        fits &= condition
    return fits


def any_of(conditions):
    fits = Q()
    for condition in conditions:
        fits |= condition
    return fits
