from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from pages.models import Album, Page
from tests.factories import make_album, make_page

pytestmark = pytest.mark.django_db
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def _public_address(settings):
    settings.SITE_URL = "https://www.example.org"


def read(client, **options):
    """The sitemap as {address: day of the last change}."""
    response = client.get("/sitemap.xml", **options)
    assert response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)
    return {url.findtext(f"{NAMESPACE}loc"): url.findtext(f"{NAMESPACE}lastmod") for url in root}


def test_sitemap_of_an_empty_site_is_empty(client):
    assert read(client) == {}


def test_sitemap_lists_what_is_published_under_the_public_address(client):
    home = make_page("Home", slug="")
    below = make_page("Team", parent=make_page("About"))
    album = make_album("Coast")
    Page.objects.update(updated=datetime(2026, 11, 20, 12, tzinfo=UTC))
    Album.objects.update(updated=datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert read(client, headers={"host": "localhost"}) == {
        "https://www.example.org" + home.path: "2026-11-20",
        "https://www.example.org/about/": "2026-11-20",
        "https://www.example.org" + below.path: "2026-11-20",
        "https://www.example.org/gallery/": None,
        "https://www.example.org" + album.get_absolute_url(): "2026-11-21",
    }


def test_sitemap_never_shows_a_draft(client):
    tomorrow = timezone.now() + timedelta(days=1)
    make_page("Draft", status=Page.Status.DRAFT)
    make_page("Later", publish_from=tomorrow)
    make_page("Over", publish_until=timezone.now())
    make_album("Draft album", status=Album.Status.DRAFT)
    make_page("About")
    assert list(read(client)) == ["https://www.example.org/about/"]


@pytest.mark.parametrize("count", [1, 3])
def test_sitemap_costs_the_same_for_many_pages(client, count, django_assert_num_queries):
    for number in range(count):
        make_page(f"Page {number}")
        make_album(f"Album {number}")
    with django_assert_num_queries(3):
        assert len(read(client)) == 2 * count + 1
