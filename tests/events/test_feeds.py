import re
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import icalendar
import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import parse_http_date

from events import calendars
from events.models import Event, Series
from tests.factories import make_credit, make_event, make_identity, make_series, make_session

NOW = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
DRAFT = Event.Status.DRAFT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def summaries(response):
    calendar = icalendar.Calendar.from_ical(response.content)
    return [str(entry["summary"]) for entry in calendar.walk("VEVENT")]


def items(response):
    return ElementTree.fromstring(response.content).findall("channel/item")


def titles(response):
    return [item.findtext("title") for item in items(response)]


def make_hidden_events(**values):
    """Everything a feed must not show."""
    make_event("Draft", status=DRAFT, **values)
    make_event("Not yet out", publish_from=NOW + timedelta(hours=1), **values)
    make_event("Withdrawn", publish_until=NOW, **values)


FEEDS = ["/events/feed.ics", "/events/feed.rss", "/events/series/first-responders/series.ics"]
FEEDS += ["/events/basic-course/event.ics"]


@pytest.mark.parametrize(
    ("path", "content_type", "filename"),
    [
        ("/events/feed.ics", "text/calendar", "events.ics"),
        ("/events/feed.rss", "application/rss+xml", "events.rss"),
        ("/events/series/first-responders/series.ics", "text/calendar", "first-responders.ics"),
        ("/events/basic-course/event.ics", "text/calendar", "basic-course.ics"),
    ],
)
def test_feed_says_what_it_is_and_how_long_it_holds(client, path, content_type, filename):
    make_event(series=make_series())
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == f"{content_type}; charset=utf-8"
    assert response["Content-Disposition"] == f'inline; filename="{filename}"'
    assert response["Cache-Control"] == "public, max-age=900"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("path", FEEDS)
def test_feed_that_has_not_changed_is_not_sent_again(client, path):
    event = make_event(series=make_series())
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    event.title = "Basic course, second edition"
    event.settle()
    changed = client.get(path, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert b"second edition" in changed.content


def test_event_that_leaves_a_feed_changes_it(client):
    make_event("Stays")
    leaves = make_event("Leaves")
    first = client.get("/events/feed.ics")
    leaves.status = DRAFT
    leaves.save()
    response = client.get("/events/feed.ics", headers={"if-none-match": first["ETag"]})
    assert (response.status_code, summaries(response)) == (200, ["Stays"])


@pytest.mark.parametrize("path", FEEDS[:2])
def test_empty_feed_does_not_change_by_the_second(client, monkeypatch, path):
    first = client.get(path)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(seconds=5))
    assert client.get(path).content == first.content


@pytest.mark.parametrize("path", FEEDS)
def test_feed_is_only_read(client, path):
    make_event(series=make_series())
    assert client.post(path).status_code == 405


def test_calendar_has_no_drafts(client):
    make_event("Shown")
    make_hidden_events()
    assert summaries(client.get("/events/feed.ics")) == ["Shown"]


def test_calendar_has_no_drafts_for_staff_either(editor_client):
    make_hidden_events()
    assert summaries(editor_client.get("/events/feed.ics")) == []


def test_news_have_no_drafts(client):
    make_event("Shown")
    make_hidden_events()
    assert titles(client.get("/events/feed.rss")) == ["Shown"]


def test_series_calendar_has_its_published_events_only(client):
    series = make_series()
    make_event("Shown", series=series)
    make_event("Another series")
    make_hidden_events(series=series)
    response = client.get("/events/series/first-responders/series.ics")
    assert summaries(response) == ["Shown"]
    assert icalendar.Calendar.from_ical(response.content)["x-wr-calname"] == "CIT: First Responders"


def test_series_calendar_of_a_draft_is_nobodys(client):
    make_event(series=make_series(status=Series.Status.DRAFT))
    assert client.get("/events/series/first-responders/series.ics").status_code == 404


def test_event_calendar_has_all_its_sessions_however_far(client):
    event = make_event(starts=(2020, 1, 6, 9, 0))
    make_session(event, day=datetime(2031, 1, 6).date())
    assert summaries(client.get("/events/basic-course/event.ics")) == ["Basic course", "Basic course"]


