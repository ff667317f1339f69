"""Reads the paths of the county map back into points, knowing nothing of how they were drawn."""

import re
from itertools import pairwise

STEP = re.compile(r"M(-?\d+) ?(-?\d+)l([-\d ]+)z")


def rings(path):
    """The outer lines of a county, each a list of points, the first once more at the end."""
    assert STEP.sub("", path) == ""
    found = []
    for x, y, steps in STEP.findall(path):
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        ring = [(int(x), int(y))]
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + across, ring[-1][1] + down))
        found.append([*ring, ring[0]])
    return found


def edges(path):
    """Its lines from point to point, without direction."""
    return {frozenset(edge) for ring in rings(path) for edge in pairwise(ring)}


def area(path):
    return sum(abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2 for ring in rings(path))


def crossings(path, x, y):
    """How often a line from a point to the right crosses the borders: an odd number from inside."""
    return sum(
        (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
        for ring in rings(path)
        for (ax, ay), (bx, by) in pairwise(ring)
    )
