"""The staff's side of the site."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SiteAdmin(admin.AdminSite):
    site_title = _("Staff")
    site_header = _("Staff")
    index_title = _("What would you like to change?")
