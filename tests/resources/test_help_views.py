import gzip
import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.utils import timezone

from cacita.content_policy import style_hash
from pages.models import Page
from programs import counties
from programs.models import Program
from resources.frame import CSS
from resources.help_views import NEUTRAL_PAGE, STATE_LIST
from tests.cacita.test_headers import STRICT, policy
from tests.factories import make_identity, make_line, make_page, make_place

pytestmark = pytest.mark.django_db
MOST_BYTES = 14_000
"""Of a help page over the wire, its headers included: what one round trip can bring."""
MOST_CSS = 3_900
MOST_WORDS = 120
PAGES = (
    "/help/",
    "/help/kern/",
    "/help/alpine/",
    "/help/what-to-say/",
    "/help/which-number/",
    "/help/which-number/danger-no/me/",
    "/help/which-number/danger-yes/",
    "/help/family-card/",
    "/help/not-saved/",
)
IN_BOTH = (*PAGES, *(f"/es{page}" for page in PAGES))


def body(response):
    return unescape(response.content.decode().split("</head>")[1])


def words(html):
    return re.sub(r"<[^>]+>", " ", html).split()


def links(html):
    return re.findall(r'<a (?:class="[^"]*" )?href="([^"]+)"', html)


def make_team(name="Crisis team", county="kern", **values):
    values = {"kind": Program.Kind.MOBILE_CRISIS, "status": Program.Status.PUBLISHED, "summary": "It comes.", **values}
    team = Program.objects.create(name=name, slug=name.lower().replace(" ", "-"), lead_agency="Test County", **values)
    team.coverage.create(county=county)
    return team


def make_everything(count=1):
    """As many lines of every sort as given, and one of everything else a help page can show."""
    make_identity(name="Test Association", short_name="TA", counties="Kern")
    make_line("Lifeline", position=1, phone="988", text_number="988", chat_url="https://example.org/", is_in_bar=True)
    make_line("Danger", position=2, phone="911", kind="emergency", is_in_bar=True, what_happens="Somebody answers.")
    for number in range(count):
        rest = {"hours": [(day, "08:00", "17:00") for day in range(5)], "what_for": "To talk with somebody."}
        for who in ("spanish", "veteran", "teen", "deaf", "family", "responder"):
            make_line(f"{who} {number}", who=[who], **rest)
        make_line(f"Other {number}", **rest)
        make_line(f"Kern {number}", counties=["kern"], **rest)
        make_team(f"Team {number}")
        make_place(f"Place {number}")


@pytest.mark.parametrize("page", IN_BOTH)
def test_page_is_one_request_without_a_cookie(client, page):
    make_everything()
    response = client.get(page)
    html = response.content.decode()

    assert response.status_code == 200
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")
    assert re.findall(r"<(?:img|iframe|object|video|audio)\b|rel=\"stylesheet\"|url\(", html) == []
    assert re.findall(r'<script type="(\w+)" src="([^"]+)"|\bsrc=|<script', html) == [("module", "/static/js/help.js")]
    assert re.findall(r'<link rel="icon" href="([^"]+)">', html) == ["data:,"]


@pytest.mark.parametrize("page", IN_BOTH)
def test_page_is_small(client, page):
    make_everything(4)
    response = client.get(page)
    headers = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    assert len(gzip.compress(response.content)) + headers <= MOST_BYTES
    assert len(response.content) <= 5 * MOST_BYTES


def test_style_sheet_of_the_pages_is_small():
    assert len(CSS.encode()) <= MOST_CSS


@pytest.mark.parametrize("page", ["/help/", "/help/no-such-county/"])
def test_policy_allows_the_sheet_inside_and_an_empty_icon_alone(client, page):
    identity = make_identity(analytics_service="plausible", analytics_site="example.org")
    styles = f"'self' {style_hash(identity.colours_css)} {style_hash(CSS)}"
    assert policy(client.get(page)) == STRICT | {"style-src": styles, "img-src": "'self' data:"}


def test_policy_of_other_pages_does_not_know_the_sheet(client):
    make_identity()
    assert style_hash(CSS) not in client.get("/helpful/")["Content-Security-Policy"]


@pytest.mark.parametrize("page", IN_BOTH)
def test_page_loads_no_counting_service_and_says_where_nobody_came_from(client, page):
    make_identity(analytics_service="plausible", analytics_site="example.org")
    response = client.get(page)
    assert b"plausible" not in response.content
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("page", PAGES)
def test_page_says_of_which_moment_it_is(client, monkeypatch, page):
    monkeypatch.setattr("resources.help_views.timezone.now", lambda: datetime(2026, 11, 28, 6, 5, tzinfo=UTC))
    make_identity()
    note = body(client.get(page)).split('<small class="copy">')[1].split("</small>")[0]
    assert "a copy from Nov. 27, 2026, 10:05 p.m. PST:" in note


