"""What a listing says, field by field: as plain values that JSON can hold, as words for people, and back again.

Corrections, mails and tables all speak of a listing's fields by the names given here. `counties` is one of them,
though it is stored in rows of its own.
"""

from dataclasses import dataclass
from itertools import count

from django.core.exceptions import ValidationError
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from pages import phones
from programs.counties import BY_SLUG
from programs.models import RESERVED_SLUGS, Program

PUBLIC = (
    "name",
    "lead_agency",
    "kind",
    "counties",
    "cities",
    "summary",
    "since",
    "operation",
    "operation_note",
    "how_to_reach",
    "phone",
    "website",
    "serves_youth",
    "works_in_jail",
    "works_with_dispatch",
    "is_co_response",
    "is_day_and_night",
    "hours_of_service",
    "training_hours",
    "training_for",
)
"""What everybody may read, in the order in which it is read."""
ROLE_EMAIL = "role_email"
"""What partners may tell us too, though it is never shown."""
OF_LINES = {"summary", "caution"}
"""Texts that may have several lines."""


def values(program, names=PUBLIC):
    """What the listing says in these fields, as plain values."""
    return {name: _value(program, name) for name in names}


def _value(program, name):
    if name == "counties":
        return sorted(row.county for row in program.coverage.all())
    return plain(name, getattr(program, name))


def plain(name, value):
    """A value of this field as JSON can hold it, and always the same way: two that mean the same are equal."""
    if name == "counties":
        return sorted(value)
    if value is None or isinstance(value, bool):
        return value
    if name == "training_hours":
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return tidy(name, str(value))


def tidy(name, text):
    """The text with one kind of line break; in a field of one line, with none."""
    if name in OF_LINES:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return " ".join(text.split())


def is_empty(value):
    return value is None or value in ("", [])


def label(name):
    return _("Counties") if name == "counties" else capfirst(str(Program._meta.get_field(name).verbose_name))


def words(name, value):
    """A plain value as people read it; empty where nothing is known."""
    if is_empty(value):
        return ""
    if name == "counties":
        return ", ".join(BY_SLUG[slug].name if slug in BY_SLUG else slug for slug in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "phone":
        return _number(value)
    choices = Program._meta.get_field(name).choices
    return str(dict(choices).get(value, value)) if choices else str(value)


def _number(value):
    """A telephone number as people read it; what is none, as it is."""
    try:
        return phones.shown(phones.dialled(value))
    except ValidationError:
        return value


@dataclass(frozen=True)
class Line:
    """One field of a listing in words."""

    label: str
    words: str


def lines(program):
    """All the listing says to everybody, without what it is silent about."""
    return [Line(label(name), words(name, value)) for name, value in values(program).items() if not is_empty(value)]


def put(program, given):
    """Set these plain values on a program, which is not saved. Its counties are no part of it: see `cover`."""
    for name, value in given.items():
        if name != "counties":
            setattr(program, name, value)


def faults(given):
    """What the model has to say against these values, by name of the field."""
    program = Program()
    put(program, given)
    try:
        program.clean_fields(exclude=[field.name for field in Program._meta.fields if field.name not in given])
    except ValidationError as error:
        return error.message_dict
    return {}


def cover(program, slugs):
    """Make the stored program cover exactly these counties."""
    program.coverage.exclude(county__in=slugs).delete()
    known = set(program.coverage.values_list("county", flat=True))
    for slug in sorted(set(slugs) - known):
        program.coverage.create(county=slug)


def free_slug(name, taken):
    """A last part of an address made of the name, beside those of the set `taken`."""
    room = Program._meta.get_field("slug").max_length - len("-999")
    base = slugify(name)[:room].strip("-") or "program"
    candidates = (f"{base}-{number}" if number > 1 else base for number in count(1))
    return next(slug for slug in candidates if slug not in taken and slug not in RESERVED_SLUGS)
