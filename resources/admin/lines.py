from django import forms
from django.contrib import admin
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.admin.base import PUBLISHING, PublishableAdmin
from pages.admin.bilingual import BilingualAdmin
from resources import checks, lines
from resources.admin.check_pages import CheckPages
from resources.models import Check, CrisisLine, LineCounty, LineHours


class DueFilter(admin.SimpleListFilter):
    title = gettext_lazy("check")
    parameter_name = "check"

    def lookups(self, request, model_admin):
        return [("due", _("Due, or never made")), ("made", _("Made in time"))]

    def queryset(self, request, queryset):
        due = CrisisLine.objects.due(timezone.localdate())
        if self.value() == "due":
            return queryset.filter(pk__in=due)
        return queryset.exclude(pk__in=due) if self.value() == "made" else queryset


class CountyInline(admin.TabularInline):
    model = LineCounty
    extra = 0


class HoursInline(admin.TabularInline):
    model = LineHours
    extra = 0


class CheckRow(forms.ModelForm):
    def has_changed(self):
        """The row that waits for the next call shows the day it was drawn; that alone is no check."""
        return bool({"outcome", "note"} & set(self.changed_data))


class CheckInline(admin.TabularInline):
    """What was heard stays as it was written down; one more row waits for the next call."""

    model = Check
    form = CheckRow
    extra = 1
    fields = ["made_on", "outcome", "note", "made_by"]
    readonly_fields = ["made_by"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        fields = formset.form.base_fields
        fields["made_on"].initial = timezone.localdate
        fields["outcome"].choices = [*BLANK_CHOICE_DASH, *checks.outcomes(obj)]
        return formset

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(CrisisLine)
class CrisisLineAdmin(CheckPages, BilingualAdmin, PublishableAdmin):
    list_display = ["name", "number_shown", "kind", "scope", "checked", "state"]
    list_filter = [DueFilter, "status", "kind", "scope", "line_counties__county"]
    search_fields = ["name", "name_es", "phone", "text_number", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [CheckInline, CountyInline, HoursInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "scope", "who", "audience", "what_for", "what_happens"]}),
        (
            gettext_lazy("How to reach it"),
            {
                "fields": [
                    ("phone", "press"),
                    ("text_number", "text_keyword"),
                    "chat_url",
                    "website",
                    ("tty", "videophone"),
                    "video_note",
                ]
            },
        ),
        (
            gettext_lazy("Out of order"),
            {
                "fields": ["stand_in", "stand_in_note"],
                "description": gettext_lazy("A stand-in takes the number’s place on every page with one save."),
            },
        ),
        (gettext_lazy("When"), {"fields": ["is_day_and_night", "hours", "time_zone", "languages"]}),
        (
            gettext_lazy("How we know"),
            {
                "fields": [
                    "source_title",
                    "source_url",
                    ("source_date", "read_on"),
                    "inclusion_note",
                    "caution",
                    ("owner", "next_check"),
                ]
            },
        ),
        (
            gettext_lazy("In Spanish"),
            {
                "fields": [
                    "name_es",
                    "audience_es",
                    "what_for_es",
                    "what_happens_es",
                    "hours_es",
                    "languages_es",
                    "spanish_is_read",
                ],
                "classes": ["collapse"],
            },
        ),
        PUBLISHING,
        (gettext_lazy("Where it stands"), {"fields": ["is_in_bar", "position"]}),
    ]

    @admin.display(description=gettext_lazy("checked"), ordering="checked_on")
    def checked(self, line):
        return lines.checked_words(line, timezone.localdate())

    @admin.display(description=gettext_lazy("number"))
    def number_shown(self, line):
        return line.number_shown

    def save_formset(self, request, form, formset, change):
        """Say who dialled, and take over what that says of the line."""
        if formset.model is not Check:
            super().save_formset(request, form, formset, change)
            return
        made = formset.save(commit=False)
        for check in made:
            check.made_by = request.user
            check.save()
        formset.save_m2m()
        line = form.instance
        if made or line.next_check is None:
            checks.settle(line)
