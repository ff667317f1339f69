import re
from datetime import UTC, date, datetime, time
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import QueryDict

from events import months, timetable
from events.filters import Filters
from events.models import Event, Material
from pages.models import Page
from tests.factories import (
    make_credit,
    make_event,
    make_identity,
    make_person,
    make_series,
    make_session,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 8, 1, 19, tzinfo=UTC)  # noon in California
NEW_YORK = "America/New_York"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """A function that sets the clock of the views; it stands at noon of August 1, 2027."""

    def now(moment):
        monkeypatch.setattr("events.views.timezone.now", lambda: moment)

    now(NOW)
    return now


@pytest.fixture(autouse=True)
def _site(db):
    make_identity(name="Test Association", short_name="TA")


def main(response):
    return unescape(response.content.decode().split("<main")[1].split("</main>")[0])


def head(response):
    return unescape(response.content.decode().split("</head>")[0])


def words(markup):
    """The text of a piece of a page, one space between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def rows(response):
    """Titles of the timetable's rows in order."""
    return [words(row) for row in re.findall(r'class="timetable__head">(.*?)</h', main(response)) if "<a" in row]


def heads(response):
    return [words(found) for found in re.findall(r'<h2 class="month"[^>]*>(.*?)</h2>', main(response))]


def banner(response):
    found = re.search(r'<div class="banner">(.*?)</div>\s*</div>\s*</div>', main(response), re.DOTALL)
    return words(found[1]) if found else ""


def facts(response):
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", main(response), re.DOTALL)
    return {words(name): words(value) for name, value in found}


def links(markup):
    return {words(label): href for href, label in re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', markup)}


# Words for times


@pytest.mark.parametrize(
    ("day", "start", "end", "zone", "shown"),
    [
        ((2027, 9, 2), (13, 0), (15, 0), None, "1–3 p.m. PDT"),
        ((2027, 9, 2), (9, 0), (12, 30), None, "9 a.m.–12:30 p.m. PDT"),
        ((2027, 9, 2), (9, 0), (10, 30), None, "9–10:30 a.m. PDT"),
        ((2027, 11, 17), (9, 0), (12, 0), None, "9 a.m.–noon PST"),
        ((2027, 9, 2), (12, 0), (13, 0), None, "noon–1 p.m. PDT"),
        ((2027, 9, 2), (22, 0), (2, 0), None, "10 p.m.–2 a.m. (next day) PDT"),
        ((2027, 9, 2), (22, 0), (0, 0), None, "10 p.m.–midnight PDT"),
        ((2027, 9, 2), (0, 0), (6, 0), None, "midnight–6 a.m. PDT"),
        ((2027, 9, 2), (20, 0), (19, 0), None, "8 p.m.–7 p.m. (next day) PDT"),
        ((2027, 11, 6), (22, 0), (3, 0), None, "10 p.m. PDT–3 a.m. (next day) PST"),
        ((2027, 3, 14), (1, 0), (5, 0), None, "1 a.m. PST–5 a.m. PDT"),
        ((2027, 9, 2), (13, 0), (15, 0), NEW_YORK, "1–3 p.m. EDT"),
        ((2027, 9, 2), (13, 0), (15, 0), "Asia/Dubai", "1–3 p.m. UTC+04"),
    ],
)
def test_hours_are_shown_with_the_zone_in_force(day, start, end, zone, shown):
    event = make_event(starts=None, **({"time_zone": zone} if zone else {}))
    session = make_session(event, day=date(*day), start_time=time(*start), end_time=time(*end))
    assert timetable.hours_text(session) == shown


def test_machine_time_has_the_whole_offset():
    summer = make_event("Summer", (2027, 9, 2, 13, 0)).sessions.get()
    winter = make_event("Winter", (2027, 11, 17, 13, 0), time_zone=NEW_YORK).sessions.get()
    whole = make_session(make_event("Whole", None), day=date(2027, 9, 2))
    assert timetable.machine_time(summer) == "2027-09-02T13:00:00-07:00"
    assert timetable.machine_time(winter) == "2027-11-17T13:00:00-05:00"
    assert (timetable.machine_time(whole), timetable.hours_text(whole)) == ("2027-09-02", "All day")


def test_days_are_shown_whole():
    event = make_event("Conference", None)
    assert timetable.days_text(make_session(event, day=date(2027, 9, 2))) == "Thursday, September 2, 2027"
    run = make_session(event, day=date(2027, 9, 6), last_day=date(2027, 9, 10))
    assert timetable.days_text(run) == "Monday, September 6, to Friday, September 10, 2027"
    years = make_session(event, day=date(2027, 12, 30), last_day=date(2028, 1, 2))
    assert timetable.days_text(years) == "Thursday, December 30, 2027, to Sunday, January 2, 2028"


@pytest.mark.parametrize(
    ("values", "cost"),
    [
        ({"is_free": True}, "Free"),
        ({"price_cents": 5000}, "$50"),
        ({"price_cents": 125050}, "$1,250.50"),
        ({"price_note": "By donation"}, "By donation"),
        ({"price_cents": 5000, "price_note": "Lunch included"}, "$50"),
        ({}, ""),
    ],
)
def test_cost_in_words(values, cost):
    assert timetable.cost_text(Event(**values)) == cost


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"venue": "Hall", "county": "kern"}, ("Hall", "Kern County")),
        ({"county": "kern"}, ("Kern County", "")),
        ({}, ("Place to come", "")),
        ({"format": "online", "venue": "Hall"}, ("Online", "")),
        ({"state": "online", "venue": "Hall"}, ("Online", "")),
        ({"format": "hybrid", "venue": "Hall"}, ("Hall", "and online")),
        ({"format": "hybrid"}, ("In person and online", "")),
    ],
)
def test_place_in_words(values, place):
    assert timetable.place_lines(Event(**values)) == place


