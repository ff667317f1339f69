"""The directory as a table, out of the site and in again.

What `export` writes, `plan` reads back without finding a change. A table read in is first only compared: `plan` says
what would become new, what would change, and which cell of which row cannot be taken. `apply` does what a plan says.
"""

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _

from pages import spreadsheets
from programs import listing
from programs.forms import listing_fields
from programs.models import Program, Source

STAFFS = ("confidence", "caution", "confirmed_on", "confirmed_by", "status")
COLUMNS = ("slug", *listing.PUBLIC, listing.ROLE_EMAIL, *STAFFS, "sources")
"""The headings, in this order. They name fields and are never translated: a table is read on any site."""
NEEDED = ("name", "lead_agency", "kind", "summary")
"""What a new program cannot be without."""
KEPT = ("confidence", "status")
"""An empty cell leaves these as they are; it empties all others."""
MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
SEPARATORS = ",;\t"
YES, NO = "yes", "no"
BAR = " | "
"""Between address, date and title of a source; each source stands on a line of its own."""
BETWEEN = re.compile(r"(?<!\S)\|(?!\S)")
DATE = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")


# Out


def export(programs):
    """These programs as CSV. Ask for `coverage` and `sources` beforehand."""
    return spreadsheets.table(COLUMNS, (_row_of(program) for program in programs))


def _row_of(program):
    said = values(program)
    return [guarded(_cell(name, said[name])) for name in COLUMNS]


def values(program):
    """All that a row of the table says about the program, as plain values."""
    said = listing.values(program, [name for name in COLUMNS if name != "sources"])
    said["sources"] = [
        [source.url, source.date, listing.tidy("title", source.title)] for source in program.sources.all()
    ]
    return said


def _cell(name, value):
    if isinstance(value, bool):
        return YES if value else NO
    if name in ("counties", "phone"):
        return listing.words(name, value)
    if name == "sources":
        return "\n".join(BAR.join(source) for source in value)
    return "" if value is None else str(value)


def guarded(text):
    """The text, with one more apostrophe where it begins with some and then as a formula does.

    The table puts an apostrophe before a formula. So each cell can be told from one that had an apostrophe of its own.
    """
    return f"'{text}" if text.startswith("'") and _is_formula(text.lstrip("'")) else text


def unguarded(text):
    return text[1:] if text.startswith("'") and _is_formula(text.lstrip("'")) else text


def _is_formula(text):
    return text.startswith(spreadsheets.STARTS_FORMULA)