@pytest.mark.parametrize("page", IN_BOTH)
def test_first_link_after_the_skip_link_calls(client, page):
    """In Spanish that is the line for Spanish speakers."""
    make_everything()
    found = links(body(client.get(page)))
    call = "tel:+19165550100" if page == "/es/help/" else "tel:988"
    assert found[:3] == [NEUTRAL_PAGE, "#main", call]


@pytest.mark.parametrize("page", PAGES)
def test_page_says_what_leaving_does_not_do(client, page):
    html = body(client.get(page))
    assert html.count("This does not clear your history.") == 1
    assert "private window" in html.split("<footer>")[1]


@pytest.mark.parametrize("page", PAGES)
def test_page_stands_on_an_empty_site(client, page):
    found = links(body(client.get(page)))
    assert found[2:3] == ["tel:988"]
    assert "tel:911" in found


def test_first_screen_is_call_text_chat_danger_spanish(client):
    make_everything()
    html = body(client.get("/help/")).split("<section")[0]

    assert links(html)[2:7] == ["tel:988", "sms:988", "https://example.org/", "tel:911", "tel:+19165550100"]
    assert "Ask for a CIT officer." in html
    assert len(words(html)) <= MOST_WORDS
    assert len(words(html.split('<a href="tel:')[0])) <= MOST_WORDS


def test_then_come_who_you_are_your_county_and_other_lines(client):
    make_everything()
    html = body(client.get("/help/"))

    assert re.findall(r"<summary>([^<]+)", html)[:5] == [
        "Veterans and service members",
        "Teens and young people",
        "Deaf and hard of hearing people",
        "Families and friends",
        "First responders",
    ]
    headings = re.findall(r"<h2[^>]*>([^<]+)", html)
    assert headings == [
        "Lines for you",
        "Your county",
        "Other lines",
        "Which one, when?",
        "When you call 911",
        "On paper",
    ]
    assert html.count("<option") == 1 + 58
    assert '<a href="/help/kern/">Kern County</a>' in html


def test_anchors_that_other_pages_know_stand_on_the_page(client):
    html = body(client.get("/help/"))
    for anchor in ("which-one-when", "if-you-call-911", "in-your-county"):
        assert html.count(f'id="{anchor}"') == 1


def test_every_id_stands_once(client):
    make_everything()
    make_line("Two groups", who=["teen", "family"])
    ids = re.findall(r'\bid="([^"]*)"', body(client.get("/help/")))
    assert sorted(ids) == sorted(set(ids))
    assert "" not in ids


def test_line_shows_its_hours_and_its_check(client, monkeypatch):
    monkeypatch.setattr("resources.help_views.timezone.now", lambda: datetime(2026, 11, 23, 20, tzinfo=UTC))
    make_identity()
    make_line("Helpline", hours=[(0, "08:00", "21:00")], source_date="2022-08-31")

    text = " ".join(words(body(client.get("/help/"))))

    assert (
        "Open now until 9 p.m. PST · Monday, 8 a.m. to 9 p.m. PST · Source of Aug. 31, 2022, not yet dialled by us"
    ) in text


def test_stand_in_is_told(client):
    make_line("Helpline", stand_in="+19165550199", stand_in_note="The line is down.")
    text = " ".join(words(body(client.get("/help/"))))
    assert "Call (916) 555-0199" in text
    assert "This number stands in for the usual one. The line is down." in text
    assert "555-0100" not in text


@pytest.mark.parametrize(("count", "queries"), [(1, 3), (30, 3)])
def test_help_costs_the_same_for_one_and_thirty(client, django_assert_num_queries, count, queries):
    make_everything(count)
    with django_assert_num_queries(queries):
        client.get("/help/")


@pytest.mark.parametrize(("count", "queries"), [(1, 5), (30, 5)])
def test_county_costs_the_same_for_one_and_thirty(client, django_assert_num_queries, count, queries):
    make_everything(count)
    with django_assert_num_queries(queries):
        client.get("/help/kern/")


@pytest.mark.parametrize("county", counties.COUNTIES, ids=str)
def test_every_county_has_a_page_that_says_what_is_not_known(client, county):
    html = body(client.get(f"/help/{county.slug}/"))

    assert f"<h1>{county} County</h1>" in html
    assert f"We know of no checked number for {county} County yet." in html
    assert '<li class="call first"><a href="tel:988">Call 988</a>' in html
    assert STATE_LIST in links(html)


