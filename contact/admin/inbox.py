"""The staff's inbox: the list of messages. One message with its thread is in `contact.admin.thread`."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contact import export, retention, review
from contact.admin.filters import AttachmentsFilter, OwnerFilter, StateFilter, SuspicionFilter
from contact.admin.thread import MessageForm, MessageThread, name_of
from contact.models import Attachment, Message
from pages.admin.base import RecordAdmin


@admin.register(Message)
class MessageAdmin(MessageThread, RecordAdmin):
    form = MessageForm
    list_display = ["sender", "received", "topic", "standing", "taker"]
    list_filter = [StateFilter, "topic", OwnerFilter, SuspicionFilter, AttachmentsFilter]
    list_select_related = ["topic", "owner"]
    search_fields = ["name", "email", "agency", "text", "reference"]
    actions = ["take_over", "mark_answered", "mark_spam", "not_spam", "export_csv"]
    show_facets = admin.ShowFacets.NEVER
    fieldsets = [(gettext_lazy("What becomes of it"), {"fields": ["state", "owner", "topic", "is_kept"]})]
    view_on_site = False

    def has_add_permission(self, request):
        """Messages come from the form alone."""
        return False

    # The list

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Inbox"), **(extra_context or {})})

    def get_queryset(self, request):
        has_files = Exists(Attachment.objects.filter(message=OuterRef("pk")))
        return super().get_queryset(request).annotate(has_files=has_files)

    @admin.display(description=gettext_lazy("from"), ordering="name")
    def sender(self, message):
        """The name, and below it the agency."""
        if not message.agency:
            return message.name
        return format_html('{} <small class="row-more">{}</small>', message.name, message.agency)

    @admin.display(description=gettext_lazy("received"), ordering="sent")
    def received(self, message):
        """The age in words, and whether it is too long for a message that still waits."""
        now = timezone.now()
        age = format_html(
            '<time datetime="{}" title="{}">{}</time>',
            message.sent.isoformat(),
            date_words(timezone.localtime(message.sent), "DATETIME_FORMAT"),
            _("%s ago") % timesince(message.sent, now, depth=1),
        )
        if not review.waits_too_long(message, now):
            return age
        return format_html('{} <span class="badge badge--late">{}</span>', age, _("Waiting too long"))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing(self, message):
        words = format_html('<span class="badge badge--{}">{}</span>', message.state, message.get_state_display())
        if message.suspicion:
            words = format_html('{} <span class="badge badge--draft">{}</span>', words, _("Suspicious"))
        if message.has_files:
            words = format_html('{} <small class="row-more">{}</small>', words, _("with attachments"))
        return words

    @admin.display(description=gettext_lazy("who"), ordering="owner")
    def taker(self, message):
        return name_of(message.owner) if message.owner else _("nobody yet")

    # What is done with several at once

    @admin.action(description=gettext_lazy("Take over: I take care of these"), permissions=["change"])
    def take_over(self, request, queryset):
        count = self.decide(request, "take-over", queryset)
        self._say(request, ngettext("%d message is yours now.", "%d messages are yours now.", count), count)

    @admin.action(description=gettext_lazy("Mark as answered"), permissions=["change"])
    def mark_answered(self, request, queryset):
        count = self.decide(request, "answered", queryset)
        text = ngettext("%d message is marked as answered.", "%d messages are marked as answered.", count)
        self._say(request, text, count)

    @admin.action(description=gettext_lazy("Mark as spam"), permissions=["change"])
    def mark_spam(self, request, queryset):
        count = self.decide(request, "spam", queryset)
        self._say(request, ngettext("%d message is marked as spam.", "%d messages are marked as spam.", count), count)

    @admin.action(description=gettext_lazy("Not spam: send the mails that were held back"), permissions=["change"])
    def not_spam(self, request, queryset):
        count = self.decide(request, "not-spam", queryset)
        self._say(request, ngettext("%d message is cleared.", "%d messages are cleared.", count), count)

    @admin.action(description=gettext_lazy("Export as CSV for a spreadsheet"), permissions=["view"])
    def export_csv(self, request, queryset):
        found = queryset.select_related("topic", "owner").prefetch_related(*export.TO_EXPORT)
        name = f"messages-{timezone.localdate()}.csv"
        return HttpResponse(
            export.table(found),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def delete_model(self, request, obj):
        self.delete_queryset(request, Message.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        wanted = queryset.count()
        if retention.delete(queryset) < wanted:
            text = _("Some messages are still there: their attachments could not be deleted from the disk.")
            self.message_user(request, text, messages.ERROR)

    def _say(self, request, text, count):
        self.message_user(request, text % count, messages.SUCCESS if count else messages.INFO)
