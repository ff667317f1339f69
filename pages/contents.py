"""A page's blocks in the order and grouping in which they are drawn."""

from dataclasses import dataclass, field
from itertools import groupby

from pages.models import Block
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
    groups: list = field(default_factory=list)

    @property
    def template_name(self):
        return self.opener.get_template_name() if self.opener else "pages/blocks/unopened.html"


def blocks_of(page):
    """All blocks of a page in order: one query for each kind the page uses."""
    kinds = {kind.kind(): kind for kind in Block.kinds()}
    blocks = [
        block for name in page.block_kinds if name in kinds for block in kinds[name].get_queryset().filter(parent=page)
    ]
    blocks.sort(key=lambda block: block.ordering)
    return blocks


def sections_of(page):
    """The page's sections, each with its groups of blocks. The first picture is marked to load at once."""
    blocks = blocks_of(page)
    for block in blocks:
        block.parent = page
        if isinstance(block, Pictured) and block.picture:
            block.loads_at_once = True
            break
    sections = []
    for run in (list(run) for _key, run in groupby(blocks, key=_run_key())):
        if run[0].opens_section:
            sections.append(Section(run[0]))
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
