"""What staff edit of the calendar, the most used first."""

# isort: off
from events.admin.events import EventAdmin
from events.admin.series import SeriesAdmin

__all__ = ["EventAdmin", "SeriesAdmin"]
