"""What a program's page says of it: facts in words, what nobody told us, and how far to trust the listing."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from programs import listing
from programs.models import Program

IN_CARD = ("cities", "since", "operation", "hours_of_service", "training_hours", "training_for")
YES_OR_NO = ("serves_youth", "works_in_jail", "works_with_dispatch", "is_co_response", "is_day_and_night")


@dataclass(frozen=True)
class Fact:
    label: str
    words: str
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """How fresh a listing is."""

    state: str
    """`fresh`, `old`: confirmed more than a year ago, or `new`: never confirmed."""
    words: str


def standing(program, today):
    """How fresh the listing is on the day `today`, in a sentence."""
    if program.confirmed_on is None:
        return Standing("new", _("Not yet confirmed by the program. It rests on the sources named here."))
    words = {"day": date_format(program.confirmed_on), "who": _who(program)}
    if program.is_fresh(today):
        return Standing("fresh", _("Confirmed on %(day)s by %(who)s.") % words)
    return Standing("old", _("Last confirmed on %(day)s by %(who)s, more than a year ago. Check first.") % words)


def short_standing(program, today):
    """The same for a row of a list; no words where nobody confirmed anything yet."""
    if program.confirmed_on is None:
        return Standing("new", "")
    words = {"day": date_format(program.confirmed_on, "YEAR_MONTH_FORMAT")}
    if program.is_fresh(today):
        return Standing("fresh", _("Confirmed in %(day)s") % words)
    return Standing("old", _("Last confirmed in %(day)s, more than a year ago") % words)


def _who(program):
    return {
        Program.ConfirmedBy.PROGRAM: _("the program itself"),
        Program.ConfirmedBy.STAFF: _("our staff"),
    }[program.confirmed_by]


def source_date(text):
    """The date of a source as people write it: `2018`, `November 2018`, `Nov. 5, 2018`; other text as it is."""
    try:
        if len(text) == len("2018-11"):
            return date_format(date.fromisoformat(f"{text}-01"), "YEAR_MONTH_FORMAT")
        return date_format(date.fromisoformat(text)) if len(text) > len("2018") else text
    except ValueError:
        return text


class Sheet:
    """A program on the day `today`, as its page shows it. Ask for `coverage` and `sources` beforehand."""

    def __init__(self, program, today):
        self.program = program
        self.standing = standing(program, today)

    @cached_property
    def facts(self):
        """What is known beside the counties, in the order in which it is read."""
        return [fact for fact in map(self._fact, IN_CARD) if fact.words]

    def _fact(self, name):
        value = getattr(self.program, name)
        note = self.program.operation_note if name == "operation" else ""
        words = str(self.program.get_operation_display()) if name == "operation" and value else ""
        if name == "training_hours" and value is not None:
            words = _("%(hours)s hours") % {"hours": listing.plain(name, value)}
        return Fact(listing.label(name), words or note or str(value or ""), note if words else "")

    @cached_property
    def answers(self):
        """What is known to be so, or known not to be so."""
        known = [(name, getattr(self.program, name)) for name in YES_OR_NO]
        return [Fact(listing.label(name), listing.words(name, value)) for name, value in known if value is not None]

    @cached_property
    def unknown(self):
        """What nobody told us, in words that follow “Not known to us:”."""
        return [listing.label(name).lower() for name in YES_OR_NO if getattr(self.program, name) is None]

    @property
    def can_be_reached(self):
        return bool(self.program.how_to_reach or self.program.phone or self.program.website)
