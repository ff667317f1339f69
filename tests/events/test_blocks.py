"""The blocks that bring the calendar to a page."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from events.models import Event, NextEvent, OngoingSeries, UpcomingEvents
from pages.models import Hero, Section
from pages.outline import faults
from tests.factories import (
    make_block,
    make_credit,
    make_event,
    make_identity,
    make_page,
    make_series,
    make_session,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 8, 1, 12, tzinfo=UTC)
KINDS = [UpcomingEvents, NextEvent, OngoingSeries]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def show(client, kind, opener=None, wide=None, **values):
    """The main part of a new page with an opener, if any, and a block of the kind below it."""
    make_identity()
    page = make_page(kind.__name__)
    if opener:
        make_block(opener, page, heading="Opening", **({} if wide is None else {"wide": wide}))
    make_block(kind, page, **values)
    return read(client, page.path)


def read(client, path):
    html = client.get(path).content.decode()
    return re.sub(r"\s+", " ", html.split("<main")[1].split("</main>")[0])


def titles(html):
    return re.findall(r'class="timetable__head"><a href="[^"]+">([^<]+)<', html)


# Upcoming events


def test_upcoming_events_come_in_their_order_as_many_as_asked(client):
    for title, month in (("Third", 12), ("First", 9), ("Second", 10), ("Past", 7)):
        make_event(title, starts=(2027, month, 2, 13, 0))
    make_event("Draft", status=Event.Status.DRAFT)
    assert titles(show(client, UpcomingEvents, Section, count=2)) == ["First", "Second"]


def test_upcoming_events_keep_to_the_choices_of_the_block(client):
    series = make_series()
    make_event("Elsewhere", county="orange", audiences=["dispatch"])
    make_credit(make_event("Fitting", county="kern", audiences=["patrol"], series=series))
    choices = {"county": "kern", "audience": "patrol", "board": "POST", "series": series}
    assert titles(show(client, UpcomingEvents, Section, **choices)) == ["Fitting"]


@pytest.mark.parametrize(
    ("name", "value"), [("county", "kern"), ("audience", "patrol"), ("board", "POST"), ("series", None)]
)
def test_upcoming_events_leave_out_what_misses_one_choice(client, name, value):
    make_event("Elsewhere", county="orange", audiences=["dispatch"])
    assert titles(show(client, UpcomingEvents, Section, **{name: value or make_series()})) == []


def test_upcoming_events_say_that_there_are_none_and_offer_the_feed(client):
    html = show(client, UpcomingEvents, Section, county="kern", board="POST")
    assert "No date is set at the moment." in html
    assert 'href="/events/feed.ics?county=kern&amp;board=POST"' in html
    assert 'class="timetable' not in html


def test_upcoming_events_mark_a_sample_date(client):
    make_event("Real")
    assert "sample date" not in show(client, UpcomingEvents, Section)
    Event.objects.update(date_is_sample=True)
    assert read(client, "/upcomingevents/").count("sample date") == 1


# The next event


def test_next_event_is_a_ticket_beside_an_opening(client):
    make_event("Later", starts=(2027, 10, 2, 13, 0))
    make_event("Basic course", is_free=True, format="online", kind="webinar", date_is_sample=True)
    html = show(client, NextEvent, Hero)
    assert '<h2 class="ticket__head"><a href="/events/basic-course/">Basic course</a></h2>' in html
    assert '<span>Next webinar </span><span class="sample">sample date</span>' in html
    assert '<span class="date__week">Thursday</span><span class="date__month">September 2027</span>' in html
    facts = re.findall(r"<dt>(\w+)</dt><dd>(.*?)</dd>", html)
    assert facts == [
        ("Time", '<time datetime="2027-09-02T13:00:00-07:00">1–3 p.m. PDT</time>'),
        ("Place", "Online"),
        ("Cost", "Free"),
        ("Credit", "Not listed"),
    ]
    assert "Later" not in html


def test_next_event_is_a_strip_below_a_wide_opening(client):
    make_credit(make_event(is_free=True, venue="Hall", county="kern"))
    html = show(client, NextEvent, Hero, wide=True)
    assert 'class="nextstrip nextstrip--event"' in html
    assert '<h2 class="nextstrip__head"><a href="/events/basic-course/">Basic course</a></h2>' in html
    assert re.findall(r"<li>(.*?)</li>", html) == [
        '<time datetime="2027-09-02T13:00:00-07:00">1–3 p.m. PDT</time>',
        "Hall <small>Kern County</small>",
        "Free",
        "POST: 2 h",
    ]
    assert "sample date" not in html


def test_next_event_is_a_card_inside_a_page(client):
    make_event(date_is_sample=True)
    html = show(client, NextEvent, Section)
    assert 'class="nextcard"' in html
    assert '<h3 class="nextstrip__head"><a href="/events/basic-course/">Basic course</a></h3>' in html
    assert html.count("sample date") == 1
    assert re.findall(r"<li>(C[^<]+)</li>", html) == ["Cost not listed", "Credit not listed"]


@pytest.mark.parametrize("wide", [False, True])
def test_next_event_says_in_an_opening_that_there_is_none(client, wide):
    html = show(client, NextEvent, Hero, wide=wide)
    assert ">No class is on the calendar today</h2>" in html
    assert "New dates appear here as soon as they are set." in html
    assert 'href="/events/feed.ics"' in html
    assert 'href="/events/"' in html


def test_next_event_says_in_a_section_that_there_is_none(client):
    html = show(client, NextEvent, Section)
    assert "No date is set at the moment." in html
    assert 'href="/events/feed.ics"' in html


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_next_event_passes_over_one_that_does_not_take_place(client, state):
    make_event("Off", state=state, state_reason="The room is closed.")
    make_event("On", starts=(2027, 10, 2, 13, 0))
    html = show(client, NextEvent, Hero)
    assert 'href="/events/on/"' in html
    assert "Off" not in html


def test_next_event_that_has_begun_says_so_and_names_its_next_session(client):
    event = make_event(starts=(2027, 7, 30, 13, 0))
    make_session(event, day=datetime(2027, 8, 1).date())
    html = show(client, NextEvent, Hero)
    assert "<span>Now on </span>" in html
    assert '<dd><time datetime="2027-08-01">All day</time> <small>Session 2 of 2</small></dd>' in html


# Ongoing series


def test_ongoing_series_show_their_next_date_and_ended_ones_nothing(client):
    make_event(series=make_series("Talks", summary="Evening talks."), date_is_sample=True)
    make_series("Silent")
    make_series("Ended", is_ongoing=False)
    make_series("Draft", status="draft")
    html = show(client, OngoingSeries, Section)
    assert titles(html) == ["Silent", "Talks"]
    rows = re.findall(r"<li>(.*?)</li>", html.split('class="timetable', 1)[1])
    assert '<span class="date__week">Dates</span> <span class="date__month">to come</span>' in rows[0]
    assert '<time class="date" datetime="2027-09-02">' in rows[1]
    assert '<small class="sample">sample date</small>' in rows[1]
    assert "Evening talks." in rows[1]


def test_ongoing_series_show_the_day_on_the_clocks_of_the_event(client):
    make_event(series=make_series("Talks"), starts=(2027, 9, 2, 22, 0))
    assert '<time class="date" datetime="2027-09-02">' in show(client, OngoingSeries, Section)


def test_ongoing_series_say_that_there_are_none(client):
    make_series(is_ongoing=False)
    assert "No series is running at the moment." in show(client, OngoingSeries, Section)


# All of them


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("opener", "level"), [(None, 2), (Hero, 2), (Section, 3)])
def test_headings_fit_the_section_they_stand_in(client, kind, opener, level):
    make_event(series=make_series())
    html = show(client, kind, opener)
    found = re.findall(r"<h(\d)[^>]*><a href=\"/events/", html)
    assert found == [str(level)]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_counts_on_headings_that_come_and_go(kind):
    page = make_page()
    blocks = [make_block(Section, page, heading="S"), make_block(kind, page)]
    assert kind().outline() == []
    assert faults(blocks) == []


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [(UpcomingEvents, 8), (NextEvent, 8), (OngoingSeries, 7)])
def test_kind_costs_the_same_for_one_and_three(client, django_assert_num_queries, kind, queries, number):
    make_identity()
    page = make_page("Start")
    make_block(kind, page)
    for place in range(number):
        event = make_event(f"Event {place}", series=make_series(f"Series {place}"))
        make_session(event, day=datetime(2027, 9, 3).date())
        make_credit(event)
    with django_assert_num_queries(queries):
        assert client.get("/start/").status_code == 200


def test_blocks_of_a_page_that_choose_alike_look_their_events_up_once(client, django_assert_num_queries):
    make_identity()
    page = make_page("Start")
    for kind, values in ((NextEvent, {}), (UpcomingEvents, {"count": 5}), (UpcomingEvents, {"count": 2})):
        make_block(kind, page, **values)
    for number in range(7):
        make_event(f"Event {number}", starts=(2027, 9, 2 + number, 13, 0))
    with django_assert_num_queries(8):
        html = read(client, "/start/")
    assert titles(html) == [*(f"Event {number}" for number in range(5)), "Event 0", "Event 1"]


def test_next_event_is_found_behind_many_that_are_cancelled(client):
    for number in range(6):
        make_event(f"Off {number}", starts=(2027, 9, 2 + number, 13, 0), state="cancelled", state_reason="Rain")
    make_event("Held", starts=(2027, 10, 2, 13, 0))
    assert '<a href="/events/held/">Held</a>' in show(client, NextEvent, Hero)


@pytest.mark.parametrize(("kind", "opener"), [(UpcomingEvents, None), (NextEvent, Hero), (OngoingSeries, None)])
def test_markup_in_titles_is_shown_as_typed(client, kind, opener):
    probe = "<script>alert(1)</script>"
    make_event(probe, slug="probe", series=make_series(probe, slug="probe", summary=probe), venue=probe)
    html = show(client, kind, opener)
    assert probe not in html
    assert html.count("&lt;script&gt;") >= 2
