"""Programs with the counties they cover and their sources, in one form."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.admin.base import PublishableAdmin, SharesChoices
from pages.phones import PhoneField
from programs import confirmations, counties
from programs.admin.tables import TableTools
from programs.forms import TelephoneField
from programs.models import FRESH, Coverage, Program, Source

WHERE = gettext_lazy("Where")
SOURCES = gettext_lazy("Sources, and how sure we are")


class CountyFilter(admin.SimpleListFilter):
    """The counties that stored programs cover: all 58 would hide the other filters."""

    title = gettext_lazy("county")
    parameter_name = "county"

    def lookups(self, request, model_admin):
        used = Coverage.objects.order_by("county").values_list("county", flat=True).distinct()
        return [(slug, counties.BY_SLUG[slug].name) for slug in used if slug in counties.BY_SLUG]

    def queryset(self, request, queryset):
        return queryset.covering(self.value()) if self.value() else queryset


class ConfirmationFilter(admin.SimpleListFilter):
    title = gettext_lazy("confirmation")
    parameter_name = "confirmed"

    def lookups(self, request, model_admin):
        return [("year", _("Within a year")), ("older", _("Over a year ago")), ("never", _("Never"))]

    def queryset(self, request, queryset):
        line = timezone.localdate() - FRESH
        if self.value() == "year":
            return queryset.filter(confirmed_on__gte=line)
        if self.value() == "older":
            return queryset.filter(confirmed_on__lt=line)
        return queryset.filter(confirmed_on=None) if self.value() == "never" else queryset


class AddressFilter(admin.SimpleListFilter):
    title = gettext_lazy("role address")
    parameter_name = "address"

    def lookups(self, request, model_admin):
        return [("yes", _("Known")), ("no", _("Not known"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.exclude(role_email="")
        return queryset.filter(role_email="") if self.value() == "no" else queryset


class PartOfProgram(SharesChoices):
    """The rows of something that belongs to a program: whoever may change the program may change them."""

    extra = 0
    stands_in = None
    """The name of the fieldset the rows stand in."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("programs.view_program") or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("programs.change_program") or (
            obj is None and request.user.has_perm("programs.add_program")
        )

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class CoverageInline(PartOfProgram, admin.StackedInline):
    model = Coverage
    stands_in = WHERE

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1


class SourceInline(PartOfProgram, admin.StackedInline):
    model = Source
    stands_in = SOURCES
    fields = ["title", "url", ("date", "position")]


@admin.register(Program)
class ProgramAdmin(TableTools, PublishableAdmin):
    change_form_template = "admin/rows_in_place.html"
    change_list_template = "admin/programs/program/change_list.html"
    list_display = ["title", "where", "confirmed", "state"]
    list_filter = ["status", ConfirmationFilter, AddressFilter, "kind", "operation", "confidence", CountyFilter]
    search_fields = ["name", "lead_agency", "cities", "summary", "slug"]
    ordering = ["name", "pk"]
    actions = ["publish", "make_draft", "ask_whether_right", "export_csv"]
    inlines = [CoverageInline, SourceInline]
    readonly_fields = ["asked"]
    formfield_overrides = {
        PhoneField: {"form_class": TelephoneField, "widget": forms.TelInput({"class": "vTextField"})},
    }
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    ("kind", "lead_agency"),
                    "summary",
                    "since",
                    ("operation", "operation_note"),
                ]
            },
        ),
        (WHERE, {"fields": ["cities"]}),
        (
            gettext_lazy("How people reach it"),
            {"fields": ["how_to_reach", ("phone", "website"), "role_email"]},
        ),
        (
            gettext_lazy("Facts"),
            {
                "description": gettext_lazy("Unknown is not “no”: leave open what nobody told you."),
                "fields": [
                    ("serves_youth", "works_in_jail", "works_with_dispatch"),
                    ("is_co_response", "is_day_and_night"),
                    "hours_of_service",
                    ("training_hours", "training_for"),
                ],
            },
        ),
        (SOURCES, {"fields": ["confidence", "caution", ("confirmed_on", "confirmed_by"), "asked"]}),
        (gettext_lazy("Publishing"), {"fields": ["slug", "status", ("publish_from", "publish_until")]}),
    ]

    # The list

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("coverage")

    @admin.display(description=gettext_lazy("program"), ordering="name")
    def title(self, program):
        return format_html('{} <small class="row-more">{}</small>', program.name, program.lead_agency)

    @admin.display(description=gettext_lazy("counties"), ordering="kind")
    def where(self, program):
        """The counties, and below them the kind."""
        places = ", ".join(map(str, program.counties)) or _("no county")
        return format_html('{} <small class="row-more">{}</small>', places, program.get_kind_display())

    @admin.display(description=gettext_lazy("confirmed"), ordering="confirmed_on")
    def confirmed(self, program):
        """How old the confirmation is, and below it whether somebody can be asked."""
        if program.confirmed_on is None:
            words = format_html('<span class="badge badge--over">{}</span>', _("never confirmed"))
        else:
            words = format_date(program.confirmed_on, "M j, Y")
            if not program.is_fresh(timezone.localdate()):
                words = format_html('{} <span class="badge badge--draft">{}</span>', words, _("over a year ago"))
        if not program.role_email:
            return words
        return format_html('{} <small class="row-more">{}</small>', words, _("role address known"))

    @admin.action(description=gettext_lazy("Ask whether it is still right"), permissions=["change"])
    def ask_whether_right(self, request, queryset):
        now = timezone.now()
        asked = 0
        for program in confirmations.askable(now).filter(pk__in=queryset):
            confirmations.ask(program, now)
            self.log_change(request, program, [{"changed": {"fields": [_("last asked")]}}])
            asked += 1
        left = queryset.count() - asked
        if asked:
            text = ngettext("%d program is asked by mail.", "%d programs are asked by mail.", asked) % asked
            self.message_user(request, text, messages.SUCCESS)
        if left:
            text = ngettext(
                "%d is not asked: it is a draft or has ended, has no role address, or was asked in the last 60 days.",
                "%d are not asked: they are drafts or have ended, have no role address, or were asked in the last "
                "60 days.",
                left,
            )
            self.message_user(request, text % left, messages.WARNING)

    @admin.action(description=gettext_lazy("Export as CSV for a spreadsheet"), permissions=["view"])
    def export_csv(self, request, queryset):
        return self.as_csv(queryset)

    # The form

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new program: links on paper depend on its address."""
        return {} if obj else {"slug": ["name"]}

    @admin.display(description=gettext_lazy("last asked"))
    def asked(self, program):
        if program.asked_at is None:
            return _("Never asked whether it is still right.")
        return format_date(timezone.localtime(program.asked_at), "M j, Y")

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        program = form.instance
        if program.status == Program.Status.PUBLISHED and not program.coverage.exists():
            text = _("It covers no county yet, so no county’s page shows it. Add one under “Where”.")
            self.message_user(request, text, messages.WARNING)
