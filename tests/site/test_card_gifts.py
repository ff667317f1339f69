"""Gifts by card over real HTTP: two workers with threads, the real library, the stand-in of the provider."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.card_site import EMAIL, NAME, card_site, session_in
from tests.site.walk import fetch
from tools.stripe_standin import post, telling

pytestmark = pytest.mark.site

STORY = """
import json
from contact.models import Donation, Payment, ProviderEvent, Refund
gift = Donation.objects.get(reference="{reference}")
payments = Payment.objects.filter(donation=gift)
print(json.dumps([
    gift.state,
    [payment.amount_cents for payment in payments],
    [refund.amount_cents for refund in Refund.objects.filter(payment__donation=gift)],
    payments.exclude(receipt_sent=None).count(),
    ProviderEvent.objects.filter(handled=None).count(),
]))
"""


@pytest.fixture(scope="module", params=["cacita"])
def cards(request, prepared, tmp_path_factory):
    with card_site(tmp_path_factory.mktemp("cards"), prepared) as cards:
        yield cards


def begin(cards, **values):
    """`(session, reference)` of a gift that was led to the provider."""
    status, address, _page = cards.give(**values)
    assert (status, address.startswith(f"{cards.standin.url}/pay/")) == (302, True)
    session = cards.standin.get(session_in(address))
    return session, session["metadata"]["reference"]


def story(cards, reference):
    """State, payments, refunds, receipts, and how many events are still to be told again."""
    return json.loads(cards.shell(STORY.format(reference=reference)))


def test_form_may_lead_to_the_provider_and_nowhere_else(cards):
    policy = fetch(cards.site.url, "/donate/").headers["content-security-policy"]
    assert f"form-action 'self' {cards.standin.url};" in f"{policy};"
    home = fetch(cards.site.url, "/").headers["content-security-policy"]
    assert "form-action 'self';" in f"{home};"


def test_same_gift_sent_five_times_at_once_is_one(cards):
    values = {"name": "Quick Donor", "amount_once": "5000", "stamp": cards.stamp("GiftForm")}
    with ThreadPoolExecutor(5) as crowd:
        answers = list(crowd.map(lambda _number: cards.give(**values), range(5)))
    assert {status for status, _address, _page in answers} == {302}
    assert len({address for _status, address, _page in answers}) == 1


def test_events_of_many_gifts_all_at_once_ten_times_each(cards):
    """Every event of four gifts ten times, the latest first, on sixteen connections."""
    standin, before = cards.standin, len(cards.standin.events)
    gifts = {}
    for number in range(2):
        session, reference = begin(cards, name=f"Once {number}", amount_once="10000")
        standin.pay(session["id"])
        standin.refund(session["payment_intent"], 700)
        gifts[reference] = ["done", [10_000], [700], 1, 0]
    for number in range(2):
        session, reference = begin(cards, name=f"Monthly {number}", frequency="monthly", amount_monthly="3500")
        standin.pay(session["id"])
        standin.cancel(session["subscription"])
        gifts[reference] = ["stopped", [3_500], [], 1, 0]
    told = [standin.signed(event) for event in reversed(standin.events[before:])] * 10
    with ThreadPoolExecutor(16) as crowd:
        statuses = set(crowd.map(lambda event: post(cards.endpoint, *event), told))
    assert statuses == {200}
    assert {reference: story(cards, reference) for reference in gifts} == gifts


def test_provider_away_keeps_what_was_typed_and_the_gift(cards):
    cards.standin.trouble_with("POST /v1/checkout", "down")
    try:
        status, _address, page = cards.give(name="Patient Donor")
    finally:
        cards.standin.trouble.clear()
    assert (status, "The card provider does not answer now" in page, 'value="Patient Donor"' in page) == (
        503,
        True,
        True,
    )
    session, reference = begin(cards, name="Patient Donor")
    assert story(cards, reference)[0] == "open"
    cards.standin.pay(session["id"])


def test_events_come_again_until_the_site_can_follow_them(cards):
    """The provider's API is away while it tells; then it is back and tells again."""
    standin = cards.standin
    session, reference = begin(cards, name="Late Donor", amount_once="25000")
    standin.trouble_with("GET ", "down")
    standin.pay(session["id"])
    event = standin.events[-1]
    assert post(cards.endpoint, *standin.signed(event)) == 500
    assert story(cards, reference)[:2] == ["open", []]
    standin.trouble.clear()
    with telling(standin, cards.endpoint), standin.told:
        assert standin.told.wait_for(lambda: not event["pending_webhooks"], 60)
    assert story(cards, reference)[:4] == ["done", [25_000], [], 1]


def test_log_names_no_donor_and_no_key(cards):
    log = cards.site.log.read_text()
    assert "could not be followed: ProviderAwayError" in log
    for secret in (NAME, "Late Donor", EMAIL, cards.standin.key, cards.standin.secret):
        assert secret not in log
