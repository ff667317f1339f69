"""The parts of an event's form that are rows of their own: sessions, credits, hours by session, materials."""

from django import forms
from django.contrib import admin
from django.contrib.admin.checks import InlineModelAdminChecks
from django.contrib.admin.widgets import AdminTimeWidget
from django.db import models
from django.forms import BaseModelFormSet, modelformset_factory
from django.utils.translation import gettext_lazy

from events.models import Credit, Material, Session, SessionHours
from pages.admin.base import SharesChoices

WHEN = gettext_lazy("When")
CREDIT = gettext_lazy("Credit")
HOURS = gettext_lazy("Hours by session")
MATERIALS = gettext_lazy("Handouts and recordings")


class PartOfEvent(SharesChoices):
    """The form of something that belongs to an event: whoever may change the event may change it."""

    extra = 0
    stands_in = None
    """The name of the fieldset the rows stand in."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("events.view_event") or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("events.change_event") or (
            obj is None and request.user.has_perm("events.add_event")
        )

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class SessionInline(PartOfEvent, admin.StackedInline):
    model = Session
    stands_in = WHEN
    formfield_overrides = {models.TimeField: {"widget": AdminTimeWidget(format="%H:%M")}}
    fields = [("day", "start_time", "end_time", "last_day"), ("title", "place", "join_url")]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1


class CreditInline(PartOfEvent, admin.StackedInline):
    model = Credit
    stands_in = CREDIT
    fields = [("board", "hours", "category"), ("certified_title", "number")]


class MaterialInline(PartOfEvent, admin.StackedInline):
    model = Material
    stands_in = MATERIALS
    fields = [("label", "is_recording"), ("file", "url"), ("access", "shown", "position")]


class HoursFormSet(BaseModelFormSet):
    """The hours by session of one event. They belong to it by way of their credit, which Django's formsets of
    related rows cannot follow; otherwise this behaves as those do."""

    def __init__(self, data=None, files=None, instance=None, save_as_new=None, prefix=None, queryset=None, **kwargs):
        self.instance = instance
        rows = SessionHours.objects.none()
        self.sessions, self.ledger = Session.objects.none(), Credit.objects.none()
        if instance and instance.pk:
            rows = SessionHours.objects.filter(credit__event=instance).select_related("session", "credit")
            rows = rows.order_by("session__starts", "credit", "pk")
            self.sessions, self.ledger = instance.sessions.all(), instance.credits.all()
        self.choices = {
            "session": [("", "---------"), *((session.pk, str(session)) for session in self.sessions)],
            "credit": [("", "---------"), *((credit.pk, str(credit)) for credit in self.ledger)],
        }
        super().__init__(data, files, prefix=prefix, queryset=rows, **kwargs)

    @classmethod
    def get_default_prefix(cls):
        return "hours"

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, rows in (("session", self.sessions), ("credit", self.ledger)):
            form.fields[name].queryset = rows
            form.fields[name].choices = self.choices[name]


class HoursChecks(InlineModelAdminChecks):
    def _check_exclude_of_parent_model(self, obj, parent_model):
        return []

    def _check_relation(self, obj, parent_model):
        return []


class HoursInline(PartOfEvent, admin.StackedInline):
    """Saved before sessions and credits, so that hours of one that is removed are removed with it."""

    model = SessionHours
    stands_in = HOURS
    fields = [("session", "credit", "hours")]
    formset = HoursFormSet
    checks_class = HoursChecks
    verbose_name_plural = gettext_lazy("hours by session, where a session does not simply count in full")

    def get_formset(self, request, obj=None, **kwargs):
        return modelformset_factory(
            SessionHours,
            form=forms.ModelForm,
            formset=self.formset,
            fields=self.fields[0],
            formfield_callback=lambda field, **options: self.formfield_for_dbfield(field, request, **options),
            extra=0,
            can_delete=self.has_delete_permission(request, obj),
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The choices come from the formset: those of this event alone."""
        return db_field.formfield(**kwargs)
