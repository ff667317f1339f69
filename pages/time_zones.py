"""Which time zones there are, and which one a page shows."""

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def validate_time_zone(value):
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is no time zone. Write one like America/Los_Angeles."), params={"value": value}
        )


def zone_of(identity):
    return ZoneInfo(identity.time_zone)
