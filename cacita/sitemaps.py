"""What search engines are told to read: every page and album the public may see."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from pages.models import Album, Page


class SiteUrlSitemap(Sitemap):
    """Addresses begin with `SITE_URL`, whatever host the request named."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(SiteUrlSitemap):
    def items(self):
        return Page.objects.published().order_by("path")

    def lastmod(self, page):
        return page.updated


class GallerySitemap(SiteUrlSitemap):
    """The gallery, unless it is empty, and its albums."""

    def items(self):
        albums = list(Album.objects.published())
        return [reverse("gallery"), *albums] if albums else []

    def location(self, item):
        return item if isinstance(item, str) else item.get_absolute_url()

    def lastmod(self, item):
        return None if isinstance(item, str) else item.updated


SITEMAPS = {"pages": PageSitemap, "gallery": GallerySitemap}
