"""Which counties border which: read off the census geometry, where a border is one line that both counties name.

That geometry ends at the shore. Three pairs whose border is water, and who are joined by a bridge, are added: Alameda
and San Mateo, Contra Costa and Marin, Marin and San Francisco.
"""

from programs.counties import BY_SLUG
from programs.outlines import outlines


def neighbors_of(slug):
    """The counties that border the county of this slug, by name."""
    return tuple(sorted((BY_SLUG[near] for near in outlines().counties[slug].neighbors), key=str))
