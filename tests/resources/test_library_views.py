"""The pages of the library: the list with its filters, an entry, and what search engines read."""

import gzip
import json
import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cacita.stylesheet import joined
from resources.models import Resource
from resources.templatetags.library import first_sentence
from tests.factories import make_identity, make_menu_item, make_resource
from tests.naughty import MARKUP
from tests.pages.test_documents import PDF

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 6, 1, 19, tzinfo=UTC)
MOST_BYTES = 60_000


@pytest.fixture(autouse=True)
def _site(db, monkeypatch):
    """An association whose menu leads to help, as every menu should; else the frame asks for the page once more."""
    make_identity(name="Test Association", short_name="TA")
    make_menu_item("Help", url="/help/")
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def main(client, path):
    return unescape(read(client, path).split("<main")[1].split("</main>")[0])


def words(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def titles(html):
    return [words(found) for found in re.findall(r'class="timetable__head">(.*?)</h', html)]


def facts(html):
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    return {words(name): words(value) for name, value in found}


def data_of(html):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return {data["@type"]: data for data in map(json.loads, found)}


# The list


def test_row_reads_like_an_entry_of_a_bibliography(client):
    make_resource(
        "What officers learn",
        authors="Diaz A, Lee B",
        year=2014,
        publisher="Journal of Tests 65(4)",
        finding="mixed",
        summary="Officers in the U.S. South, said Lee et al. in 2014, knew more. They were asked once.",
    )
    html = main(client, "/resources/")
    row = html.split('class="serieslist"')[1]
    assert titles(row) == ["What officers learn"]
    assert 'href="/resources/what-officers-learn/"' in row
    assert (
        "Diaz A, Lee B (2014). Journal of Tests 65(4). "
        "Officers in the U.S. South, said Lee et al. in 2014, knew more. Research Mixed findings"
    ) in words(row)
    assert "asked once" not in row
    assert 'class="finding--mixed"' in row


@pytest.mark.parametrize(
    ("summary", "first"),
    [
        ("One thing. Another.", "One thing."),
        ("One thing", "One thing"),
        ("They had more comfort in using it. From 2017 on, 113 met.", "They had more comfort in using it."),
        ("Lee et al. 2014 found 4.5 of 10. Nobody knows why.", "Lee et al. 2014 found 4.5 of 10."),
        ("Officers in the U.S. South knew more. They were asked.", "Officers in the U.S. South knew more."),
        ("Nadie en EE. UU. lo sabe. ¿Por qué?", "Nadie en EE. UU. lo sabe."),
        ("Does it work? It depends.", "Does it work?"),
        ("“It works.” So they say.", "“It works.”"),
        ("One.\nÁrea dos.", "One."),
    ],
)
def test_row_says_the_first_sentence(summary, first):
    assert first_sentence(make_resource(summary=summary), "summary") == first


def test_list_shows_what_is_published_alone(client):
    make_resource("Shown")
    make_resource("Draft", status="draft")
    make_resource("Later", publish_from=datetime(2027, 6, 2, tzinfo=UTC))
    make_resource("Over", publish_until=NOW)
    html = main(client, "/resources/")
    assert titles(html) == ["Shown"]
    assert "1 entry" in words(html)


def test_filters_narrow_the_list_and_stand_in_a_form_that_needs_no_script(client):
    make_resource("Study", topics=["dispatch"], year=2015)
    make_resource("Other", topics=["holds"])
    html = main(client, "/resources/?kind=research&topic=dispatch&from=2010&to=2020&sort=title")
    assert titles(html) == ["Study"]
    assert re.search(r'<form class="filters__form" action="/resources/" method="get">', html)
    assert re.search(r'name="topic" value="dispatch" checked><span>Dispatch</span>', html)
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', html)[:2] == [
        ("kind", "research"),
        ("sort", "title"),
    ]
    assert re.findall(r'name="(from|to)"[^>]* value="(\d+)"', html)[:2] == [("from", "2010"), ("to", "2020")]
    assert "1 entry Research, Dispatch, since 2010, until 2020" in words(html)


def test_chips_lead_to_each_kind(client):
    make_resource("Study")
    make_resource("Act", kind="law")
    html = main(client, "/resources/?kind=law")
    chips = re.findall(r'class="chip" href="([^"]+)"( aria-current="true")?>(.*?)</a>', html)
    assert [(href, bool(current), words(inside)) for href, current, inside in chips] == [
        ("/resources/", False, "All kinds 2"),
        ("/resources/?kind=research", False, "Research 1"),
        ("/resources/?kind=law", True, "Law 1"),
    ]


