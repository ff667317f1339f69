from django.contrib import admin
from django.utils.translation import gettext_lazy

from pages.admin.base import LINK, PUBLISHING, PublishableAdmin
from pages.models import Notice


@admin.register(Notice)
class NoticeAdmin(PublishableAdmin):
    list_display = ["message", "level", "state", "publish_from", "publish_until"]
    list_filter = ["status", "level"]
    search_fields = ["message"]
    fieldsets = [
        (None, {"fields": ["message", "level"]}),
        (gettext_lazy("A link, if there is more to say"), {"fields": [LINK]}),
        PUBLISHING,
    ]
    view_on_site = False
