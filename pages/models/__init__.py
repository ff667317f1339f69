"""What staff keep: who we are, pages and their blocks, menus, people, albums, notices."""

from pages.models.albums import Album, Photo
from pages.models.attempts import Attempt
from pages.models.blocks import *  # noqa: F403 - each kind of block is a model
from pages.models.blocks import __all__ as block_kinds
from pages.models.identity import Identity, SocialLink
from pages.models.mails import Mail
from pages.models.menus import MenuItem
from pages.models.notices import Notice
from pages.models.page import Block, OldPath, Page
from pages.models.people import Person

__all__ = [
    "Album",
    "Attempt",
    "Block",
    "Identity",
    "Mail",
    "MenuItem",
    "Notice",
    "OldPath",
    "Page",
    "Person",
    "Photo",
    "SocialLink",
]
__all__ += block_kinds  # noqa: PLE0605 - a list too
