"""The stand-in of the card provider for tests: fixtures that put the site on it, and words for what it tells."""

from datetime import UTC, datetime

import pytest
import stripe
from django.test import Client

from contact import payments
from contact.models import Donation, Giving
from tests.factories import make_identity
from tools.stripe_standin import StandIn, serving

KEY = "sk_test_for_tests_alone"
SECRET = "whsec_for_tests_alone"
MADE = datetime(2027, 6, 1, 19, tzinfo=UTC)
THANKS, PAY = "http://127.0.0.1:8000/thanks", "http://127.0.0.1:8000/pay"


@pytest.fixture
def standin(settings, monkeypatch):
    """The provider on loopback, and the settings that lead there. It answers at once and is asked again at once."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    with serving(StandIn(KEY, SECRET, clock=MADE.timestamp)) as standin:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, SECRET
        settings.STRIPE_API_BASE = standin.url
        yield standin
    payments.made_client.cache_clear()


@pytest.fixture
def giving(db):
    """An association that takes gifts."""
    make_identity(ein="12-3456789", address="1 Test Street\nTestville, CA 90000", email="office@example.org")
    return Giving.objects.create(is_open=True, legal_name="Test Association, Inc.", is_deductible=True)


def make_card_gift(**values):
    values = {
        "amount_cents": 2_500,
        "email": "donor@example.org",
        "made": MADE,
        "name": "Test Donor",
        "route": Donation.Route.CARD,
        **values,
    }
    return Donation.objects.create(**values)


def make_monthly_gift(**values):
    return make_card_gift(**{"frequency": Donation.Frequency.MONTHLY, **values})


def begin(donation):
    """Send the donor to the pay page, and return the number of the session."""
    payments.start_checkout(donation, THANKS, PAY)
    return donation.checkout_id


def post_event(standin, event, **how):
    """Tell one event as the provider would, and return the response."""
    body, signature = standin.signed(event, **how)
    return post(body, signature)


def post(body, signature):
    return Client().post(
        "/donate/stripe/", body, content_type="application/json", headers={"stripe-signature": signature}
    )


def post_all(standin, events=None):
    """Tell every event so far; the answers' status codes without repetition."""
    return {post_event(standin, event).status_code for event in (standin.events if events is None else events)}
