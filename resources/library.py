"""What the library's pages say of its entries: how many there are, what the research found, what belongs together."""

from dataclasses import dataclass

from django.db.models import Count, Q

from pages.filters import Facet
from resources.models import Resource

MOST_RELATED = 4
MOST_COMPARED = 100
"""Entries of a topic that are looked at to find those."""


@dataclass(frozen=True)
class Survey:
    total: int
    chips: list
    facets: list[Facet]


def survey(resources, filters):
    """How many of these entries fit the filters, and beside each choice: one statement."""
    counts = resources.filter(filters.fits_words()).order_by().aggregate(**filters.counts())
    return Survey(counts["total"], filters.chips(counts), filters.facets(counts))


@dataclass(frozen=True)
class Found:
    """How many studies came to one finding."""

    finding: str
    words: str
    count: int


@dataclass(frozen=True)
class Evidence:
    """What the studies of the library found, every one counted once."""

    total: int
    findings: list[Found]


def evidence(resources):
    """The evidence of these entries, or None where no study says what it found. One statement.

    A count is no measure of proof: it says neither how large nor how sound a study is, and the page says so.
    """
    counts = resources.order_by().aggregate(
        **{finding.name: Count("pk", filter=Q(finding=finding)) for finding in Resource.Finding}
    )
    findings = [Found(finding.value, finding.label, counts[finding.name]) for finding in Resource.Finding]
    total = sum(found.count for found in findings)
    return Evidence(total, findings) if total else None


def related(resource, resources):
    """Those of these entries that share most topics with this one, at most four; among equals the newest first."""
    topics = set(resource.topics)
    others = resources.about(*topics).exclude(pk=resource.pk).newest()[:MOST_COMPARED]
    return sorted(others, key=lambda other: -len(topics & set(other.topics)))[:MOST_RELATED]
