"""What staff make of a proposal: each field is taken over or not, and the sender may be told."""

import difflib
import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from pages import outbox
from pages.models import Identity
from programs import listing
from programs.models import Correction, Program

KEPT = timedelta(days=365)
"""How long a proposal stays to be looked up after it was decided, with who sent it."""
WORDS_AND_GAPS = re.compile(r"\s+|\w+|[^\w\s]")


class DecidedAlreadyError(Exception):
    """Somebody else decided in the meantime."""


@dataclass(frozen=True)
class Row:
    """One proposed field, in words: what the sender saw, what the listing says now, what it shall say."""

    name: str
    label: str
    before: str
    now: str
    proposed: str
    is_accepted: bool

    @property
    def is_changed_since(self):
        """Whether the listing changed after the sender saw it. Nobody but staff ever sees the role address."""
        return self.name != listing.ROLE_EMAIL and self.now != self.before

    @property
    def is_so_already(self):
        return self.now == self.proposed

    @property
    def new_words(self):
        """The proposed text, with what is new in it marked."""
        return _marked(self.now, self.proposed, "ins")

    @property
    def old_words(self):
        """The present text, with what would go marked."""
        return _marked(self.proposed, self.now, "del")


def compare(correction):
    """A `Row` of each proposed field, in the order of a listing.

    Of the role address only `now` says what it is: mails to the sender, who must not learn it, show `before`.
    """
    names = [*listing.PUBLIC, listing.ROLE_EMAIL]
    names = [name for name in names if name in correction.proposed]
    program = correction.program
    now = listing.values(program, names) if program else {}
    return [
        Row(
            name,
            listing.label(name),
            listing.words(name, correction.before.get(name)),
            listing.words(name, now.get(name)),
            listing.words(name, correction.proposed[name]),
            name in correction.accepted,
        )
        for name in names
    ]


def _marked(other, text, tag):
    """The text as safe HTML; in one of several words, those that `other` does not have stand in an element."""
    old, new = WORDS_AND_GAPS.findall(other), WORDS_AND_GAPS.findall(text)
    if len(old) < 2 or len(new) < 2:
        return format_html("{}", text)
    parts = []
    for kind, _from, _to, begin, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        words = "".join(new[begin:end])
        if words:
            parts.append(format_html("{}" if kind == "equal" else f"<{tag}>{{}}</{tag}>", words))
    return mark_safe("".join(parts))  # noqa: S308  each part is escaped above


@transaction.atomic
def accept(correction, names, *, by, now, is_confirmation=False):
    """Take over these fields and return the program; a new listing becomes a draft.

    With `is_confirmation` the program counts as confirmed by itself on that day. Raises `ValidationError` with the
    faults by field, where the listing could not be stored so; then nothing is changed.
    """
    correction = _undecided(correction)
    given = {name: correction.proposed[name] for name in names}
    program = correction.program or Program(
        slug=listing.free_slug(str(given.get("name", "")), set(Program.objects.values_list("slug", flat=True)))
    )
    listing.put(program, given)
    if is_confirmation:
        program.confirmed_on = timezone.localdate(now)
        program.confirmed_by = Program.ConfirmedBy.PROGRAM
    program.full_clean()
    program.save()
    if "counties" in given:
        listing.cover(program, given["counties"])
    correction.program = program
    _decide(correction, Correction.State.DONE, by, now, names)
    return program


@transaction.atomic
def decline(correction, *, by, now):
    _decide(_undecided(correction), Correction.State.DECLINED, by, now, [])


def _undecided(correction):
    """The stored row, held until the end of the transaction."""
    held = Correction.objects.select_for_update(of=("self",)).select_related("program").get(pk=correction.pk)
    if held.state != Correction.State.NEW:
        raise DecidedAlreadyError
    return held


def _decide(correction, state, by, now, names):
    correction.state = state
    correction.accepted = list(names)
    correction.decided = now
    correction.decided_by = by
    correction.save()


def tell(correction, words):
    """Write to the sender what became of the proposal, with these words of staff."""
    rows = compare(correction)
    context = {
        "correction": correction,
        "accepted": [row for row in rows if row.is_accepted],
        "left": [row for row in rows if not row.is_accepted],
        "words": words,
        "listing_address": _address_of(correction.program),
    }
    return outbox.write("program_decision", correction.sender_email, context, reply_to=Identity.load().email)


def _address_of(program):
    """Where everybody can read the listing, or "" while nobody can."""
    return settings.SITE_URL + program.get_absolute_url() if program and program.is_published() else ""


def faults_by_field(error):
    """(faults by name of the field, faults of the whole) of a `ValidationError` of `accept`."""
    faults = error.message_dict
    return faults, faults.pop(NON_FIELD_ERRORS, [])


def forget(now):
    """Delete the proposals that were decided more than a year ago. Those that wait are not forgotten."""
    Correction.objects.filter(decided__lte=now - KEPT).delete()
