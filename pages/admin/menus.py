from django.contrib import admin
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.admin.base import NamedPosition, RecordAdmin
from pages.admin.bilingual import BilingualAdmin
from pages.models import MenuItem


@admin.register(MenuItem)
class MenuItemAdmin(BilingualAdmin, RecordAdmin):
    list_display = ["entry", "menu", "leads_to", "position"]
    list_editable = ["position"]
    list_filter = ["menu"]
    list_select_related = ["page"]
    search_fields = ["label", "label_es", "page__title", "url"]
    fieldsets = [
        (None, {"fields": ["label", ("page", "url")]}),
        (gettext_lazy("In Spanish"), {"fields": ["label_es", "spanish_is_read"], "classes": ["collapse"]}),
        (gettext_lazy("Where it stands"), {"fields": ["menu", "parent", "position"]}),
    ]
    view_on_site = False

    def get_ordering(self, request):
        """As the menus are drawn: the header first, each entry followed by those below it."""
        return [
            F("menu").desc(),
            Coalesce("parent__position", "position"),
            Coalesce("parent_id", "pk"),
            F("parent_id").asc(nulls_first=True),
            F("position").asc(),
        ]

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=NamedPosition, **kwargs)

    @admin.display(description=gettext_lazy("entry"))
    def entry(self, item):
        return format_html('<span class="depth depth--{}">{}</span>', 1 if item.parent_id else 0, item.label)

    @admin.display(description=gettext_lazy("leads to"))
    def leads_to(self, item):
        if not item.page:
            return item.url or _("Nowhere: a heading")
        if item.page.is_published():
            return item.page.path
        return format_html(
            "{} <span class='badge badge--draft'>{}</span>", item.page.path, _("Hidden: page is a draft")
        )
