"""Checks of crisis lines: somebody dials, listens and writes down what happened, on the page made for it or in the
line's form. Both keep to the rules here."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from programs import counties
from resources.models import Check, CrisisLine
from resources.models.lines import CHECK_EVERY


def may_check(user):
    """Whether somebody of the staff may record checks: they change what is said of a line."""
    return user.has_perms(["resources.change_crisisline", "resources.add_check"])


# What was heard


def outcomes(line):
    """`(outcome, words)` of what may come of checking this line. A number for emergencies is never dialled to test it:
    others are asked about it, and where nobody knows, nothing was checked."""
    if line is None or not line.is_emergency:
        return Check.Outcome.choices
    return [
        (Check.Outcome.RIGHT, _("It was confirmed: all we say is right")),
        (Check.Outcome.CHANGED, _("It was confirmed, and I corrected what we say")),
        (Check.Outcome.WRONG, _("Something we say is wrong, and I could not correct it")),
    ]


@transaction.atomic
def record(check):
    """Store a check and what it says of its line. Of two people who check one line, the second waits here."""
    line = CrisisLine.objects.select_for_update().get(pk=check.line_id)
    check.save()
    settle(line)


def settle(line):
    """Take over from the latest check whether the line was found right, and when to dial it again.

    A line that did not answer, or was another's, is due again on the same day; when it was last right stays.
    """
    latest = line.checks.first()
    if latest is None:
        return
    right = line.checks.filter(outcome__in=Check.FOUND_RIGHT).first()
    line.checked_on = right.made_on if right else None
    line.failed_on = latest.made_on if latest.has_failed else None
    line.next_check = latest.made_on if latest.has_failed else latest.made_on + CHECK_EVERY
    line.save(update_fields=["checked_on", "failed_on", "next_check"])


# What to dial next


def due_lines(identity, today, reason=""):
    """Published lines that somebody should check, in the order in which they matter; those with this reason alone.

    First those that stand on every page, then those nobody ever dialled, then those that waited longest; among these
    the lines of the association's own counties come first and those of other counties last.
    """
    lines = CrisisLine.objects.published().due(today).with_reason().prefetch_related("line_counties")
    own = {county.slug for county in counties.named(identity.county_names)}
    found = [line for line in lines if reason in ("", line.reason)]
    return sorted(
        found,
        key=lambda line: (
            not line.is_in_bar,
            line.reason != CrisisLine.Reason.NEVER,
            distance(line, own),
            line.next_check or date.min,
            line.position,
            line.name,
        ),
    )


def untried(lines, today):
    """Those of the lines whose check has not failed today already: nobody dials them again at once."""
    return [line for line in lines if line.failed_on != today]


def distance(line, own):
    """0 for a line of one of our `own` counties, 1 for lines for everybody, 2 for those of other counties."""
    if line.scope != CrisisLine.Scope.COUNTIES or not own:
        return 1
    return 0 if own & {served.county for served in line.line_counties.all()} else 2


def following(line, lines):
    """The one of these lines to check after this one, or None. Those that were passed over come again at the end."""
    places = {other.pk: place for place, other in enumerate(lines)}
    place = places.get(line.pk, len(lines))
    after = [*lines[place + 1 :], *lines[:place]]
    return after[0] if after else None