# List


def test_list_groups_by_month_what_is_to_come(client):
    make_event("Second", (2027, 10, 1, 9, 0))
    make_event("First", (2027, 9, 2, 9, 0))
    make_event("Third", (2027, 10, 5, 9, 0))
    make_event("Gone", (2027, 7, 1, 9, 0))
    make_event("Draft", (2027, 9, 3, 9, 0), status="draft")
    response = client.get("/events/")
    assert rows(response) == ["First", "Second", "Third"]
    assert heads(response) == ["September 2027 1 event", "October 2027 2 events", "Past events"]
    assert "3 events" in main(response)


def test_list_moves_an_event_out_the_moment_it_ends(client, now):
    make_event("Class", (2027, 8, 1, 12, 30), 1)
    assert heads(client.get("/events/"))[0] == "August 2027 1 event"
    now(datetime(2027, 8, 1, 19, 30, tzinfo=UTC))
    response = client.get("/events/")
    assert heads(response)[0] == "Under way 1 event"
    assert "Now on" in main(response)
    now(datetime(2027, 8, 1, 20, 30, tzinfo=UTC))
    assert rows(client.get("/events/")) == []
    assert rows(client.get("/events/past/2027/")) == ["Class"]


def test_row_tells_the_next_session_of_several(client, now):
    event = make_event("Split class", (2027, 9, 2, 9, 0), 4)
    make_session(event, day=date(2027, 9, 9), start_time=time(13), end_time=time(17))
    assert "2 sessions until Sep 9" in words(main(client.get("/events/")))
    now(datetime(2027, 9, 3, tzinfo=UTC))
    text = words(main(client.get("/events/")))
    assert "9 Thu Sep 1–5 p.m. PDT" in text
    assert "Session 2 of 2" in text


def test_row_of_a_run_of_days_says_until_when(client):
    event = make_event("Conference", None)
    make_session(event, day=date(2027, 12, 30), last_day=date(2028, 1, 2))
    text = words(main(client.get("/events/")))
    assert "30 Thu Dec All day Conference until Jan 2, 2028" in text


@pytest.mark.parametrize(
    ("state", "mark"), [("cancelled", "Cancelled"), ("postponed", "Postponed"), ("online", "Moved online")]
)
def test_row_is_marked_where_plans_changed(client, state, mark):
    make_event("Class", state=state, state_reason="Rain")
    response = client.get("/events/")
    assert f'<span class="tag tag--{state}">{mark}</span>' in main(response)
    assert "Now on" not in main(response)


