"""The library's filters, as the address says them: `?kind=research&topic=dispatch&finding=mixed&q=words&from=2010`.

Several values of one filter widen the list, different filters narrow it. What is for everyone is for each of the
readers too.
"""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages import filters
from resources.models import Resource
from resources.models.library import EARLIEST, LATEST, holding, meant_for

BY_TITLE = "title"
"""The order that is not the usual one, in the address."""
COUNTED = ("kind", "topic", "audience", "finding")


class Filters(filters.Filters):
    known = {
        "kind": dict(Resource.Kind.choices),
        "topic": dict(Resource.Topic.choices),
        "audience": dict(Resource.Audience.choices),
        "finding": dict(Resource.Finding.choices),
    }
    titles = {
        "kind": gettext_lazy("Kind"),
        "topic": gettext_lazy("Topic"),
        "audience": gettext_lazy("For whom"),
        "finding": gettext_lazy("Finding"),
    }
    single = ("kind",)

    def __init__(self, data):
        super().__init__(data)
        self.since, self.until = self._year(data.get("from", "")), self._year(data.get("to", ""))
        self.is_by_title = data.get("sort") == BY_TITLE

    def _year(self, text):
        """A year that can be meant, or None."""
        if not text:
            return None
        if not (len(text) == 4 and text.isascii() and text.isdecimal() and EARLIEST <= int(text) <= LATEST):
            self.ignored = True
            return None
        return int(text)

    def __bool__(self):
        return super().__bool__() or bool(self.since or self.until)

    def _query(self, chosen, by_title=None):
        """As everywhere, with the years and, where it is not the usual one, the order."""
        is_by_title = self.is_by_title if by_title is None else by_title
        pairs = [("from", self.since), ("to", self.until), ("sort", BY_TITLE if is_by_title else "")]
        parts = [super()._query(chosen), urlencode([(name, value) for name, value in pairs if value])]
        return "&".join(part for part in parts if part)

    @property
    def labels(self):
        labels = super().labels
        if self.since:
            labels.append(_("since %(year)s") % {"year": self.since})
        if self.until:
            labels.append(_("until %(year)s") % {"year": self.until})
        return labels

    @property
    def kept(self):
        """(name, value) of the choices that are made by links: the form holds on to them."""
        kinds = [("kind", kind) for kind in self.chosen["kind"]]
        return [*kinds, ("sort", BY_TITLE)] if self.is_by_title else kinds

    def orders(self):
        """(words, query of the address, whether it is in force) of each order of the list."""
        orders = ((_("Newest first"), False), (_("By title"), True))
        return [(words, self._query(self.chosen, by_title), by_title == self.is_by_title) for words, by_title in orders]

    def chips(self, counts):
        """(words, count, query of the address, whether it is chosen) of all kinds together and of each that has any."""
        chosen = self.chosen["kind"]
        kinds = self.facet("kind", self._counts_of("kind", counts)).choices
        used = [kind for kind in kinds if kind.count or kind.is_chosen]
        chips = [(kind.label, kind.count, self.query_with("kind", kind.value), kind.is_chosen) for kind in used]
        return [(_("All kinds"), counts["any_kind"], self.query_with("kind"), not chosen), *chips]

    def narrow(self, resources):
        """These entries, as far as they fit every filter, in the chosen order."""
        found = resources.filter(self.fits_words(), self.fits())
        return found.by_title() if self.is_by_title else found.newest()

    def fits_words(self):
        """Every word of the search stands somewhere in the entry, in either language."""
        fits = Q()
        for word in filters.folded(self.words).split():
            fits &= Q(search_text__contains=word)
        return fits

    def fits(self, besides=""):
        """What an entry's own columns must say, the filter named `besides` left out."""
        fits = Q()
        if self.since:
            fits &= Q(year__gte=self.since)
        if self.until:
            fits &= Q(year__lte=self.until)
        for name in COUNTED:
            if name != besides and self.chosen[name]:
                fits &= condition(name, self.chosen[name])
        return fits

    def counts(self):
        """What to `aggregate` over entries that fit the words: the total, and what each choice would give."""
        counts = {"total": Count("pk", filter=self.fits()), "any_kind": Count("pk", filter=self.fits(besides="kind"))}
        for name in COUNTED:
            beside = self.fits(besides=name)
            for value in self.known[name]:
                counts[f"{name}_{value}"] = Count("pk", filter=beside & condition(name, [value]))
        return counts

    def _counts_of(self, name, counts):
        return {value: counts[f"{name}_{value}"] for value in self.known[name]}

    def facets(self, counts):
        """The filters of the form that are of use, with `counts` as counted above; kinds are chips above the list."""
        facets = [self.facet(name, self._counts_of(name, counts)) for name in COUNTED[1:]]
        for facet in facets:
            facet.choices = [choice for choice in facet.choices if choice.count or choice.is_chosen]
        return [facet for facet in facets if facet.choices]


def condition(name, values):
    """What an entry must say to fit any of these values of one filter."""
    if name == "topic":
        return holding("topics", values)
    if name == "audience":
        return meant_for(values)
    return Q(**{f"{name}__in": values})
