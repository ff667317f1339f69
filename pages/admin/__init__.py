"""What staff edit, the most used first: the start page lists it in this order."""

from pages.admin.pages import OldPathAdmin, PageAdmin  # isort: skip
from pages.admin.notices import NoticeAdmin  # isort: skip
from pages.admin.menus import MenuItemAdmin  # isort: skip
from pages.admin.albums import AlbumAdmin
from pages.admin.identity import IdentityAdmin
from pages.admin.people import PersonAdmin

__all__ = ["AlbumAdmin", "IdentityAdmin", "MenuItemAdmin", "NoticeAdmin", "OldPathAdmin", "PageAdmin", "PersonAdmin"]
