"""What search engines are told to read: all that anybody may see, from pages and events to programs and the library."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from contact.models import Topic
from events.models import Event, Series
from pages.models import Album, Page
from programs.counties import COUNTIES
from programs.models import Program
from resources.models import CrisisLine, Resource, Term

TWO_YEARS = timedelta(days=731)
"""How long an event that is over stays listed; its page stays for good."""


class SiteUrlSitemap(Sitemap):
    """Addresses begin with `SITE_URL`, whatever host the request named. An item is a record or an address."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        return item if isinstance(item, str) else item.get_absolute_url()

    def lastmod(self, item):
        return None if isinstance(item, str) else item.updated


class PageSitemap(SiteUrlSitemap):
    def items(self):
        return Page.objects.published().order_by("path")


class GallerySitemap(SiteUrlSitemap):
    """The gallery, unless it is empty, and its albums."""

    def items(self):
        albums = list(Album.objects.published())
        return [reverse("gallery"), *albums] if albums else []


class EventSitemap(SiteUrlSitemap):
    """The calendar, unless it is empty, its series, and the events to come, without a date or lately over."""

    def items(self):
        now = timezone.now()
        wanted = Q(last_end=None) | Q(last_end__gt=now - TWO_YEARS)
        events = Event.objects.published(now).filter(wanted).order_by("first_start", "pk").only("slug", "updated")
        found = [*Series.objects.published(now).only("slug", "updated"), *events]
        return [reverse("events:upcoming"), *found] if found else []


class ProgramSitemap(SiteUrlSitemap):
    """The directory, unless it is empty, the 58 counties, and the programs; one that ended keeps its page."""

    def items(self):
        programs = list(Program.objects.published().only("slug", "updated"))
        if not programs:
            return []
        counties = [reverse("programs:county", args=[county.slug]) for county in COUNTIES]
        return [reverse("programs:directory"), reverse("programs:counties"), *counties, *programs]


class ContactSitemap(SiteUrlSitemap):
    """The contact form, once somebody has said what messages may be about."""

    def items(self):
        return [reverse("contact:form")] if Topic.objects.filter(is_offered=True).exists() else []


class BilingualSitemap(SiteUrlSitemap):
    """Pages that exist in both languages: each names its twin. An item is a record or `(name, slug …)`."""

    i18n = alternates = x_default = True

    def location(self, item):
        return reverse(item[0], args=item[1:]) if isinstance(item, tuple) else item.get_absolute_url()

    def lastmod(self, item):
        return None if isinstance(item, tuple) else item.updated


class HelpSitemap(BilingualSitemap):
    """Crisis help, for everybody and for each county, once there are lines."""

    def items(self):
        if not CrisisLine.objects.published().exists():
            return []
        pages = [(f"help:{name}",) for name in ("help", "which_number", "say_to_911", "family_card")]
        return [*pages, *(("help:county", county.slug) for county in COUNTIES)]


class LibrarySitemap(BilingualSitemap):
    """The library and its entries, and the glossary, each unless it is empty."""

    def items(self):
        resources = list(Resource.objects.published().only("slug", "updated"))
        found = [("library:list",), *resources] if resources else []
        return [*found, ("library:glossary",)] if Term.objects.published().exists() else found


SITEMAPS = {
    "pages": PageSitemap,
    "gallery": GallerySitemap,
    "events": EventSitemap,
    "programs": ProgramSitemap,
    "contact": ContactSitemap,
    "help": HelpSitemap,
    "library": LibrarySitemap,
}
