from django.contrib import admin

from pages.admin.base import RecordAdmin
from pages.models import OldPath


@admin.register(OldPath)
class OldPathAdmin(RecordAdmin):
    list_display = ["path", "page"]
    list_select_related = ["page"]
    search_fields = ["path", "page__title"]
    fields = ["path", "page"]
    view_on_site = False
