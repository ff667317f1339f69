from django import forms
from django.contrib import admin, messages
from django.db import models
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.admin.base import PUBLISHING, PublishableAdmin
from pages.admin.bilingual import BilingualAdmin
from pages.prose import term_address
from resources.glossary import pages_linking_to
from resources.models import Resource, Term
from resources.models.library import LINK_HOLDS, holding, meant_for

SOURCE = ["source_title", "source_url", ("source_date", "read_on")]


class LinkFilter(admin.SimpleListFilter):
    """When somebody last opened the link. A file of our own cannot move."""

    title = gettext_lazy("link")
    parameter_name = "link"

    def lookups(self, request, model_admin):
        return [
            ("fresh", _("Opened within a year")),
            ("old", _("Opened over a year ago")),
            ("never", _("Never opened")),
            ("file", _("A file of ours")),
        ]

    def queryset(self, request, queryset):
        line = timezone.localdate() - LINK_HOLDS
        links = queryset.filter(file="")
        if self.value() == "fresh":
            return links.filter(checked_on__gte=line)
        if self.value() == "old":
            return links.filter(checked_on__lt=line)
        if self.value() == "never":
            return links.filter(checked_on=None)
        return queryset.exclude(file="") if self.value() == "file" else queryset


class TopicFilter(admin.SimpleListFilter):
    title = gettext_lazy("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return Resource.Topic.choices

    def queryset(self, request, queryset):
        return queryset.filter(holding("topics", [self.value()])) if self.value() else queryset


class AudienceFilter(admin.SimpleListFilter):
    title = gettext_lazy("for whom")
    parameter_name = "audience"

    def lookups(self, request, model_admin):
        return Resource.Audience.choices

    def queryset(self, request, queryset):
        return queryset.filter(meant_for([self.value()])) if self.value() else queryset


@admin.register(Resource)
class ResourceAdmin(BilingualAdmin, PublishableAdmin):
    list_display = ["name", "kind_shown", "link", "state"]
    list_filter = ["status", LinkFilter, "kind", "finding", TopicFilter, AudienceFilter, "language"]
    search_fields = ["title", "title_es", "authors", "publisher", "citation", "doi", "slug"]
    ordering = ["title", "pk"]
    actions = ["publish", "make_draft", "note_opened"]
    readonly_fields = ["open_it"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "topics", "audiences"]}),
        (
            gettext_lazy("The document"),
            {"fields": [("authors", "year"), "publisher", ("doi", "citation"), "language", "url", "file"]},
        ),
        (gettext_lazy("What it says"), {"fields": ["summary", ("finding", "design")]}),
        (
            gettext_lazy("How we know"),
            {
                "fields": [*SOURCE, "caution", "open_it", "checked_on"],
                "description": gettext_lazy("Readers see the source, when it was read, and when the link was opened."),
            },
        ),
        (
            gettext_lazy("In Spanish"),
            {"fields": ["title_es", "summary_es", "design_es", "spanish_is_read"], "classes": ["collapse"]},
        ),
        PUBLISHING,
        (gettext_lazy("Order"), {"fields": ["position"]}),
    ]

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new entry: links on paper depend on its address."""
        return {} if obj else {"slug": ["title"]}

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def name(self, resource):
        who = " ".join(filter(None, [resource.authors or resource.publisher, str(resource.year or "")]))
        return format_html('{} <small class="row-more">{}</small>', resource.title, who)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_shown(self, resource):
        """The kind, and below it what a study found."""
        found = resource.get_finding_display() if resource.finding else ""
        return format_html('{} <small class="row-more">{}</small>', resource.get_kind_display(), found)

    @admin.display(description=gettext_lazy("link opened"), ordering="checked_on")
    def link(self, resource):
        if resource.file:
            return resource.extension
        if resource.checked_on is None:
            return format_html('<span class="badge badge--over">{}</span>', _("never opened"))
        if resource.checked_on < timezone.localdate() - LINK_HOLDS:
            return format_html('<span class="badge badge--draft">{}</span>', _("over a year ago"))
        return resource.checked_on

    @admin.display(description=gettext_lazy("the link"))
    def open_it(self, resource):
        """The link to follow, and what counts as found."""
        if not resource.href:
            return _("There is no address yet.")
        return format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>',
            resource.href,
            _("Open the document. Is it the one described above? Then note the day below."),
        )

    @admin.action(description=gettext_lazy("I opened the links today, and they are right"), permissions=["change"])
    def note_opened(self, request, queryset):
        today = timezone.localdate()
        for resource in queryset:
            resource.checked_on = today
            resource.save()
            self.log_change(request, resource, [{"changed": {"fields": [_("link last opened")]}}])
        self.message_user(request, _("Noted. Readers see the day beside the link."))


class TermForm(forms.ModelForm):
    """Keeps a term where links of pages lead to it."""

    def clean(self):
        data = super().clean()
        moves = {"slug", "status", "publish_from", "publish_until"} & set(self.changed_data)
        before = Term.objects.filter(pk=self.instance.pk).first() if moves and self.instance.pk else None
        if before and (linked := links_to(before)):
            stays = data.get("slug") == before.slug and data.get("status") == Term.Status.PUBLISHED
            if not stays or data.get("publish_from") or data.get("publish_until"):
                field = "slug" if data.get("slug") != before.slug else "status"
                self.add_error(field, _("Change the pages first that link to this term: %s.") % ", ".join(linked))
        return data


def links_to(term):
    return [f"{title} ({path})" for title, path in pages_linking_to(term)]


@admin.register(Term)
class TermAdmin(BilingualAdmin, PublishableAdmin):
    form = TermForm
    list_display = ["name", "category", "address", "state"]
    list_filter = ["status", "category"]
    search_fields = ["term", "term_es", "expansion", "definition", "legal_section", "slug"]
    ordering = ["term", "pk"]
    readonly_fields = ["address", "linked_from"]
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    fieldsets = [
        (None, {"fields": ["term", "slug", "expansion", "definition", ("category", "legal_section"), "see_also"]}),
        (
            gettext_lazy("Links from pages"),
            {
                "fields": ["address", "linked_from"],
                "description": gettext_lazy(
                    "Link a word to this address where it first appears on a page and readers may not know it."
                ),
            },
        ),
        (gettext_lazy("How we know"), {"fields": SOURCE}),
        (
            gettext_lazy("In Spanish"),
            {"fields": ["term_es", "expansion_es", "definition_es", "spanish_is_read"], "classes": ["collapse"]},
        ),
        PUBLISHING,
    ]

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new term: pages link to its place."""
        return {} if obj else {"slug": ["term"]}

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Leave the term itself out of those it points to."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and "see_also" in form.base_fields:
            form.base_fields["see_also"].queryset = Term.objects.exclude(pk=obj.pk)
        return form

    def get_deleted_objects(self, objs, request):
        """A term that pages link to stays: readers would look for it in vain."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        linked = [text for term in objs for text in links_to(term)]
        return to_delete, counts, lacking, [*protected, *linked]

    @admin.action(description=gettext_lazy("Make a draft"), permissions=["change"])
    def make_draft(self, request, queryset):
        linked = [term for term in queryset if pages_linking_to(term)]
        if linked:
            text = _("Pages link to these terms, so they stay published: %s.")
            self.message_user(request, text % ", ".join(map(str, linked)), messages.WARNING)
        super().make_draft(request, queryset.exclude(pk__in=[term.pk for term in linked]))

    @admin.display(description=gettext_lazy("term"), ordering="term")
    def name(self, term):
        return format_html('{} <small class="row-more">{}</small>', term.term, term.expansion)

    @admin.display(description=gettext_lazy("copy this address"), ordering="slug")
    def address(self, term):
        """One click marks it whole, ready to copy."""
        return format_html('<code class="to-copy">{}</code>', term_address(term.slug)) if term.pk else "–"

    @admin.display(description=gettext_lazy("linked from"))
    def linked_from(self, term):
        found = pages_linking_to(term) if term.pk else []
        if not found:
            return _("No page links to it yet.")
        return format_html_join(", ", '<a href="{}">{}</a>', [(path, title) for title, path in found])