def test_evidence_stands_whole_above_any_choice_and_leads_to_its_studies(client):
    make_resource("One")
    make_resource("Two", finding="against")
    make_resource("Three", finding="against")
    html = main(client, "/resources/?finding=for")
    part = html.split('class="evidence"')[1].split("</section>")[0]
    assert "What 3 studies found 1 Found a benefit 0 Mixed findings 2 Found no benefit" in words(part)
    assert "Counting is not weighing" in part
    for finding, count in (("for", 1), ("mixed", 0), ("against", 2)):
        assert f'href="/resources/?finding={finding}"' in part
        assert len(titles(main(client, f"/resources/?finding={finding}"))) == count


def test_library_without_studies_says_nothing_of_evidence(client):
    make_resource("Act", kind="law")
    assert "evidence" not in main(client, "/resources/")


def test_empty_list_helps(client):
    assert "Nothing is in the library yet" in main(client, "/resources/")
    make_resource("Study")
    html = main(client, "/resources/?q=helicopter")
    assert "Nothing in the library fits these choices" in html
    assert 'href="/resources/">See the whole library</a>' in html


def test_unknown_choice_is_left_out_and_said(client):
    make_resource("Study")
    html = main(client, "/resources/?kind=novel&from=soon")
    assert "Part of the address was not understood" in html
    assert titles(html) == ["Study"]


def test_long_list_comes_in_pages(client, monkeypatch):
    monkeypatch.setattr("pages.lists.PER_PAGE", 2)
    for number in range(5):
        make_resource(f"Study {number}")
    html = main(client, "/resources/?kind=research&page=2")
    assert titles(html) == ["Study 2", "Study 3"]
    assert 'href="?kind=research&page=3"' in html
    assert titles(main(client, "/resources/?page=99")) == ["Study 4"]


def test_filtered_list_is_not_for_search_engines(client):
    assert 'name="robots"' not in read(client, "/resources/")
    assert 'name="robots" content="noindex, follow"' in read(client, "/resources/?q=x")


# An entry


def test_entry_says_all_that_is_known(client):
    make_resource(
        "What officers learn",
        authors="Diaz A, Lee B",
        year=2014,
        publisher="Journal of Tests 65(4)",
        doi="10.1000/182",
        url="https://journal.example.org/paper",
        topics=["training", "stigma"],
        audiences=["officers", "researchers"],
        design="comparison of two groups",
        summary="They knew more.\n\nNobody asked again.",
        source_title="Journal of Tests",
        source_url="https://journal.example.org/abstract",
        source_date="2014-11",
        read_on=date(2026, 11, 22),
        checked_on=date(2027, 1, 2),
    )
    html = main(client, "/resources/what-officers-learn/")
    assert facts(html) == {
        "Kind of study": "comparison of two groups",
        "Authors": "Diaz A, Lee B",
        "Published in": "Journal of Tests 65(4)",
        "Year": "2014",
        "DOI": "10.1000/182",
        "Language": "English",
        "Topics": "Training Stigma",
        "For whom": "Officers, Researchers",
    }
    text = words(html)
    assert "Research Found a benefit" in text
    assert "<p>They knew more.</p>" in html
    assert "Summed up by Test Association, not by the authors." in text
    assert (
        words(re.search(r'class="entry__citation">(.*?)</p>', html)[1])
        == "Diaz A, Lee B (2014). What officers learn. Journal of Tests 65(4). https://doi.org/10.1000/182"
    )
    assert "Source: Journal of Tests , November 2014." in text
    assert "We read the source on Nov. 22, 2026. We last opened the link on Jan. 2, 2027." in text
    assert '<a class="facts__link" href="https://doi.org/10.1000/182">10.1000/182</a>' in html
    assert 'href="/resources/?topic=stigma"' in html
    assert re.search(
        r'href="https://journal.example.org/paper" hreflang="en" rel="external">.*Read it at journal.example.org', html
    )


def test_entry_admits_what_nobody_did(client):
    make_resource("Act", kind="law", citation="Penal Code 1", source_title="Digest")
    text = words(main(client, "/resources/act/"))
    assert "Digest, undated." in text
    assert "We have not read the source ourselves yet. We have not opened the link since; it may have moved." in text
    assert "It is no legal advice: read the law itself." in text


def test_own_file_is_offered_with_kind_and_size(client):
    make_resource("Guide", kind="guide", language="es", file=ContentFile(PDF, name="guia.pdf"))
    html = main(client, "/resources/guide/")
    assert re.search(r'href="/media/documents/\d{4}/\d\d/guia-\w{16}\.pdf" hreflang="es" download>', html)
    assert f"Download PDF, {len(PDF)} bytes" in words(html)
    assert facts(html)["Also at"] == "example.org"
    assert "Where this comes from" not in html
    assert f"Guide PDF, {len(PDF)} bytes Spanish" in words(main(client, "/resources/"))


def test_entry_in_two_languages_has_no_single_one(client):
    make_resource("Guide", kind="guide", language="both")
    assert "hreflang" not in main(client, "/resources/guide/")


