"""Draws the county map of California from the census geometry: `programs/outlines.json`, which this writes whole.

`make county-map` runs it, after a figure below has changed; commit what it writes. It needs npm, for the package
us-atlas: the cartographic boundaries of the U.S. Census Bureau (1:10,000,000, 2017, public domain) as TopoJSON. There a
border is one arc that both its counties name (https://github.com/topojson/topojson-specification). So each arc is
simplified once and neighbors still fit, and two counties are neighbors when they name the same arc.
"""

import json
import math
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from programs.counties import BY_SLUG, COUNTIES
from tools.npm import fetch

TARGET = Path(__file__).resolve().parent.parent / "programs" / "outlines.json"
VERSION = "3.0.1"
WIDTH, MARGIN = 1120, 6
"""Units of the drawing. Coordinates are whole units: half a pixel where the map is 560 pixels wide."""
DETAIL = 6
"""Least area, in square units, of the triangle a point spans with those beside it; flatter points go."""
COARSE_WIDTH, COARSE_DETAIL = 120, 10
"""The same for the small map on the home page."""
BRIDGES = (
    ("alameda", "san-mateo"),  # San Mateo-Hayward and Dumbarton
    ("contra-costa", "marin"),  # Richmond-San Rafael
    ("marin", "san-francisco"),  # Golden Gate
)
"""Neighbors that the geometry does not show: it ends at the shore, and their common border is water."""


def main():
    folder = fetch("us-atlas", VERSION)
    if not folder:
        sys.exit("The package us-atlas could not be fetched. This needs npm and the network; try again with both.")
    topology = json.loads((folder / "counties-10m.json").read_text())
    polygons = polygons_by_slug(topology)
    used = {abs_index(arc) for rings in polygons.values() for ring in rings for arc in ring}
    arcs = {index: [albers(*point) for point in decoded(topology, index)] for index in used}
    fine, height = drawn(arcs, WIDTH, MARGIN, DETAIL)
    coarse, coarse_height = drawn(arcs, COARSE_WIDTH, 1, COARSE_DETAIL)
    near = neighbors(polygons)
    counties = {}
    for county in COUNTIES:
        rings = rings_of(polygons[county.slug], fine)
        label = label_point(max(rings, key=area))
        counties[county.slug] = {
            "path": path(rings),
            "coarse": path(rings_of(polygons[county.slug], coarse) or [square(label)]),
            "box": box(rings),
            "label": label,
            "neighbors": sorted(near[county.slug]),
        }
    head = {"size": [WIDTH, height], "coarse_size": [COARSE_WIDTH, coarse_height]}
    lines = ",\n".join(f"{json.dumps(slug)}: {json.dumps(facts)}" for slug, facts in counties.items())
    TARGET.write_text(f'{json.dumps(head)[:-1]}, "counties": {{\n{lines}\n}}}}\n', encoding="utf-8")


# Reading the topology


def abs_index(arc):
    """TopoJSON writes an arc that is walked backwards as the complement of its index."""
    return arc if arc >= 0 else ~arc


def polygons_by_slug(topology):
    """The outer rings of each county, as lists of arcs. No county of California has a hole."""
    slugs = {county.fips: county.slug for county in COUNTIES}
    found = {}
    for geometry in topology["objects"]["counties"]["geometries"]:
        if slug := slugs.get(geometry["id"]):
            parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            found[slug] = [ring for part in parts for ring in part]
    return found


