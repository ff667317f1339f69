import pytest

from programs.counties import BY_SLUG
from programs.outlines import outlines
from tests.programs import shapes

SLUGS = sorted(BY_SLUG)


def test_every_county_has_an_outline():
    assert sorted(outlines().counties) == SLUGS


def test_file_is_read_once():
    assert outlines() is outlines()


@pytest.mark.parametrize("slug", SLUGS)
def test_box_is_the_one_of_the_path_and_lies_in_the_drawing(slug):
    outline = outlines().counties[slug]
    points = [point for ring in shapes.rings(outline.path) for point in ring]
    xs, ys = zip(*points, strict=True)
    assert outline.box == (min(xs), min(ys), max(xs), max(ys))
    width, height = outlines().size
    assert min(outline.box) >= 0
    assert max(xs) <= width
    assert max(ys) <= height


@pytest.mark.parametrize("slug", SLUGS)
def test_coarse_path_lies_in_its_drawing(slug):
    width, height = outlines().coarse_size
    points = [point for ring in shapes.rings(outlines().counties[slug].coarse) for point in ring]
    assert points
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)


@pytest.mark.parametrize("slug", SLUGS)
def test_label_is_inside_of_its_county(slug):
    outline = outlines().counties[slug]
    assert shapes.crossings(outline.path, *outline.label) % 2 == 1


def test_no_label_is_inside_of_another_county():
    found = outlines().counties
    owners = {
        (slug, other)
        for slug in SLUGS
        for other in SLUGS
        if shapes.crossings(found[other].path, *found[slug].label) % 2
    }
    assert owners == {(slug, slug) for slug in SLUGS}


def test_islands_are_drawn():
    """Of the Channel Islands, four belong to Santa Barbara and two each to Ventura and Los Angeles."""
    rings = {slug: len(shapes.rings(outlines().counties[slug].path)) for slug in SLUGS}
    assert (rings["santa-barbara"], rings["ventura"], rings["los-angeles"]) == (5, 3, 3)


@pytest.mark.parametrize(
    ("slug", "square_miles"),
    [("san-bernardino", 20_057), ("inyo", 10_181), ("siskiyou", 6_278), ("imperial", 4_177), ("modoc", 3_918)],
)
def test_areas_are_true_from_the_north_to_the_south(slug, square_miles):
    """Land areas: U.S. Census Bureau. The projection keeps areas, so each county is as large as its neighbors say."""
    found = outlines().counties
    unit = 20_057 / shapes.area(found["san-bernardino"].path)
    assert shapes.area(found[slug].path) * unit == pytest.approx(square_miles, rel=0.08)


def test_smallest_county_is_san_francisco_and_the_largest_san_bernardino():
    by_area = sorted(SLUGS, key=lambda slug: shapes.area(outlines().counties[slug].path))
    assert (by_area[0], by_area[-1]) == ("san-francisco", "san-bernardino")
