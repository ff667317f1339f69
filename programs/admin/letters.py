"""Letters to programs: to be looked up for a year, and handed on where a program seems to have sent them."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.admin.base import RecordAdmin
from programs import letters
from programs.models import Letter


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("waiting", _("Waiting for staff")), ("handed_on", _("Handed on"))]

    def queryset(self, request, queryset):
        is_waiting = {"waiting": True, "handed_on": False}.get(self.value())
        return queryset if is_waiting is None else queryset.filter(handed_on__isnull=is_waiting)


@admin.register(Letter)
class LetterAdmin(RecordAdmin):
    change_form_template = "admin/programs/letter/change_form.html"
    list_display = ["writer", "program", "sent", "standing"]
    list_filter = [StandingFilter]
    list_select_related = ["program"]
    search_fields = ["name", "email", "text", "program__name"]
    actions = ["hand_on"]
    fields = readonly_fields = ["program", "name", "email", "text", "sent", "standing"]
    view_on_site = False

    def has_add_permission(self, request):
        """Letters come from the public form."""
        return False

    @admin.display(description=gettext_lazy("from"), ordering="name")
    def writer(self, letter):
        return letter.name

    @admin.display(description=gettext_lazy("standing"), ordering="handed_on")
    def standing(self, letter):
        if letter.handed_on:
            day = format_date(timezone.localtime(letter.handed_on), "M j, Y")
            return format_html('<span class="badge badge--published">{}</span>', _("handed on %s") % day)
        return format_html('<span class="badge badge--draft">{}</span>', _("suspicious, waits for you"))

    @admin.action(description=gettext_lazy("Hand on to the program"), permissions=["change"])
    def hand_on(self, request, queryset):
        done = 0
        for letter in queryset.filter(handed_on=None).select_related("program"):
            if self._hand_on(request, letter):
                done += 1
        text = ngettext("%d letter is handed on.", "%d letters are handed on.", done) % done
        self.message_user(request, text, messages.SUCCESS if done else messages.INFO)

    def _hand_on(self, request, letter):
        """Hand one letter on, or say why that cannot be; return whether it was done."""
        if letters.hand_on(letter, timezone.now()):
            self.log_change(request, letter, [{"changed": {"fields": [_("handed on")]}}])
            return True
        if not letter.program.role_email:
            text = _("“%s” has no role address any more: give it one, then hand the letter on.") % letter.program
            self.message_user(request, text, messages.ERROR)
        return False

    def response_change(self, request, obj):
        """The form's one button. All its fields are only shown, so there is nothing else to store."""
        if "_hand_on" in request.POST and self._hand_on(request, obj):
            text = _("The letter from %s is handed on.") % obj.name
            self.message_user(request, text, messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def save_model(self, request, obj, form, change):
        """Nothing of a letter is changed here."""

    def log_change(self, request, obj, message):
        """Saving an unchanged letter is no event."""
        return super().log_change(request, obj, message) if message else None
