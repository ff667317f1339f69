"""The blocks that bring the directory to a page."""

import itertools
import re
from html import unescape

import pytest

from pages.models import Hero, Section
from pages.outline import faults
from programs.models import CountyMap, ProgramList
from tests.factories import make_block, make_identity, make_menu_item, make_page, make_program

pytestmark = pytest.mark.django_db


def show(client, *blocks, opener=Section):
    """The main part of a new page with an opener and these blocks, `(kind, values)` each."""
    make_identity()
    make_menu_item("Help", url="/help/")
    page = make_page("Programs here")
    if opener:
        make_block(opener, page, heading="Opening")
    for kind, values in blocks:
        make_block(kind, page, **values)
    return read(client, page.path)


def read(client, path):
    html = client.get(path).content.decode()
    return unescape(re.sub(r"\s+", " ", html.split("<main")[1].split("</main>")[0]))


def outline(html):
    """(level, words) of the headings below the section's own."""
    found = re.findall(r"<h([3-6])[^>]*>(.*?)</h", html)
    return [(int(level), re.sub(r"<[^>]+>", "", words)) for level, words in found]


def test_list_groups_the_programs_of_a_county_by_agency(client):
    make_program("Van", counties=("kern",), lead_agency="Health")
    make_program("Riders", counties=("kern",), lead_agency="Sheriff")
    make_program("Academy", counties=("kern",), lead_agency="Sheriff")
    make_program("Far", counties=("napa",), lead_agency="Sheriff")
    html = show(client, (ProgramList, {"county": "kern"}))
    assert outline(html) == [(3, "Health"), (4, "Van"), (3, "Sheriff"), (4, "Academy"), (4, "Riders")]
    assert 'href="/programs/riders/">Riders</a>' in html
    assert "Kern" not in html
    assert html.count("An officer and a clinician go together.") == 3


def test_list_groups_a_region_by_county_and_names_a_program_under_each(client):
    make_program("Riders", counties=("kern", "inyo"), lead_agency="Sheriff")
    make_program("Van", counties=("kern",), lead_agency="Health")
    make_program("Far", counties=("napa",))
    html = show(client, (ProgramList, {"area": "southern-san-joaquin-valley", "grouping": "county"}))
    assert outline(html) == [(3, "Inyo"), (4, "Riders"), (3, "Kern"), (4, "Riders"), (4, "Van")]
    assert "<p>Sheriff</p>" in html


def test_list_stands_one_level_higher_without_a_section(client):
    make_program("Riders", counties=("kern",))
    html = show(client, (ProgramList, {"county": "kern"}), opener=None)
    assert re.findall(r"<h(\d)", html) == ["1", "2", "3"]


def test_list_leaves_out_drafts_and_what_has_ended(client):
    make_program("Draft", status="draft")
    make_program("Over", operation="ended")
    assert outline(show(client, (ProgramList, {}))) == []


def test_list_without_a_program_does_not_claim_that_there_is_none(client):
    html = show(client, (ProgramList, {"county": "alpine"}))
    assert "No program is known to us here. That need not mean that there is none." in html
    assert 'href="/programs/tell-us/"' in html


def test_long_list_leads_to_the_directory(client, monkeypatch):
    monkeypatch.setattr("programs.templatetags.programs.LONGEST_BLOCK", 2)
    for number in range(3):
        make_program(f"Team {number}", counties=("kern",))
    html = show(client, (ProgramList, {"county": "kern", "program_kind": "co_responder"}))
    assert [words for level, words in outline(html) if level == 4] == ["Team 0", "Team 1"]
    assert 'href="/programs/?county=kern&kind=co_responder">All of them in the directory</a>' in html


def test_list_greys_an_old_listing(client):
    make_program("Riders", confirmed_on="2020-01-01", confirmed_by="staff")
    html = show(client, (ProgramList, {}))
    assert 'class="listing--old"' in html
    assert "Last confirmed in January 2020, more than a year ago" in html


def test_strip_says_how_many_counties_have_a_program(client):
    make_program("Riders", counties=("kern", "inyo"))
    make_program("Van", counties=("kern",))
    make_program("Draft", counties=("napa",), status="draft")
    html = show(client, (CountyMap, {}))
    assert "2 of 58 counties have a program we know of" in html
    assert 'href="/programs/"' in html
    assert "<title>" not in html


def test_whole_map_links_every_county(client):
    make_program("Riders", counties=("kern",))
    html = show(client, (CountyMap, {"size": "whole"}))
    assert len(set(re.findall(r'href="(/programs/counties/[\w-]+/)"', html))) == 58
    assert "<title>Kern County: 1 program</title>" in html
    assert "<title>Napa County: no program known</title>" in html


@pytest.mark.parametrize("opener", [Section, Hero, None])
def test_outline_of_a_page_with_these_blocks_has_no_faults(client, opener):
    make_program("Riders")
    html = show(client, (ProgramList, {}), (CountyMap, {}), opener=opener)
    page = ProgramList.objects.get().parent
    assert (
        faults([*(opener.objects.all() if opener else []), *ProgramList.objects.all(), *CountyMap.objects.all()]) == []
    )
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1] == []
    assert page.block_kinds


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("kind", "statements"), [(ProgramList, 8), (CountyMap, 7)])
def test_kind_costs_the_same_for_one_and_three(client, kind, statements, count, django_assert_num_queries):
    show(client, (kind, {}))
    for number in range(count):
        make_program(f"Team {number}", counties=("kern", "inyo"))
    with django_assert_num_queries(statements):
        read(client, "/programs-here/")
