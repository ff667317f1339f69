"""What every form and list of the staff's side has in common. Other apps build theirs on `RecordAdmin` too."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from js_asset import Media

from pages.models import Page
from pages.publishing import Publishable

PUBLISHING = (gettext_lazy("Publishing"), {"fields": ["status", ("publish_from", "publish_until")]})
MOST_WORDS = 20
LINK = ("link_label", "link_page", "link_url")
SECOND_LINK = ("second_label", "second_page", "second_url")


class SharesChoices:
    """Offers the records a field may point to, read from the database once for all fields of a form.

    A page's form has such fields in every block: without this, each block would cost more queries.
    """

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.many_to_one:
            field.widget = field.widget.widget  # without the links that change the other record in a second window
            if not db_field.get_limit_choices_to():
                field.choices = [("", _("None")), *choices_of(request, db_field.remote_field.model)]
        return field


def choices_of(request, model):
    """(number, words) of every record of a model; pages are indented by depth, in the order of their addresses."""
    shared = request.__dict__.setdefault("_shared_choices", {})
    if model not in shared:
        if model is Page:
            rows = Page.objects.order_by("path").values_list("pk", "title", "path")
            shared[model] = [(pk, f"{'— ' * depth_of(path)}{title}") for pk, title, path in rows]
        else:
            shared[model] = [(row.pk, str(row)) for row in model._default_manager.all()]
    return shared[model]


def depth_of(path):
    """How many pages stand above the one with this address, the home page not counted."""
    return max(path.count("/") - 2, 0)


class RecordAdmin(SharesChoices, admin.ModelAdmin):
    """An admin whose scripts pass the content security policy, and that says what a browser forgets."""

    list_per_page = 50

    def get_search_results(self, request, queryset, search_term):
        """Look for the first words only: each adds to the statement, and SQLite gives up on a pasted page of text."""
        words = " ".join(search_term.split()[:MOST_WORDS])
        return super().get_search_results(request, queryset, words)

    def render_change_form(self, request, context, **kwargs):
        if request.FILES and context.get("errors"):
            text = _("The files you chose were not kept. Choose them again before you save.")
            messages.warning(request, text, fail_silently=True)
        response = super().render_change_form(request, context, **kwargs)
        media = response.context_data["media"]
        response.context_data["media"] = Media.from_media(media, nonce=request.csp_nonce)
        return response

    def view_on_site(self, obj):
        """The record's own address: the page also shows a draft, to those who may edit it."""
        return obj.get_absolute_url()


class PublishableAdmin(RecordAdmin):
    """An admin of records that are drafts until somebody publishes them."""

    actions = ["publish", "make_draft"]
    list_filter = ["status"]

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, record):
        return badge(record)

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        self._set_status(request, queryset, Publishable.Status.PUBLISHED)

    @admin.action(description=gettext_lazy("Make a draft"), permissions=["change"])
    def make_draft(self, request, queryset):
        self._set_status(request, queryset, Publishable.Status.DRAFT)

    def _set_status(self, request, queryset, status):
        count = 0
        for record in queryset.exclude(status=status):
            record.status = status
            record.save()
            self.log_change(request, record, [{"changed": {"fields": [_("status")]}}])
            count += 1
        if status == Publishable.Status.PUBLISHED:
            text = ngettext("%d record is published now.", "%d records are published now.", count) % count
        else:
            text = ngettext("%d record is a draft now.", "%d records are drafts now.", count) % count
        self.message_user(request, text, messages.SUCCESS)


def badge(record):
    """What visitors see of a record at this moment, as a word on a ground of its own."""
    now = timezone.now()
    if record.is_published(now):
        kind, words = "published", _("Published")
    elif record.status == Publishable.Status.DRAFT:
        kind, words = "draft", _("Draft")
    elif record.publish_until and record.publish_until <= now:
        kind, words = "over", _("Over")
    else:
        kind, words = "planned", _("Planned")
    return format_html('<span class="badge badge--{}">{}</span>', kind, words)


class NamedPosition(forms.ModelForm):
    """A row of a list whose position can be typed in: the field says whose position it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].widget.attrs["aria-label"] = _("Position of %s") % self.instance
