from datetime import UTC, datetime, timedelta

import pytest

from programs import decisions
from programs.models import Correction

NOW = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_decided_proposals_are_forgotten_after_a_year_and_waiting_ones_never():
    for name, decided in (
        ("a year ago", NOW - timedelta(days=365)),
        ("lately", NOW - timedelta(days=364)),
        ("waiting", None),
    ):
        sent = Correction.objects.create(sender_name=name, sender_email="ana@example.org", decided=decided)
        Correction.objects.filter(pk=sent.pk).update(sent=NOW - timedelta(days=800))

    decisions.forget(NOW)

    assert set(Correction.objects.values_list("sender_name", flat=True)) == {"lately", "waiting"}
