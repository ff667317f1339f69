"""The two-minute task: one page a line, to dial it, compare what is heard with what we say, tick and go on."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from resources import checks
from resources.models import Check, CrisisLine


class CheckForm(forms.ModelForm):
    """What was heard today."""

    class Meta:
        model = Check
        fields = ["outcome", "note"]
        widgets = {"outcome": forms.RadioSelect, "note": forms.Textarea({"rows": 2})}
        error_messages = {"outcome": {"required": gettext_lazy("Tick what happened.")}}
        help_texts = {"note": gettext_lazy("For staff: who answered or what you read, and what you could not try.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["outcome"].choices = checks.outcomes(self.instance.line)


class CheckPages:
    """The part of a crisis line's admin that holds these pages. `reason` in an address narrows which lines follow."""

    change_list_template = "admin/resources/crisisline/change_list.html"

    def get_urls(self):
        pages = {
            "checks": ("checks/", require_safe(self.checks_view)),
            "check": ("<path:object_id>/check/", require_http_methods(["GET", "HEAD", "POST"])(self.check_view)),
        }
        view = self.admin_site.admin_view
        own = [path(route, view(page), name=f"resources_crisisline_{name}") for name, (route, page) in pages.items()]
        return [*own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        shows = {"may_check": checks.may_check(request.user)}
        return super().changelist_view(request, {**shows, **(extra_context or {})})

    def render_change_form(self, request, context, **kwargs):
        context["may_check"] = checks.may_check(request.user)
        return super().render_change_form(request, context, **kwargs)

    # A line that has to be corrected is checked by the save that corrects it: its form opens with the check filled in.
    # The note waits in the session meanwhile: addresses stand in logs.

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if inline.model is Check and request.method == "GET" and "outcome" in request.GET:
            heard = {"outcome": request.GET["outcome"], "note": request.session.get(note_key(obj), "")}
            kwargs["initial"] = [{"made_on": timezone.localdate(), **heard}]
        return kwargs

    def response_post_save_change(self, request, obj):
        if "outcome" in request.GET:
            request.session.pop(note_key(obj), None)
            return redirect(self._address(reason_of(request)))
        return super().response_post_save_change(request, obj)

    # Pages

    def checks_view(self, request):
        """Leads to the line that comes first; where none is left, says which failed and when the next one is due."""
        self._may_check(request)
        reason, today = reason_of(request), timezone.localdate()
        due = checks.due_lines(request.identity, today)
        left = checks.untried(due, today)
        tried = [line for line in due if line not in left]
        chosen = [line for line in left if reason in ("", line.reason)]
        if chosen:
            return redirect(self._address(reason, chosen[0]))
        if left and not (tried and reason == CrisisLine.Reason.FAILED):
            return redirect(self._address("", left[0]))
        title = _("These lines failed today") if tried else _("No line is left to check")
        upcoming = CrisisLine.objects.published().exclude(pk__in=[line.pk for line in due])
        context = {"title": title, "tried": tried, "left": left, "upcoming": upcoming.order_by("next_check").first()}
        return self._page(request, "checks", context)

    def check_view(self, request, object_id):
        self._may_check(request)
        line = self.get_object(request, unquote(object_id))
        if line is None:
            raise Http404
        prefetch_related_objects([line], "line_counties", "opening_hours")
        reason, today = reason_of(request), timezone.localdate()
        left = checks.untried(checks.due_lines(request.identity, today, reason), today)
        following = checks.following(line, left)
        check = Check(line=line, made_on=today, made_by=request.user)
        form = CheckForm(request.POST if request.method == "POST" else None, instance=check)
        if form.is_valid():
            if check.outcome == Check.Outcome.CHANGED:
                text = _("Correct what we say and save. The check is filled in below and counts from then.")
                self.message_user(request, text)
                request.session[note_key(line)] = check.note
                return redirect(self._correct(line, check.outcome, reason))
            checks.record(check)
            self.log_change(request, line, [{"added": {"name": str(Check._meta.verbose_name), "object": str(check)}}])
            self._say(request, check)
            return redirect(self._address(reason, following))
        context = {
            "title": self._how_many(left, reason),
            "subtitle": str(line),
            "line": line,
            "form": form,
            "form_address": self._address(reason, line),
            "now": timezone.now(),
            "today": today,
            "association": request.identity.name,
            "last_check": line.checks.select_related("made_by").first(),
            "following": self._address(reason, following) if following else "",
            "others": [(other, self._address(reason, other)) for other in left if other.pk != line.pk],
        }
        return self._page(request, "check", context)

    def _how_many(self, left, reason):
        if not left:
            return _("Check a crisis line")
        count = len(left)
        if reason == CrisisLine.Reason.FAILED:
            return ngettext("%d line failed", "%d lines failed", count) % count
        if reason == CrisisLine.Reason.NEVER:
            return ngettext("%d line nobody has checked", "%d lines nobody has checked", count) % count
        return ngettext("%d line left to check", "%d lines left to check", count) % count

    def _say(self, request, check):
        """What becomes of the line now."""
        line = check.line
        if not check.has_failed:
            self.message_user(request, _("“%s” is checked. Pages show today’s date.") % line, messages.SUCCESS)
            return
        if line.is_emergency:
            text = _("“%s” failed. Correct what we say of it in its form; it is due again today.")
        elif line.is_in_bar:
            text = _(
                "“%s” failed. It stays first on every page and is due again today. "
                "Give it a stand-in number or take it off in its form."
            )
        else:
            text = _(
                "“%s” failed. It stands below checked lines now and is due again today. "
                "Give it a stand-in number or take it off in its form."
            )
        form = reverse("admin:resources_crisisline_change", args=[quote(line.pk)])
        told = format_html('{} <a href="{}">{}</a>', text % line, form, _("Open its form"))
        self.message_user(request, told, messages.WARNING)

    def _correct(self, line, outcome, reason):
        """The line's form with the check filled in."""
        address = reverse("admin:resources_crisisline_change", args=[quote(line.pk)])
        return f"{address}?{urlencode({'outcome': outcome, 'reason': reason})}"

    def _address(self, reason, line=None):
        """The page of this line, or the one that leads to the first."""
        name, args = ("check", [quote(line.pk)]) if line else ("checks", [])
        address = reverse(f"admin:resources_crisisline_{name}", args=args)
        return f"{address}?{urlencode({'reason': reason})}" if reason else address

    def _may_check(self, request):
        if not checks.may_check(request.user):
            raise PermissionDenied

    def _page(self, request, name, context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/resources/crisisline/{name}.html", context)


def reason_of(request):
    """Which lines somebody came to check; all of them where the address says nothing that we know."""
    reason = request.GET.get("reason", "")
    return reason if reason in CrisisLine.Reason.values else ""


def note_key(line):
    return f"check-note-{line.pk}"
