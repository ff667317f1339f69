import itertools
import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model

from cacita.style_page import PARTS, SHADES, contrasts
from pages.icons import DRAWINGS
from pages.models import Album, Block, Finding, Identity, NoticeBox
from tests.factories import make_album, make_identity, make_person, make_photo

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/style/"


class Markup(HTMLParser):
    """The ids, heading levels, local links and inline styles of a page, in order."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.levels, self.jumps, self.styled = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if (attrs.get("href") or "").startswith("#"):
            self.jumps.append(attrs["href"][1:])
        if "style" in attrs:
            self.styled.append(tag)


@pytest.fixture
def html(editor_client):
    """The page of a site with one published picture."""
    make_photo(make_album(), caption="The coast")
    return editor_client.get(ADDRESS).content.decode()


def test_style_page_is_for_staff_alone(client):
    response = client.get(ADDRESS)
    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={ADDRESS}")
    client.force_login(get_user_model().objects.create_user("member"))
    assert client.get(ADDRESS).status_code == 302


def test_style_page_opens_for_any_staff_and_is_never_stored(client):
    client.force_login(get_user_model().objects.create_user("helper", is_staff=True))
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_style_page_takes_no_post(editor_client):
    assert editor_client.post(ADDRESS).status_code == 405


def test_style_page_draws_every_kind_of_block(editor_client):
    make_photo(make_album(), caption="The coast")
    drawn = {template.name for template in editor_client.get(ADDRESS).templates}
    assert {kind.get_template_name() for kind in Block.kinds()} <= drawn


def test_style_page_shows_each_choice_once_or_more(html):
    directions = re.findall(r'class="finding finding--(\w+)"', html)
    assert set(directions) == set(Finding.Direction.values)
    assert set(re.findall(r'class="callout callout--(\w+)"', html)) == set(NoticeBox.Level.values)
    assert set(re.findall(r'class="notice notice--(\w+)"', html)) == set(NoticeBox.Level.values)
    assert {"ticket", "nextstrip", "invite", "benefits", "wrap leaf", "summary", "crumbs", "pages", "tag"} <= set(
        re.findall(r'class="([^"]+)"', html)
    )
    assert html.count('class="timetable__past"') == 1
    assert [words for words in ("Page 2 of 5", "4 things to correct", ">Over<") if words not in html] == []
    assert re.findall(r"<code>([^<]+)</code>", html) == [*SHADES, *sorted(DRAWINGS)]


def test_style_page_has_an_outline_like_any_other(html):
    markup = Markup(html)
    assert markup.levels.count(1) == 1
    body = markup.levels[markup.levels.index(1) :]
    assert [pair for pair in itertools.pairwise(body) if pair[1] > pair[0] + 1] == []
    assert [name for name in markup.ids if markup.ids.count(name) > 1] == []
    assert set(markup.jumps) <= set(markup.ids)
    assert {anchor for anchor, _words in PARTS} <= set(markup.jumps)


def test_style_page_needs_no_inline_style(html):
    assert Markup(html).styled == []


def test_forms_are_drawn_empty_and_with_faults_and_take_no_focus(html):
    assert html.count("<form") == 3
    assert "autofocus" not in html
    assert 'role="alert"' not in html
    assert re.findall(r'<a href="#(id_faulty-\w+)">', html) == [
        "id_faulty-name",
        "id_faulty-email",
        "id_faulty-work_0",
        "id_faulty-agrees",
    ]
    assert html.count('class="field__error"') == 4


def test_contrast_figures_follow_the_colors_of_the_association():
    ratios = [round(ratio, 1) for _words, _sample, ratio in contrasts(Identity(brand="#0b5a8c", accent="#ed7a24"))]
    assert ratios == [6.8, 14.2, 5.4]
    assert contrasts(Identity(brand="#000000", accent="#ffffff"))[0][2] > 19


def test_style_page_works_on_an_empty_site(editor_client):
    response = editor_client.get(ADDRESS)
    assert response.status_code == 200
    assert "office@example.org" in response.content.decode()
    markup = Markup(response.content.decode())
    assert set(markup.jumps) <= set(markup.ids)


def test_style_page_shows_the_facts_the_association_has(editor_client):
    make_identity(email="hello@example.org")
    html = editor_client.get(ADDRESS).content.decode()
    assert "hello@example.org" in html
    assert "office@example.org" not in html


def test_style_page_names_no_real_person_and_no_draft(editor_client):
    make_person("Test Person")
    make_photo(make_album("Secret", status=Album.Status.DRAFT), caption="Hidden coast")
    html = editor_client.get(ADDRESS).content.decode()
    assert "Test Person" not in html
    assert "Hidden coast" not in html
