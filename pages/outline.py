"""The outline of a page: its headings may not skip a level, and its opening stands first."""

import re
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from pages.models import Block

HEADING = re.compile(r"<h[2-6]\b[^>]*>(.*?)</h[2-6]>", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a page's outline: beside which field of which block to say it, and what to say."""

    block: Block
    field: str
    message: str


@dataclass(frozen=True)
class Heading:
    block: Block
    field: str
    level: int
    words: str


def headings(blocks):
    """Every heading the blocks draw, in order, with its words."""
    found = []
    under_section = False
    for block in blocks:
        places = {}
        for field, level in block.outline():
            place = places[field] = places.get(field, -1) + 1
            text = getattr(block, field)
            inside = HEADING.findall(text)
            # Above the first section these are drawn one level higher, as `Section.level` in pages.contents says.
            drawn = 2 if level == 3 and not inside and not under_section else level
            under_section = under_section or (level == 2 and block.opens_section)
            found.append(Heading(block, field, drawn, strip_tags(inside[place] if inside else text).strip()))
    return found


def faults(blocks):
    """What is wrong with the outline of these blocks, given in the order of the page.

    Level 1 is the page's title or the opening that stands for it. WCAG 2.2 asks that headings tell the structure
    (success criterion 1.3.1); one that skips a level sends a screen reader's user looking for what is not there.
    """
    found = []
    level, above = 1, ""
    for heading in headings(blocks):
        message = ""
        if heading.level == 1:
            if heading.block is not blocks[0]:
                message = _top_heading(heading, blocks)
        elif heading.level > level + 1:
            message = _skipped(heading, level, above)
        if message:
            found.append(Fault(heading.block, heading.field, message))
        level, above = heading.level, heading.words
    return found


def _top_heading(heading, blocks):
    if any(level == 1 for _field, level in blocks[0].outline()):
        return _("A page has one opening, and this is the second. Remove it, or make it a section.")
    return _("The opening stands first on its page. Move it above all other blocks.")


def _skipped(heading, level, above):
    if level == 1:
        return _(
            "“%(words)s” is a heading of level %(level)d, and no section stands above it. "
            "Add a section with a heading above this block."
        ) % {"words": heading.words, "level": heading.level}
    return _(
        "“%(words)s” is a heading of level %(level)d, but the one above it, “%(above)s”, has level %(before)d. "
        "Make it level %(wanted)d."
    ) % {
        "words": heading.words,
        "level": heading.level,
        "above": above,
        "before": level,
        "wanted": level + 1,
    }
