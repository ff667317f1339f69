"""What staff edit, the most used first: the start page lists it in this order."""

# isort: off
from pages.admin.pages import PageAdmin
from pages.admin.notices import NoticeAdmin
from pages.admin.menus import MenuItemAdmin
from pages.admin.albums import AlbumAdmin
from pages.admin.people import PersonAdmin
from pages.admin.identity import IdentityAdmin
from pages.admin.old_paths import OldPathAdmin
from pages.admin.outbox import MailAdmin

__all__ = [
    "AlbumAdmin",
    "IdentityAdmin",
    "MailAdmin",
    "MenuItemAdmin",
    "NoticeAdmin",
    "OldPathAdmin",
    "PageAdmin",
    "PersonAdmin",
]
