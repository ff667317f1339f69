from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Credit, Event
from programs import counties


class WhenFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("upcoming", _("Upcoming")), ("past", _("Past")), ("none", _("No date"))]

    def queryset(self, request, queryset):
        now = timezone.now()
        if self.value() == "upcoming":
            return queryset.filter(last_end__gt=now)
        if self.value() == "past":
            return queryset.filter(last_end__lte=now)
        if self.value() == "none":
            return queryset.filter(first_start=None)
        return queryset


class CountyFilter(admin.SimpleListFilter):
    """The counties of stored events: all 58 would hide the other filters."""

    title = gettext_lazy("county")
    parameter_name = "county"

    def lookups(self, request, model_admin):
        used = Event.objects.exclude(county="").order_by("county").values_list("county", flat=True).distinct()
        return [(slug, counties.BY_SLUG[slug].name) for slug in used]

    def queryset(self, request, queryset):
        return queryset.filter(county=self.value()) if self.value() else queryset


class BoardFilter(admin.SimpleListFilter):
    title = gettext_lazy("credit")
    parameter_name = "board"

    def lookups(self, request, model_admin):
        return Credit.Board.choices

    def queryset(self, request, queryset):
        return queryset.filter(boards__contains=f",{self.value()},") if self.value() else queryset
