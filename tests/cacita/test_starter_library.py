"""The library and the glossary both associations start with: what was read, where, and what waits for staff.

The files are read without the loader and without a database, so that a wrong field is found here and named.
"""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "starter"
RESOURCE_FIELDS = {
    *("slug", "title", "title_es", "kind", "topics", "audiences", "year", "authors", "publisher", "doi", "citation"),
    *("summary", "summary_es", "finding", "design", "design_es", "language", "url"),
    *("source_title", "source_url", "source_date", "read_on", "caution", "status"),
}
TERM_FIELDS = {
    *("slug", "term", "term_es", "expansion", "expansion_es", "definition", "definition_es", "category"),
    *("legal_section", "see_also", "source_title", "source_url", "source_date", "read_on", "status"),
}
KINDS = {"research", "law", "standard", "policy", "guide", "training", "family"}
TOPICS = {
    *("training", "deescalation", "dispatch", "mobile_crisis", "co_response", "stigma", "diversion", "holds"),
    *("corrections", "families", "building"),
}
AUDIENCES = {"officers", "dispatchers", "clinicians", "agencies", "families", "researchers", "everyone"}
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?")
TERM_LINK = re.compile(r'<a href="/resources/glossary/#([^"]*)">(.*?)</a>')
MEASURES_NO_EFFECT = {"compton-2010", "cross-2014", "mcguire-2011", "watson-2012"}
"""Papers that define CIT or say what is missing: no finding for or against is read into them."""
COPIES = re.compile(r"vdocument|pdfslide|docksci|studydaddy|studylib|slideplayer|scribd|wikimili")
"""Hosts that hold copies of the papers of others: what a reader opens lies with the publisher."""


def read(name):
    return json.loads((FOLDER / "shared" / f"{name}.json").read_text(encoding="utf-8"))


def is_published(row):
    return row.get("status", "published") == "published"


def published(name):
    return [row for row in read(name) if is_published(row)]


def term_links():
    """(page, slugs) of the terms that the texts of each starter page link to, in their order."""
    for file in sorted(FOLDER.glob("*/pages/*.json")):
        page = json.loads(file.read_text(encoding="utf-8"))
        texts = [value for block in page["blocks"] for value in block.values() if isinstance(value, str)]
        yield f"{file.parts[-3]}{page['path']}", [slug for text in texts for slug, _words in TERM_LINK.findall(text)]


@pytest.mark.parametrize(("name", "fields"), [("library", RESOURCE_FIELDS), ("glossary", TERM_FIELDS)])
def test_rows_have_known_fields_none_of_them_empty(name, fields):
    for row in read(name):
        assert set(row) <= fields, row["slug"]
        assert [field for field, value in row.items() if value in ("", None, [])] == [], row["slug"]
        assert row.get("status", "draft") == "draft", row["slug"]


@pytest.mark.parametrize("name", ["library", "glossary"])
def test_slugs_are_unique_and_fit_an_address(name):
    slugs = [row["slug"] for row in read(name)]

    assert sorted(set(slugs)) == sorted(slugs)
    assert [slug for slug in slugs if not SLUG.fullmatch(slug)] == []


def test_slug_of_a_document_does_not_take_the_address_of_the_glossary():
    assert "glossary" not in {row["slug"] for row in read("library")}


def test_choices_are_those_of_the_library():
    for row in read("library"):
        assert row["kind"] in KINDS, row["slug"]
        assert set(row["topics"]) <= TOPICS, row["slug"]
        assert set(row["audiences"]) <= AUDIENCES, row["slug"]
        assert row["language"] in {"en", "es", "both"}, row["slug"]
    assert {row["category"] for row in read("glossary")} == {"access", "law", "model", "response", "training"}


def test_library_holds_18_studies_and_the_law_and_standards():
    kinds = Counter(row["kind"] for row in read("library"))
    waiting = Counter(row["kind"] for row in read("library") if not is_published(row))

    assert kinds == {"research": 18, "law": 14, "standard": 7, "guide": 7, "family": 5, "training": 1}
    assert waiting == {"research": 7, "law": 4, "standard": 1}


def test_published_studies_are_shown_for_and_against():
    studies = [row for row in published("library") if row["kind"] == "research"]

    assert Counter(row.get("finding", "") for row in studies) == {"mixed": 4, "": 4, "for": 2, "against": 1}
    assert {row["slug"] for row in studies if "finding" not in row} == MEASURES_NO_EFFECT
    assert [row["slug"] for row in studies if not (row["authors"] and row["year"] and row["design"])] == []


