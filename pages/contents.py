"""A page's blocks in the order and grouping in which they are drawn."""

from dataclasses import dataclass, field

from pages import models
from pages.pictures import Pictured

FEWEST_LISTED = 5
"""Sections from which on a page lists them below its title; fewer are seen faster by scrolling."""
TAKEN = ("main", "contents", "consent", "footer-help", "horizon-drawing")
"""Every other `id` of a page: a section of that name gets another one."""


@dataclass
class Group:
    """Blocks that one template draws: one block, or neighbours of a kind that belong together."""

    template_name: str
    kind: str
    blocks: list


@dataclass
class Section:
    """A block that opens a section, or None before the first one, and what belongs to it."""

    opener: models.Block | None
    anchor: str = ""
    """The `id` of the section's heading, unique on the page; empty where it has none of level 2."""
    groups: list = field(default_factory=list)

    @property
    def template_name(self):
        return self.opener.get_template_name() if self.opener else "pages/blocks/unopened.html"

    @property
    def is_hero(self):
        return isinstance(self.opener, models.Hero)

    @property
    def level(self):
        """The level of headings in this section: right below its own heading, or below the page's where it has none."""
        return 2 if self.opener is None or self.is_hero else 3

    @property
    def cells(self):
        """The cards of a section whose heading is the first cell of their grid."""
        return [block for group in self.groups if group.kind == "card" for block in group.blocks]

    @property
    def beside_cells(self):
        return [group for group in self.groups if group.kind != "card"]


@dataclass
class Contents:
    """All a page shows below its head."""

    sections: list
    frame_hosts: set
    """Hosts whose players the page may open in a frame, for its content policy."""

    @property
    def opens_with_hero(self):
        return bool(self.sections) and self.sections[0].is_hero

    @property
    def listed(self):
        """The sections a reader may jump to from the top of a long page; none where an opening stands there."""
        sections = [section for section in self.sections if section.anchor]
        return sections if len(sections) >= FEWEST_LISTED and not self.opens_with_hero else []


def blocks_of(page):
    """All blocks of a page in order: one query for each kind the page uses."""
    kinds = {kind.kind(): kind for kind in models.Block.kinds()}
    blocks = [
        block for name in page.block_kinds if name in kinds for block in kinds[name].get_queryset().filter(parent=page)
    ]
    blocks.sort(key=lambda block: block.ordering)
    return blocks


def contents_of(page):
    """The page's sections, each with its groups of blocks."""
    blocks = blocks_of(page)
    for block in blocks:
        block.parent = page
    return arranged(blocks)


def arranged(blocks):
    """The contents made of these blocks, given in their order. The first picture is marked to load at once.

    A block that has nothing to show to the public is left out, and so is a section that held nothing else.
    """
    shown = [block for block in blocks if block.has_content]
    if pictured := next((block for block in shown if isinstance(block, Pictured) and block.picture), None):
        pictured.loads_at_once = True
    taken = set(TAKEN)
    sections = []
    for opener, below in _by_opener(blocks):
        groups = _groups(block for block in below if block.has_content)
        if groups or not below or _stands_alone(opener):
            sections.append(Section(opener, _free(getattr(opener, "anchor", ""), taken), groups))
    return Contents(sections, {block.frame_host for block in shown if block.frame_host})


def _by_opener(blocks):
    """(block that opens a section or None, blocks below it) in order."""
    sections = []
    for block in blocks:
        if block.opens_section:
            sections.append((block, []))
        else:
            if not sections:
                sections.append((None, []))
            sections[-1][1].append(block)
    return sections


def _stands_alone(opener):
    """Whether a section is worth showing without anything below: a bare heading promises what does not come."""
    if isinstance(opener, models.Section):
        return bool(opener.intro or opener.link_href)
    return opener is not None


def _groups(blocks):
    groups = []
    for block in blocks:
        if block.grouped and groups and type(groups[-1].blocks[-1]) is type(block):
            groups[-1].blocks.append(block)
        else:
            groups.append(Group(block.get_template_name(), block._meta.model_name, [block]))
    return groups


def _free(anchor, taken):
    """The anchor, or with the first number that makes it unique; taken from now on."""
    free, number = anchor, 1
    while free in taken:
        number += 1
        free = f"{anchor}-{number}"
    if free:
        taken.add(free)
    return free
