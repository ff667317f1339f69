"""The blocks that bring the library and the glossary to a page."""

import itertools
import re
from html import unescape

import pytest

from pages.models import Hero, Section
from pages.outline import faults
from resources.models import ResourceList, Term, TermBox
from tests.factories import make_block, make_identity, make_menu_item, make_page, make_resource, make_term

pytestmark = pytest.mark.django_db


def show(client, *blocks, opener=Section):
    """The main part of a new page with an opener and these blocks, `(kind, values)` each."""
    make_identity()
    make_menu_item("Help", url="/help/")
    page = make_page("Read on")
    if opener:
        make_block(opener, page, heading="Opening")
    for kind, values in blocks:
        make_block(kind, page, **values)
    return read(client, page.path)


def read(client, path):
    html = client.get(path).content.decode()
    return unescape(re.sub(r"\s+", " ", html.split("<main")[1].split("</main>")[0]))


def titles(html):
    return re.findall(r'class="timetable__head"><a[^>]*>([^<]+)</a>', html)


def test_list_shows_what_its_choices_admit_in_the_order_of_staff(client):
    study = {"topics": ["dispatch"], "audiences": ["dispatchers"], "finding": "mixed"}
    make_resource("Newer", **study, year=2020)
    make_resource("Older", **study, year=2010)
    make_resource("First", **study, year=2001, position=1)
    make_resource("Draft", **study, status="draft")
    make_resource("Other finding", **study | {"finding": "for"})
    make_resource("Other topic", **study | {"topics": ["holds"]})
    make_resource("Other readers", **study | {"audiences": ["families"]})
    make_resource("Act", kind="law", topics=["dispatch"], audiences=["dispatchers"])
    choices = {"resource_kind": "research", "topic": "dispatch", "audience": "dispatchers", "finding": "mixed"}
    html = show(client, (ResourceList, choices))
    assert titles(html) == ["First", "Newer", "Older"]
    assert "More in the library" not in html


def test_long_list_leads_to_the_library(client):
    for number in range(3):
        make_resource(f"Study {number}", topics=["holds"])
    html = show(client, (ResourceList, {"topic": "holds", "finding": "for", "count": 2}))
    assert titles(html) == ["Study 0", "Study 1"]
    assert 'href="/resources/?topic=holds&finding=for">More in the library</a>' in html
    assert len(titles(read(client, "/resources/?topic=holds&finding=for"))) == 3


def test_list_without_entries_says_so(client):
    html = show(client, (ResourceList, {"topic": "holds"}))
    assert "Nothing in the library fits here yet." in html


def test_explained_terms_form_one_list_and_lead_to_the_glossary(client):
    one, two = make_term("Warm line", expansion="A line to talk"), make_term("5150")
    html = show(client, (TermBox, {"term": one}), (TermBox, {"term": two}))
    assert html.count("<dl") == 1
    assert '<dt><a href="/resources/glossary/#warm-line"><dfn>Warm line</dfn></a>' in html
    assert "A line to talk" in html
    assert "A number to call before it is a crisis." in html


def test_term_that_is_no_longer_published_is_left_out(client):
    html = show(client, (TermBox, {"term": make_term("Warm line")}))
    assert "Warm line" in html
    Term.objects.update(status="draft")
    assert "Warm line" not in read(client, "/read-on/")


@pytest.mark.parametrize("opener", [Section, Hero, None])
def test_outline_of_a_page_with_these_blocks_has_no_faults(client, opener):
    make_resource("Study")
    html = show(client, (ResourceList, {}), (TermBox, {"term": make_term()}), opener=opener)
    assert (
        faults([*(opener.objects.all() if opener else []), *ResourceList.objects.all(), *TermBox.objects.all()]) == []
    )
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1] == []
    assert levels[0] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_blocks_cost_the_same_for_one_and_three(client, count, django_assert_num_queries):
    terms = [make_term(f"Term {number}") for number in range(count)]
    show(client, (ResourceList, {}), *((TermBox, {"term": term}) for term in terms))
    for number in range(count):
        make_resource(f"Study {number}")
    with django_assert_num_queries(8):
        read(client, "/read-on/")
