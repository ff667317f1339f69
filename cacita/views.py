"""Addresses for machines: health, robots, sitemap."""

import logging

from django.conf import settings
from django.contrib.sitemaps import views as sitemap_views
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cacita.sitemaps import SITEMAPS

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request):
    """200 while the database answers, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer.")
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


healthz.needs_no_identity = True


@require_safe
def robots(request):
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


robots.needs_no_identity = True


@require_safe
def sitemap(request):
    return sitemap_views.sitemap(request, SITEMAPS)


sitemap.needs_no_identity = True
