"""The calendar's filters: one reading of the address for the list, the month and the feeds, and what each choice holds.

The address is `?county=kern&format=online&audience=patrol&board=POST&free=1&q=words`. `county` takes a region as well.
Several values of one filter widen it (only `county` takes one alone), several filters narrow each other.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy

from events.models import Credit, Event, Series
from pages import filters
from programs import counties

PERSON, ONLINE, UNKNOWN = "person", "online", "unknown"
FORMATS = {
    PERSON: gettext_lazy("In person"),
    ONLINE: gettext_lazy("Online"),
    UNKNOWN: gettext_lazy("Not announced"),
}
BOARDS = {
    Credit.Board.POST: gettext_lazy("POST"),
    Credit.Board.STC: gettext_lazy("STC"),
    Credit.Board.BRN: gettext_lazy("BRN"),
    Credit.Board.BBS: gettext_lazy("BBS"),
    Credit.Board.OTHER: gettext_lazy("Other CE"),
}
KNOWN = {
    "county": {**counties.REGIONS, **dict(counties.CHOICES)},
    "format": FORMATS,
    "audience": dict(Event.Audience.choices),
    "board": BOARDS,
    "free": {"1": gettext_lazy("Free")},
}
LABELS = {
    "county": gettext_lazy("Where"),
    "format": gettext_lazy("How"),
    "audience": gettext_lazy("For whom"),
    "board": gettext_lazy("Credit"),
    "free": gettext_lazy("Cost"),
}
COLUMNS = ("county", "format", "state", "audiences", "boards", "is_free")
"""What of an event the filters ask about, except its words."""


@dataclass(frozen=True)
class Batch:
    """Events that are alike for the filters: what they answer to by filter, and how many there are."""

    answers: dict
    count: int

    @classmethod
    def of(cls, county, planned, state, audiences, boards, is_free, count=1):
        answers = {
            "county": {county, counties.BY_SLUG[county].region} if county in counties.BY_SLUG else set(),
            "format": ways_to_attend(planned, state),
            "audience": KNOWN["audience"].keys() & set(audiences),
            "board": BOARDS.keys() & set(boards),
            "free": {"1"} if is_free else set(),
        }
        return cls(answers, count)


def ways_to_attend(planned, state):
    """An event in person and online answers to both; one that moved online is online, whatever was planned."""
    if state == Event.State.MOVED_ONLINE or planned == Event.Format.ONLINE:
        return {ONLINE}
    return {Event.Format.HYBRID: {PERSON, ONLINE}, Event.Format.UNKNOWN: {UNKNOWN}}.get(planned, {PERSON})


class Filters(filters.Filters):
    known = KNOWN
    titles = LABELS
    single = ("county",)

    def narrow(self, events):
        """These events, as far as they fit every filter."""
        for name, values in self.chosen.items():
            fits = Q()
            for value in values:
                fits |= condition(name, value)
            events = events.filter(fits)
        return events.filter(self.fits_words())

    def fits_words(self, prefix=""):
        """Every word of the search stands in the title, the summary or the name of a published series.

        `prefix` leads from another model to the event: `event__`.
        """
        fits = Q()
        for word in self.words.split():
            series = Series.objects.published().filter(title__icontains=word)
            fits &= (
                Q(**{f"{prefix}title__icontains": word})
                | Q(**{f"{prefix}summary__icontains": word})
                | Q(**{f"{prefix}series__in": series})
            )
        return fits

    def admits(self, batch, besides=""):
        """Whether the events of a batch fit every filter, the one named `besides` left out."""
        return all(
            not values or name == besides or not batch.answers[name].isdisjoint(values)
            for name, values in self.chosen.items()
        )

    def total(self, batches):
        return sum(batch.count for batch in batches if self.admits(batch))

    def facets(self, batches):
        """The filters that are of use: those about which any of the events says something."""
        facets = []
        for name, known in KNOWN.items():
            if not self.chosen[name] and not any(batch.answers[name] for batch in batches):
                continue
            counts = dict.fromkeys(known, 0)
            for batch in batches:
                if self.admits(batch, besides=name):
                    for value in batch.answers[name]:
                        counts[value] += batch.count
            facets.append(self.facet(name, counts))
            if name == "county":
                facets[-1].groups = counties.parted(facets[-1].choices)
        return facets


def condition(name, value):
    """One value of one filter, for a query of events."""
    moved = Q(state=Event.State.MOVED_ONLINE)
    if name == "county":
        return Q(county__in=counties.in_region(value)) if value in counties.REGIONS else Q(county=value)
    if name == "audience":
        return Q(audiences__contains=f",{value},")
    if name == "board":
        return Q(boards__contains=f",{value},")
    if name == "free":
        return Q(is_free=True)
    return {
        PERSON: Q(format__in=[Event.Format.IN_PERSON, Event.Format.HYBRID]) & ~moved,
        ONLINE: Q(format__in=[Event.Format.ONLINE, Event.Format.HYBRID]) | moved,
        UNKNOWN: Q(format=Event.Format.UNKNOWN) & ~moved,
    }[value]
