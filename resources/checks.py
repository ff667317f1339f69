"""Checks of crisis lines: somebody dials, listens and writes down what happened."""

from resources.models import Check
from resources.models.lines import CHECK_EVERY

RIGHT = (Check.Outcome.RIGHT, Check.Outcome.CHANGED)


def settle(line):
    """Take over from the latest check when the line was found right, and when to dial it again.

    A line that did not answer, or was another's, is due again on the same day; when it was last right stays.
    """
    latest = line.checks.first()
    if latest is None:
        return
    right = line.checks.filter(outcome__in=RIGHT).first()
    line.checked_on = right.made_on if right else None
    line.next_check = latest.made_on + CHECK_EVERY if latest.outcome in RIGHT else latest.made_on
    line.save(update_fields=["checked_on", "next_check"])
