"""Local times and moments: what an editor writes is a wall clock's time in the event's zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def moment(day, clock, zone):
    """The moment at which clocks in `zone` show `clock` on `day`, in UTC.

    Where clocks are set back, the hour that comes twice means its first pass. Raises ValueError for an hour that the
    clocks skip.
    """
    local = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{clock} does not exist in {zone} on {day}")
    return local.astimezone(UTC)


def checked_moment(day, clock, zone, field):
    """The same for a form: the error names the field and says what to do."""
    try:
        return moment(day, clock, zone)
    except ValueError:
        raise ValidationError(
            {field: _("Clocks jump over this time on that day, when daylight time begins. Choose one an hour later.")}
        ) from None


def midnight(day, zone):
    """The first moment of a day in a zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def next_day(day):
    return day + timedelta(days=1)
