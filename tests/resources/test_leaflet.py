"""What the wallet card and the poster say is what the records say."""

import json
import re
from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest
import qrcode
from django.utils import translation

from pages.bilingual import Words
from pages.models import Identity
from programs import counties
from resources.leaflet import leaflet, qr_code
from resources.models import CrisisLine
from tests.factories import make_identity, make_line
from tests.resources.test_help_views import make_everything, make_team

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
KERN = counties.BY_SLUG["kern"]


def leaflet_of(county=KERN, now=NOW):
    return leaflet("Poster: %(heading)s", county, Identity.load(), now)


def text(county=KERN):
    return json.dumps(asdict(leaflet_of(county)), ensure_ascii=False)


def labels(entry):
    return [way.label for way in entry.ways]


def test_numbers_come_from_the_records():
    make_line("Lifeline", phone="988", text_number="988", is_in_bar=True, position=1)
    make_line("Danger", phone="911", kind=CrisisLine.Kind.EMERGENCY, is_in_bar=True, position=2)
    make_line("Kern line", counties=["kern"], phone="+16615550100", press="1", text_number="+16615550111")
    make_line("Fresno line", counties=["fresno"], phone="+15595550100")

    paper = leaflet_of()

    assert (labels(paper.talk), labels(paper.emergency)) == (["Call 988", "Text 988"], ["Call 911"])
    assert [(str(entry.name), labels(entry)) for entry in paper.lines] == [
        ("Kern line", ["Call (661) 555-0100, then press 1", "Text (661) 555-0111"])
    ]
    assert [way.address for way in paper.lines[0].ways] == ["tel:+16615550100", "sms:+16615550111"]
    assert paper.steps_title == "When you call 911"


def test_site_without_lines_has_the_numbers_of_last_resort():
    paper = leaflet_of(county=None)
    assert (labels(paper.talk)[0], labels(paper.emergency)) == ("Call 988", ["Call 911"])


def test_line_of_the_bar_without_a_number_makes_no_room_for_itself():
    make_line("Chat", phone="", chat_url="https://example.org/", is_in_bar=True, position=1)
    make_line("Danger", phone="911", kind=CrisisLine.Kind.EMERGENCY, is_in_bar=True, position=2)
    assert labels(leaflet_of().talk) == ["Call 988", "Text 988"]
    assert leaflet_of().others == []


def test_stand_in_takes_the_place_of_the_number_and_is_told():
    line = make_line("Kern line", counties=["kern"], phone="+16615550100")
    assert "(661) 555-0100" in text()

    line.stand_in, line.stand_in_note = "+16615550199", "The line is down."
    line.save()

    assert labels(leaflet_of().lines[0]) == ["Call (661) 555-0199"]
    assert [str(words) for words in leaflet_of().lines[0].standing[-2:]] == [
        "This number stands in for the usual one.",
        "The line is down.",
    ]
    assert "555-0100" not in text()
    assert "+16615550100" not in text()


def test_draft_is_on_no_paper():
    line = make_line("Kern line", counties=["kern"], phone="+16615550100")
    assert "555-0100" in text()
    line.status = CrisisLine.Status.DRAFT
    line.save()
    assert "555-0100" not in text()


def test_line_without_a_number_is_left_to_the_page():
    make_line("Kern chat", counties=["kern"], phone="", chat_url="https://example.org/")
    assert leaflet_of().lines == []
    assert leaflet_of().no_line == "We know of no checked number for Kern County yet."


@pytest.mark.parametrize(
    ("team", "words"),
    [
        (None, "Call 988 and ask if a local team can come."),
        ({}, "Public pages name a mobile crisis team in Kern County. When you call, ask if it can come."),
        (
            {"confirmed_on": date(2026, 11, 4), "confirmed_by": "staff"},
            "Kern County has a mobile crisis team. When you call, ask if it can come.",
        ),
    ],
)
def test_county_without_a_line_says_so_and_what_to_ask_for(team, words):
    if team is not None:
        make_team(**team)
    paper = leaflet_of()
    assert (paper.no_line, paper.local_team) == ("We know of no checked number for Kern County yet.", words)


def test_county_with_a_line_says_nothing_of_teams_nobody_knows():
    make_line("Kern line", counties=["kern"])
    assert (leaflet_of().no_line, leaflet_of().local_team) == ("", "")


def test_paper_for_every_county_leaves_room_for_a_number():
    paper = leaflet_of(county=None)
    assert (paper.heading, paper.title) == ("Crisis help", "Poster: Crisis help")
    assert paper.own_line == "The line of your county, to write down:"
    assert (paper.lines_title, paper.no_line, paper.local_team) == ("", "", "")


@pytest.mark.parametrize(
    ("values", "hours"),
    [
        ({}, "Day and night"),
        ({"hours": [(day, "08:00", "17:00") for day in range(5)]}, "Monday to Friday, 8 a.m. to 5 p.m."),
        (
            {"hours": [(0, "08:00", "17:00")], "time_zone": "America/New_York"},
            "Monday, 8 a.m. to 5 p.m. EST",
        ),
        ({"is_day_and_night": False}, None),
    ],
)
def test_hours_are_right_in_summer_and_in_winter(values, hours):
    make_line("Kern line", counties=["kern"], checked_on=date(2026, 11, 4), next_check=date(2027, 1, 1), **values)
    standing = [str(words) for words in leaflet_of().lines[0].standing]
    assert standing == [words for words in (hours, "Checked by us on Nov. 4, 2026") if words]