def test_event_calendar_without_a_date_waits_for_one(client):
    event = make_event(starts=None)
    assert summaries(client.get("/events/basic-course/event.ics")) == []
    make_session(event)
    assert summaries(client.get("/events/basic-course/event.ics")) == ["Basic course"]


def test_event_calendar_of_a_draft_is_not_there_for_the_public(client):
    make_event(status=DRAFT)
    assert client.get("/events/basic-course/event.ics").status_code == 404


def test_event_calendar_of_a_draft_is_shown_to_staff_and_never_kept(editor_client):
    make_event(status=DRAFT)
    response = editor_client.get("/events/basic-course/event.ics")
    assert summaries(response) == ["Basic course"]
    assert "no-store" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]


QUERIES = [
    ("county=kern", ["Kern"]),
    ("format=online", ["Online"]),
    ("audience=dispatch", ["Dispatch"]),
    ("board=POST", ["Credit"]),
    ("free=1", ["Free"]),
    ("q=words+matter", ["Words matter"]),
    ("county=kern&free=1", []),
    ("county=atlantis", ["Kern", "Online", "Dispatch", "Credit", "Free", "Words matter"]),
]


def make_events_to_choose_from():
    make_event("Kern", county="kern")
    make_event("Online", format=Event.Format.ONLINE)
    make_event("Dispatch", audiences=["dispatch"])
    make_credit(make_event("Credit"))
    make_event("Free", is_free=True)
    make_event("Words matter")


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_calendar_takes_the_lists_filters(client, query, expected):
    make_events_to_choose_from()
    assert sorted(summaries(client.get(f"/events/feed.ics?{query}"))) == sorted(expected)


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_news_take_the_lists_filters(client, query, expected):
    make_events_to_choose_from()
    assert sorted(titles(client.get(f"/events/feed.rss?{query}"))) == sorted(expected)


def test_filtered_calendar_is_named_after_what_was_chosen(client):
    make_identity(short_name="CIT West")
    names = [
        str(icalendar.Calendar.from_ical(client.get(path).content)["x-wr-calname"])
        for path in ("/events/feed.ics", "/events/feed.ics?board=POST&audience=patrol")
    ]
    assert names == ["CIT West: events", "CIT West: events (Patrol, POST)"]