def test_cancelled_event_is_never_now_on(client, now):
    make_event("Class", (2027, 8, 1, 11, 0), 3, state="cancelled", state_reason="Rain")
    assert rows(client.get("/events/")) == ["Class"]
    assert "Now on" not in main(client.get("/events/"))


def test_sample_date_is_said_wherever_the_date_stands(client):
    make_event("Class", date_is_sample=True)
    for path in ("/events/", "/events/class/", "/events/calendar/2027/09/"):
        assert "sample date" in main(client.get(path))
    Event.objects.update(date_is_sample=False)
    for path in ("/events/", "/events/class/", "/events/calendar/2027/09/"):
        assert "sample date" not in main(client.get(path))


def test_row_names_boards_and_hours_but_no_draft_series(client):
    event = make_event("Class", series=make_series("Secret", status="draft"))
    make_credit(event, board="STC", hours="1.5")
    make_credit(event, board="POST", hours=2)
    response = client.get("/events/")
    assert "POST, STC: 2 h" in main(response)
    assert "Secret" not in main(response)
    assert "Secret" not in main(client.get("/events/class/"))


def test_two_zones_stand_in_one_list_by_their_moments(client):
    make_event("West", (2027, 9, 30, 18, 0))
    make_event("East", (2027, 9, 30, 20, 0), time_zone=NEW_YORK)
    make_event("East by night", (2027, 10, 1, 1, 0), time_zone=NEW_YORK)  # still September 30 in California
    response = client.get("/events/")
    assert rows(response) == ["East", "West", "East by night"]
    assert heads(response)[:2] == ["September 2027 2 events", "October 2027 1 event"]
    assert "8–10 p.m. EDT" in main(response)
    assert "6–8 p.m. PDT" in main(response)


