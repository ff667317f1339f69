"""Proposals of partners: old and new side by side, to be taken over field by field."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.admin.base import RecordAdmin
from programs import decisions, listing
from programs.models import Correction, Program

CHOSEN, ALL, DECLINE = "chosen", "all", "decline"
"""What the buttons of the form say, as their values."""


class DecisionForm(forms.Form):
    """What is taken over, and what the sender is told."""

    take = forms.MultipleChoiceField(required=False)
    decision = forms.ChoiceField(choices=[(CHOSEN, ""), (ALL, ""), (DECLINE, "")])
    is_confirmation = forms.BooleanField(
        label=gettext_lazy("Counts as a confirmation by the program, dated today"),
        required=False,
        help_text=gettext_lazy("Only where you are sure that the sender speaks for the program."),
    )
    tells = forms.BooleanField(label=gettext_lazy("Write to the sender what was done"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Your words to the sender"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "They stand at the end of the mail. Leave it empty, and the mail only says what was done."
        ),
    )

    def __init__(self, *args, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names
        self.fields["take"].choices = [(name, name) for name in names]

    def clean(self):
        data = super().clean()
        if data.get("decision") == CHOSEN and self.names and "take" not in self.errors and not data["take"]:
            self.add_error("take", _("Nothing is ticked. Tick what shall be taken over, or decline it."))
        return data

    @property
    def chosen(self):
        """Names of the fields to take over; only of a valid form."""
        return self.names if self.cleaned_data["decision"] == ALL else self.cleaned_data["take"]


class SuspicionFilter(admin.SimpleListFilter):
    title = gettext_lazy("suspicion")
    parameter_name = "suspicious"

    def lookups(self, request, model_admin):
        return [("no", _("Sent by a person")), ("yes", _("Perhaps sent by a program"))]

    def queryset(self, request, queryset):
        is_suspicious = {"yes": True, "no": False}.get(self.value())
        return queryset if is_suspicious is None else queryset.filter(is_suspicious=is_suspicious)


class WhatFilter(admin.SimpleListFilter):
    title = gettext_lazy("what")
    parameter_name = "what"

    def lookups(self, request, model_admin):
        return [("correction", _("Corrections")), ("addition", _("New listings"))]

    def queryset(self, request, queryset):
        was_new = Q(proposed__has_key="name") & ~Q(before__has_key="name")
        if self.value() == "addition":
            return queryset.filter(was_new)
        return queryset.exclude(was_new) if self.value() == "correction" else queryset


@admin.register(Correction)
class CorrectionAdmin(RecordAdmin):
    list_display = ["subject", "sender", "arrived", "standing"]
    list_filter = ["state", SuspicionFilter, WhatFilter]
    list_select_related = ["program", "decided_by"]
    search_fields = ["program__name", "sender_name", "sender_email", "words"]

    def has_add_permission(self, request):
        """Proposals come from the public forms."""
        return False

    # The list

    @admin.display(description=gettext_lazy("program"), ordering="program__name")
    def subject(self, correction):
        """The program, and below it what is proposed for it."""
        return format_html('{} <small class="row-more">{}</small>', correction, self.what(correction))

    def what(self, correction):
        """The names of the fields, or that there are words alone."""
        if correction.is_addition:
            return _("New listing")
        names = [name for name in (*listing.PUBLIC, listing.ROLE_EMAIL) if name in correction.proposed]
        return ", ".join(listing.label(name) for name in names) or _("A message")

    @admin.display(description=gettext_lazy("from"), ordering="sender_name")
    def sender(self, correction):
        if not correction.sender_role:
            return correction.sender_name
        return format_html('{} <small class="row-more">{}</small>', correction.sender_name, correction.sender_role)

    @admin.display(description=gettext_lazy("sent"), ordering="sent")
    def arrived(self, correction):
        return format_date(timezone.localtime(correction.sent), "M j, Y")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing(self, correction):
        kind = {Correction.State.NEW: "planned", Correction.State.DONE: "published"}.get(correction.state, "over")
        state = format_html('<span class="badge badge--{}">{}</span>', kind, correction.get_state_display())
        if not correction.is_suspicious:
            return state
        return format_html('{} <span class="badge badge--draft">{}</span>', state, _("suspicious"))

    # One proposal

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("program", "decided_by")

    def may_decide(self, request, correction):
        """Whoever may change or add listings, for that is what accepting does."""
        action = "change" if correction.program else "add"
        return self.has_change_permission(request, correction) and request.user.has_perm(f"programs.{action}_program")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        correction = self.get_object(request, unquote(object_id))
        if correction is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, correction):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        form = DecisionForm(
            request.POST if request.method == "POST" else None,
            names=[name for name in (*listing.PUBLIC, listing.ROLE_EMAIL) if name in correction.proposed],
            initial={"tells": not correction.is_suspicious},
        )
        faults, whole = {}, []
        if request.method == "POST":
            if not self.may_decide(request, correction):
                raise PermissionDenied
            if form.is_valid():
                try:
                    return self._decide(request, correction, form)
                except ValidationError as error:
                    faults, whole = decisions.faults_by_field(error)
                except decisions.DecidedAlreadyError:
                    text = _("Somebody decided on “%s” in the meantime; this is what was done.") % correction
                    self.message_user(request, text, messages.WARNING)
                    return redirect("admin:programs_correction_change", quote(correction.pk))
        return self._page(request, correction, form, faults, whole)

    def _decide(self, request, correction, form):
        data, now = form.cleaned_data, timezone.now()
        is_new = correction.program is None
        if data["decision"] == DECLINE:
            decisions.decline(correction, by=request.user, now=now)
            text = _("What %(sender)s proposed for “%(what)s” is declined.")
        else:
            program = decisions.accept(
                correction, form.chosen, by=request.user, now=now, is_confirmation=data["is_confirmation"]
            )
            self._log(request, program, form.chosen, is_new)
            text = _("What %(sender)s proposed for “%(what)s” is worked in.")
        text %= {"sender": correction.sender_name, "what": correction}
        correction = self.get_object(request, correction.pk)
        if data["tells"]:
            decisions.tell(correction, data["words"])
            text = f"{text} {_('A mail to the sender is on its way.')}"
        self.log_change(request, correction, [{"changed": {"fields": [_("state")]}}])
        self.message_user(request, text, messages.SUCCESS)
        if is_new and correction.program:
            self.message_user(request, _("The new listing is a draft: look it over, then publish it."), messages.INFO)
            return redirect("admin:programs_program_change", quote(correction.program.pk))
        return redirect("admin:programs_correction_changelist")

    def _log(self, request, program, names, is_new):
        if is_new:
            self.log_addition(request, program, [{"added": {}}])
        elif names:
            fields = [listing.label(name) for name in names]
            self.log_change(request, program, [{"changed": {"fields": fields}}])

    def _page(self, request, correction, form, faults, whole):
        rows = [(row, faults.pop(row.name, [])) for row in decisions.compare(correction)]
        whole = [*whole, *(f"{listing.label(name)}: {' '.join(said)}" for name, said in faults.items())]
        is_open = correction.state == Correction.State.NEW
        context = {
            **self.admin_site.each_context(request),
            "title": _("New listing: %s") % correction if correction.is_addition else _("Correction: %s") % correction,
            "opts": self.opts,
            "correction": correction,
            "rows": rows,
            "form": form,
            "decision_fields": [form[name] for name in ("is_confirmation", "tells", "words")],
            "whole": whole,
            "has_faults": bool(form.errors or whole or any(said for _row, said in rows)),
            "is_open": is_open,
            "may_decide": is_open and self.may_decide(request, correction),
            "may_delete": self.has_delete_permission(request, correction),
            "alike": _alike(correction) if is_open and correction.is_addition else [],
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/programs/correction/change_form.html", context)


def _alike(correction):
    """(name, address of its form) of stored programs that may be the proposed one."""
    said = correction.proposed
    same = Q(name__iexact=said["name"])
    for name in ("phone", "website"):
        if said.get(name):
            same |= Q(**{name: said[name]})
    programs = Program.objects.filter(same)[:5]
    return [(program.name, reverse("admin:programs_program_change", args=[program.pk])) for program in programs]
