import pytest
from django.urls import reverse
from django.utils import timezone

from contact.donor_links import my_gifts_path, stop_path
from programs import confirmations
from tests.factories import make_donation, make_giving, make_identity, make_payment, make_program

pytestmark = pytest.mark.django_db


def addresses():
    """One of each kind that its address alone opens."""
    donation = make_donation(frequency="monthly", state="active")
    payment = make_payment(donation)
    mine = my_gifts_path(donation)
    program = make_program(role_email="desk@example.org")
    confirmations.ask(program, timezone.now())
    return [
        mine,
        f"{mine}receipts/{payment.receipt}/",
        f"{mine}years/{payment.received_on.year}/",
        f"{mine}gifts/{donation.reference}/",
        stop_path(donation),
        reverse("donate:thanks", args=[donation.reference]),
        confirmations.addresses(program)["confirm"],
    ]


def test_secret_address_is_told_to_nobody(client):
    make_identity(analytics_service="plausible", analytics_site="example.org")
    make_giving()
    for address in addresses():
        response = client.get(address)
        assert response.status_code == 200, address
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"
        assert "no-store" in response["Cache-Control"]
        assert "plausible" not in response["Content-Security-Policy"]
        assert b"plausible" not in response.content
        assert not response.cookies


def test_secret_address_that_opens_nothing_is_told_to_nobody_either(client):
    make_identity(analytics_service="plausible", analytics_site="example.org")
    response = client.get(reverse("donate:stop", args=["D-222222:forged"]))
    assert response.status_code == 404
    assert "plausible" not in response["Content-Security-Policy"]
    assert b"plausible" not in response.content
