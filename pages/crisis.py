"""The crisis numbers that stand first on every page. They come from `crisis_numbers.json`, never from a template."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class CrisisNumber:
    short: str
    """What people say: the digits as spoken and shown."""
    phone: str
    text: str
    """The number that takes text messages; empty where the line takes none."""


@cache
def crisis_numbers():
    data = json.loads((Path(__file__).parent / "crisis_numbers.json").read_text(encoding="utf-8"))
    return tuple(CrisisNumber(**line) for line in data["lines"])
