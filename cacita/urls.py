"""Every address of the site: fixed ones first, then those with a twin below `/es/`, the pages staff make last."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from cacita import icons, uploads, views

handler400 = "cacita.errors.bad_request"
handler403 = "cacita.errors.permission_denied"
handler404 = "cacita.errors.page_not_found"
handler500 = "cacita.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz/", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("favicon.ico", icons.favicon, name="favicon"),
    path("apple-touch-icon.png", icons.touch_icon, name="touch_icon"),
    path("icon.svg", icons.drawing, name="icon"),
    path("icon-<int:side>.png", icons.app_icon, name="app_icon"),
    path("icon-maskable-<int:side>.png", icons.app_icon_maskable, name="app_icon_maskable"),
    re_path(r"^media/(?P<name>.+)$", uploads.serve, name="upload"),
    *i18n_patterns(
        path("events/", include("events.urls")),
        path("programs/", include("programs.urls")),
        path("help/", include("resources.help_urls")),
        path("resources/", include("resources.library_urls")),
        path("contact/", include("contact.urls")),
        path("donate/", include("contact.donate_urls")),
        path("", include("pages.urls")),
        prefix_default_language=False,
    ),
]
