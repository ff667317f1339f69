from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from pages.admin.base import RecordAdmin
from pages.models import Identity, SocialLink


class SocialLinkInline(admin.StackedInline):
    model = SocialLink
    extra = 0
    fields = [("name", "url", "position")]


@admin.register(Identity)
class IdentityAdmin(RecordAdmin):
    """There is one identity: its list leads straight to it."""

    inlines = [SocialLinkInline]
    view_on_site = False
    fieldsets = [
        (gettext_lazy("Name"), {"fields": [("name", "short_name"), "mission", "counties"]}),
        (gettext_lazy("Look"), {"fields": [("brand", "accent"), "logo", "logo_alt", "icon", "icon_ppoi"]}),
        (gettext_lazy("How to reach you"), {"fields": ["address", ("phone", "email"), "crisis_lines_email", "ein"]}),
        (
            gettext_lazy("Shared links, footer and time"),
            {"fields": ["card", "card_ppoi", "copyright_line", "time_zone"]},
        ),
        (
            gettext_lazy("Visitor counts"),
            {"classes": ["collapse"], "fields": ["analytics_service", "analytics_site", "analytics_host"]},
        ),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("brand", "accent"):
            kwargs["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Who chooses the host of a script decides what runs on every page: that is for administrators alone."""
        if request.user.is_superuser:
            return ()
        return ("analytics_service", "analytics_site", "analytics_host")

    def changelist_view(self, request, extra_context=None):
        identity = Identity.objects.first()
        if identity and self.has_view_or_change_permission(request):
            return redirect(reverse("admin:pages_identity_change", args=[identity.pk]))
        if not identity and self.has_add_permission(request):
            return redirect(reverse("admin:pages_identity_add"))
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Identity.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
