"""How tests look at pages: on which site, how wide, in which scheme, and with axe.

What a page does is the same on both sites, so a test drives a browser on one of them; what content and the identity
decide (templates, menus, colours) is looked at on both. Colours go by the scheme and places by the width, never by
both: two looks see every colour, and the narrowest and the widest layout.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # Without this axe tells of every element that passed, which takes longer than looking at them.
    "resultTypes": ["violations"],
}

ON_CACITA = pytest.mark.parametrize("live_site", ["cacita"], indirect=True)
ON_LACIT = pytest.mark.parametrize("live_site", ["lacit"], indirect=True)

LOOKS = pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone, dark", "desk, light"])
STAFF_LOOKS = pytest.mark.parametrize(
    ("width", "dark"), [(360, False), (1280, True)], ids=["phone, light", "desk, dark"]
)


def findings(page):
    """What axe finds wrong: the names of rules, each with the elements that break it."""
    violations = Axe().run(page, options=RULES).response["violations"]
    return [(found["id"], [node["target"] for node in found["nodes"]]) for found in violations]