def test_filters_stay_in_paging_feeds_and_switch(client, monkeypatch):
    monkeypatch.setattr("pages.lists.PER_PAGE", 2)
    for number in range(3):
        make_event(f"Free {number}", (2027, 9, 2 + number, 9, 0), is_free=True)
    make_event("Paid", price_cents=100)
    response = client.get("/events/?free=1&county=atlantis")
    assert rows(response) == ["Free 0", "Free 1"]
    found = links(main(response))
    assert found["Next"] == "?free=1&page=2"
    assert found["Month"] == "/events/calendar/2027/09/?free=1"
    assert found["Calendar file (ICS)"] == "/events/feed.ics?free=1"
    assert found["News feed (RSS)"] == "/events/feed.rss?free=1"
    assert found["Open in your calendar"].startswith("webcal://")
    assert found["Open in your calendar"].endswith("/events/feed.ics?free=1")
    assert "Part of the address was not understood and was left out." in main(response)
    assert rows(client.get("/events/?free=1&page=2")) == ["Free 2"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999999", "1.5", "%F0%9F%98%80"])
def test_page_nobody_made_shows_one_there_is(client, page):
    make_event("Class")
    assert rows(client.get(f"/events/?page={page}")) == ["Class"]


def test_filters_stand_twice_with_ids_of_their_own(client):
    make_credit(make_event("Class", county="kern", audiences=["patrol"], is_free=True))
    ids = re.findall(r' id="([^"]+)"', client.get("/events/").content.decode())
    assert len(ids) == len(set(ids))
    assert {"folded-county", "open-county", "folded-board-POST", "open-board-POST"} <= set(ids)


def test_chosen_values_are_marked_in_the_form(client):
    make_event("Class", county="kern", audiences=["patrol"])
    markup = main(client.get("/events/?county=kern&audience=patrol&q=cla%22ss"))
    assert markup.count('value="kern" selected') == 2
    assert markup.count('value="patrol" checked') == 2
    assert markup.count('value="cla"ss"') == 2  # escaped in the page; `main` has read it


def test_filtered_list_is_kept_out_of_search_engines(client):
    make_event("Class", is_free=True)
    plain, narrowed = client.get("/events/"), client.get("/events/?free=1")
    robots = '<meta name="robots" content="noindex, follow">'
    assert (robots in head(plain), robots in head(narrowed)) == (False, True)
    assert 'rel="canonical" href="http://127.0.0.1:8000/events/"' in head(narrowed)


def test_empty_result_says_what_to_try_and_offers_the_feed(client):
    make_event("Class")
    response = client.get("/events/?q=nothing+like+it")
    text = words(main(response))
    assert "No event to come fits these choices" in text
    assert links(main(response))["See all events to come"] == "/events/"
    assert links(main(response))["Calendar file (ICS)"] == "/events/feed.ics?q=nothing+like+it"


def test_empty_calendar_says_so_and_offers_the_feed(client):
    response = client.get("/events/")
    assert "No dates are set at the moment" in main(response)
    assert links(main(response))["Calendar file (ICS)"] == "/events/feed.ics"


def test_list_tells_series_that_go_on_and_years_gone_by(client):
    series = make_series("Street Series")
    make_series("Over", is_ongoing=False)
    make_series("Hidden", status="draft")
    make_series("Quiet")
    make_event("Part", (2027, 9, 2, 23, 30), series=series)
    make_event("Cancelled part", (2027, 8, 20, 9, 0), series=series, state="cancelled", state_reason="Rain")
    make_event("Old", (2022, 1, 5, 9, 0))
    make_event("Draft", (2021, 1, 5, 9, 0), status="draft")
    response = client.get("/events/")
    found = links(main(response))
    assert found["2022"] == "/events/past/2022/"
    assert "2021" not in found
    text = words(main(response))
    assert "Quiet Next date to come" in text
    assert "Street Series Next: Thursday, September 2, 2027" in text
    assert found["Street Series"] == "/events/series/street-series/"
    assert {"Over", "Hidden"} & set(found) == set()


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_for_any_length(client, django_assert_num_queries, number):
    series = make_series()
    for day in range(1, number + 1):
        make_credit(make_event(f"Class {day}", (2027, 9, day, 9, 0), series=series, county="kern"))
        make_event(f"Old {day}", (2020 + day, 9, day, 9, 0))
    with django_assert_num_queries(8):
        assert len(rows(client.get("/events/"))) == number + 1  # and the series


@pytest.mark.parametrize("number", [1, 3])
def test_past_year_asks_the_same_for_any_length(client, django_assert_num_queries, number):
    for day in range(1, number + 1):
        make_credit(make_event(f"Class {day}", (2026, 9, day, 9, 0), series=make_series(f"Series {day}")))
    with django_assert_num_queries(8):
        assert len(rows(client.get("/events/past/2026/"))) == number


@pytest.mark.parametrize("number", [1, 3])
def test_month_asks_the_same_for_any_length(client, django_assert_num_queries, number):
    for day in range(1, number + 1):
        make_event(f"Class {day}", (2027, 9, day, 9, 0))
    with django_assert_num_queries(7):
        response = client.get("/events/calendar/2027/09/")
    assert main(response).count('href="/events/class-') == number


# Month


def cells(response):
    """What stands on each day that holds something."""
    found = re.findall(r'<time class="grid__day" datetime="([^"]+)">.*?</time>(.*?)</td>', main(response), re.DOTALL)
    return {day: words(text) for day, text in found if words(text)}


def test_month_shows_each_session_on_its_days(client):
    event = make_event("Academy", (2027, 9, 6, 8, 0), 9)
    make_session(event, day=date(2027, 9, 7), start_time=time(22), end_time=time(2))
    make_session(make_event("Conference", None), day=date(2027, 9, 29), last_day=date(2027, 10, 2))
    make_event("Draft", (2027, 9, 8, 9, 0), status="draft")
    assert cells(client.get("/events/calendar/2027/09/")) == {
        "2027-09-06": "Academy 8 a.m.–5 p.m. PDT",
        "2027-09-07": "Academy 10 p.m.–2 a.m. (next day) PDT",
        "2027-09-29": "Conference All day",
        "2027-09-30": "Conference All day",
    }
    assert list(cells(client.get("/events/calendar/2027/10/"))) == ["2027-10-01", "2027-10-02"]


def test_month_counts_days_in_the_zone_of_the_event(client):
    make_event("East", (2027, 10, 1, 0, 30), time_zone=NEW_YORK)  # September 30 in California
    make_event("Far east", (2027, 8, 31, 23, 0), time_zone="Asia/Tokyo")
    assert client.get("/events/calendar/2027/09/").status_code == 404
    assert cells(client.get("/events/calendar/2027/10/")) == {"2027-10-01": "East 12:30–2:30 a.m. EDT"}
    assert list(cells(client.get("/events/calendar/2027/08/"))) == ["2027-08-31"]


def test_month_is_a_table_with_caption_and_day_heads(client):
    make_event("Class", (2027, 9, 2, 9, 0))
    markup = main(client.get("/events/calendar/2027/09/"))
    assert words(re.search(r"<caption.*?</caption>", markup)[0]) == "Events in September 2027, by day"
    heads = re.findall(r'<th scope="col"><abbr title="(\w+)">', markup)
    assert heads == ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    assert [row.count("<td") for row in markup.split("<tbody>")[1].split("</tr>")[:-1]] == [7] * 5


def test_months_lead_to_the_next_with_sessions_only(client):
    make_event("Spring", (2027, 3, 14, 9, 0))
    make_event("Fall", (2027, 9, 2, 9, 0))
    make_event("Draft", (2027, 6, 2, 9, 0), status="draft")
    make_event("Later", (2029, 1, 2, 9, 0), is_free=True)
    fall = links(main(client.get("/events/calendar/2027/09/?free=1")))
    assert fall["March 2027"] == "/events/calendar/2027/03/?free=1"
    assert fall["January 2029"] == "/events/calendar/2029/01/?free=1"
    assert 'rel="prev"' not in main(client.get("/events/calendar/2027/03/"))
    assert 'rel="next"' not in main(client.get("/events/calendar/2029/01/"))


def test_run_over_the_end_of_a_month_leads_to_both(client):
    make_session(make_event("Run", None), day=date(2027, 9, 29), last_day=date(2027, 11, 2))
    assert links(main(client.get("/events/calendar/2027/09/")))["October 2027"] == "/events/calendar/2027/10/"
    middle = links(main(client.get("/events/calendar/2027/10/")))
    assert (middle["September 2027"], middle["November 2027"]) == (
        "/events/calendar/2027/09/",
        "/events/calendar/2027/11/",
    )
    assert len(cells(client.get("/events/calendar/2027/10/"))) == 31


@pytest.mark.parametrize("path", ["2027/08/", "2027/06/", "2027/13/", "2027/00/", "1999/12/", "2100/01/", "2027/9/"])
def test_month_without_sessions_is_not_found(client, path):
    make_event("Class", (2027, 9, 2, 9, 0))
    make_event("Draft", (2027, 6, 2, 9, 0), status="draft")
    assert client.get("/events/calendar/2027/09/").status_code == 200
    assert client.get(f"/events/calendar/{path}").status_code == 404


def test_month_takes_the_filters_and_stays_out_of_search_engines(client):
    make_event("Free", (2027, 9, 2, 9, 0), is_free=True)
    make_event("Paid", (2027, 9, 3, 9, 0), summary="Costly")
    response = client.get("/events/calendar/2027/09/?free=1")
    assert list(cells(response)) == ["2027-09-02"]
    assert list(cells(client.get("/events/calendar/2027/09/?q=costly"))) == ["2027-09-03"]
    assert '<meta name="robots" content="noindex, follow">' in head(response)
    assert 'rel="canonical" href="http://127.0.0.1:8000/events/calendar/2027/09/"' in head(response)
    assert "1 event: Free" in words(main(response))
    nothing = client.get("/events/calendar/2027/09/?county=kern")
    assert "No event of this month fits these choices." in main(nothing)


def test_month_and_list_agree_on_every_filter(client):
    make_event("Hybrid", (2027, 9, 2, 9, 0), format="hybrid", county="kern", audiences=["patrol"])
    make_event("Moved", (2027, 9, 3, 9, 0), state="online", state_reason="Rain", county="orange")
    make_credit(make_event("Credit", (2027, 9, 4, 9, 0), format=""))
    for query in ("format=online", "format=person", "format=unknown", "county=inland-empire", "board=POST", "free=1"):
        listed = rows(client.get(f"/events/?{query}"))
        grid = main(client.get(f"/events/calendar/2027/09/?{query}")).split("<tbody>")[1].split("</tbody>")[0]
        shown = list(links(grid))
        assert (query, shown) == (query, listed)


# Past


def test_past_year_shows_the_latest_first(client):
    make_event("January", (2026, 1, 2, 9, 0))
    make_event("December", (2026, 12, 31, 22, 0))  # 2027 in UTC
    make_event("Draft", (2026, 5, 2, 9, 0), status="draft")
    make_event("Earlier", (2024, 5, 2, 9, 0))
    response = client.get("/events/past/2026/")
    assert rows(response) == ["December", "January"]
    assert links(main(response))["2024"] == "/events/past/2024/"


@pytest.mark.parametrize("year", ["2025", "2027", "2028", "1999", "2100", "26"])
def test_past_year_without_events_is_not_found(client, year):
    make_event("Old", (2026, 1, 2, 9, 0))
    make_event("Draft", (2025, 1, 2, 9, 0), status="draft")
    make_event("To come", (2027, 9, 2, 9, 0))
    assert client.get("/events/past/2026/").status_code == 200
    assert client.get(f"/events/past/{year}/").status_code == 404


# Event


def test_event_tells_all_facts_first(client):
    event = make_event(
        "Academy",
        (2027, 9, 6, 8, 0),
        9,
        county="kern",
        venue="Hall",
        address="1 Main Street, Bakersfield",
        price_cents=42500,
        price_note="Agencies are invoiced.",
        audiences=["patrol", "health"],
        capacity=40,
        contact_name="Training desk",
        contact_email="desk@example.org",
        contact_phone="+1 916 555 0100",
    )
    make_credit(event, board="STC", number="STC 1", hours="8.5")
    make_credit(event, number="1234-1", hours=9)
    response = client.get("/events/academy/")
    assert facts(response) == {
        "Time": "8 a.m.–5 p.m. PDT 9 hours in all",
        "Place": "Hall 1 Main Street, Bakersfield Kern County Find it on OpenStreetMap",
        "Cost": "$425 Agencies are invoiced.",
        "Credit": "POST 9 hours 1234-1 STC 8.5 hours STC 1",
        "For": "Patrol, Behavioral health",
        "Seats": "40",
    }
    found = links(main(response))
    assert found["desk@example.org"] == "mailto:desk@example.org?subject=Academy"
    assert found["+1 916 555 0100"] == "tel:+19165550100"
    map_link = urlsplit(found["Find it on OpenStreetMap"])
    assert (map_link.hostname, parse_qs(map_link.query)) == (
        "www.openstreetmap.org",
        {"query": ["1 Main Street, Bakersfield"]},
    )
    assert '<time class="date date--large date--start" datetime="2027-09-06T08:00:00-07:00">' in main(response)


def test_event_says_what_is_not_known(client):
    make_event("Class", None)
    response = client.get("/events/class/")
    assert facts(response) == {"Place": "Place to come", "Cost": "Not listed", "Credit": "Not listed"}
    assert "Date to come" in main(response)
    assert "Add to calendar" not in main(response)


@pytest.mark.parametrize(
    ("values", "label", "href"),
    [
        ({"registration": "elsewhere", "registration_url": "https://a.example/r"}, "Register", "https://a.example/r"),
        ({"registration": "contact", "contact_email": "a@a.org"}, "Write to register", "mailto:a@a.org?subject=Class"),
        ({"registration": "contact", "contact_phone": "+1 916 555 0100"}, "Call to register", "tel:+19165550100"),
    ],
)
def test_event_leads_to_registration_until_it_closes(client, now, values, label, href):
    make_event("Class", registration_until=datetime(2027, 9, 1, 0, 30, tzinfo=UTC), **values)
    response = client.get("/events/class/")
    assert links(main(response))[label] == href
    assert "Open until August 31, 2027, 5:30 p.m. PDT" in words(main(response))
    now(datetime(2027, 9, 1, 0, 30, tzinfo=UTC))
    response = client.get("/events/class/")
    assert label not in links(main(response))
    assert "Registration has closed. It was open until August 31, 2027." in words(main(response))
    now(datetime(2027, 9, 3, tzinfo=UTC))
    response = client.get("/events/class/")
    assert label not in links(main(response))
    assert banner(response) == "This event is over."


def test_event_without_registration_says_so(client):
    make_event("Class")
    assert "No registration is needed." in main(client.get("/events/class/"))


def test_event_whose_registration_nobody_knows_does_not_call_it_needless(client):
    make_event("Class", registration="")
    assert "How to register is not announced." in main(client.get("/events/class/"))
    assert "No registration is needed." not in main(client.get("/events/class/"))


@pytest.mark.parametrize(
    ("state", "words_of_banner", "registers"),
    [
        ("scheduled", "", True),
        ("cancelled", "This event is cancelled.", False),
        ("postponed", "This event is postponed. Do not come on the date below; a new one is to follow.", False),
        ("online", "This event has moved online. There is no room to come to.", True),
    ],
)
def test_event_says_first_what_changed(client, state, words_of_banner, registers):
    reason = "The river rose." if state != "scheduled" else ""
    make_event(
        "Class",
        state=state,
        state_reason=reason,
        venue="Hall",
        registration="elsewhere",
        registration_url="https://r.example.org/",
    )
    response = client.get("/events/class/")
    assert banner(response) == f"{words_of_banner} {reason}".strip()
    assert ("Register" in links(main(response)), "Add to calendar" in main(response)) == (registers, registers)
    assert ("Find it on OpenStreetMap" in main(response)) is (state != "online")


def test_event_lists_sessions_with_their_own_places(client):
    event = make_event("Split", (2027, 9, 2, 9, 0), 4)
    make_session(event, day=date(2027, 11, 8), start_time=time(9), end_time=time(13), title="Law", place="Court")
    text = words(main(client.get("/events/split/")))
    assert "Thursday, September 2, 2027 , 9 a.m.–1 p.m. PDT" in text
    assert "Monday, November 8, 2027 , 9 a.m.–1 p.m. PST Law Court" in text
    assert facts(client.get("/events/split/"))["Time"] == "9 a.m.–1 p.m. PDT 2 sessions until Nov 8 8 hours in all"


def test_event_adds_to_calendars_with_the_right_times(client):
    event = make_event("Night & day", (2027, 11, 6, 22, 0), 5, slug="night", venue="Hall")  # over the clock change
    found = links(main(client.get("/events/night/")))
    assert found["Calendar file (ICS)"] == "/events/night/event.ics"
    google, outlook = urlsplit(found["Google Calendar"]), urlsplit(found["Outlook.com"])
    assert parse_qs(google.query) == {
        "action": ["TEMPLATE"],
        "text": ["Night & day"],
        "dates": ["20271107T050000Z/20271107T110000Z"],
        "details": ["http://127.0.0.1:8000/events/night/"],
        "location": ["Hall"],
    }
    assert (google.netloc, outlook.netloc) == ("calendar.google.com", "outlook.live.com")
    asked = parse_qs(outlook.query)
    assert (asked["startdt"], asked["enddt"]) == (["2027-11-07T05:00:00Z"], ["2027-11-07T11:00:00Z"])
    event.sessions.all().delete()
    make_session(event, day=date(2027, 9, 6), last_day=date(2027, 9, 10))
    found = links(main(client.get("/events/night/")))
    assert parse_qs(urlsplit(found["Google Calendar"]).query)["dates"] == ["20270906/20270911"]
    asked = parse_qs(urlsplit(found["Outlook.com"]).query)
    assert (asked["startdt"], asked["enddt"], asked["allday"]) == (["2027-09-06"], ["2027-09-11"], ["true"])


def test_event_is_passed_on_by_its_canonical_address(client):
    make_event("Class & more", slug="class")
    markup = main(client.get("/events/class/?utm=x"))
    assert 'value="http://127.0.0.1:8000/events/class/" readonly' in markup
    mail = urlsplit(links(markup)["Send by e-mail"])
    assert parse_qs(mail.query) == {"subject": ["Class & more"], "body": ["http://127.0.0.1:8000/events/class/"]}


def test_event_shows_published_presenters_only(client):
    event = make_event("Class")
    event.presenters.add(make_person("Known Person", role="Clinician"), make_person("Secret Person", status="draft"))
    text = words(main(client.get("/events/class/")))
    assert "Presenters Known Person Clinician" in text
    assert "Secret Person" not in text


def test_event_shows_materials_in_their_time_and_to_everybody_only(client, now):
    event = make_event("Class", join_url="https://join.example.org/secret")
    make_session(
        event, day=date(2027, 9, 3), start_time=time(9), end_time=time(10), join_url="https://join.example.org/too"
    )
    for label, values in {
        "Program": {},
        "Preparation": {"shown": "before"},
        "Recording": {"shown": "after", "is_recording": True},
        "Members": {"access": "registrants"},
    }.items():
        Material.objects.create(event=event, label=label, url="https://files.example.org/x", **values)
    handout = Material(event=event, label="Handout", position=9)
    handout.file.save("handout.pdf", ContentFile(b"%PDF-1.4"))
    shown = {"Program", "Preparation", "Recording", "Members", "Handout"}
    assert shown & set(links(main(client.get("/events/class/")))) == {"Program", "Preparation", "Handout"}
    now(datetime(2027, 9, 4, tzinfo=UTC))
    response = client.get("/events/class/")
    assert shown & set(links(main(response))) == {"Program", "Recording", "Handout"}
    assert "join.example.org" not in response.content.decode()


def test_event_in_draft_is_for_staff_and_never_stored(client, editor):
    make_event("Class", status="draft")
    assert client.get("/events/class/").status_code == 404
    client.force_login(editor)
    response = client.get("/events/class/")
    assert "Draft: only staff see this page." in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    Event.objects.update(status="published")
    assert "Draft: only staff" not in client.get("/events/class/").content.decode()


def test_event_has_words_for_shared_links(client):
    make_event("Class", summary="Two hours & more.")
    top = head(client.get("/events/class/"))
    assert "<title>Class · TA</title>" in top
    assert '<meta name="description" content="Two hours & more.">' in top
    assert '<meta property="og:title" content="Class">' in top
    assert '<link rel="canonical" href="http://127.0.0.1:8000/events/class/">' in top
    assert '"@type": "EducationEvent"' in top


# Series


def test_series_tells_what_comes_and_what_was(client):
    series = make_series("Street Series", summary="Short talks.", body="<p>Come as you are.</p>")
    make_event("Next", (2027, 9, 2, 9, 0), series=series)
    make_event("Last", (2027, 7, 2, 9, 0), series=series)
    make_event("Hidden", (2027, 9, 3, 9, 0), series=series, status="draft")
    make_event("Other", (2027, 9, 3, 9, 0))
    response = client.get("/events/series/street-series/")
    assert rows(response) == ["Next", "Last"]
    assert "Come as you are." in main(response)
    assert links(main(response))["Calendar file (ICS)"] == "/events/series/street-series/series.ics"


def test_series_that_ended_offers_no_subscription(client):
    make_series("Street Series", is_ongoing=False)
    response = client.get("/events/series/street-series/")
    assert "This series has ended." in main(response)
    assert "Calendar file (ICS)" not in links(main(response))


def test_series_in_draft_is_for_staff(client, editor):
    make_series("Street Series", status="draft")
    assert client.get("/events/series/street-series/").status_code == 404
    client.force_login(editor)
    assert "no-store" in client.get("/events/series/street-series/")["Cache-Control"]


# Addresses


@pytest.mark.parametrize("path", ["/events/", "/events/past/2026/", "/events/calendar/2027/09/", "/events/class/"])
def test_pages_only_answer_to_reading(client, path):
    make_event("Class")
    make_event("Old", (2026, 1, 2, 9, 0))
    assert (client.get(path).status_code, client.post(path).status_code) == (200, 405)


@pytest.mark.parametrize("path", ["/events/", "/events/class/", "/events/calendar/2027/09/", "/events/past/2026/"])
def test_public_pages_set_no_cookie(client, path):
    make_event("Class")
    make_event("Old", (2026, 1, 2, 9, 0))
    response = client.get(path)
    assert (response.status_code, response.cookies.output(), response.has_header("Vary")) == (200, "", False)


def test_page_cannot_take_the_address_of_the_calendar():
    with pytest.raises(ValidationError, match="an address the site itself uses"):
        Page(title="Events", slug="events").full_clean()


def test_months_know_no_end_of_time():
    """The last month an address can name has no next one."""
    make_event("Last", (2099, 12, 31, 9, 0))
    sessions = list(months.sessions_in(date(2099, 12, 1), NOW, "America/Los_Angeles", Filters(QueryDict(""))))
    assert months.neighbours(date(2099, 12, 1), sessions, NOW, "America/Los_Angeles") == (None, None)