def test_county_shows_its_lines_teams_and_places(client):
    make_line(
        "Kern line", counties=["kern"], what_for="To talk.", checked_on=date(2026, 11, 3), next_check=date(2999, 1, 1)
    )
    make_line("Fresno line", counties=["fresno"])
    make_team("Kern team", how_to_reach="Ask the county line", phone="+16615550100", is_day_and_night=True)
    make_team("Fresno team", county="fresno")
    make_team("Former team", operation=Program.Operation.ENDED)
    make_team("Hidden team", status=Program.Status.DRAFT)
    make_team("Course", kind=Program.Kind.CIT_TRAINING)
    make_place("Walk-in center", phone="+16615550111", checked_on=date(2026, 11, 4))
    make_place("Hidden center", status="draft")
    make_place("Fresno center", county="fresno")

    html = body(client.get("/help/kern/"))
    text = " ".join(words(html))

    assert re.findall(r"<h2>([^<]+)|<h3>(?:<a[^>]+>)?([^<]+)", html) == [
        ("Kern line", ""),
        ("Mobile crisis teams", ""),
        ("", "Kern team"),
        ("Places to go", ""),
        ("", "Walk-in center"),
    ]
    assert "Day and night · Checked by us on Nov. 3, 2026" in text
    assert "Ask the county line" in text
    assert "Checked by us on Nov. 4, 2026" in text
    assert {"tel:+19165550100", "tel:+16615550100", "tel:+16615550111", STATE_LIST} <= set(links(html))
    assert "no checked number" not in text


def test_checked_line_of_a_county_comes_first(client):
    make_line("Never", counties=["kern"], position=1)
    make_line("Checked", counties=["kern"], position=2, checked_on=timezone.localdate())

    assert re.findall(r"<h2>([^<]+)", body(client.get("/help/kern/"))) == ["Checked", "Never"]


@pytest.mark.parametrize("page", ["/help/", "/help/alpine/", "/help/kern/"])
def test_page_leads_to_its_papers_and_says_what_they_are(client, page):
    make_everything()
    html = body(client.get(page))
    assert f'<a href="{page}card.pdf">Wallet card (PDF, one page)</a>' in html
    assert f'<a href="{page}poster.pdf">Poster (PDF, one page)</a>' in html


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/help/county/?county=los-angeles", "/help/los-angeles/"),
        ("/help/county/?county=atlantis", "/help/#in-your-county"),
        ("/help/county/?county=", "/help/#in-your-county"),
        ("/help/county/", "/help/#in-your-county"),
    ],
)
def test_choice_of_a_county_leads_to_its_page(client, asked, leads_to):
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (302, leads_to)


def test_no_county_is_chosen_before_somebody_chooses(client):
    """Whoever presses the button at once would be given the numbers of the first county in the alphabet."""
    choice = re.search(r'<select id="county".*?</select>', body(client.get("/help/"))).group()
    assert "required" in choice.partition(">")[0]
    assert re.findall(r"<option value=\"([^\"]*)\"", choice)[:2] == ["", "alameda"]


def test_place_nobody_knows_is_no_page(client):
    assert client.get("/help/atlantis/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_reading_alone(client, page):
    assert client.post(page).status_code == 405


def test_page_of_the_same_address_stays_hidden(client):
    make_page("Help", status=Page.Status.PUBLISHED)
    assert "<h1>Get help now</h1>" in client.get("/help/").content.decode()


def syllables(word):
    """Groups of vowels, the mute e at the end left out: the usual estimate."""
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.lower()))
    return max(1, len(groups))


def grade(text):
    """Reading grade of the United States: Kincaid and others, Naval Technical Training Command report 8-75, 1975."""
    sentences = [part for part in re.split(r"[.!?:]\s|\n", text) if re.search("[a-z]", part)]
    tokens = re.findall(r"[A-Za-z’']+", text)
    return 0.39 * len(tokens) / len(sentences) + 11.8 * sum(map(syllables, tokens)) / len(tokens) - 15.59


def sentences(html):
    """The text of a page, a line for each element."""
    main = html.split("<main")[1].split("</main>")[0].split(">", 1)[1]
    lines = re.sub(
        r"</?(?:li|p|h\d|dt|dd|div|ul|ol|section|small|summary|details|option|label|button|a)\b[^>]*>", "\n", main
    )
    return re.sub(r"<[^>]+>|<select.*?</select>", "", re.sub(r"(?s)<select.*?</select>", "", lines))


@pytest.mark.parametrize("page", PAGES)
def test_words_can_be_read_after_six_years_of_school(client, page):
    assert grade(sentences(body(client.get(page)))) <= 6
