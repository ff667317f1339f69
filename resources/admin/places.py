from django.contrib import admin
from django.utils.translation import gettext_lazy

from pages.admin.base import PUBLISHING, PublishableAdmin
from pages.admin.bilingual import BilingualAdmin
from resources.models import Place


@admin.register(Place)
class PlaceAdmin(BilingualAdmin, PublishableAdmin):
    list_display = ["name", "county", "address", "checked_on", "state"]
    list_filter = ["status", "county"]
    search_fields = ["name", "address"]
    fieldsets = [
        (None, {"fields": ["name", "county", "address", "phone", "website", "what_for"]}),
        (gettext_lazy("When"), {"fields": ["is_day_and_night", "hours"]}),
        (gettext_lazy("How we know"), {"fields": ["source_title", "source_url", "checked_on"]}),
        (
            gettext_lazy("In Spanish"),
            {"fields": ["name_es", "what_for_es", "hours_es", "spanish_is_read"], "classes": ["collapse"]},
        ),
        PUBLISHING,
        (gettext_lazy("Order"), {"fields": ["position"]}),
    ]
