"""Mail as staff see it: what goes to whom, what became of it, and once more where it failed."""

from email.utils import parseaddr

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.defaultfilters import date as date_words
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from post_office.admin import Attachment, Email, EmailTemplate, Log
from post_office.models import STATUS

from pages import outbox
from pages.admin.base import RecordAdmin
from pages.models import Mail

# The package's own admin lets staff edit what was sent, and sends in the middle of a request.
admin.site.unregister([Attachment, Email, EmailTemplate, Log])

STATES = {
    "waiting": gettext_lazy("Waiting"),
    "late": gettext_lazy("Waiting for over an hour"),
    "refused": gettext_lazy("Refused, to be tried again"),
    "failed": gettext_lazy("Failed"),
    "sent": gettext_lazy("Sent"),
}
"""What the list can be narrowed to."""


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return STATES.items()

    def queryset(self, request, queryset):
        if self.value() == "late":
            return queryset.late(timezone.now())
        return getattr(queryset, self.value())() if self.value() in STATES else queryset


@admin.register(Mail)
class MailAdmin(RecordAdmin):
    list_display = ["letter", "state", "written"]
    list_filter = [StateFilter]
    search_fields = ["to", "subject"]
    search_help_text = gettext_lazy("Recipient or subject")
    show_facets = admin.ShowFacets.NEVER
    actions = ["send_again"]
    fieldsets = [
        (None, {"fields": ["state", "recipient", "subject", "sender", "reply_to", "written"]}),
        (gettext_lazy("The mail"), {"fields": ["text", "files"]}),
        (gettext_lazy("What happened"), {"fields": ["tries"]}),
    ]
    readonly_fields = [name for _heading, options in fieldsets for name in options["fields"]]
    view_on_site = False

    def has_add_permission(self, request):
        """Mails are written by the site alone."""
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).with_fault()

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("E-mails"), **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {"title": _("E-mail"), **(extra_context or {})})

    @admin.display(description=gettext_lazy("e-mail"), ordering="subject")
    def letter(self, mail):
        """The subject, and below it to whom."""
        return format_html('{} <small class="row-more">{}</small>', mail.subject, self.recipient(mail))

    @admin.display(description=gettext_lazy("to"))
    def recipient(self, mail):
        return ", ".join(mail.to)

    @admin.display(description=gettext_lazy("from"))
    def sender(self, mail):
        return mail.from_email

    @admin.display(description=gettext_lazy("replies go to"))
    def reply_to(self, mail):
        return (mail.headers or {}).get("Reply-To") or parseaddr(mail.from_email)[1]

    @admin.display(description=gettext_lazy("written"), ordering="created")
    def written(self, mail):
        return moment(mail.created)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, mail):
        """What became of it as a word on a ground of its own, and below it why."""
        if mail.status == STATUS.sent:
            return format_html('<span class="badge badge--published">{}</span>', _("Sent"))
        if mail.status == STATUS.failed:
            kind, words = "late", _("Failed")
        elif mail.status == STATUS.requeued and mail.scheduled_time:
            kind, words = "draft", _("Waits for another try at %s") % moment(mail.scheduled_time)
        else:
            kind, words = "planned", _("Waiting")
        badge = format_html('<span class="badge badge--{}">{}</span>', kind, words)
        return format_html('{} <small class="row-more">{}</small>', badge, mail.fault) if mail.fault else badge

    @admin.display(description=gettext_lazy("text"))
    def text(self, mail):
        return format_html('<div class="letter__text">{}</div>', mail.message)

    @admin.display(description=gettext_lazy("attachments"))
    def files(self, mail):
        return lines((attachment.name, size_of(attachment)) for attachment in mail.attachments.order_by("pk"))

    @admin.display(description=gettext_lazy("tries"))
    def tries(self, mail):
        logs = mail.logs.order_by("date", "pk")
        return lines((moment(log.date), log.message if log.status == STATUS.failed else _("Sent")) for log in logs)

    # Sending again

    @admin.action(description=gettext_lazy("Send again"), permissions=["change"])
    def send_again(self, request, queryset):
        mails = list(queryset.exclude(status=STATUS.queued))
        count = outbox.resend(Mail.objects.filter(pk__in=[mail.pk for mail in mails]))
        for mail in mails:
            self.log_change(request, mail, _("Sent again"))
        self._say(request, count)

    def save_model(self, request, mail, form, change):
        """The form has nothing to change; its one button sends the mail again."""
        self._say(request, outbox.resend(Mail.objects.filter(pk=mail.pk)))

    def construct_change_message(self, request, form, formsets, add=False):
        return _("Sent again")

    def response_change(self, request, mail):
        return redirect("admin:pages_mail_change", mail.pk)

    def _say(self, request, count):
        if count:
            text = ngettext("%d e-mail is sent again shortly.", "%d e-mails are sent again shortly.", count) % count
            self.message_user(request, text, messages.SUCCESS)
        else:
            self.message_user(request, _("What waits is sent anyway: nothing was changed."), messages.INFO)


def moment(at):
    return date_words(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def size_of(attachment):
    try:
        return filesizeformat(attachment.file.size)
    except OSError:
        return _("the file is gone")


def lines(pairs):
    """Each pair of words as a line of a list."""
    rows = format_html_join("", "<li>{} <small>{}</small></li>", pairs)
    return format_html('<ul class="letter__files">{}</ul>', rows) if rows else _("None")
