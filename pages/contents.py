"""A page's blocks in the order and grouping in which they are drawn."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Value
from django.db.models.functions import JSONObject

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
    script_hosts: set
    """Hosts whose scripts the page may load, for the same."""

    @property
    def opens_with_hero(self):
        return bool(self.sections) and self.sections[0].is_hero

    @property
    def listed(self):
        """The sections a reader may jump to from the top of a long page; none where an opening stands there."""
        sections = [section for section in self.sections if section.anchor]
        return sections if len(sections) >= FEWEST_LISTED and not self.opens_with_hero else []


def blocks_of(page):
    """All blocks of a page in order.

    Kinds in use are asked together, in one query; one more follows for each model they lead to. A kind that has a
    queryset of its own is asked apart.
    """
    kinds = [kind for kind in models.Block.kinds() if kind.kind() in page.block_kinds]
    together = [kind for kind in kinds if kind.get_queryset.__func__ is models.Block.get_queryset.__func__]
    if len(together) < 2:
        together = []
    blocks = [block for kind in kinds if kind not in together for block in kind.get_queryset().filter(parent=page)]
    blocks += _asked_together(together, page)
    blocks.sort(key=lambda block: block.ordering)
    return blocks


def _asked_together(kinds, page):
    """The blocks of these kinds. Tables differ in their columns, so each row comes as one JSON object."""
    if not kinds:
        return []
    by_name = {kind.kind(): kind for kind in kinds}
    first, *others = (
        kind.objects.filter(parent=page)
        .order_by()
        .values_list(Value(name), JSONObject(**{f.attname: f.attname for f in kind._meta.concrete_fields}))
        for name, kind in by_name.items()
    )
    rows = first.union(*others, all=True)
    blocks = [_made(by_name[name], values, rows.db) for name, values in rows]
    _bring_along(blocks)
    return blocks


def _made(kind, values, database):
    """A stored block out of the values that JSON holds of it."""
    fields = kind._meta.concrete_fields
    return kind.from_db(database, [f.attname for f in fields], [f.to_python(values[f.attname]) for f in fields])


def _bring_along(blocks):
    """Give the blocks the records that their kinds name as `related`: one query for each model."""
    wanted = defaultdict(list)
    for block in blocks:
        for name in block.related:
            f = block._meta.get_field(name)
            if number := getattr(block, f.attname):
                wanted[f.related_model].append((block, name, number))
    for model, places in wanted.items():
        found = model._base_manager.in_bulk({number for _block, _name, number in places})
        for block, name, number in places:
            setattr(block, name, found[number])


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
    return Contents(
        sections,
        frame_hosts={block.frame_host for block in shown if block.frame_host},
        script_hosts={host for block in shown for host in block.script_hosts},
    )


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
