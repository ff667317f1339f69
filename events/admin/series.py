from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy

from events.models import Series
from pages.admin.base import PUBLISHING, NamedPosition, PublishableAdmin


@admin.register(Series)
class SeriesAdmin(PublishableAdmin):
    list_display = ["title", "events", "is_ongoing", "state", "updated", "position"]
    list_editable = ["position"]
    list_filter = ["status", "is_ongoing"]
    search_fields = ["title", "summary"]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        (gettext_lazy("Where it stands"), {"fields": ["is_ongoing", ("slug", "position")]}),
        PUBLISHING,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(event_count=Count("events"))

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new series: links on paper depend on its address."""
        return {} if obj else {"slug": ["title"]}

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=NamedPosition, **kwargs)

    @admin.display(description=gettext_lazy("events"), ordering="event_count")
    def events(self, series):
        return series.event_count
