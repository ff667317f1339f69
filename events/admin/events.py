"""Events and all that belongs to them, in one form."""

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery, prefetch_related_objects
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import export, rules
from events.admin.filters import BoardFilter, CountyFilter, WhenFilter
from events.admin.forms import EventForm
from events.admin.inlines import (
    CREDIT,
    HOURS,
    MATERIALS,
    WHEN,
    CreditInline,
    HoursInline,
    MaterialInline,
    SessionInline,
)
from events.admin.tools import EventTools
from events.models import Event, Session
from events.timetable import zone_name
from pages.admin.base import PublishableAdmin, badge, choices_of
from pages.models import Person


@admin.register(Event)
class EventAdmin(EventTools, PublishableAdmin):
    form = EventForm
    change_form_template = "admin/events/event/change_form.html"
    list_display = ["name", "standing", "date", "place", "credit", "seats"]
    list_filter = [
        "status",
        WhenFilter,
        "state",
        "kind",
        "format",
        CountyFilter,
        BoardFilter,
        ("series", admin.RelatedOnlyFieldListFilter),
        "date_is_sample",
    ]
    list_select_related = ["series"]
    date_hierarchy = "first_start"
    search_fields = ["title", "summary", "venue", "address", "slug", "series__title", "credits__number"]
    actions = ["publish", "make_draft", "confirm_date", "export_csv"]
    fieldsets = [
        (
            None,
            {"fields": ["title", "summary", ("kind", "series"), "body", "audiences", "presenters"]},
        ),
        (WHEN, {"fields": [("time_zone", "date_is_sample")]}),
        (
            gettext_lazy("Where"),
            {"fields": [("format", "county"), ("venue", "address"), "join_url"]},
        ),
        (
            gettext_lazy("Cost, registration and contact"),
            {
                "fields": [
                    ("is_free", "price_cents", "price_note"),
                    ("registration", "registration_url"),
                    ("registration_until", "capacity"),
                    ("contact_name", "contact_email", "contact_phone"),
                ]
            },
        ),
        (CREDIT, {"fields": []}),
        (HOURS, {"fields": []}),
        (MATERIALS, {"fields": []}),
        (
            gettext_lazy("Picture"),
            {"classes": ["collapse"], "fields": ["picture", "picture_alt", "decorative", "picture_ppoi"]},
        ),
        (
            gettext_lazy("Publishing"),
            {"fields": ["slug", "status", ("publish_from", "publish_until"), ("state", "state_reason")]},
        ),
    ]

    # The list

    def get_queryset(self, request):
        ahead = Session.objects.filter(event=OuterRef("pk"), ends__gt=timezone.now()).order_by("starts")
        return (
            super()
            .get_queryset(request)
            .annotate(
                next_start=Subquery(ahead.values("starts")[:1]),
                next_time=Subquery(ahead.values("start_time")[:1]),
            )
        )

    def get_actions(self, request):
        """Events are deleted one at a time: one that people know of is cancelled, and its page stays."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=gettext_lazy("event"), ordering="title")
    def name(self, event):
        """The title, and below it the series."""
        if not event.series:
            return event.title
        return format_html('{} <small class="row-more">{}</small>', event.title, event.series)

    @admin.display(description=gettext_lazy("place"), ordering="county")
    def place(self, event):
        """The county, and below it the format."""
        form = event.get_format_display()
        if not event.county:
            return form
        return format_html('{} <small class="row-more">{}</small>', event.county_name, form)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def standing(self, event):
        if event.state == Event.State.SCHEDULED:
            return badge(event)
        return format_html(
            '{} <span class="badge badge--{}">{}</span>', badge(event), event.state, event.get_state_display()
        )

    @admin.display(description=gettext_lazy("next date"), ordering="first_start")
    def date(self, event):
        """The next session on the clocks of the event's zone; of a past event the day it began."""
        start = event.next_start or event.first_start
        if start is None:
            return _("No date")
        start = start.astimezone(event.zone)
        words = format_date(start, "D M j, Y")
        if event.next_time is not None:
            clock = f"{format_date(start, 'P')} {zone_name(start)}"
            words = format_html('{} <small class="row-more">{}</small>', words, clock)
        if event.date_is_sample:
            words = format_html('{} <span class="badge badge--draft">{}</span>', words, _("sample date"))
        return words

    @admin.display(description=gettext_lazy("credit"), ordering="boards", empty_value="")
    def credit(self, event):
        return ", ".join(event.boards) or None

    @admin.display(description=gettext_lazy("seats"), ordering="capacity", empty_value="")
    def seats(self, event):
        if event.capacity is None:
            return None
        word = ngettext("seat", "seats", event.capacity)
        return format_html('{} <span class="row-word">{}</span>', event.capacity, word)

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        ready, doubts = [], []
        for event in queryset.exclude(status=Event.Status.PUBLISHED).prefetch_related(*rules.TO_JUDGE):
            found = rules.advice(event, first=True)
            for fault in found.faults:
                text = _("“%(event)s” stays a draft. %(sentence)s") % {"event": event, "sentence": fault.message}
                self.message_user(request, text, messages.ERROR)
            if not found.faults:
                ready.append(event.pk)
                doubts += [(event, sentence) for sentence in found.warnings]
        super().publish(request, queryset.filter(pk__in=ready))
        for event, sentence in doubts:
            text = _("“%(event)s”: %(sentence)s") % {"event": event, "sentence": sentence}
            self.message_user(request, text, messages.WARNING)

    @admin.action(description=gettext_lazy("Confirm the date"), permissions=["change"])
    def confirm_date(self, request, queryset):
        count = 0
        for event in queryset.filter(date_is_sample=True):
            event.date_is_sample = False
            event.settle()
            self.log_change(request, event, [{"changed": {"fields": [_("sample date")]}}])
            count += 1
        text = ngettext("%d date is confirmed now.", "%d dates are confirmed now.", count) % count
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Export as CSV for a spreadsheet"), permissions=["view"])
    def export_csv(self, request, queryset):
        events = queryset.select_related("series").prefetch_related(*export.TO_EXPORT)
        name = f"events-{timezone.localdate()}.csv"
        return HttpResponse(
            export.table(events),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    # The form

    def get_inlines(self, request, obj):
        """Hours by session are asked for once there are sessions and credits they can name.

        A posted form is read as it was shown: somebody else may have added the first session since.
        """
        inlines = [SessionInline, CreditInline, MaterialInline]
        if request.method == "POST":
            has_hours = f"{HoursInline.formset.get_default_prefix()}-TOTAL_FORMS" in request.POST
        else:
            has_hours = obj and obj.sessions.exists() and obj.credits.exists()
        return [HoursInline, *inlines] if obj and has_hours else inlines

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new event: links on paper depend on its address."""
        return {} if obj else {"slug": ["title"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "presenters":
            field.widget = forms.CheckboxSelectMultiple()
            field.choices = choices_of(request, Person)
            field.help_text = "" if field.choices else _("Nobody stands in “people” yet.")
        return field

    def _create_formsets(self, request, obj, change):
        """Hand the rows to the event's own form, which checks the rules that span both."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        obj.rows_in_hand = formsets
        return formsets, inlines

    def save_model(self, request, obj, form, change):
        obj.was_public = change and Event.objects.published().filter(pk=obj.pk).exists()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        event = form.instance
        start = event.first_start
        super().save_related(request, form, formsets, change)
        event.settle()
        is_moved = change and start is not None and event.first_start != start
        if event.date_is_sample and is_moved and "date_is_sample" not in form.changed_data:
            event.date_is_sample = False
            event.settle()
            text = _("You changed the date, so it no longer counts as a sample.")
            self.message_user(request, text, messages.INFO)

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        self._warn(request, obj)
        return response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        self._warn(request, obj)
        return response

    def _warn(self, request, event):
        """Say after a save what is worth a second look, unless the form that comes next says it itself."""
        if "_continue" in request.POST and not event.is_published():
            return
        found = rules.advice(
            Event.objects.prefetch_related(*rules.TO_JUDGE).get(pk=event.pk), first=not event.was_public
        )
        for sentence in [*_before_publishing(found), *found.warnings]:
            self.message_user(request, sentence, messages.WARNING)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context["tools"] = self.tools_of(request, obj)
            if request.method == "GET" and not obj.is_published():
                prefetch_related_objects([obj], *rules.TO_JUDGE)
                context["advice"] = rules.advice(obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)


def _before_publishing(advice):
    return [_("Before it can be published: %s") % fault.message for fault in advice.faults]
