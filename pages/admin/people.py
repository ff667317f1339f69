from django.contrib import admin
from django.utils.translation import gettext_lazy

from pages.admin.base import PUBLISHING, NamedPosition, PublishableAdmin
from pages.models import Person


@admin.register(Person)
class PersonAdmin(PublishableAdmin):
    list_display = ["name", "role", "group", "state", "position"]
    list_editable = ["position"]
    list_filter = ["group", "status"]
    search_fields = ["name", "role"]
    fieldsets = [
        (None, {"fields": [("name", "role"), "group", "position", "bio"]}),
        (gettext_lazy("Portrait"), {"fields": ["picture", "picture_alt", "decorative", "picture_ppoi"]}),
        (gettext_lazy("For the media"), {"fields": [("media_email", "media_phone")]}),
        PUBLISHING,
    ]
    view_on_site = False

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=NamedPosition, **kwargs)