def test_hours_in_words_win_over_rows():
    line = make_line("Kern line", counties=["kern"], hours=[(0, "08:00", "17:00")])
    line.hours = "Weekdays; at night another agency answers"
    line.save()
    assert leaflet_of().lines[0].standing[0] == Words("Weekdays; at night another agency answers", "en")


def test_words_are_those_of_the_language_and_marked_where_they_are_not():
    make_line("Kern line", counties=["kern"], name_es="Línea de Kern", what_for="To talk.")
    make_line("Kern other", counties=["kern"])
    make_team("Kern team", phone="+16615550122")

    with translation.override("es"):
        paper = leaflet_of()

    assert paper.language == "es"
    assert [entry.name for entry in paper.lines] == [Words("Línea de Kern", "es"), Words("Kern other", "en")]
    assert paper.lines[0].what_for == Words("To talk.", "en")
    assert paper.teams[0].name == Words("Kern team", "en")
    assert {words.language for words in paper.lines[0].standing} == {"es"}


def test_line_for_spanish_speakers_is_in_spanish_on_every_paper():
    make_line("In Spanish", who=["spanish"], name_es="En español", phone="988", press="2")
    assert leaflet_of().spanish.name == Words("En español", "es")
    assert leaflet_of().spanish.ways[0].address == "tel:988"


def test_team_is_called_at_a_number_no_line_has():
    make_line("Kern line", counties=["kern"], phone="+16615550100")
    make_team("A same", phone="+16615550100")
    make_team("B silent")
    make_team(
        "C own", phone="+16615550122", cities="Delano", how_to_reach="Ask for the team", hours_of_service="By day"
    )
    make_team("D twice", phone="+16615550122")

    (team,) = leaflet_of().teams

    assert (str(team.name), labels(team), str(team.what_for)) == (
        "C own",
        ["Call (661) 555-0122"],
        "Ask for the team",
    )
    assert [str(words) for words in team.standing] == [
        "Delano",
        "By day",
        "From public pages, not yet confirmed by the team",
    ]


def test_each_group_has_its_first_line_with_a_number():
    make_line("Veterans chat", who=["veteran"], phone="", chat_url="https://example.org/", position=1)
    make_line("Veterans line", who=["veteran"], phone="988", press="1", position=2)
    make_line("Veterans other", who=["veteran"], position=3)
    make_line("In ASL", who=["deaf"], phone="", videophone="+18005550100")
    make_line("Teens chat", who=["teen"], phone="", chat_url="https://example.org/")

    assert [(str(entry.name), labels(entry)) for entry in leaflet_of().others] == [
        ("Veterans and service members", ["Call 988, then press 1"]),
        ("Deaf and hard of hearing people", ["Videophone: (800) 555-0100"]),
    ]


def test_every_line_of_the_bar_is_on_paper():
    make_line("Lifeline", phone="988", is_in_bar=True, position=1)
    make_line("Danger", phone="911", kind=CrisisLine.Kind.EMERGENCY, is_in_bar=True, position=2)
    make_line("Third", phone="+18005550100", is_in_bar=True, position=3)
    assert [str(entry.name) for entry in leaflet_of().others] == ["Third"]


def test_paper_says_when_the_numbers_for_everybody_were_checked():
    make_line("Lifeline", phone="988", is_in_bar=True, position=1, checked_on=date(2026, 11, 4))
    make_line("Danger", phone="911", kind="emergency", is_in_bar=True, position=2, read_on=date(2026, 11, 5))
    assert leaflet_of().checks == [
        "988: Checked by us on Nov. 4, 2026",
        "911: Source read on Nov. 5, 2026, not yet dialled by us",
    ]


@pytest.mark.parametrize(("county", "path"), [(KERN, "/help/kern/"), (None, "/help/")])
def test_paper_leads_to_the_page_it_was_made_from(settings, county, path):
    settings.SITE_URL = "https://www.example.org"
    make_identity(short_name="TA")
    paper = leaflet_of(county)
    assert paper.address == f"https://www.example.org{path}"
    assert paper.address_shown == f"www.example.org{path}"
    assert paper.qr_code == qr_code(paper.address)
    assert (paper.made, paper.made_on) == ("Made by TA on Nov. 23, 2026", "2026-11-23")


def test_qr_code_is_drawn_as_computed_with_its_quiet_zone():
    address = "https://www.example.org/es/help/san-bernardino/"
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(address)
    wanted = {(x, y) for y, row in enumerate(code.get_matrix()) for x, is_dark in enumerate(row) if is_dark}
    drawing = qr_code(address)
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)H", drawing)}
    side = code.modules_count + 2 * 4
    assert drawn == wanted
    assert f'viewBox="0 0 {side} {side}"' in drawing


@pytest.mark.parametrize("language", ["en", "es"])
def test_words_of_every_county_are_short_enough_for_a_card(settings, language):
    """So that the heading takes one line and what is said of a county without a line at most three."""
    settings.SITE_URL = "https://www.example.org"
    for county in counties.COUNTIES:
        make_team(f"Team of {county}", county=county.slug)
    for county in counties.COUNTIES:
        with translation.override(language):
            paper = leaflet_of(county)
            assert str(county) in paper.heading
        assert len(paper.heading) <= 48
        assert len(f"{paper.no_line} {paper.local_team}") <= 220
        assert len(paper.address_shown) <= 48
        assert sum(len(step) for step in paper.steps) <= 320


@pytest.mark.parametrize(("count", "queries"), [(1, 5), (30, 5)])
def test_paper_costs_the_same_for_one_and_thirty(django_assert_num_queries, count, queries):
    make_everything(count)
    identity = Identity.load()
    with django_assert_num_queries(queries):
        leaflet("%(heading)s", KERN, identity, NOW)
