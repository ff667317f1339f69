from django.contrib.sitemaps import Sitemap

from pages.models import Album, Page


class PageSitemap(Sitemap):
    def items(self):
        return Page.objects.published().order_by("path")

    def lastmod(self, page):
        return page.updated


class AlbumSitemap(Sitemap):
    def items(self):
        return Album.objects.published()

    def lastmod(self, album):
        return album.updated


SITEMAPS = {"pages": PageSitemap, "albums": AlbumSitemap}