def test_news_have_what_rss_asks_for(client):
    make_identity(short_name="CIT West", mission="We train.")
    event = make_event(
        summary="Two hours & a half on “first words” <now>.",
        venue="Range House",
        kind=Event.Kind.WEBINAR,
        audiences=["patrol"],
    )
    response = client.get("/events/feed.rss?audience=patrol&utm_source=elsewhere")
    root = ElementTree.fromstring(response.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    site = "http://127.0.0.1:8000"
    assert {name: channel.findtext(name) for name in ("title", "link", "description", "language", "ttl")} == {
        "title": "CIT West: events (Patrol)",
        "link": f"{site}/events/?audience=patrol",
        "description": "We train.",
        "language": "en",
        "ttl": "60",
    }
    itself = channel.find(f"{ATOM}link")
    assert (itself.get("rel"), itself.get("href")) == ("self", f"{site}/events/feed.rss?audience=patrol")
    (item,) = channel.findall("item")
    assert item.findtext("title") == "Basic course"
    assert item.findtext("link") == f"{site}/events/basic-course/"
    assert item.findtext("description").splitlines() == [
        "Thursday, September 2, 2027, 1–3 p.m. PDT",
        "Range House",
        "Two hours & a half on “first words” <now>.",
    ]
    assert (item.findtext("guid"), item.find("guid").get("isPermaLink")) == (f"urn:uuid:{event.uid}", "false")
    assert parse_http_date(item.findtext("pubDate").replace("+0000", "GMT")) == int(event.calendar_changed.timestamp())
    assert [category.text for category in item.findall("category")] == ["Webinar", "Patrol"]


def test_news_keep_their_guid_and_bear_the_date_of_the_change(client):
    event = make_event()
    first = items(client.get("/events/feed.rss"))[0]
    event.title = "Basic course, second edition"
    event.settle(now=parse_datetime("2027-03-02T12:00:00Z"))
    second = items(client.get("/events/feed.rss"))[0]
    assert second.findtext("guid") == first.findtext("guid")
    assert second.findtext("pubDate") == "Tue, 02 Mar 2027 12:00:00 +0000"


def test_news_say_the_state_the_reason_and_a_sample_date(client):
    make_event(state=Event.State.CANCELLED, state_reason="The trainer is ill.", date_is_sample=True)
    (item,) = items(client.get("/events/feed.rss"))
    assert item.findtext("title") == "Cancelled: Basic course"
    assert item.findtext("description").splitlines() == [
        "Thursday, September 2, 2027, 1–3 p.m. PDT",
        "Sample date: the true one is not known yet.",
        "Cancelled: The trainer is ill.",
    ]


def test_news_are_the_events_to_come_nearest_first_as_many_as_one_may_have(client, monkeypatch):
    make_event("Over", starts=(2027, 2, 20, 9, 0))
    make_event("Later", starts=(2027, 5, 1, 9, 0))
    make_event("Sooner", starts=(2027, 4, 1, 9, 0))
    make_event("Far ahead", starts=(2028, 9, 30, 9, 0))
    make_event("No date", starts=None)
    assert titles(client.get("/events/feed.rss")) == ["Sooner", "Later"]
    monkeypatch.setattr(calendars, "LIMIT", 1)
    assert titles(client.get("/events/feed.rss")) == ["Sooner"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/events/feed.ics?board=POST&q=course", 4),
        ("/events/feed.rss?board=POST&q=course", 3),
        ("/events/series/first-responders/series.ics", 5),
        ("/events/course-0/event.ics", 4),
    ],
)
def test_feed_asks_as_often_for_many_events_as_for_one(client, django_assert_num_queries, path, statements, count):
    series = make_series()
    for number in range(count):
        event = make_event(f"Course {number}", series=series)
        make_session(event, day=datetime(2027, 2, 3).date())
        make_credit(event)
    with django_assert_num_queries(statements):
        assert client.get(path).content.count(b"Course 0") > 0


PASTED = "One\x0btwo\u2028three \x01\x85 “four”"


def test_characters_nobody_sees_break_no_feed(client):
    make_identity(short_name=PASTED, mission=PASTED)
    make_event(PASTED, slug="pasted", summary=PASTED, venue=PASTED, address=PASTED, state="online", state_reason=PASTED)
    seen = "One two three   “four”"
    assert titles(client.get("/events/feed.rss?q=two%01")) == []
    assert titles(client.get("/events/feed.rss")) == [seen]
    response = client.get("/events/feed.ics")
    assert summaries(response) == [seen]
    (entry,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert str(entry["description"]).splitlines()[:2] == [seen, f"Moved online: {seen}"]


def test_words_of_a_search_add_nothing_to_a_calendar_but_its_name(client):
    response = client.get("/events/feed.ics", {"q": 'x";\r\nBEGIN:VEVENT\r\nSUMMARY:Not ours\r\nEND:VEVENT'})
    assert summaries(response) == []
    assert response.content.count(b"\r\nBEGIN:VEVENT") == 0


ALTERNATE = re.compile(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"')


@pytest.mark.parametrize(
    ("page", "types"),
    [
        ("/events/?board=POST", {"text/calendar", "application/rss+xml"}),
        ("/events/series/first-responders/", {"text/calendar"}),
        ("/events/basic-course/", {"text/calendar"}),
    ],
)
def test_page_names_its_feeds_and_they_hold_what_it_shows(client, page, types):
    make_credit(make_event(series=make_series()))
    make_event("Another course")
    links = {kind: unescape(href) for kind, href in ALTERNATE.findall(client.get(page).content.decode())}
    assert set(links) == types
    assert summaries(client.get(links["text/calendar"])) == ["Basic course"]
    if "application/rss+xml" in links:
        assert titles(client.get(links["application/rss+xml"])) == ["Basic course"]
