from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from cacita.sitemaps import TWO_YEARS
from events.models import Event, Series
from pages.models import Album, Page
from programs.models import Program
from resources.models import Resource
from tests.factories import (
    make_album,
    make_event,
    make_line,
    make_page,
    make_program,
    make_resource,
    make_series,
    make_term,
    make_topic,
)

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


def test_sitemap_lists_the_calendar_its_series_and_its_events(client):
    make_series("First Responders")
    make_event("Basic course")
    make_event("Some day", starts=None)
    Series.objects.update(updated=datetime(2026, 11, 20, 12, tzinfo=UTC))
    Event.objects.update(updated=datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert read(client) == {
        "https://www.example.org/events/": None,
        "https://www.example.org/events/series/first-responders/": "2026-11-20",
        "https://www.example.org/events/basic-course/": "2026-11-21",
        "https://www.example.org/events/some-day/": "2026-11-21",
    }


def test_sitemap_lists_the_directory_its_counties_and_its_programs(client):
    make_program("Mobile team")
    make_program("Ended team", operation="ended")
    make_program("Draft team", status="draft")
    Program.objects.update(updated=datetime(2026, 11, 20, 12, tzinfo=UTC))
    found = read(client)
    counties = [address for address in found if "/programs/counties/" in address]
    assert len(counties) == 59
    assert {address: day for address, day in found.items() if address not in counties} == {
        "https://www.example.org/programs/": None,
        "https://www.example.org/programs/mobile-team/": "2026-11-20",
        "https://www.example.org/programs/ended-team/": "2026-11-20",
    }


def test_sitemap_drops_an_event_two_years_after_its_end(client, monkeypatch):
    event = make_event("Basic course")
    monkeypatch.setattr("cacita.sitemaps.timezone.now", lambda: event.last_end + TWO_YEARS - timedelta(seconds=1))
    assert "https://www.example.org/events/basic-course/" in read(client)
    monkeypatch.setattr("cacita.sitemaps.timezone.now", lambda: event.last_end + TWO_YEARS)
    assert read(client) == {}


def test_sitemap_never_shows_a_draft(client):
    tomorrow = timezone.now() + timedelta(days=1)
    make_page("Draft", status=Page.Status.DRAFT)
    make_page("Later", publish_from=tomorrow)
    make_page("Over", publish_until=timezone.now())
    make_album("Draft album", status=Album.Status.DRAFT)
    make_event("Draft event", status=Event.Status.DRAFT)
    make_event("Event later", publish_from=tomorrow)
    make_series("Draft series", status=Series.Status.DRAFT)
    make_page("About")
    assert list(read(client)) == ["https://www.example.org/about/"]


@pytest.mark.parametrize("count", [1, 3])
def test_sitemap_costs_the_same_for_many_records(client, count, django_assert_num_queries):
    for number in range(count):
        make_page(f"Page {number}")
        make_album(f"Album {number}")
        make_event(f"Event {number}")
        make_series(f"Series {number}")
        make_program(f"Program {number}")
        make_resource(f"Resource {number}")
        make_term(f"Term {number}")
    with django_assert_num_queries(10):
        assert len(read(client)) == 7 * count + 5 + 61


def test_sitemap_lists_the_contact_form_once_it_has_topics(client):
    topic = make_topic(is_offered=False)
    assert read(client) == {}
    topic.is_offered = True
    topic.save()
    assert read(client) == {"https://www.example.org/contact/": None}


def test_sitemap_lists_crisis_help_once_there_is_a_line(client):
    line = make_line(status="draft")
    assert read(client) == {}
    line.status = "published"
    line.save()
    found = set(read(client))
    assert {"https://www.example.org/help/", "https://www.example.org/es/help/alpine/"} <= found
    assert len(found) == 2 * (4 + 58)


def test_page_in_both_languages_names_its_twin(client):
    make_line()
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    links = {
        url.findtext(f"{NAMESPACE}loc"): {
            (link.get("hreflang"), link.get("href")) for link in url.findall("{http://www.w3.org/1999/xhtml}link")
        }
        for url in root
    }
    english, spanish = "https://www.example.org/help/kern/", "https://www.example.org/es/help/kern/"
    assert links[english] == links[spanish] == {("en", english), ("es", spanish), ("x-default", english)}


def test_sitemap_lists_the_library_its_entries_and_the_glossary(client):
    make_resource("Study")
    make_resource("Draft study", status="draft")
    make_term("Hidden", status="draft")
    Resource.objects.update(updated=datetime(2026, 11, 20, 12, tzinfo=UTC))
    library = {
        "https://www.example.org/resources/": None,
        "https://www.example.org/es/resources/": None,
        "https://www.example.org/resources/study/": "2026-11-20",
        "https://www.example.org/es/resources/study/": "2026-11-20",
    }
    assert read(client) == library
    make_term("Warm line")
    glossary = {"https://www.example.org/resources/glossary/", "https://www.example.org/es/resources/glossary/"}
    assert read(client) == library | dict.fromkeys(glossary)