# In


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken. `row` counts as a spreadsheet does: the headings are row 1."""

    row: int
    column: str
    cell: str
    sentence: str


@dataclass
class Change:
    """What a row would do: `program` is None for a new one; `values` holds only what changes."""

    row: int
    program: Program | None
    values: dict
    before: dict

    @property
    def name(self):
        return str(self.program or self.values["name"])

    @property
    def lines(self):
        """(label, before, after) of each field in words."""
        return [
            (label(name), words(name, self.before.get(name)), words(name, new)) for name, new in self.values.items()
        ]


@dataclass
class Plan:
    """What a table would do. With any fault it does nothing."""

    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: int = 0
    faults: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.new or self.changed or self.faults)

    @property
    def digest(self):
        """Two plans with the same digest do the same."""
        said = [
            [change.program and change.program.pk, change.values, change.before] for change in self.new + self.changed
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def label(name):
    return _("Sources") if name == "sources" else listing.label(name)


def words(name, value):
    return _cell(name, value or []) if name == "sources" else listing.words(name, value)


def read(content):
    """(headings, rows) of a CSV file given as bytes. Raises `ValidationError` in words for whoever chose the file."""
    if content.startswith(b"PK"):
        raise ValidationError(
            _("This is a workbook. Save it as “CSV UTF-8 (comma delimited)” in your spreadsheet, and send that file.")
        )
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Send it in parts."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("The file is not in UTF-8, so some letters cannot be read. Save it as “CSV UTF-8” and send it again.")
        ) from None
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise ValidationError(_("The file is no table that can be read: %s.") % error) from None
    if not rows or not any(rows[0]):
        raise ValidationError(_("The file is empty. Its first row must name the columns."))
    if len(rows) > MOST_ROWS + 1:
        raise ValidationError(_("The file has more than 10,000 rows. Send it in parts."))
    headings = [heading.strip().lower() for heading in rows[0]]
    while headings and not headings[-1]:
        headings.pop()
    _check(headings)
    return headings, rows[1:]


def _check(headings):
    unknown = [heading for heading in headings if heading not in COLUMNS]
    if unknown:
        near = get_close_matches(unknown[0], COLUMNS, n=1)
        hint = _("Did you mean “%s”?") % near[0] if near else _("The columns are: %s.") % ", ".join(COLUMNS)
        raise ValidationError(
            _("The column “%(heading)s” is unknown. %(hint)s") % {"heading": unknown[0][:60], "hint": hint}
        )
    twice = [heading for heading in headings if headings.count(heading) > 1]
    if twice:
        raise ValidationError(_("The column “%s” is there twice.") % twice[0])
    if "slug" not in headings and "name" not in headings:
        raise ValidationError(
            _("The table needs a column “slug” or “name”, or nobody knows which program a row means.")
        )


def plan(content):
    """What this CSV file would do; nothing is stored. Raises `ValidationError` where it is no such table."""
    headings, rows = read(content)
    return _Planner(headings).plan(rows)


class YesNoField(forms.Field):
    """“yes”, “no”, or nothing where it is not known."""

    known = {"": None, YES: True, "y": True, "true": True, "1": True, NO: False, "n": False, "false": False, "0": False}

    def clean(self, value):
        word = value.strip().lower()
        if word not in self.known:
            raise ValidationError(_("Write “yes” or “no”, or leave it empty."))
        return self.known[word]


class WordField(forms.Field):
    """One of the choices of a field: its code, or what people read instead."""

    def __init__(self, choices, *, required):
        super().__init__(required=required)
        self.codes = {str(code).casefold(): code for code, _label in choices}
        self.codes |= {str(words).casefold(): code for code, words in choices}
        self.listed = ", ".join(str(code) for code, _label in choices if code)

    def clean(self, value):
        word = super().clean(value.strip()).casefold()
        if not word and not self.required:
            return ""
        if word not in self.codes:
            raise ValidationError(_("Write one of: %s.") % self.listed)
        return self.codes[word]


class SourcesField(forms.Field):
    """Lines of address, date and title, with bars between them."""

    def clean(self, value):
        return [self._source(line) for line in value.splitlines() if line.strip()]

    def _source(self, line):
        parts = [part.strip() for part in BETWEEN.split(line, maxsplit=2)]
        if len(parts) < 3 or not parts[2] or not DATE.fullmatch(parts[1]):
            raise ValidationError(
                _("Write each source on a line of its own, as: address | date | title. The date may be empty.")
            )
        source = Source(url=parts[0], date=parts[1], title=parts[2])
        try:
            source.clean_fields(exclude=["program"])
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return parts


def cell_fields():
    """A form field for each column; it cleans the text of a cell."""
    made = {**fields_for_model(Program, fields=["slug", listing.ROLE_EMAIL, *STAFFS]), **listing_fields(listing.PUBLIC)}
    made["slug"].required = False
    for name, made_field in made.items():
        choices = Program._meta.get_field(name).choices if name != "counties" else None
        if choices:
            made[name] = WordField(choices, required=made_field.required)
        elif isinstance(made_field, forms.NullBooleanField):
            made[name] = YesNoField(required=False)
    return {**made, "sources": SourcesField(required=False)}


class _Planner:
    """Goes through the rows of a table once, with the whole directory at hand."""

    def __init__(self, headings):
        self.headings = headings
        self.fields = {name: made for name, made in cell_fields().items() if name in headings}
        programs = list(Program.objects.prefetch_related("coverage", "sources"))
        self.stored = {program.slug: program for program in programs}
        self.by_name = {program.name.casefold(): program for program in programs}
        self.taken = set(self.stored)
        """No new program gets one of these as its slug."""
        self.seen, self.new_names = {}, {}
        """In which row a slug, or the name of a new program, was met."""

    def plan(self, rows):
        made = Plan()
        if "slug" in self.headings:
            place = self.headings.index("slug")
            self.taken.update(cells[place].strip() for cells in rows if len(cells) > place)
        for number, cells in enumerate(rows, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            row = _Row(number, self.headings, cells)
            self._read(row)
            if row.is_sound("slug"):
                self._find(row)
                self._check(row)
            if row.faults:
                made.faults += row.faults
            elif change := self._change(row):
                (made.changed if change.program else made.new).append(change)
            else:
                made.unchanged += 1
        return made

    def _read(self, row):
        """Clean each cell by itself."""
        if len(row.cells) != len(self.headings):
            row.fault(
                "", _("This row does not have as many cells as there are headings. Is a comma outside of quotes?")
            )
        for name, cell in zip(self.headings, row.cells, strict=False):
            if name in KEPT and not cell.strip():
                continue
            try:
                value = self.fields[name].clean(unguarded(cell))
            except ValidationError as error:
                row.fault(name, *error.messages)
            else:
                row.said[name] = value if name == "sources" else listing.plain(name, value)

    def _find(self, row):
        """The stored program the row means; none for a new one."""
        slug, name = row.said.get("slug", ""), row.said.get("name", "").casefold()
        if slug:
            if slug in self.seen:
                row.fault("slug", _("The same program stands in row %d already.") % self.seen[slug])
            self.seen.setdefault(slug, row.number)
            row.program = self.stored.get(slug)
        elif name in self.by_name:
            same = self.by_name[name].slug
            row.fault("name", _("A program of this name is here already. To change it, write “%s” as its slug.") % same)
        elif name in self.new_names:
            row.fault("name", _("A new program of this name stands in row %d already.") % self.new_names[name])
        elif name:
            self.new_names[name] = row.number

    def _check(self, row):
        """The rules of the model, on the row as it would be stored."""
        if row.program is None:
            for name in NEEDED:
                if name not in self.headings:
                    row.fault(name, _("A new program needs this column."))
        own = {name: value for name, value in row.said.items() if name != "sources" and (name, value) != ("slug", "")}
        for name, sentences in listing.faults(own).items():
            row.fault(name, *sentences)
        both = {name: row.said.get(name, getattr(row.program, name, "")) for name in ("confirmed_on", "confirmed_by")}
        try:
            Program(**both).clean()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                row.fault(name, *sentences)

    def _change(self, row):
        """What a row without faults would do, or nothing."""
        if row.program is None:
            slug = row.said.get("slug") or listing.free_slug(row.said["name"], self.taken)
            self.taken.add(slug)
            return Change(row.number, None, {**row.said, "slug": slug}, {})
        stored = values(row.program)
        changed = {name: value for name, value in row.said.items() if value != stored[name]}
        before = {name: stored[name] for name in changed}
        return Change(row.number, row.program, changed, before) if changed else None


class _Row:
    """A row while it is read: what it says, which program it means, what is wrong with it."""

    def __init__(self, number, headings, cells):
        self.number = number
        self.headings = headings
        # A spreadsheet may write empty cells to the right of a table.
        self.cells = cells[: len(headings)] + [cell for cell in cells[len(headings) :] if cell.strip()]
        self.said = {}
        self.program = None
        self.faults = []

    def fault(self, column, *sentences):
        place = self.headings.index(column) if column in self.headings else len(self.cells)
        cell = self.cells[place] if place < len(self.cells) else ""
        self.faults.append(Fault(self.number, column, cell[:80], " ".join(sentences)))

    def is_sound(self, column):
        return all(fault.column != column for fault in self.faults)


@transaction.atomic
def apply(plan_):
    """Store what a plan without faults says; returns (new programs, changed programs)."""
    new = [_store(Program(), change.values) for change in plan_.new]
    changed = [_store(change.program, change.values) for change in plan_.changed]
    return new, changed


def _store(program, said):
    own = {name: value for name, value in said.items() if name not in ("counties", "sources")}
    listing.put(program, own)
    program.save(update_fields=[*own, "updated"] if program.pk else None)
    if "counties" in said:
        listing.cover(program, said["counties"])
    if "sources" in said:
        program.sources.all().delete()
        Source.objects.bulk_create(
            Source(program=program, url=url, date=date, title=title, position=place)
            for place, (url, date, title) in enumerate(said["sources"], start=1)
        )
    return program
