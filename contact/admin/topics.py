"""Topics of messages, and the words staff begin their answers with."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contact import answers
from contact.models import AnswerTemplate, Message, Topic
from pages.admin.base import NamedPosition, RecordAdmin
from pages.models import Identity


class TopicForm(forms.ModelForm):
    def clean_addresses(self):
        """A mail to what is no address could not even be stored."""
        addresses = [address.strip() for address in self.cleaned_data["addresses"].split(",") if address.strip()]
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                text = _("“%s” is no e-mail address. Write whole addresses with commas between them.") % address
                raise ValidationError(text) from None
        return ", ".join(addresses)


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    form = TopicForm
    list_display = ["name", "goes_to", "waiting", "is_offered", "position"]
    list_editable = ["position"]
    search_fields = ["name", "addresses", "hint"]
    fieldsets = [
        (None, {"fields": ["name", "hint", "addresses"]}),
        (gettext_lazy("Where it stands"), {"fields": ["slug", ("is_offered", "position")]}),
    ]
    view_on_site = False

    def get_queryset(self, request):
        waiting = Q(messages__state__in=[Message.State.NEW, Message.State.IN_PROGRESS])
        return super().get_queryset(request).annotate(waiting_count=Count("messages", filter=waiting))

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new topic: links depend on its word."""
        return {} if obj else {"slug": ["name"]}

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=NamedPosition, **kwargs)

    @admin.display(description=gettext_lazy("goes to"))
    def goes_to(self, topic):
        return topic.addresses or _("The association’s e-mail address")

    @admin.display(description=gettext_lazy("waiting messages"), ordering="waiting_count")
    def waiting(self, topic):
        return format_html('{} <span class="row-word">{}</span>', topic.waiting_count, _("waiting"))


class AnswerTemplateForm(forms.ModelForm):
    def clean_text(self):
        text = self.cleaned_data["text"]
        unknown = answers.unknown_places(text)
        if unknown:
            words = _("%(unknown)s would be sent just so. What is filled in is {name}, {reference} and {association}.")
            raise ValidationError(words % {"unknown": ", ".join(unknown)})
        return text


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(RecordAdmin):
    form = AnswerTemplateForm
    list_display = ["name", "topic"]
    list_filter = ["topic"]
    list_select_related = ["topic"]
    search_fields = ["name", "text"]
    fields = ["name", "topic", "text", "preview"]
    readonly_fields = ["preview"]
    view_on_site = False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text":
            field.help_text = _("{name}, {reference} and {association} are filled in when an answer is begun.")
        return field

    @admin.display(description=gettext_lazy("how it begins an answer"))
    def preview(self, template):
        if not template.text:
            return _("Save once to see it here.")
        words = answers.words_to_show(Identity.load())
        return format_html('<div class="letter__text" dir="auto">{}</div>', answers.fill_in(template.text, words))
