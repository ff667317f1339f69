"""Crisis lines, who checked them and when, and the places to go."""

from resources.models.lines import Check, CrisisLine, LineCounty, LineHours, Place

__all__ = ["Check", "CrisisLine", "LineCounty", "LineHours", "Place"]
