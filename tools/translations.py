"""Collect what Spanish pages say, keep its translations in `locale/es`, and compile them for Django.

    python -m tools.translations    # after a change of words: new ones wait in the .po file to be translated

What is collected: the frame of every page, and the rooms whose views speak Spanish. Other pages answer in English.
"""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
TEMPLATES = ("base.html", "error.html", "partials/*.html", "help/*.html", "library/*.html")
CODE = (
    "cacita/errors.py",
    "pages/crisis.py",
    "pages/filters.py",
    "pages/templatetags/*.py",
    "programs/facts.py",
    "resources/*.py",
    "resources/templatetags/*.py",
)
CHOICES = ("resources/models/*.py",)
"""Of models only the labels of choices are shown to visitors; the names of fields are for staff, in English."""
CHOICE = re.compile(r"\s+[A-Z_0-9]+ = .+, gettext_lazy\(")
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}


def messages():
    """`{(message or (message, plural), context): [places]}` of all that Spanish pages may say."""
    found = {}
    for patterns, read in ((TEMPLATES, _template), (CODE, _code), (CHOICES, _choices)):
        for path in _files(patterns, "templates" if read is _template else ""):
            name = str(path.relative_to(ROOT))
            for _line, function, words, _comments in extract_python(io.BytesIO(read(path)), KEYWORDS, [], {}):
                context, message = _parts(function, words)
                if message:
                    found.setdefault((message, context), set()).add(name)
    return {key: sorted(places) for key, places in found.items()}


def _files(patterns, folder):
    return [path for pattern in patterns for path in sorted((ROOT / folder).glob(pattern))]


def _template(path):
    """The template as the tokens a reader of Python takes, without what would be a wrong indentation there."""
    return re.sub(r"(?m)^[ \t]+", "", templatize(path.read_text(encoding="utf-8"), origin=str(path))).encode()


def _code(path):
    return path.read_bytes()


def _choices(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(f"x = ({line.partition('=')[2]})" for line in lines if CHOICE.match(line)).encode()


def _parts(function, words):
    """(context, message) of what the extractor found; the message of one and many is a pair."""
    words = words if isinstance(words, tuple) else (words,)
    context, words = (words[0], words[1:]) if function.startswith(("pgettext", "npgettext")) else (None, words)
    words = tuple(word for word in words if isinstance(word, str))
    return context, words[:2] if "ngettext" in function or "npgettext" in function else words[0] if words else ""


def read():
    """The translations there are."""
    with PO.open("rb") as file:
        return read_po(file, locale="es")


def untranslated(catalog):
    """What Spanish pages say and the catalog does not, as it stands in the code."""
    missing = []
    for message, context in messages():
        entry = catalog.get(message, context=context)
        strings = entry.string if entry and isinstance(entry.string, tuple) else (entry and entry.string,)
        if entry is None or entry.fuzzy or not all(strings):
            missing.append(message)
    return missing


def update():
    """Write the catalog anew: what is no longer said goes, what is new waits for its words. Returns what waits."""
    known = read() if PO.exists() else Catalog(locale="es")
    fixed = datetime(2026, 11, 28, tzinfo=UTC)  # a date that changes with every run would hide what else did
    catalog = Catalog(
        locale="es",
        project="CIT association site",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=fixed,
        revision_date=fixed,
        fuzzy=False,
    )
    catalog.header_comment = "# Spanish of the pages that speak it. Collected and compiled by `make translations`."
    for (message, context), places in sorted(messages().items(), key=lambda item: (item[1], str(item[0]))):
        before = known.get(message, context=context)
        catalog.add(
            message,
            before.string if before else "",
            locations=[(place, None) for place in places],
            flags=before.flags if before else (),
            context=context,
        )
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalog)
    return untranslated(catalog)


if __name__ == "__main__":
    for words in update():
        print(f"Without Spanish: {words}")
