"""Crisis lines, who checked them and when, the places to go, the library and the glossary."""

from resources.models.library import Resource, ResourceList, Term, TermBox
from resources.models.lines import Check, CrisisLine, LineCounty, LineHours, Place

__all__ = [
    "Check",
    "CrisisLine",
    "LineCounty",
    "LineHours",
    "Place",
    "Resource",
    "ResourceList",
    "Term",
    "TermBox",
]
