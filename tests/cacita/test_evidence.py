"""The shared pages on CIT, accessibility and privacy: every statement has its source, and none is hidden.

The pages are read as files, without the loader, so that a wrong field or an over-long text is found here and named,
before anybody's first start stumbles over it.
"""

import itertools
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db.models import ForeignKey
from django.utils.html import strip_tags

from pages.models import Block, Finding, Page, Section, Statistic
from pages.prose import ProseField
from resources.models import Term

FOLDER = Path(__file__).resolve().parents[2] / "starter" / "shared" / "pages"
NAMES = ("what-is-cit", "start-a-program", "accessibility", "privacy")
PLACEHOLDERS = {"{short_name}", "{name}", "{counties}"}
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LINK = re.compile(r'<a href="([^"]+)">(.*?)</a>')
END_OF_BLOCK = re.compile(r"</(?:p|li|h3|h4)>")
END_OF_SENTENCE = re.compile(r"(?<=[.?!])[”’)]*\s+")


def read(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def kinds():
    return {kind._meta.model_name: kind for kind in Block.kinds() if kind._meta.app_label == "pages"}


def make_unsaved(values):
    """The block as the loader would make it; a page it links to is an unsaved one with that address."""
    model = kinds()[values["kind"]]
    fields = {key: value for key, value in values.items() if key != "kind"}
    for key, value in fields.items():
        field = model._meta.get_field(key)
        assert field.editable, f"{values['kind']} has no field {key} to fill"
        if isinstance(field, ForeignKey):
            fields[key] = Page(path=value)
    return model(**fields)


def blocks_of(name):
    return [make_unsaved(values) for values in read(name)["blocks"]]


def texts(name):
    """Every piece of prose on the page without its markup: one for each paragraph, list item or field."""
    page = read(name)
    found = [page["title"], page["lead"], page["description"]]
    for block in page["blocks"]:
        for key, value in block.items():
            if key in {"kind", "source_url", "link_page", "link_url", "ground", "layout", "level", "direction"}:
                continue
            found += [strip_tags(part).strip() for part in END_OF_BLOCK.split(value)]
    return [text for text in found if text]


def sentences(name):
    return [sentence for text in texts(name) for sentence in END_OF_SENTENCE.split(text)]


@pytest.mark.parametrize("name", NAMES)
def test_file_has_the_address_of_its_name(name):
    page = read(name)

    assert page["path"] == f"/{name}/"
    assert set(page) == {"path", "title", "lead", "description", "parent", "position", "blocks"}


@pytest.mark.parametrize("name", NAMES)
def test_page_fields_fit_the_model(name):
    page = read(name)
    fields = {key: page[key] for key in ("title", "lead", "description", "position")}

    Page(slug=name, path=page["path"], **fields).clean_fields(exclude=["parent"])

    assert page["lead"]
    assert page["description"]


@pytest.fixture
def terms(db):
    """The terms of the starter glossary: a text may link to those alone."""
    rows = json.loads((FOLDER.parent / "glossary.json").read_text(encoding="utf-8"))
    Term.objects.bulk_create(Term(slug=row["slug"], term=row["term"], status="published") for row in rows)


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize("name", NAMES)
def test_block_fields_fit_the_models(name):
    for block in blocks_of(name):
        foreign = [field.name for field in block._meta.fields if isinstance(field, ForeignKey)]
        block.clean_fields(exclude=foreign)
        block.clean()


@pytest.mark.parametrize("name", NAMES)
def test_rich_text_loses_nothing_when_sanitised(name):
    for block in blocks_of(name):
        for field in block._meta.fields:
            if isinstance(field, ProseField):
                text = getattr(block, field.name)
                assert re.findall(r"<(\w+)", field.sanitize(text)) == re.findall(r"<(\w+)", text)
                assert strip_tags(field.sanitize(text)) == strip_tags(text)


@pytest.mark.parametrize("name", NAMES)
def test_headings_go_down_one_level_at_a_time(name):
    blocks = blocks_of(name)
    levels = [level for block in blocks for _field, level in block.outline()]

    assert isinstance(blocks[0], Section)
    assert [(above, below) for above, below in zip([1, *levels], levels, strict=False) if below > above + 1] == []
    assert 1 not in levels


@pytest.mark.parametrize("name", NAMES)
def test_section_headings_are_unique(name):
    anchors = [block.anchor for block in blocks_of(name) if isinstance(block, Section)]

    assert sorted(set(anchors)) == sorted(anchors)


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_is_longer_than_forty_words(name):
    assert [sentence for sentence in sentences(name) if len(sentence.split()) > 40] == []


@pytest.mark.parametrize("name", NAMES)
def test_only_known_words_stand_in_braces(name):
    assert set(re.findall(r"\{[^}]*\}", " ".join(texts(name)))) <= PLACEHOLDERS


def test_each_figure_and_finding_names_its_source_and_year():
    sourced = [block for block in blocks_of("what-is-cit") if isinstance(block, Finding | Statistic)]

    assert sourced
    for block in sourced:
        assert YEAR.search(block.source), block.source
        assert urlsplit(block.source_url).scheme in {"http", "https"}, block.source
        assert urlsplit(block.source_url).netloc, block.source


@pytest.mark.parametrize("name", ["what-is-cit", "start-a-program"])
def test_each_link_to_a_source_says_from_when_it_is(name):
    """A source without a date is called undated, so that nobody takes it for a new one."""
    links = [
        (url, words)
        for block in read(name)["blocks"]
        if block["kind"] in {"richtext", "question"}
        for url, words in LINK.findall(block.get("text") or block["answer"])
        if not url.startswith("/")
    ]

    assert links
    assert [words for _url, words in links if not YEAR.search(words) and "undated" not in words] == []
    assert {urlsplit(url).scheme for url, _words in links} == {"http", "https"}


@pytest.mark.parametrize("name", ["what-is-cit", "start-a-program"])
def test_each_paragraph_with_a_measured_figure_has_a_source(name):
    """Hours, years and counts inside the text stand next to a link, never alone."""
    measured = re.compile(r"\b\d[\d,]*[ -](?:hours?|minutes|counties|officers|people|days|months)\b")
    parts = [
        part
        for block in read(name)["blocks"]
        if block["kind"] == "richtext"
        for part in END_OF_BLOCK.split(block["text"])
    ]
    claims = [part for part in parts if measured.search(strip_tags(part))]

    assert len(claims) > 2
    assert [strip_tags(part) for part in claims if '<a href="http' not in part] == []


def test_evidence_for_and_against_is_shown():
    directions = [block.direction for block in blocks_of("what-is-cit") if isinstance(block, Finding)]

    assert {direction: directions.count(direction) for direction in Finding.Direction.values} == {
        "for": 2,
        "mixed": 4,
        "against": 1,
        "context": 4,
    }


def test_page_says_first_that_the_evidence_is_mixed():
    blocks = blocks_of("what-is-cit")
    section = next(block for block in blocks if isinstance(block, Section) and block.heading == "What studies found")

    assert section.intro.startswith("The evidence is mixed.")


def test_law_is_introduced_as_no_legal_advice():
    blocks = read("what-is-cit")["blocks"]
    place = next(i for i, block in enumerate(blocks) if block.get("heading") == "What California law asks")

    assert blocks[place + 1]["kind"] == "noticebox"
    assert blocks[place + 1]["level"] == "warning"
    assert "Not legal advice." in blocks[place + 1]["text"]
    assert "We read these sources in November 2026." in blocks[place + 1]["text"]


@pytest.mark.parametrize("name", ["what-is-cit", "start-a-program"])
def test_ten_core_elements_are_listed_by_their_names(name):
    names = [block["heading"] for block in read(name)["blocks"] if block["kind"] == "numbereditem"]

    assert len(names) == 10
    assert names == [block["heading"] for block in read("what-is-cit")["blocks"] if block["kind"] == "numbereditem"]


def test_program_starts_in_five_stages_whose_every_step_has_its_source():
    page = read("start-a-program")["blocks"]
    stages = [
        (block["heading"], steps["text"])
        for block, steps in itertools.pairwise(page)
        if block.get("heading", "")[1:2] == "."
    ]

    assert [heading for heading, _text in stages] == [
        "1. Foundation",
        "2. Commit",
        "3. Plan",
        "4. Implement",
        "5. Sustain",
    ]
    for heading, text in stages:
        steps = text.split("<li>")[1:]
        assert len(steps) > 3, heading
        assert [step for step in steps if '<a href="http' not in step] == [], heading


def test_privacy_page_lets_the_site_write_what_it_stores():
    assert [block["kind"] for block in read("privacy")["blocks"]].count("privacyfacts") == 1


@pytest.mark.parametrize("name", ["accessibility", "privacy"])
def test_statement_is_dated_and_says_whom_to_ask(name):
    assert "November 22, 2026" in " ".join(texts(name))
    assert '<a href="/contact/">' in " ".join(block.get("text", "") for block in read(name)["blocks"])
