"""The family card: what a relative writes down for dispatch and for clinicians, on the device and on paper alone.

Its fields have no names and its form no target, so there is nothing a browser could send; see the page's view.
"""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from pages.css import tight

CSS = tight((Path(__file__).parent / "family_card.css").read_text(encoding="utf-8"))
"""A sheet of its own, so that no other help page carries it."""
STATUTE = "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=WIC&sectionNum={}"
SOURCES = (
    (_("Welfare and Institutions Code 5150.05: history before a hold"), STATUTE.format("5150.05")),
    (_("Welfare and Institutions Code 5008.2: history in court"), STATUTE.format("5008.2")),
    (_("NAMI Santa Clara County: the AB 1424 form"), "https://namisantaclara.org/resources-2/ab1424form/"),
)
"""`(what it is, address)`: where the rule is read that the page tells."""


@dataclass(frozen=True)
class Field:
    key: str
    label: str
    hint: str = ""
    lines: int = 1
    """Lines to write on; a field of one line takes no more."""
    is_half: bool = False
    """Whether it shares its row with a neighbor where there is room."""


@dataclass(frozen=True)
class Part:
    key: str
    title: str
    note: str
    """Who uses it, and how."""
    fields: tuple


PARTS = (
    Part(
        "dispatch",
        _("What the dispatcher asks first"),
        _("When you call for help, read this part out from the top."),
        (
            Field("name", _("Name"), is_half=True),
            Field("age", _("Age or birth date"), is_half=True),
            Field("where", _("Where to come"), _("Address, room, cross street."), lines=2, is_half=True),
            Field("looks", _("Looks"), _("Height, hair, clothes."), lines=2, is_half=True),
            Field("now", _("What is happening"), _("What the person says and does, and since when."), lines=2),
            Field("danger", _("Danger and weapons"), _("Is anyone hurt? Which weapon, and where? Or: none."), lines=2),
            Field("calm", _("What calms"), _("Words, people, music, a pet, more room."), lines=2, is_half=True),
            Field("worse", _("What makes it worse"), _("Touch, noise, a crowd, a subject."), lines=2, is_half=True),
        ),
    ),
    Part(
        "care",
        _("What doctors and nurses use"),
        _("Give the printed card to the team that comes, or to the hospital."),
        (
            Field("diagnosis", _("Diagnosis"), _("What it is called, and since when."), lines=2, is_half=True),
            Field(
                "treats", _("Who treats the person"), _("Doctor, clinic, case worker, phone."), lines=2, is_half=True
            ),
            Field("medicine", _("Medicine"), _("Name and dose. Is it taken? What did not work?"), lines=2),
            Field("holds", _("Past holds and hospital stays"), _("When, where, and what helped."), lines=2),
            Field("attempts", _("Past suicide attempts"), _("When and how. Or: none."), lines=2, is_half=True),
            Field("health", _("Allergies and illness"), _("Drugs and alcohol too."), lines=2, is_half=True),
            Field("talk", _("How to talk"), _("Language, signing, hearing, autism."), lines=2, is_half=True),
            Field("home", _("Who else is at home"), _("Children, older people, pets."), lines=2, is_half=True),
            Field("you", _("Your name, and who you are to the person")),
            Field("phone", _("Your phone"), is_half=True),
            Field("day", _("Filled in on"), is_half=True),
        ),
    ),
)
