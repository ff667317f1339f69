"""The family card: nothing on it can be sent, and each part says who uses it."""

import re

import pytest

from cacita.content_policy import style_hash
from resources import family_card, frame
from tests.cacita.test_headers import STRICT, policy
from tests.factories import make_identity

pytestmark = pytest.mark.django_db
MOST_CSS = 2_600


@pytest.fixture
def html(client):
    make_identity()
    return client.get("/help/family-card/").content.decode()


def test_fields_have_labels_and_no_names(html):
    form = re.search(r"<form.*?</form>", html, re.DOTALL)[0]
    keys = [field.key for part in family_card.PARTS for field in part.fields]

    assert re.findall(r"<(?:input|textarea) id=\"([^\"]+)\"", form) == keys
    assert re.findall(r'<label for="([^"]+)"', form) == keys
    assert len(keys) == len(set(keys)) == form.count('spellcheck="false"') == form.count('writingsuggestions="false"')
    assert re.findall(r"\b(?:name|action|formaction|list|onsubmit)=", form) == []
    assert form.startswith('<form class="card" method="dialog" autocomplete="off">')
    assert form.count("<button") == form.count('<button type="button" data-print hidden>') == 1


def test_every_description_is_there(html):
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-describedby="([^"]+)"', html)) <= set(ids)


def test_dispatch_comes_before_clinicians(html):
    assert re.findall(r"<legend>([^<]+)", html) == ["What the dispatcher asks first", "What doctors and nurses use"]


def test_browser_may_send_nothing_from_the_card(client):
    identity = make_identity(analytics_service="plausible", analytics_site="example.org")
    response = client.get("/help/family-card/")
    sheets = (identity.colours_css, frame.CSS, family_card.CSS)
    assert policy(response) == STRICT | {
        "connect-src": "'none'",
        "form-action": "'none'",
        "img-src": "'self' data:",
        "style-src": " ".join(["'self'", *map(style_hash, sheets)]),
    }
    assert response["Cache-Control"] == "no-store"


def test_sheet_of_the_card_is_small_and_on_no_other_page(client, html):
    assert family_card.CSS in html
    assert len(family_card.CSS) <= MOST_CSS
    response = client.get("/help/")
    assert family_card.CSS not in response.content.decode()
    assert style_hash(family_card.CSS) not in response["Content-Security-Policy"]


def test_rule_is_told_with_its_sources_and_its_limits(html):
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for words in (
        "AB 1424",
        "5150.05",
        "5008.2",
        "This page is not legal advice.",
        "It is gone when you leave this page",
    ):
        assert words in text
    for _words, address in family_card.SOURCES:
        assert f'href="{address.replace("&", "&amp;")}"' in html


@pytest.mark.parametrize("page", ["/help/", "/help/kern/", "/help/what-to-say/"])
def test_card_is_one_link_away(client, page):
    assert '<a href="/help/family-card/">Family card</a>' in client.get(page).content.decode()
