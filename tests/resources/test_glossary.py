"""The glossary: its page, what links to it, and what stands against a link that leads nowhere."""

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cacita.stylesheet import joined
from pages.models import Card, RichText
from resources import glossary
from resources.models import Term
from tests.factories import make_block, make_identity, make_menu_item, make_page, make_term
from tests.naughty import STRINGS
from tests.pages.test_admin import ADD_PAGE, errors_of, page_data

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 6, 1, 19, tzinfo=UTC)
PATH = "/resources/glossary/"
PROSE = RichText._meta.get_field("text")


@pytest.fixture(autouse=True)
def _site(db, monkeypatch):
    make_identity(name="Test Association", short_name="TA")
    make_menu_item("Help", url="/help/")
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def read(client, path=PATH):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def main(client, path=PATH):
    return unescape(read(client, path).split("<main")[1].split("</main>")[0])


def words(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def entries(html):
    """{place on the page: words} of the terms, in their order."""
    found = re.findall(r'class="terms__entry" id="([^"]+)">(.*?)</div>', html, re.DOTALL)
    return {anchor: words(inside) for anchor, inside in found}


def link_to(slug):
    return f'<p>A <a href="{PATH}#{slug}">word</a></p>'


# The page


def test_terms_stand_under_their_letters(client):
    for term in ("Warm line", "5150", "access line", "AB 988", "Ñandú"):
        make_term(term)
    html = main(client)
    assert list(entries(html)) == ["5150", "ab-988", "access-line", "nandu", "warm-line"]
    assert re.findall(r'<h2 class="letter__sign" id="([^"]+)">([^<]+)</h2>', html) == [
        ("letter-0", "0–9"),
        ("letter-a", "A"),
        ("letter-n", "N"),
        ("letter-w", "W"),
    ]
    assert re.findall(r'<li><a href="#(letter-\w)">([^<]+)</a>', html) == [
        ("letter-0", "0–9"),
        ("letter-a", "A"),
        ("letter-n", "N"),
        ("letter-w", "W"),
    ]
    assert "5 terms" in words(html)


def test_term_says_all_that_is_known(client):
    lps = make_term("LPS Act", category="law")
    draft = make_term("Hidden", status="draft")
    make_term(
        "5150",
        see_also=[lps, draft],
        expansion="Hold of 72 hours",
        definition="A hold for assessment.",
        legal_section="Welfare and Institutions Code 5150",
        source_title="County: holds",
        source_url="https://county.example.org/holds",
        source_date="2024",
    )
    html = main(client)
    assert entries(html)["5150"] == (
        "5150 Hold of 72 hours A hold for assessment. In the law: Welfare and Institutions Code 5150 "
        "See also: LPS Act Source: County: holds , 2024"
    )
    assert f'href="{PATH}#lps-act">LPS Act</a>' in html
    assert "Hidden" not in html
    assert entries(html)["lps-act"] == "LPS Act A number to call before it is a crisis."


def test_search_finds_words_in_both_languages_without_accents(client):
    make_term("Warm line", term_es="Línea de apoyo")
    make_term("Hold", definition="A stay of 72 hours.")
    assert list(entries(main(client, f"{PATH}?q=LINEA"))) == ["warm-line"]
    assert list(entries(main(client, f"{PATH}?q=stay+72"))) == ["hold"]
    html = main(client, f"{PATH}?q=stay+apoyo")
    assert entries(html) == {}
    assert "No term holds all these words" in html
    assert f'href="{PATH}">All terms</a>' in html
    assert 'value="stay apoyo"' in html


def test_search_is_a_form_that_needs_no_script_and_not_for_search_engines(client):
    make_term()
    assert re.search(rf'<form class="[^"]+" action="{PATH}" method="get">', main(client))
    assert "1 of 1 terms holds “line”" in words(main(client, f"{PATH}?q=line"))
    assert 'name="robots"' not in read(client)
    assert 'content="noindex, follow"' in read(client, f"{PATH}?q=line")


def test_any_search_is_harmless(client):
    make_term()
    for text in STRINGS:
        response = client.get(PATH, {"q": text})
        html = response.content.decode()
        assert response.status_code == (400 if "\x00" in text else 200)
        assert "<script>alert" not in html
        assert html.count("<dl") <= 1


def test_empty_glossary_says_so(client):
    assert "No term is explained yet" in main(client)


def test_spanish_page_shows_both_words(client):
    make_term("Warm line", term_es="Línea de apoyo", definition_es="Un número.")
    make_term("5150", term_es="5150")
    with override("es"):
        terms = glossary.published(NOW)
        html = " ".join(render_to_string("library/terms.html", {"terms": terms}).split())
        order = [term.term for letter in glossary.by_letter(terms) for term in letter.terms]
    assert (
        '<dfn>Línea de apoyo</dfn> <span class="terms__name">En inglés: <span lang="en">Warm line</span></span>' in html
    )
    assert "<p>Un número.</p>" in html
    assert html.count("En inglés:") == 1
    assert '<p><span lang="en">A number to call before it is a crisis.</span></p>' in html
    assert order == ["5150", "Warm line"]


def test_glossary_is_told_to_search_engines(client, settings):
    settings.SITE_URL = "https://www.example.org"
    make_term("LPS Act", expansion="Lanterman-Petris-Short Act")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', read(client))
    data = {one["@type"]: one for one in map(json.loads, found)}["DefinedTermSet"]
    assert (data["name"], data["url"]) == ("Glossary", f"https://www.example.org{PATH}")
    assert data["hasDefinedTerm"] == [
        {
            "@type": "DefinedTerm",
            "@id": f"https://www.example.org{PATH}#lps-act",
            "name": "LPS Act",
            "alternateName": "Lanterman-Petris-Short Act",
            "description": "A number to call before it is a crisis.",
        }
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_page_costs_the_same_for_one_and_many_and_is_small(client, count, django_assert_num_queries):
    first = make_term("First")
    for number in range(count - 1):
        make_term(f"Term {number}", see_also=[first])
    with django_assert_num_queries(6):
        html = read(client)
    assert len(html.encode()) + len(joined().encode()) < 140_000


# Links from pages


def test_link_to_a_term_is_taken_and_drawn_in_a_quieter_way(client):
    make_term("Warm line")
    page = make_page("About")
    text = PROSE.clean(f'{link_to("warm-line")}<p><a href="/about/">About</a></p>', None)
    make_block(RichText, page, text=text)
    html = main(client, "/about/")
    assert f'<a class="term" href="{PATH}#warm-line">word</a>' in html
    assert '<a href="/about/">About</a>' in html
    assert "class" not in RichText.objects.get().text


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("cold-line", "The glossary has no term “cold-line”. Copy the address from the term’s form."),
        ("main", "The glossary has no term “main”."),
        ("hidden", "The term “Hidden” is not published. Publish it first, or remove the link."),
        ("over", "The term “Over” is not published."),
    ],
)
def test_link_that_leads_to_no_term_is_refused_by_its_words(slug, message):
    make_term("Hidden", status=Term.Status.DRAFT)
    make_term("Over", publish_until=NOW)
    with pytest.raises(ValidationError, match="The link “word” leads to “/resources/glossary/#") as refused:
        PROSE.clean(link_to(slug), None)
    assert message in refused.value.messages[0]


