"""The directory out of the admin as a table, and in again: first shown, then stored."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs import tables, uploads

MOST_SHOWN = 200
"""Rows of a kind that a preview draws; it counts all."""


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        help_text=gettext_lazy("In UTF-8, up to 5 MB and 10,000 rows."),
    )

    def clean_file(self):
        """The plan; the file's bytes are kept in `content`."""
        file = self.cleaned_data["file"]
        if file.size > tables.MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Send it in parts."))
        self.content = file.read()
        return tables.plan(self.content)


class TableTools:
    """The part of the programs' admin that exports and imports."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="programs_program_import"),
            path("export/", view(self.export_view), name="programs_program_export"),
            *super().get_urls(),
        ]

    def may_import(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"may_import": self.may_import(request), **(extra_context or {})})

    def export_view(self, request):
        """The whole directory, drafts too."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return self.as_csv(self.get_queryset(request).order_by("slug"))

    def as_csv(self, programs):
        name = f"programs-{timezone.localdate()}.csv"
        return HttpResponse(
            tables.export(programs.prefetch_related("coverage", "sources")),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def import_view(self, request):
        """Choose a file, see what it would do, then let it: only the second form stores anything."""
        if not self.may_import(request):
            raise PermissionDenied
        form, plan, ticket = TableForm(), None, ""
        if "ticket" in request.POST:
            content = uploads.take(request.POST["ticket"], request.user)
            if content is None:
                text = _("The file is no longer here: choose it once more.")
                self.message_user(request, text, messages.WARNING)
                return redirect("admin:programs_program_import")
            plan = tables.plan(content)
            if not plan.faults and plan.digest == request.POST.get("plan"):
                return self._imported(request, plan)
            self.message_user(
                request,
                _("The directory was changed in the meantime. Look once more at what would be done."),
                messages.WARNING,
            )
            ticket = uploads.keep(content, request.user)
        elif request.method == "POST":
            form = TableForm(request.POST, request.FILES)
            if form.is_valid():
                plan = form.cleaned_data["file"]
                ticket = self._ticket(request, plan, form.content)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import programs"),
            "opts": self.opts,
            "form": form,
            "plan": plan,
            "ticket": ticket,
            "most": MOST_SHOWN,
            **({name: getattr(plan, name)[:MOST_SHOWN] for name in ("faults", "new", "changed")} if plan else {}),
            "columns": tables.COLUMNS,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/programs/program/import.html", context)

    def _ticket(self, request, plan, content):
        """What the second form sends to have the file back; empty where there is nothing to accept."""
        return "" if plan.faults or plan.is_empty else uploads.keep(content, request.user)

    def _imported(self, request, plan):
        new, changed = tables.apply(plan)
        for programs, flag, message in (
            (new, ADDITION, [{"added": {}}]),
            (changed, CHANGE, [{"changed": {"fields": [_("by a table")]}}]),
        ):
            LogEntry.objects.log_actions(request.user.pk, programs, flag, message)
        words = [
            ngettext("%d program is new", "%d programs are new", len(new)) % len(new),
            ngettext("%d is changed", "%d are changed", len(changed)) % len(changed),
        ]
        self.message_user(request, _("%s.") % ", ".join(words), messages.SUCCESS)
        return redirect("admin:programs_program_changelist")
