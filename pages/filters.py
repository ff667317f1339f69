"""Filters of a list: one reading of the address for pages, feeds and downloads, whatever the list holds.

The address is `?county=kern&kind=dispatch&q=words`. A value nobody knows is left out, and `ignored` says so.
"""

import unicodedata
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

LONGEST_SEARCH = 100
"""Characters of a search that are read."""


def folded(text):
    """The text without accents and capitals, so that “policia” is found where “Policía” is written."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()


def words_of(data):
    """The words of a search, as the address `data` (a QueryDict) says them."""
    return " ".join(data.get("q", "").replace("\x00", " ").split())[:LONGEST_SEARCH]


@dataclass
class Choice:
    value: str
    label: str
    count: int | None
    """None where it is not counted."""
    is_chosen: bool


@dataclass
class Facet:
    """One filter with its choices. A choice counts the rows it would give beside the other filters' choices."""

    name: str
    label: str
    choices: list[Choice]
    groups: list = field(default_factory=list)
    """(heading, choices) where the choices stand in a menu, of which one is chosen."""

    @property
    def is_chosen(self):
        return any(choice.is_chosen for choice in self.choices)


class Filters:
    """What a visitor chose, as the address `data` (a QueryDict) says it. A list names its own filters below."""

    known = {}
    """{filter: {value: words}}, in the order in which they are shown."""
    titles = {}
    """{filter: words}."""
    single = ()
    """Filters of which one value is taken."""

    def __init__(self, data):
        self.chosen, self.ignored = {}, False
        for name, known in self.known.items():
            given = [value for value in data.getlist(name) if value]
            self.ignored = self.ignored or bool(set(given) - set(known))
            self.chosen[name] = [value for value in known if value in given]
        for name in self.single:
            del self.chosen[name][1:]
        self.words = words_of(data)

    def __bool__(self):
        return bool(self.words) or any(self.chosen.values())

    @cached_property
    def query(self):
        """The choices as the part of an address after the question mark; the same choices give the same text."""
        return self._query(self.chosen)

    def query_with(self, name, *values):
        """The same with these values of one filter in place of those that were chosen."""
        return self._query(self.chosen | {name: values})

    def _query(self, chosen):
        pairs = [(name, value) for name, values in chosen.items() for value in values]
        return urlencode([*pairs, ("q", self.words)] if self.words else pairs)

    @property
    def labels(self):
        """The choices in words."""
        labels = [str(self.known[name][value]) for name, values in self.chosen.items() for value in values]
        return [*labels, _("“%(words)s”") % {"words": self.words}] if self.words else labels

    def facet(self, name, counts):
        """The filter of this name with `counts` of rows by value; None for a value that is not counted."""
        choices = [
            Choice(value, str(label), counts.get(value, 0), value in self.chosen[name])
            for value, label in self.known[name].items()
        ]
        return Facet(name, str(self.titles[name]), choices)
