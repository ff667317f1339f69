"""A page's blocks in the order and grouping in which they are drawn."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from pages.models import Block, Hero
from pages.pictures import Pictured


@dataclass
class Group:
    """Blocks that one template draws: one block, or neighbours of a kind that belong together."""

    template_name: str
    kind: str
    blocks: list


@dataclass
class Section:
    """A block that opens a section, or None before the first one, and what belongs to it."""

    opener: Block | None
    anchor: str = ""
    """The `id` of the section's heading, unique on the page."""
    groups: list = field(default_factory=list)

    @property
    def template_name(self):
        return self.opener.get_template_name() if self.opener else "pages/blocks/unopened.html"

    @property
    def is_hero(self):
        return isinstance(self.opener, Hero)

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


def blocks_of(page):
    """All blocks of a page in order: one query for each kind the page uses."""
    kinds = {kind.kind(): kind for kind in Block.kinds()}
    blocks = [
        block for name in page.block_kinds if name in kinds for block in kinds[name].get_queryset().filter(parent=page)
    ]
    blocks.sort(key=lambda block: block.ordering)
    return blocks


@dataclass
class Contents:
    """All a page shows below its head."""

    sections: list
    frame_hosts: set
    """Hosts whose players the page may open in a frame, for its content policy."""

    @property
    def opens_with_hero(self):
        return bool(self.sections) and self.sections[0].is_hero


def contents_of(page):
    """The page's sections, each with its groups of blocks. The first picture is marked to load at once."""
    blocks = blocks_of(page)
    for block in blocks:
        block.parent = page
    if pictured := next((block for block in blocks if isinstance(block, Pictured) and block.picture), None):
        pictured.loads_at_once = True
    return Contents(_sections(blocks), {block.frame_host for block in blocks if block.frame_host})


def _sections(blocks):
    sections = []
    anchors = Counter()
    for run in (list(run) for _key, run in groupby(blocks, key=_run_key())):
        if run[0].opens_section:
            anchor = getattr(run[0], "anchor", "")
            anchors[anchor] += 1
            sections.append(Section(run[0], f"{anchor}-{anchors[anchor]}" if anchors[anchor] > 1 else anchor))
            continue
        if not sections:
            sections.append(Section(None))
        sections[-1].groups.append(Group(run[0].get_template_name(), run[0]._meta.model_name, run))
    return sections


def _run_key():
    """A key for `groupby` that stays the same along neighbours of one grouped kind and changes otherwise."""
    count = 0

    def key(block):
        nonlocal count
        if block.grouped:
            return type(block)
        count += 1
        return count

    return key
