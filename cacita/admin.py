"""The staff's side of the site: its start page, its order, and the page that shows every component."""

from django.contrib import admin
from django.db.models import Count
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cacita.spanish import MAY_READ, reading_page, unread
from cacita.style_page import style_page
from cacita.waiting import waiting
from pages.bilingual import OLDER, UNREAD, Bilingual
from pages.models import Page
from pages.publishing import Publishable


class SiteAdmin(admin.AdminSite):
    site_title = _("Staff")
    site_header = _("Staff")
    index_title = _("What would you like to change?")

    def get_urls(self):
        # Without Django's short cut to “view on site”: it tells the address of any draft to staff without rights.
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        own = [
            path("style/", self.admin_view(style_page), name="style"),
            path("spanish/", self.admin_view(reading_page), {"admin_site": self}, name="spanish"),
        ]
        return [*own, *urls]

    def index(self, request, extra_context=None):
        context = {
            "tasks": self.tasks(request),
            "waiting": waiting(request),
            "drafts": self.drafts(request),
            "spanish": self.spanish(request),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def tasks(self, request):
        """(words, address) of what staff come for most, as far as this person may do it."""
        may = request.user.has_perm
        home = Page.objects.filter(path="/").values_list("pk", flat=True).first()
        tasks = []
        if home and may("pages.change_page"):
            tasks.append((_("Edit the home page"), reverse("admin:pages_page_change", args=[home])))
        if may("pages.add_page"):
            tasks.append((_("Write a page"), reverse("admin:pages_page_add")))
        if may("pages.add_notice"):
            tasks.append((_("Add a notice"), reverse("admin:pages_notice_add")))
        if may("pages.change_menuitem"):
            tasks.append((_("Change the menu"), reverse("admin:pages_menuitem_changelist")))
        return [*tasks, (_("Open the site"), self.site_url)]

    def drafts(self, request):
        """(kind, how many, address of their list) of what waits to be published, every kind of record counted."""
        found = []
        for model, address in self._lists(request, Publishable):
            if count := model.objects.filter(status=Publishable.Status.DRAFT).count():
                query = f"?status__exact={Publishable.Status.DRAFT}"
                found.append((kind_of(model, count), count, f"{address}{query}"))
        return found

    def spanish(self, request):
        """The same of Spanish texts that no native speaker has read, and of those older than their English."""
        found = {"unread": [], "older": []}
        for model, address in self._lists(request, Bilingual):
            counts = model.objects.aggregate(unread=Count("pk", filter=UNREAD), older=Count("pk", filter=OLDER))
            for standing, count in counts.items():
                if count:
                    found[standing].append((kind_of(model, count), count, f"{address}?spanish={standing}"))
        if request.user.has_perm(MAY_READ) and (count := len(unread())):
            words = ngettext("sentence of the pages themselves", "sentences of the pages themselves", count)
            found["unread"].append((words, count, reverse("admin:spanish")))
        return found

    def _lists(self, request, base):
        """(model, address of its list) of all records of a sort, as far as this person may see them."""
        for model, model_admin in self._registry.items():
            if issubclass(model, base) and model_admin.has_view_or_change_permission(request):
                yield model, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    def get_app_list(self, request, app_label=None):
        """Records in the order they were registered, the most used first; accounts last."""
        place = {model: number for number, model in enumerate(self._registry)}
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda entry: place[entry["model"]])
            if app["app_label"] == "auth":
                app["name"] = _("Accounts")
        return sorted(apps, key=lambda app: app["app_label"] == "auth")


def kind_of(model, count):
    return model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