def test_editor_is_told_beside_the_text(editor_client):
    response = editor_client.post(ADD_PAGE, page_data((RichText, {"text": link_to("cold-line")})))
    assert [(field, message.split(". ")[1]) for field, message in errors_of(response)] == [
        ("pages_richtext_set-0-text", "The glossary has no term “cold-line”"),
    ]
    make_term("Cold line")
    response = editor_client.post(ADD_PAGE, page_data((RichText, {"text": link_to("cold-line")})))
    assert (response.status_code, RichText.objects.count()) == (302, 1)


def test_link_to_the_whole_glossary_needs_no_term():
    assert PATH in PROSE.clean(f'<p><a href="{PATH}">Glossary</a> <a href="{PATH}?q=a">A</a></p>', None)


def test_pages_that_link_to_a_term_are_found():
    term, other = make_term("Warm line"), make_term("Warm line two")
    about, team = make_page("About"), make_page("Team")
    make_block(RichText, about, text=link_to("warm-line"))
    make_block(RichText, about, text=link_to("warm-line"))
    make_block(Card, team, heading="Card", text=link_to("warm-line"))
    assert glossary.pages_linking_to(term) == [("About", "/about/"), ("Team", "/team/")]
    assert glossary.pages_linking_to(other) == []


def test_search_for_pages_costs_one_statement(django_assert_num_queries):
    term = make_term()
    with django_assert_num_queries(1):
        glossary.pages_linking_to(term)
