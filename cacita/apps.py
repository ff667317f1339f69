from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SiteAdminConfig(AdminConfig):
    default_site = "cacita.admin.SiteAdmin"


class ProjectConfig(AppConfig):
    name = "cacita"
    verbose_name = "Association website"

    def ready(self):
        from cacita import checks  # noqa: F401, PLC0415 - registers the deploy checks
