"""Shape, place of the number and neighbors of each county, as `make county-map` drew and wrote them.

Source: cartographic boundaries of the U.S. Census Bureau, by way of the package us-atlas; `tools/draw_counties.py`
tells how they become these shapes.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "outlines.json"


@dataclass(frozen=True)
class Outline:
    path: str
    """Of an SVG drawing as large as `Outlines.size`."""
    coarse: str
    """The same of a drawing as large as `Outlines.coarse_size`, where islands are left out."""
    box: tuple[int, int, int, int]
    """Left, top, right and bottom of `path`."""
    label: tuple[int, int]
    """The point inside the county that is farthest from its borders."""
    neighbors: tuple[str, ...]
    """Slugs."""


@dataclass(frozen=True)
class Outlines:
    size: tuple[int, int]
    coarse_size: tuple[int, int]
    counties: dict[str, Outline]


@cache
def outlines():
    """Read once by each process."""
    facts = json.loads(FILE.read_text(encoding="utf-8"))
    counties = {
        slug: Outline(**{name: value if isinstance(value, str) else tuple(value) for name, value in fact.items()})
        for slug, fact in facts["counties"].items()
    }
    return Outlines(tuple(facts["size"]), tuple(facts["coarse_size"]), counties)