def test_only_research_has_a_finding_and_a_design():
    others = [row for row in read("library") if row["kind"] != "research"]

    assert [row["slug"] for row in others if {"finding", "design", "doi"} & set(row)] == []


def test_what_is_published_was_read_and_names_its_source():
    for row in [*published("library"), *published("glossary")]:
        assert row["source_title"], row["slug"]
        assert row["source_url"], row["slug"]
        assert date(2026, 11, 22) <= date.fromisoformat(row["read_on"]) <= date(2026, 11, 28), row["slug"]


def test_what_waits_tells_staff_what_to_do():
    waiting = [row for row in read("library") if not is_published(row)]

    assert waiting
    assert [row["slug"] for row in waiting if "publish" not in row.get("caution", "")] == []


def test_everything_is_said_in_spanish_too():
    for row in read("library"):
        assert row["summary_es"] != row["summary"], row["slug"]
        assert ("design" in row) == ("design_es" in row), row["slug"]
        assert ("title_es" in row) == (row["kind"] != "research"), f"{row['slug']}: a paper keeps its printed title"
    for row in read("glossary"):
        assert row["definition_es"] != row["definition"], row["slug"]
        assert ("expansion" in row) == ("expansion_es" in row), row["slug"]


def test_terms_in_words_have_a_spanish_name_and_initials_keep_theirs():
    words = re.compile(r"[A-Z]?[a-z]{3,}")
    for row in read("glossary"):
        has_words = bool(words.search(row["term"]))
        assert not has_words or "term_es" in row, row["slug"]
        assert row.get("term_es") != row["term"], row["slug"]


def test_spanish_uses_its_marks_in_pairs():
    for row in [*read("library"), *read("glossary")]:
        for field, text in row.items():
            if field.endswith("_es"):
                assert text.count("¿") == text.count("?"), f"{row['slug']}, {field}"
                assert text.count("“") == text.count("”"), f"{row['slug']}, {field}"
                assert not re.search(r'["«»\']', text), f"{row['slug']}, {field}"


def test_figures_are_the_same_in_both_languages():
    figures = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
    for row in [*read("library"), *read("glossary")]:
        english, spanish = (row.get("summary") or row["definition"]), (row.get("summary_es") or row["definition_es"])
        assert set(figures.findall(english)) == set(figures.findall(spanish)), row["slug"]


def test_summary_is_short():
    long = {row["slug"]: len(row["summary"].split()) for row in read("library") if len(row["summary"].split()) > 80}

    assert long == {}
    assert [row["slug"] for row in read("glossary") if len(row["definition"].split()) > 45] == []


def test_dois_and_dates_are_well_formed():
    for row in [*read("library"), *read("glossary")]:
        assert DOI.fullmatch(row.get("doi", "10.1000/none")), row["slug"]
        assert DATE.fullmatch(row.get("source_date", "2026")), row["slug"]


def test_reader_opens_the_publishers_page_and_no_copy():
    for row in read("library"):
        assert not COPIES.search(row["url"]), row["slug"]


def test_addresses_are_whole_and_safe_where_the_host_is():
    rows = [*read("library"), *read("glossary")]
    parts = [urlsplit(row[field]) for row in rows for field in ("url", "source_url") if field in row]
    safe = {part.netloc for part in parts if part.scheme == "https"}

    assert {part.scheme for part in parts} <= {"http", "https"}
    assert [part.geturl() for part in parts if not part.netloc or " " in part.geturl()] == []
    assert [part.geturl() for part in parts if part.scheme == "http" and part.netloc in safe] == []


def test_glossary_has_45_terms_that_lead_to_one_another():
    terms = {row["slug"]: row for row in read("glossary")}

    assert len(terms) == 45
    for slug, row in terms.items():
        assert set(row.get("see_also", [])) <= set(terms) - {slug}, slug


def test_links_to_the_glossary_lead_to_a_published_term():
    terms = {row["slug"] for row in published("glossary")}
    links = dict(term_links())

    assert sum(len(slugs) for slugs in links.values()) > 20
    assert {page: sorted(set(slugs) - terms) for page, slugs in links.items() if set(slugs) - terms} == {}


def test_page_links_a_term_once_and_few_of_them():
    for page, slugs in term_links():
        assert len(set(slugs)) == len(slugs) <= 8, page


def test_every_link_to_the_glossary_is_written_alike():
    """One that is written in another way would escape the tests here, and the class by which such links are drawn."""
    for file in sorted(FOLDER.glob("*/pages/*.json")):
        text = json.dumps(json.loads(file.read_text(encoding="utf-8")), ensure_ascii=False).replace('\\"', '"')
        assert text.count("/resources/glossary/#") == len(TERM_LINK.findall(text)), file.name
