"""Pages and their blocks, in one form."""

from functools import cache

from content_editor.admin import ContentEditor, ContentEditorInline
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects, quote
from django.db import router
from django.forms.formsets import DELETION_FIELD_NAME
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages import outline
from pages.admin.base import LINK, PUBLISHING, SECOND_LINK, PublishableAdmin, SharesChoices, depth_of
from pages.models import Block, OldPath, Page


class PartOfPage(SharesChoices):
    """The form of something that belongs to a page: whoever may change the page may change it."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("pages.view_page") or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("pages.change_page") or (obj is None and request.user.has_perm("pages.add_page"))

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class BlockInline(PartOfPage, ContentEditorInline):
    is_block = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.model.related)


@cache
def inline_of(kind):
    """The inline of one kind of block. What the editor's script needs stands last and is hidden."""
    fields = [*lines_of(kind.fields_to_edit()), "region", "ordering"]
    return BlockInline.create(kind, fieldsets=[(None, {"fields": fields})], icon=kind.icon)


def lines_of(names):
    """The fields of a form with the three of each link in one line."""
    links = {names[0]: names for names in (LINK, SECOND_LINK)}
    rest = {name for link in links.values() for name in link[1:]}
    return [links.get(name, name) for name in names if name not in rest]


class OldPathInline(PartOfPage, admin.StackedInline):
    model = OldPath
    extra = 0
    classes = ["collapse"]
    verbose_name_plural = gettext_lazy("Old addresses that lead here")


@admin.register(Page)
class PageAdmin(PublishableAdmin, ContentEditor):
    list_display = ["name", "address", "state", "updated"]
    list_filter = ["status", "updated"]
    search_fields = ["title", "path", "lead"]
    ordering = ["path"]
    fieldsets = [
        (None, {"fields": ["title", "lead"]}),
        (gettext_lazy("Where it stands"), {"fields": ["slug", "parent", "position"]}),
        PUBLISHING,
        (
            gettext_lazy("Search engines and shared links"),
            {"classes": ["collapse"], "fields": ["description", "card", "card_ppoi"]},
        ),
    ]
    change_form_template = "admin/pages/page/change_form.html"

    @admin.display(description=gettext_lazy("page"), ordering="path")
    def name(self, page):
        return format_html('<span class="depth depth--{}">{}</span>', min(depth_of(page.path), 4), page.title)

    @admin.display(description=gettext_lazy("address"), ordering="path")
    def address(self, page):
        return format_html('<a href="{}">{}</a>', page.path, page.path)

    def get_inlines(self, request, obj):
        """Every kind of block there is, asked for at each request: an app that adds a kind changes nothing here."""
        return [*(inline_of(kind) for kind in Block.kinds()), OldPathInline]

    def get_prepopulated_fields(self, request, obj=None):
        """Only for a new page: the home page's address is empty on purpose, and a title may change alone."""
        return {} if obj else {"slug": ["title"]}

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Leave out of “below” what would put the page below itself."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and obj.path != "/" and "parent" in form.base_fields:
            inside = set(Page.objects.filter(path__startswith=obj.path).values_list("pk", flat=True))
            field = form.base_fields["parent"]
            field.choices = [choice for choice in field.choices if choice[0] not in inside]
        return form

    def get_actions(self, request):
        """Pages are deleted one at a time: each has addresses others link to."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def _create_formsets(self, request, obj, change):
        """The rules that span blocks of several kinds are checked here, where all of them are in hand."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        if request.method == "POST":
            refuse_faults([formset for formset in formsets if issubclass(formset.model, Block)])
        return formsets, inlines

    def get_deleted_objects(self, objs, request):
        """Say of a record that stops the deletion on which page it stands, and link to that page."""
        to_delete, counts, missing_rights, protected = super().get_deleted_objects(objs, request)
        if protected:
            collector = NestedObjects(using=router.db_for_write(Page), origin=objs)
            collector.collect(objs)
            protected = [_where(record) for record in collector.protected]
        return to_delete, counts, missing_rights, protected


def _where(record):
    page = record.parent if isinstance(record, Block) else record
    name = page._meta.model_name
    link = format_html(
        '<a href="{}">{}</a>', reverse(f"admin:{page._meta.app_label}_{name}_change", args=[quote(page.pk)]), page
    )
    if page is record:
        return format_html("{}: {}", capfirst(record._meta.verbose_name), link)
    return format_html(
        _("{kind} “{block}” on the page {page}"), kind=capfirst(record._meta.verbose_name), block=record, page=link
    )


def refuse_faults(formsets):
    """Check the outline over the blocks of all kinds as they will be stored, and say beside each field what is wrong.

    Blocks about to be deleted are left out. A form that fails by itself counts with what it has.
    """
    forms = []
    for formset in formsets:
        formset.is_valid()
        for form in formset.forms:
            if (form.instance.pk or form.has_changed()) and not form.cleaned_data.get(DELETION_FIELD_NAME):
                forms.append(form)
    forms.sort(key=lambda form: form.instance.ordering)
    for fault in outline.faults([form.instance for form in forms]):
        form = next(form for form in forms if form.instance is fault.block)
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
