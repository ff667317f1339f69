import gzip
import re
from xml.etree import ElementTree

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path

from programs import map as county_map
from programs.counties import COUNTIES, in_region
from programs.outlines import outlines
from tests.programs import shapes

COUNTS = {"los-angeles": 10, "san-francisco": 2, "alameda": 6, "butte": 1, "kern": 3, "orange": 4}
STEPS = ("none", "one", "few", "many")

DIRECTORY = [path("", HttpResponse, name="directory"), path("counties/<slug:slug>/", HttpResponse, name="county")]
urlpatterns = [path("programs/", include((DIRECTORY, "programs")))]
"""The two addresses that the map leads to, and none of their pages."""


def address(slug):
    return f"/somewhere/{slug}/"


def drawn(counts=COUNTS, **choices):
    return county_map.drawn(counts, href=address, **choices)


def shape(slug, **choices):
    return next(shape for shape in drawn(**choices).shapes if shape.slug == slug)


def rendered(**choices):
    """The partial, and its drawing as a tree."""
    text = render_to_string("programs/map.html", {"map": drawn(**choices)})
    drawing = re.search(r'<svg class="map".*?</svg>', text, re.DOTALL)[0]
    return text, ElementTree.fromstring(drawing)


def links(tree):
    return {link.get("href").split("/")[-2]: link for link in tree.iter("a")}


@pytest.mark.parametrize(
    ("count", "step"), [(0, "none"), (1, "one"), (2, "few"), (3, "few"), (4, "many"), (5, "many"), (120, "many")]
)
def test_step_follows_the_count(count, step):
    assert county_map.step_of(count) == step


def test_counties_are_drawn_by_name_each_with_its_count():
    shapes_drawn = drawn().shapes
    assert [shape.name for shape in shapes_drawn] == sorted(county.name for county in COUNTIES)
    assert {shape.slug: shape.count for shape in shapes_drawn if shape.count} == COUNTS


@pytest.mark.urls(__name__)
def test_county_leads_to_its_own_page():
    assert county_map.drawn({}).shapes[0].href == "/programs/counties/alameda/"


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("los-angeles", "Los Angeles County: 10 programs"),
        ("butte", "Butte County: 1 program"),
        ("alpine", "Alpine County: no program known"),
    ],
)
def test_title_says_county_and_count(slug, title):
    assert shape(slug).title == title


def test_chosen_county_is_marked_alone():
    assert [shape.slug for shape in drawn(chosen="alpine").shapes if shape.is_chosen] == ["alpine"]
    assert not any(shape.is_chosen for shape in drawn().shapes)
    marked = [slug for slug, link in links(rendered(chosen="alpine")[1]).items() if link.get("aria-current")]
    assert marked == ["alpine"]


def test_counties_outside_of_a_region_step_aside_without_a_number():
    inside = {shape.slug for shape in drawn(region="inland-empire").shapes if not shape.is_aside}
    assert inside == set(in_region("inland-empire"))
    found = links(rendered(counts={"riverside": 1, "kern": 3}, region="inland-empire")[1])
    assert (found["riverside"].findtext("text"), found["kern"].find("text")) == ("1", None)
    assert found["kern"].findtext("title") == "Kern County: 3 programs"


def test_each_county_is_one_link_with_a_name_and_every_known_one_shows_its_number():
    tree = rendered()[1]
    assert len(list(tree.iter("a"))) == 58
    assert {slug: link.findtext("title") for slug, link in links(tree).items()} == {
        shape.slug: shape.title for shape in drawn().shapes
    }
    numbers = {slug: link.findtext("text") for slug, link in links(tree).items()}
    assert {slug: int(number) for slug, number in numbers.items() if number} == COUNTS


def test_drawing_has_a_name_and_its_box_holds_every_number():
    tree = rendered(counts={county.slug: 1 for county in COUNTIES})[1]
    assert (tree.get("role"), tree.get("aria-label")) == ("group", "Map of the counties")
    width, height = outlines().size
    assert tree.get("viewBox") == f"0 0 {width} {height}"
    numbers = [(int(text.get("x")), int(text.get("y"))) for text in tree.iter("text")]
    assert len(numbers) == len(set(numbers)) == 58
    assert all(0 < x < width and 0 < y < height for x, y in numbers)