def decoded(topology, index):
    """Longitude and latitude of each point of an arc, which is stored as steps on a grid."""
    (scale_x, scale_y), (start_x, start_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    for step_x, step_y in topology["arcs"][index]:
        x, y = x + step_x, y + step_y
        yield x * scale_x + start_x, y * scale_y + start_y


def neighbors(polygons):
    owners = defaultdict(set)
    for slug, rings in polygons.items():
        for ring in rings:
            for arc in ring:
                owners[abs_index(arc)].add(slug)
    near = defaultdict(set)
    for pair in [*owners.values(), *map(set, BRIDGES)]:
        for slug in pair:
            near[slug] |= pair - {slug}
    return near


# Drawing


def albers(longitude, latitude):
    """Albers' equal-area conic with California's own parallels, 34 and 40.5 degrees (EPSG:3310), on a sphere."""
    first, second = math.radians(34), math.radians(40.5)
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    radius = math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n
    angle = n * math.radians(longitude + 120)
    return radius * math.sin(angle), radius * math.cos(angle)


def drawn(arcs, width, margin, detail):
    """The arcs in whole units of a drawing of this width, simplified, and the drawing's height."""
    xs = [x for points in arcs.values() for x, _y in points]
    ys = [y for points in arcs.values() for _x, y in points]
    scale = (width - 2 * margin) / (max(xs) - min(xs))

    def place(x, y):
        return (x - min(xs)) * scale + margin, (y - min(ys)) * scale + margin

    height = math.ceil((max(ys) - min(ys)) * scale + 2 * margin)
    return {
        index: rounded(simplified([place(*point) for point in points], detail)) for index, points in arcs.items()
    }, height


def triangle(a, b, c):
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplified(points, detail):
    """By Visvalingam and Whyatt: again and again without the point that matters least. The ends stay; an island too."""
    points = list(points)
    least = 4 if points[0] == points[-1] else 2
    while len(points) > least:
        size, middle = min((triangle(*points[i - 1 : i + 2]), i) for i in range(1, len(points) - 1))
        if size >= detail:
            break
        del points[middle]
    return points


def rounded(points):
    """In whole units, without a point twice in a row."""
    whole = [(round(x), round(y)) for x, y in points]
    return [point for before, point in zip([None, *whole], whole, strict=False) if point != before]


def rings_of(rings, arcs):
    """Each ring as the points of its arcs, without the last, which is the first again. Islands too small to draw go."""
    found = []
    for ring in rings:
        points = []
        for arc in ring:
            walked = arcs[abs_index(arc)]
            points += (walked if arc >= 0 else walked[::-1])[:-1]
        if len(points) > 2 and area(points) > 1:
            found.append(points)
    return found


def square(label):
    """Stands for a county, such as San Francisco, of which the coarse drawing leaves nothing."""
    x, y = (round(place * COARSE_WIDTH / WIDTH) for place in label)
    return [(x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1)]


def path(rings):
    """As few characters as a path can have, and any two paths can be joined to one."""
    text = ""
    for ring in rings:
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring)]
        text += f"M{numbers([ring[0]])}l{numbers(steps)}z"
    return text


def numbers(points):
    """Coordinates one after the other, with a space only where no minus parts them."""
    return " ".join(f"{x} {y}" for x, y in points).replace(" -", "-")


# Placing labels


def box(rings):
    """Left, top, right and bottom."""
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    return [min(xs), min(ys), max(xs), max(ys)]


def area(ring):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def contains(ring, x, y):
    inside = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def distance(point, start, end):
    """From a point to a line between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0, min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) if length else 0
    return math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay))


def label_point(ring):
    """The point inside a ring that is farthest from its edges, on a grid of one unit, from coarse to fine."""
    xs, ys = zip(*ring, strict=True)
    step = max(max(xs) - min(xs), max(ys) - min(ys)) // 12 + 1
    candidates = [(x, y) for x in range(min(xs), max(xs) + 1, step) for y in range(min(ys), max(ys) + 1, step)]

    def room(point):
        edge = min(distance(point, a, b) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
        return edge if contains(ring, *point) else -edge

    best = max(candidates, key=room)
    while step > 1:
        step = (step + 1) // 2 if step > 2 else 1
        around = [(best[0] + i * step, best[1] + j * step) for i in (-2, -1, 0, 1, 2) for j in (-2, -1, 0, 1, 2)]
        best = max(around, key=room)
    return list(best)


if __name__ == "__main__":
    main()
    print(f"Drew {len(BY_SLUG)} counties: {TARGET.stat().st_size:,} bytes.")
