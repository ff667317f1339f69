"""The crisis numbers that stand first on every page.

The app that keeps the crisis lines writes them into the identity, which every page reads anyway. On a site without
any, those of `crisis_numbers.json` stand in. No template knows a number.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from pages import phones
from pages.models import Identity


@dataclass(frozen=True)
class CrisisNumber:
    number: str
    """As a telephone dials it."""
    press: str = ""
    """The key to press after the line answers."""
    text_number: str = ""
    """The number that takes text messages; empty where the line takes none."""
    text_keyword: str = ""
    """The word to text to it, where it wants one."""
    is_emergency: bool = False
    """Whether it is for danger to life rather than for talking."""
    since: str = ""
    until: str = ""
    """From when until when it may be shown, as ISO 8601; empty without an end."""

    @property
    def number_shown(self):
        """The number to call as people read it."""
        return phones.shown(self.number)

    def is_shown(self, now):
        """Whether the number may be shown at the moment `now`."""
        return not (
            (self.since and now < datetime.fromisoformat(self.since))
            or (self.until and datetime.fromisoformat(self.until) <= now)
        )


@cache
def last_resort():
    """The numbers of a site that keeps none of its own."""
    data = json.loads((Path(__file__).parent / "crisis_numbers.json").read_text(encoding="utf-8"))
    return tuple(CrisisNumber(**line) for line in data["lines"])


def crisis_numbers(identity, now):
    """The numbers every page shows at the moment `now`, at no query's cost."""
    kept = [CrisisNumber(**line) for line in identity.crisis_numbers]
    return tuple(number for number in kept if number.is_shown(now)) or last_resort()


def first_number(numbers, *, is_emergency):
    """The first of the numbers to talk, or for danger to life; that of last resort where there is none."""
    return next(number for number in (*numbers, *last_resort()) if number.is_emergency == is_emergency)


def keep(numbers):
    """Put these numbers on every page from now on."""
    Identity.objects.update(crisis_numbers=[asdict(number) for number in numbers])
