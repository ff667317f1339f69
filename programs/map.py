"""The county map: what its templates draw, from the number of programs in each county."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.counties import COUNTIES
from programs.outlines import outlines

RING = re.compile(r"M(-?\d+) ?(-?\d+)l([-\d ]+)z")
STEPS = {"none": 0, "one": 1, "few": 2, "many": 4}
"""Least number of programs of each shade."""


@dataclass(frozen=True)
class Inset:
    """A part of the map that is drawn once more, enlarged, where the State's shape leaves a corner empty."""

    x: int
    y: int
    width: int
    height: int
    scale: int
    left: int
    """Where the enlargement begins."""
    top: int

    @property
    def shift(self):
        """How far the whole map, enlarged, is moved to bring the part to its place."""
        return self.left - self.x * self.scale, self.top - self.y * self.scale

    @property
    def enlarged_width(self):
        return self.width * self.scale

    @property
    def enlarged_height(self):
        return self.height * self.scale

    def shows(self, left, top, right, bottom):
        """Whether anything of this box is in it."""
        return left < self.x + self.width and self.x < right and top < self.y + self.height and self.y < bottom

    def part_of(self, path):
        """What the enlargement shows of a county's path. The path is cut, not clipped: a shape that is only clipped
        still lies, unseen, over what stands beside the map, and gets in the way of checks for targets that overlap.
        """
        edges = ((0, self.x, 1), (0, self.x + self.width, -1), (1, self.y, 1), (1, self.y + self.height, -1))
        parts = ""
        for ring in rings(path):
            inside = ring
            for edge in edges:
                inside = cut(inside, *edge)
            parts += path_of([self.place(round(x), round(y)) for x, y in inside])
        return parts

    def place(self, x, y):
        """Where the enlargement shows a point of the map."""
        across, down = self.shift
        return x * self.scale + across, y * self.scale + down


BAY = Inset(x=137, y=507, width=166, height=162, scale=3, left=612, top=8)
"""San Francisco and its neighbors: too small and too crowded to be read, or hit with a finger, at the map's scale."""


@dataclass(frozen=True)
class Shape:
    """A county as the map draws it."""

    slug: str
    name: str
    href: str
    count: int
    step: str
    """One of `STEPS`."""
    path: str
    label: tuple[int, int]
    """Where the number stands."""
    enlarged: str
    """The path of what the inset shows of it; empty where that is nothing."""
    is_chosen: bool
    is_aside: bool
    """Outside of the region that was asked for."""

    @property
    def title(self):
        """What a screen reader says and a mouse shows."""
        if not self.count:
            return _("%(county)s County: no program known") % {"county": self.name}
        words = ngettext("%(county)s County: %(count)d program", "%(county)s County: %(count)d programs", self.count)
        return words % {"county": self.name, "count": self.count}


@dataclass(frozen=True)
class Map:
    width: int
    height: int
    inset: Inset
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Strip:
    width: int
    height: int
    known: int
    """Counties with at least one program."""
    total: int
    paths: tuple[tuple[str, str], ...]
    """All counties of a step as one path, by step."""


def rings(path):
    """The outer lines of a path, each a list of points."""
    for x, y, steps in RING.findall(path):
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        ring = [(int(x), int(y))]
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + across, ring[-1][1] + down))
        yield ring


def cut(ring, axis, limit, side):
    """The part of a ring on one side of a line: where `axis` of a point, times `side`, is no less than the limit's.

    One step of https://en.wikipedia.org/wiki/Sutherland%E2%80%93Hodgman_algorithm
    """
    kept = []
    for here, there in pairwise([*ring, *ring[:1]]):
        inside, next_inside = ((point[axis] - limit) * side >= 0 for point in (here, there))
        if inside:
            kept.append(here)
        if inside != next_inside:
            share = (limit - here[axis]) / (there[axis] - here[axis])
            kept.append(tuple(a + share * (b - a) for a, b in zip(here, there, strict=True)))
    return kept


def path_of(ring):
    """The ring as a path; empty where it holds no area."""
    if len(ring) < 3:
        return ""
    steps = " ".join(f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(ring) if (ax, ay) != (bx, by))
    return f"M{ring[0][0]} {ring[0][1]}l{steps}z".replace(" -", "-") if steps else ""


@cache
def enlarged(slug):
    outline = outlines().counties[slug]
    return BAY.part_of(outline.path) if BAY.shows(*outline.box) else ""


def step_of(count):
    return max((least, step) for step, least in STEPS.items() if least <= count)[1]


def county_address(slug):
    return reverse("programs:county", args=[slug])


def drawn(counts, chosen=None, href=county_address, region=None):
    """The whole map, each county a link to `href(slug)`.

    `counts` holds the number of programs by slug; a county that is missing has none. `chosen` is the slug of a county
    to mark, `region` that of a region whose counties stand out.
    """
    known = outlines()
    shapes = []
    for county in COUNTIES:
        outline, count = known.counties[county.slug], counts.get(county.slug, 0)
        x, y = outline.label
        shapes.append(
            Shape(
                slug=county.slug,
                name=county.name,
                href=href(county.slug),
                count=count,
                step=step_of(count),
                path=outline.path,
                label=BAY.place(x, y) if BAY.shows(x, y, x, y) else (x, y),
                enlarged=enlarged(county.slug),
                is_chosen=county.slug == chosen,
                is_aside=bool(region) and county.region != region,
            )
        )
    return Map(*known.size, BAY, tuple(shapes))


def strip(counts):
    """The small map that only hints at the whole one; `counts` as above."""
    known = outlines()
    paths = dict.fromkeys(STEPS, "")
    for county in COUNTIES:
        paths[step_of(counts.get(county.slug, 0))] += known.counties[county.slug].coarse
    return Strip(
        *known.coarse_size,
        known=sum(1 for county in COUNTIES if counts.get(county.slug)),
        total=len(COUNTIES),
        paths=tuple((step, path) for step, path in paths.items() if path),
    )
