import json
import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.utils import timezone

from programs.counties import BY_SLUG
from tests.factories import make_event, make_identity, make_menu_item, make_program, make_session

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 6, 1, 19, tzinfo=UTC)  # noon in California


@pytest.fixture(autouse=True)
def _site(db, monkeypatch):
    """An association whose menu leads to help, as every menu should; else the frame asks for the page once more."""
    make_identity(name="Test Association", short_name="TA")
    make_menu_item("Help", url="/help/")
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def main(response):
    return unescape(response.content.decode().split("<main")[1].split("</main>")[0])


def words(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return main(response)


def names(html):
    """Names of the programs listed, in order."""
    return [words(found) for found in re.findall(r'class="timetable__head">(.*?)</h', html)]


def table(html):
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">([^<]+)</a></th><td[^>]*>([^<]+)</td>', html)
    return {name: (href, count) for href, name, count in rows}


def facts(html):
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    return {words(name): words(value) for name, value in found}


def data_of(response):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return {data["@type"]: data for data in map(json.loads, found)}


# The directory


def test_directory_counts_programs_and_counties_from_the_database(client):
    make_program("One", counties=("kern",))
    make_program("Two", counties=("kern", "inyo"))
    make_program("Over", counties=("napa",), operation="ended")
    make_program("Draft", counties=("napa",), status="draft")
    html = read(client, "/programs/")
    assert "2 programs in 2 of 58 counties." in words(html)
    rows = table(html)
    assert len(rows) == 58
    assert rows["Kern"] == ("/programs/counties/kern/", "2")
    assert rows["Inyo"] == ("/programs/counties/inyo/", "1")
    assert rows["Napa"] == ("/programs/counties/napa/", "none known")


def test_map_and_table_say_the_same(client):
    make_program("One", counties=("kern", "yolo"))
    make_program("Two", counties=("kern",))
    html = read(client, "/programs/")
    titles = dict(re.findall(r"<title>([^<]+) County: ([^<]+)</title>", html))
    said = {name: re.sub(r"\D", "", count) or "none known" for name, count in titles.items()}
    assert said == {name: count for name, (_href, count) in table(html).items()}


def test_none_known_is_not_none(client):
    assert "nobody has told us of a program there, not that there is none" in words(read(client, "/programs/"))


def test_directory_lists_the_programs_of_a_filter_with_what_a_row_needs(client):
    make_program("Riders", counties=("kern",), lead_agency="Sheriff", cities="Taft", operation="pilot")
    make_program("Van", kind="mobile_crisis", counties=("kern",))
    html = read(client, "/programs/?kind=co_responder")
    assert names(html) == ["Riders"]
    assert "Sheriff Co-responder team Kern (Taft) · Pilot" in words(html)
    assert "1 program: Co-responder team" in words(html)
    assert table(html) == {}


def test_region_marks_its_chip_and_names_counties_without_a_program(client):
    make_program("Vine team", counties=("napa",))
    html = read(client, "/programs/?county=north-coast")
    assert re.findall(r'class="chip" href="([^"]+)" aria-current="true">([^<]+)', html) == [
        ("/programs/?county=north-coast", "North Coast")
    ]
    assert "No program is known to us in: Del Norte , Humboldt , Lake , Mendocino , Sonoma , Trinity ." in words(html)


def test_chip_keeps_the_other_choices(client):
    make_program("Vine team", counties=("napa",))
    html = read(client, "/programs/?county=kern&kind=co_responder&q=vine")
    assert 'href="/programs/?county=north-coast&kind=co_responder&q=vine"' in html
    assert 'href="/programs/?kind=co_responder&q=vine"' in html


def test_county_without_a_program_is_told_so_in_its_filter(client):
    html = read(client, "/programs/?county=alpine")
    assert "No program is known to us in: Alpine ." in words(html)


def test_filter_that_fits_nothing_does_not_claim_that_there_is_nothing(client):
    make_program("Riders")
    html = read(client, "/programs/?q=helicopter")
    assert "No program we know of fits these choices. That need not mean that there is none" in words(html)


def test_filters_stand_in_a_form_that_needs_no_script(client):
    make_program("Riders", serves_youth=True)
    html = read(client, "/programs/?kind=co_responder")
    assert re.search(r'<form class="filters__form" action="/programs/" method="get">', html)
    assert re.search(r'name="kind" value="co_responder" checked', html)
    assert re.search(r'name="with" value="youth"><span>Serves youth</span>', html)
    assert re.search(r'<option value="yolo">Yolo \(1\)</option>', html)
    assert re.search(r'<option value="superior-california">Superior California</option>', html)


def test_unknown_choice_is_left_out_and_said(client):
    make_program("Riders")
    assert "Part of the address was not understood" in words(
        read(client, "/programs/?kind=co_responder&county=atlantis")
    )


def test_filtered_directory_is_not_for_search_engines(client):
    assert 'name="robots"' not in client.get("/programs/").content.decode()
    assert 'name="robots" content="noindex, follow"' in client.get("/programs/?q=x").content.decode()


def test_long_list_comes_in_pages(client, monkeypatch):
    monkeypatch.setattr("pages.lists.PER_PAGE", 2)
    for number in range(5):
        make_program(f"Team {number}")
    html = read(client, "/programs/?kind=co_responder&page=2")
    assert names(html) == ["Team 2", "Team 3"]
    assert 'href="?kind=co_responder&page=3"' in html
    assert names(read(client, "/programs/?kind=co_responder&page=99")) == ["Team 4"]


def test_empty_directory_asks_for_programs(client):
    assert "No program is listed yet." in words(read(client, "/programs/"))


# A program


def test_program_page_says_all_that_is_known(client):
    program = make_program(
        "Riders",
        counties=("kern", "inyo"),
        lead_agency="Sheriff with Behavioral Health",
        cities="Taft",
        since="1996",
        operation="pilot",
        operation_note="Three-year pilot",
        how_to_reach="Ask the dispatcher",
        phone="+15624356711",
        website="https://riders.example.org/about/",
        hours_of_service="Weekdays",
        training_hours=40,
        training_for="Officers",
        serves_youth=True,
        works_in_jail=False,
        confidence="confirmed",
    )
    program.sources.create(title="Report", url="https://example.org/report", date="2018-11")
    program.sources.create(title="Leaflet")
    html = read(client, "/programs/riders/")
    known = facts(html)
    assert known == {
        "Counties": "Inyo Kern",
        "Cities": "Taft",
        "Since": "1996",
        "In operation": "Pilot Three-year pilot",
        "Hours of service": "Weekdays",
        "Training hours": "40 hours",
        "Training offered to": "Officers",
        "Serves youth": "Yes",
        "Works in the jail": "No",
    }
    text = words(html)
    assert (
        "Not known to us: works with dispatch; police and clinician respond together; day and night, every day." in text
    )
    assert "Ask the dispatcher" in text
    assert html.count('href="tel:+15624356711"') == html.count("(562) 435-6711") == 2
    assert 'href="https://riders.example.org/about/" rel="external">riders.example.org</a>' in html
    assert "How sure we are: two or more independent sources agree." in text
    assert '<a href="https://example.org/report" rel="external">Report</a>, November 2018' in html
    assert "Leaflet, undated" in text
    assert 'href="/programs/riders/correct/"' in html


def test_program_page_is_silent_about_what_nobody_told_and_what_staff_noted(client):
    make_program("Riders", caution="Budget may end.", role_email="desk@agency.example", operation="")
    html = read(client, "/programs/riders/")
    assert facts(html) == {"County": "Yolo"}
    assert "Budget may end." not in html
    assert "desk@agency.example" not in html
    assert "We know of no public number, page or way to ask for it." in words(html)


def test_coordinator_is_written_to_only_where_there_is_an_address(client):
    make_program("Reached", role_email="desk@agency.example")
    make_program("Unreached")
    assert 'href="/programs/reached/write/">Write to the coordinator</a>' in read(client, "/programs/reached/")
    assert "Write to the coordinator" not in read(client, "/programs/unreached/")


@pytest.mark.parametrize(
    ("values", "sentence", "is_old"),
    [
        ({}, "Not yet confirmed by the program. It rests on the sources named here.", False),
        (
            {"confirmed_on": date(2026, 6, 1), "confirmed_by": "program"},
            "Confirmed on June 1, 2026 by the program itself.",
            False,
        ),
        (
            {"confirmed_on": date(2026, 5, 31), "confirmed_by": "staff"},
            "Last confirmed on May 31, 2026 by our staff, more than a year ago. Check first.",
            True,
        ),
    ],
)
def test_listing_says_how_fresh_it_is_and_greys_after_a_year(client, values, sentence, is_old):
    make_program("Riders", **values)
    html = read(client, "/programs/riders/")
    assert sentence in words(html)
    assert ("listing--old" in html) is is_old
    assert ("listing--old" in read(client, "/programs/counties/yolo/")) is is_old


def test_ended_program_keeps_its_page_with_a_banner_and_leaves_the_lists(client):
    make_program("Riders", operation="ended", operation_note="Money ran out.", phone="5624356711")
    response = client.get("/programs/riders/")
    html = main(response)
    assert "This program has ended. Money ran out." in words(html)
    assert "tel:+15624356711" not in html
    assert "Service" not in data_of(response)
    assert names(read(client, "/programs/?county=yolo")) == []
    county = read(client, "/programs/counties/yolo/")
    assert names(county) == []
    assert 'href="/programs/riders/">Riders</a>' in county


def test_program_tells_search_engines_what_it_knows(client, settings):
    settings.SITE_URL = "https://www.example.org"
    make_program("Riders", counties=("kern",), phone="5624356711", website="https://riders.example.org/")
    assert data_of(client.get("/programs/riders/"))["Service"] == {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": "https://www.example.org/programs/riders/#program",
        "name": "Riders",
        "serviceType": "Co-responder team",
        "description": "An officer and a clinician go together.",
        "url": "https://www.example.org/programs/riders/",
        "sameAs": "https://riders.example.org/",
        "provider": {"@type": "Organization", "name": "Test Police Department"},
        "areaServed": [{"@type": "AdministrativeArea", "name": "Kern County, California"}],
        "availableChannel": {
            "@type": "ServiceChannel",
            "servicePhone": {"@type": "ContactPoint", "telephone": "+15624356711"},
        },
    }


def test_draft_is_for_staff_alone(client, editor_client):
    make_program("Riders", status="draft")
    response = editor_client.get("/programs/riders/")
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    editor_client.logout()
    assert editor_client.get("/programs/riders/").status_code == 404


def test_markup_in_a_listing_is_shown_as_typed(client):
    make_program(
        "<b>Riders</b>", slug="riders", summary="<script>x</script>", lead_agency="<i>A</i>", cities="<u>C</u>"
    )
    for path in ("/programs/riders/", "/programs/?q=riders", "/programs/counties/yolo/"):
        html = client.get(path).content.decode()
        assert re.search(r"<b>Riders|<script>x|<i>A|<u>C", html) is None


# Counties


def test_counties_stand_by_region_with_their_numbers(client):
    make_program("One", counties=("napa",))
    html = read(client, "/programs/counties/")
    assert "1 of 58 counties have a program we know of." in words(html)
    assert len(re.findall(r'href="/programs/counties/[\w-]+/"', html)) == 58
    assert "North Coast Del Norte none known Humboldt none known" in words(html)
    assert "Napa 1" in words(html)


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_every_county_has_a_page(client, slug):
    html = read(client, f"/programs/counties/{slug}/")
    assert f"<h1>{BY_SLUG[slug]} County</h1>" in html
    assert f"{BY_SLUG[slug].population:,}" in html


def test_county_page_without_a_program_asks_for_one(client):
    html = read(client, "/programs/counties/alpine/")
    assert "No program is known to us here." in words(html)
    assert "That does not mean that there is none" in words(html)
    assert 'href="/programs/tell-us/?county=alpine">Tell us of a program</a>' in html


def test_county_page_names_region_neighbors_people_and_their_source(client):
    html = read(client, "/programs/counties/kern/")
    known = facts(html)
    assert known["Region"] == "Southern San Joaquin Valley"
    assert known["People"] == "909,235 U.S. Census Bureau, count of April 1, 2020"
    assert known["Next to"].startswith("Inyo Kings Los Angeles")
    assert 'href="/programs/?county=southern-san-joaquin-valley"' in html
    assert 'href="/programs/counties/inyo/"' in html


def test_county_page_shows_the_crisis_numbers_of_every_page_first(client):
    html = read(client, "/programs/counties/kern/")
    assert html.index('href="tel:988"') < html.index('id="programs"')
    assert "We know of no checked number for Kern County yet. Call 988 Text 988 Call 911" in words(html)


def test_county_page_lists_programs_that_cover_it(client):
    make_program("Mine", counties=("kern",))
    make_program("Shared", counties=("inyo", "kern"))
    make_program("Theirs", counties=("inyo",))
    html = read(client, "/programs/counties/kern/")
    assert names(html) == ["Mine", "Shared"]
    assert "2 programs we know of." in words(html)


def test_county_page_lists_training_near_by_and_online(client):
    make_event("Here", county="kern")
    make_event("Next door", (2027, 9, 1, 9, 0), county="inyo")
    make_event("Both ways", (2027, 9, 3, 9, 0), county="tulare", format="hybrid")
    make_event("Far", county="del-norte")
    make_event("Webinar", format="online", county="del-norte")
    make_event("Moved online", (2027, 9, 4, 9, 0), county="kern", state="online", state_reason="Rain")
    make_event("Called off", county="kern", state="cancelled", state_reason="Rain")
    make_event("Draft", county="kern", status="draft")
    make_event("Past", (2026, 9, 1, 9, 0), county="kern")
    html = read(client, "/programs/counties/kern/")
    near, online = html.split('id="training-online"')
    assert names(near) == ["Next door", "Here", "Both ways"]
    assert names(online) == ["Webinar", "Moved online"]


def test_county_page_says_where_no_training_is_near(client):
    html = read(client, "/programs/counties/kern/")
    assert "No event with a date is on our calendar in Kern County or the counties next to it." in words(html)
    assert "Training online" not in html


@pytest.mark.parametrize("path", ["/programs/counties/atlantis/", "/programs/nobody/", "/programs/counties/kern/x/"])
def test_address_of_nothing_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/programs/", "/programs/counties/", "/programs/counties/kern/", "/programs/team/"])
def test_pages_take_no_post(client, path):
    make_program("Team")
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/programs/", 6),
        ("/programs/?county=kern&with=youth&q=team", 8),
        ("/programs/counties/", 5),
        ("/programs/counties/kern/", 9),
        ("/programs/team-0/", 7),
    ],
)
def test_pages_cost_the_same_for_many_records(client, path, statements, count, django_assert_num_queries):
    for number in range(count):
        program = make_program(f"Team {number}", counties=("kern", "inyo"), serves_youth=True)
        program.sources.create(title="Report", url="https://example.org/")
        make_program(f"Over {number}", counties=("kern",), operation="ended")
        make_session(make_event(f"Class {number}", county="kern"), day=date(2027, 9, 9))
        make_event(f"Webinar {number}", format="online")
    with django_assert_num_queries(statements):
        client.get(path)


def test_public_pages_set_no_cookie_and_carry_the_map_only_where_it_is_shown(client):
    make_program("Team", counties=("kern",))
    for path in ("/programs/", "/programs/counties/", "/programs/counties/kern/", "/programs/team/"):
        response = client.get(path)
        assert response.cookies == {}
        assert "Cookie" not in response.get("Vary", "")
        assert (b"countymap" in response.content) is (path == "/programs/")
