from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages.models import Identity
from pages.time_zones import validate_time_zone, zone_of
from tests.factories import make_identity


def test_zone_is_that_of_the_identity():
    assert zone_of(Identity(time_zone="America/New_York")).key == "America/New_York"
    assert zone_of(Identity()).key == "America/Los_Angeles"


@pytest.mark.parametrize(("month", "name"), [(7, "PDT"), (12, "PST")])
def test_zone_has_the_name_in_force_on_the_date(month, name):
    assert datetime(2026, month, 1, 20, tzinfo=UTC).astimezone(zone_of(Identity())).tzname() == name


@pytest.mark.parametrize("value", ["America/Los_Angeles", "America/New_York", "UTC"])
def test_known_zone_is_taken(value):
    validate_time_zone(value)


@pytest.mark.parametrize("value", ["", "PST8", "America/Nowhere", "../../etc/passwd", "america/los_angeles"])
def test_unknown_zone_is_refused(value):
    with pytest.raises(ValidationError, match="is no time zone"):
        validate_time_zone(value)


@pytest.mark.django_db
def test_pages_show_times_of_the_identity(client):
    make_identity(time_zone="America/New_York")
    with timezone.override("UTC"):
        client.get("/no-such-page/")
        assert timezone.get_current_timezone_name() == "America/New_York"