def test_related_entries_share_most_topics(client):
    make_resource("Here", topics=["training", "stigma", "holds"])
    make_resource("One", topics=["stigma"], year=2020)
    make_resource("Two", topics=["holds", "stigma"], year=2001)
    make_resource("Draft", topics=["training", "stigma"], status="draft")
    make_resource("Far", topics=["families"])
    html = main(client, "/resources/here/")
    assert titles(html.split("On the same topics")[1]) == ["Two", "One"]
    assert "On the same topics" not in main(client, "/resources/far/")


def test_related_entries_are_few(client):
    for number in range(6):
        make_resource(f"Study {number}")
    assert len(titles(main(client, "/resources/study-0/"))) == 4


def test_draft_is_for_staff_alone(client, editor_client, django_user_model):
    make_resource("Draft", status="draft")
    client.logout()
    assert client.get("/resources/draft/").status_code == 404
    client.force_login(django_user_model.objects.get())
    response = client.get("/resources/draft/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_addresses_answer_get_and_head_alone(client):
    make_resource("Study")
    for path in ("/resources/", "/resources/study/", "/resources/glossary/"):
        assert (client.head(path).status_code, client.post(path).status_code) == (200, 405)
    assert client.get("/resources/nothing-here/").status_code == 404


def test_entry_is_told_to_search_engines(client, settings):
    settings.SITE_URL = "https://www.example.org"
    make_resource(
        "Paper", authors="Diaz A", year=2014, publisher="Journal 1(2)", doi="10.1000/182", topics=["training", "holds"]
    )
    html = read(client, "/resources/paper/")
    assert data_of(html)["ScholarlyArticle"] == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": "https://www.example.org/resources/paper/#document",
        "name": "Paper",
        "description": "Officers who took the course knew more. They were asked once.",
        "url": "https://example.org/study",
        "mainEntityOfPage": "https://www.example.org/resources/paper/",
        "sameAs": "https://doi.org/10.1000/182",
        "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1000/182"},
        "creditText": "Diaz A",
        "isPartOf": {"@type": "PublicationIssue", "name": "Journal 1(2)"},
        "datePublished": "2014",
        "inLanguage": "en",
        "keywords": "Training, Involuntary holds",
    }
    assert '<meta property="og:title" content="Paper">' in html
    assert "<title>Paper · TA</title>" in html


def test_type_for_search_engines_follows_the_kind(client, settings):
    settings.SITE_URL = "https://www.example.org"
    make_resource("Act", kind="law", citation="Penal Code 1", publisher="State", language="both")
    make_resource("Site", kind="guide")
    make_resource("Leaflet", kind="family", url="", file=ContentFile(PDF, name="a.pdf"))
    act = data_of(read(client, "/resources/act/"))["Legislation"]
    assert (act["legislationIdentifier"], act["inLanguage"]) == ("Penal Code 1", ["en", "es"])
    assert act["publisher"] == {"@type": "Organization", "name": "State"}
    assert data_of(read(client, "/resources/site/"))["CreativeWork"]["name"] == "Site"
    leaflet = data_of(read(client, "/resources/leaflet/"))["DigitalDocument"]
    assert leaflet["encoding"]["contentUrl"].startswith("https://www.example.org/media/documents/")
    assert leaflet["url"] == "https://www.example.org/resources/leaflet/"


def test_spanish_page_marks_what_is_english():
    resource = make_resource("Paper", summary="They knew more.", summary_es="Sabían más. Fin.")
    with override("es"):
        html = render_to_string("library/list.html", {"resources": [resource], "level": 3})
    assert '<span lang="en">Paper</span>' in html
    assert "Sabían más." in html
    assert "Fin" not in html


# Promises


def test_nothing_written_becomes_markup(client):
    make_resource("Plain", slug="plain")
    fields = ("title", "authors", "publisher", "citation", "summary", "design", "source_title")
    for text in MARKUP:
        Resource.objects.update(**dict.fromkeys(fields, text[:100]))
        for path in ("/resources/", "/resources/plain/"):
            html = read(client, path)
            for start in ("<script>alert", "<img src=x", "<svg onload", "<iframe", "<base", "<style>*"):
                assert start not in html


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/resources/", 7),
        ("/resources/?kind=research&topic=training&q=study&sort=title", 7),
        ("/resources/study-0/", 6),
    ],
)
def test_page_costs_the_same_for_one_and_many(client, path, statements, count, django_assert_num_queries):
    for number in range(count):
        make_resource(f"Study {number}", year=2000 + number)
    with django_assert_num_queries(statements):
        read(client, path)


@pytest.mark.parametrize("path", ["/resources/", "/resources/study-0/"])
def test_page_is_small_and_sets_no_cookie(client, path):
    for number in range(30):
        make_resource(
            f"Study {number}", authors=f"Author {number}", summary=f"Study {number} found {number} things. " * 4
        )
    response = client.get(path)
    assert len(gzip.compress(response.content)) + len(gzip.compress(joined().encode())) <= MOST_BYTES / 2
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")
