from itertools import combinations

import pytest

from programs.counties import BY_SLUG
from programs.neighbors import neighbors_of
from programs.outlines import outlines
from tests.programs import shapes

BRIDGES = {("alameda", "san-mateo"), ("contra-costa", "marin"), ("marin", "san-francisco")}
SHORT = {("alameda", "san-francisco"), ("alameda", "stanislaus")}
"""Borders too short for the drawing: the tip of Alameda’s island, and a corner in the Diablo Range."""


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("alpine", ["Amador", "Calaveras", "El Dorado", "Mono", "Tuolumne"]),
        ("del-norte", ["Humboldt", "Siskiyou"]),
        ("imperial", ["Riverside", "San Diego"]),
        ("los-angeles", ["Kern", "Orange", "San Bernardino", "Ventura"]),
        ("marin", ["Contra Costa", "San Francisco", "Sonoma"]),
        ("modoc", ["Lassen", "Shasta", "Siskiyou"]),
        ("orange", ["Los Angeles", "Riverside", "San Bernardino", "San Diego"]),
        ("san-francisco", ["Alameda", "Marin", "San Mateo"]),
        ("santa-barbara", ["Kern", "San Luis Obispo", "Ventura"]),
        ("sierra", ["Lassen", "Nevada", "Plumas", "Yuba"]),
    ],
)
def test_neighbors_of_a_county_are_known_by_name(slug, names):
    assert [county.name for county in neighbors_of(slug)] == names


def test_no_county_has_more_than_eight_neighbors():
    numbers = {slug: len(neighbors_of(slug)) for slug in BY_SLUG}
    assert {slug for slug, number in numbers.items() if number >= 8} == {"fresno", "kern", "sacramento"}
    assert max(numbers.values()) == 8


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_neighbors_are_mutual_and_never_the_county_itself(slug):
    county = BY_SLUG[slug]
    assert neighbors_of(slug)
    assert county not in neighbors_of(slug)
    assert all(county in neighbors_of(near.slug) for near in neighbors_of(slug))


def test_neighbors_are_those_whose_drawn_borders_meet_or_whom_a_bridge_joins():
    edges = {slug: shapes.edges(outlines().counties[slug].path) for slug in BY_SLUG}
    touching = {(one, other) for one, other in combinations(sorted(BY_SLUG), 2) if edges[one] & edges[other]}
    told = {tuple(sorted((slug, near.slug))) for slug in BY_SLUG for near in neighbors_of(slug)}
    assert told == touching | BRIDGES | SHORT
    assert not touching & (BRIDGES | SHORT)


def test_county_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        neighbors_of("atlantis")