def test_numbers_stand_apart_from_one_another():
    """Two digits are about 34 units wide and 30 high."""
    places = [shape.label for shape in drawn().shapes]
    close = [
        (one, other)
        for number, one in enumerate(places)
        for other in places[number + 1 :]
        if abs(one[0] - other[0]) < 34 and abs(one[1] - other[1]) < 24
    ]
    assert close == []


def test_inset_enlarges_what_is_small_in_the_links_themselves():
    inset = county_map.BAY
    tree = rendered()[1]
    enlarged = {slug: parts[1].get("d") for slug, link in links(tree).items() if len(parts := link.findall("path")) > 1}
    assert {"alameda", "contra-costa", "marin", "san-francisco", "san-mateo", "santa-clara", "solano"} <= set(enlarged)
    assert "los-angeles" not in enlarged
    right, bottom = inset.left + inset.enlarged_width, inset.top + inset.enlarged_height
    for part in enlarged.values():
        points = [point for ring in shapes.rings(part) for point in ring]
        assert all(inset.left <= x <= right and inset.top <= y <= bottom for x, y in points)
    whole, small = shapes.area(enlarged["san-francisco"]), shapes.area(outlines().counties["san-francisco"].path)
    assert whole / small == pytest.approx(inset.scale**2, rel=0.02)
    x, y = shape("san-francisco").label
    assert inset.left < x < inset.left + inset.enlarged_width
    assert inset.top < y < inset.top + inset.enlarged_height


def test_inset_lies_in_the_drawing_and_covers_no_county():
    inset = county_map.BAY
    width, height = outlines().size
    right, bottom = inset.left + inset.enlarged_width, inset.top + inset.enlarged_height
    assert 0 < inset.left < right <= width
    assert 0 < inset.top < bottom <= height
    for outline in outlines().counties.values():
        points = [point for ring in shapes.rings(outline.path) for point in ring]
        assert not any(inset.left <= x <= right and inset.top <= y <= bottom for x, y in points)
        assert shapes.crossings(outline.path, inset.left, bottom) == shapes.crossings(outline.path, right, bottom) == 0


def test_whole_map_is_light():
    counts = {county.slug: number % 12 for number, county in enumerate(COUNTIES)}
    text, _tree = rendered(counts=counts)
    assert len(gzip.compress(text.encode(), 6)) <= 8_000


def test_map_has_a_legend_and_a_way_past_it():
    text, _tree = rendered()
    assert [words for words in ("None known", "2 or 3", "4 or more") if words not in text] == []
    assert text.index('href="#map-legend"') < text.index("<svg") < text.index('id="map-legend"')


def test_strip_counts_known_counties_and_joins_their_paths_by_step():
    strip = county_map.strip(COUNTS)
    assert (strip.known, strip.total) == (6, 58)
    assert [step for step, _path in strip.paths] == list(STEPS)
    coarse = outlines().counties
    paths = dict(strip.paths)
    assert paths["one"] == coarse["butte"].coarse
    assert paths["few"] == coarse["kern"].coarse + coarse["san-francisco"].coarse
    assert sum(len(shapes.rings(path)) for path in paths.values()) == sum(
        len(shapes.rings(outline.coarse)) for outline in coarse.values()
    )


def test_strip_without_programs_has_one_path():
    strip = county_map.strip({})
    assert (strip.known, [step for step, _path in strip.paths]) == (0, ["none"])


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (COUNTS, "6 of 58 counties have a program we know of"),
        ({"yolo": 3}, "1 of 58 counties has a program we know of"),
        ({}, "0 of 58 counties have a program we know of"),
    ],
)
def test_strip_is_one_light_link_to_the_directory(counts, words):
    text = render_to_string("programs/map_strip.html", {"map": county_map.strip(counts)})
    assert words in text
    assert re.findall(r'href="([^"]*)"', text) == ["/programs/"]
    assert 'aria-hidden="true"' in text
    assert len(gzip.compress(text.encode(), 6)) <= 1_300
