from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy

from pages.admin.base import PUBLISHING, NamedPosition, PublishableAdmin, SharesChoices
from pages.models import Album, Photo


class PhotoInline(SharesChoices, admin.StackedInline):
    model = Photo
    fields = ["picture", "picture_alt", "caption", ("credit", "is_illustration", "position"), "picture_ppoi"]
    view_on_site = False

    def get_extra(self, request, obj=None, **kwargs):
        """Room for a few pictures at once; “Add another” makes more."""
        return 1 if obj else 3


@admin.register(Album)
class AlbumAdmin(PublishableAdmin):
    list_display = ["title", "pictures", "state", "updated", "position"]
    list_editable = ["position"]
    search_fields = ["title", "summary", "photos__caption", "photos__picture_alt"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        (gettext_lazy("Where it stands"), {"fields": [("slug", "position")]}),
        PUBLISHING,
    ]
    inlines = [PhotoInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(picture_count=Count("photos"))

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=NamedPosition, **kwargs)

    @admin.display(description=gettext_lazy("pictures"), ordering="picture_count")
    def pictures(self, album):
        return album.picture_count
