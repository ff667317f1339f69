"""No template, script or starter file writes a telephone number out: a number is one record, changed in one save.

Numbers stand in the fields of records that are made to be dialled, and in nothing else. What looks like a number but
is the name of a service, such as the 988 Lifeline, is on a list here.
"""

import json
import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
LINES = "starter/shared/crisis_lines.json"
"""The crisis lines themselves: the one place where numbers are written."""
PROGRAMS = "starter/shared/programs.json"
"""Records of the directory: each has its `phone`, and says in words that it is sent through a crisis number."""
NUMBER_FIELDS = {"phone", "text_number", "tty", "videophone", "stand_in"}
GLOSSARY = "starter/shared/glossary.json"
TERM_FIELDS = {"slug", "term", "see_also"}
"""What a term is called and where it points: the number 988 is a term, as 5150 is, and nobody dials it there."""
NAMES = re.compile(
    r"988 (?:Suicide & Crisis )?Lifeline|Línea 988\b|\bAB 988|[Tt]hrough 911"
    r"|911 (?:calls?|dispatch)\b|(?:llamadas al|despacho del) 911\b"
)
"""Names of services and laws that hold a number, and how calls to it are handled, in both languages."""
SAID = {
    "templates/admin/style/type.html": ("1234567890",),
    "starter/shared/pages/what-is-cit.json": (
        "988 and mobile crisis teams",
        "around the 988 line",
        "calls to 988 from California in July 2025",
        "when I call 911",
        "Do I call 988 or 911?",
        "Call 911 when life or safety",
        "Call or text 988 in any other",
    ),
}
"""Sentences about the numbers themselves, which law has fixed, and a row of digits that shows a typeface."""

ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
DRAWING = re.compile(r"""\b(?:d|points|viewBox|transform)=(["']).*?\1""", re.DOTALL)
LINK = re.compile(r"\b(?:tel|sms):(?!\s*\{\{)")
"""A link that calls or writes to anything but a value."""
LONG = re.compile(
    r"(?<![\w.-])(?:\+?1[ .\u00a0\u2011-]?)?"
    r"(?:\(\d{3}\)|\d{3})[ .\u00a0\u2011-]*\d{3}[ .\u00a0\u2011-]?\d{4}(?![\w-])"
    r"|(?<![\w.-])\d{3}[-.\u2011]\d{4}(?![\w-])"
    r"|\b(?:1-)?8\d\d-[A-Z0-9][A-Z0-9-]{3,}"
)
"""Ten digits, seven with a hyphen, or 1-800 and a word."""


def records(file):
    return json.loads((ROOT / file).read_text(encoding="utf-8"))


def short_codes():
    """Numbers too short for a country code: those of all lines, and the relay for text telephones."""
    numbers = {line[field] for line in records(LINES) for field in NUMBER_FIELDS if field in line}
    return sorted({number for number in numbers if number.isdecimal() and len(number) <= 6} | {"711"})


SHORT = re.compile(rf"(?<![\w.,#/$-])(?:{'|'.join(short_codes())})(?![\w%-]|[.,]\d)")


def found(text, *, said=(), has_short=True):
    """Everything in the text that is a telephone number written out."""
    text = DRAWING.sub("", text)
    faults = LINK.findall(text)
    text = ADDRESS.sub("", text)
    for phrase in said:
        text = text.replace(phrase, "")
    faults += LONG.findall(text)
    return faults + (SHORT.findall(NAMES.sub("", text)) if has_short else [])


def written_files():
    """Templates of pages and mails, scripts, and starter files that are not data."""
    for folder, kinds in (("templates", ("html", "txt")), ("static/js", ("js",)), ("starter", ("html", "svg"))):
        for kind in kinds:
            yield from sorted((ROOT / folder).rglob(f"*.{kind}"))


def values(data, field=""):
    """(field, text) of every string in the data of a starter file."""
    if isinstance(data, dict):
        for name, inner in data.items():
            yield from values(inner, name)
    elif isinstance(data, list):
        for inner in data:
            yield from values(inner, field)
    elif isinstance(data, str):
        yield field, data


@pytest.mark.parametrize(
    "text",
    [
        '<a href="tel:988">Help</a>',
        '<a href="sms:{% url %}">Help</a>',
        "Call 988.",
        "<b>911</b>",
        "Text HOME to 741741",
        "(916) 555-0100",
        "916-555-0100",
        "916.555.0100",
        "+1 916 555 0100",
        "9165550100",
        "+19165550100",
        "555-0100",
        "1-800-555-HELP",
    ],
)
def test_number_written_out_is_found(text):
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="tel:{{ person.media_phone|dialable }}">',
        "{% call_link line %}",
        "The 988 Suicide & Crisis Lifeline, and the 988 Lifeline for short",
        "La Línea 988, las llamadas al 911 y el despacho del 911",
        "https://doi.org/10.1176/9165550100 and https://988lifeline.org/chat/",
        '<path d="M988 911L211 555 0100">',
        '<section id="if-you-call-911">',
        "$988, 9,911 people, 2.988 and 988%",
        "2026-11-22, 12-3456789 and 10:30",
    ],
)
def test_what_is_no_number_to_call_is_left_alone(text):
    assert found(text) == []


def test_templates_scripts_and_drawings_write_no_number_out():
    faults = {}
    for path in written_files():
        file = str(path.relative_to(ROOT))
        faults[file] = found(path.read_text(encoding="utf-8"), said=SAID.get(file, ()))

    assert len(faults) > 100
    assert {file: numbers for file, numbers in faults.items() if numbers} == {}


def test_starter_files_write_numbers_in_their_fields_alone():
    faults = {}
    for path in sorted((ROOT / "starter").rglob("*.json")):
        file = str(path.relative_to(ROOT))
        if file == LINES:
            continue
        for field, text in values(records(file)):
            if field in NUMBER_FIELDS:
                continue
            is_name = file == PROGRAMS or (file == GLOSSARY and field in TERM_FIELDS)
            if numbers := found(text, said=SAID.get(file, ()), has_short=not is_name):
                faults.setdefault(file, []).append((field, numbers, text[:80]))
    assert faults == {}


def test_every_sentence_on_the_list_still_stands():
    for file, phrases in SAID.items():
        text = (ROOT / file).read_text(encoding="utf-8")
        assert [phrase for phrase in phrases if phrase not in text] == [], file
