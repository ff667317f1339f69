"""The module that talks to the card provider: the real library against the stand-in."""

import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from stripe._api_version import _ApiVersion

from contact import payments
from contact.models import Donation
from tests.contact.provider import PAY, SECRET, THANKS, begin, make_card_gift, make_monthly_gift

pytestmark = pytest.mark.django_db


def test_without_keys_no_gift_is_taken_by_card(settings):
    settings.STRIPE_SECRET_KEY = settings.STRIPE_WEBHOOK_SECRET = ""
    assert payments.is_on() is False


@pytest.mark.parametrize("library", ["stripe", "typst", "qrcode"])
def test_library_is_not_loaded_with_the_site(library):
    """Cards: half a second of a start and 13 MB; papers: 7 MB. None for pages that need none."""
    code = f"import django, sys; django.setup(); import cacita.urls; print('{library}' in sys.modules)"
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_forms_lead_to_the_two_hosts_of_the_provider_alone(settings):
    settings.STRIPE_API_BASE = ""
    assert payments.form_hosts() == ["https://billing.stripe.com", "https://checkout.stripe.com"]


def test_version_is_the_one_the_library_was_made_for():
    """A newer library is read against the changes of its version, and then this one moves with it."""
    assert payments.API_VERSION == _ApiVersion.CURRENT


# Checkout


def test_checkout_of_a_gift_once_asks_for_its_exact_sum(standin, giving):
    donation = make_card_gift(amount_cents=2_501)
    url = payments.start_checkout(donation, THANKS, PAY)
    session = standin.get(donation.checkout_id)
    assert url == session["url"] == f"{standin.url}/pay/{session['id']}"
    assert Donation.objects.get().checkout_id == session["id"]
    assert {
        name: session[name] for name in ("mode", "amount_total", "customer_email", "cancel_url", "success_url")
    } == {
        "mode": "payment",
        "amount_total": 2_501,
        "customer_email": "donor@example.org",
        "cancel_url": PAY,
        "success_url": THANKS,
    }
    assert session["metadata"] == {"reference": donation.reference}
    assert standin.hidden[session["id"]]["items"] == [("Gift to Test Association, Inc.", 2_501)]


@pytest.mark.parametrize(("amount", "fee"), [(500, 46), (1_999, 91), (2_500_000, 74_701), (33_333, 1)])
def test_covered_fee_is_a_line_of_its_own_and_every_cent_is_charged(standin, giving, amount, fee):
    donation = make_card_gift(amount_cents=amount, fee_cents=fee)
    session_id = begin(donation)
    assert [cents for _words, cents in standin.hidden[session_id]["items"]] == [amount, fee]
    standin.pay(session_id)
    assert payments.money(standin.get(session_id)["payment_intent"]).cents == amount + fee


def test_checkout_of_a_monthly_gift_makes_a_subscription(standin, giving):
    donation = make_monthly_gift(fee_cents=105)
    session = standin.pay(begin(donation))
    subscription = payments.subscription(session["subscription"])
    assert (subscription.reference, subscription.goes_on, subscription.is_over) == (donation.reference, True, False)
    assert session["amount_total"] == 2_605
    assert standin.hidden[session["id"]]["items"][0] == ("Monthly gift to Test Association, Inc.", 2_500)


def test_second_checkout_of_the_same_gift_is_the_same_page(standin, giving):
    donation = make_card_gift()
    first = payments.start_checkout(donation, THANKS, PAY)
    # The first answer was never stored: the worker died.
    Donation.objects.update(checkout_id="")
    again = payments.start_checkout(Donation.objects.get(), THANKS, PAY)
    once_more = payments.start_checkout(Donation.objects.get(), THANKS, PAY)
    assert {first, again, once_more} == {first}
    assert len(standin.all("checkout.session")) == 1


def test_checkout_after_second_thoughts_closes_the_page_with_the_former_sum(standin, giving):
    donation = make_card_gift()
    before = begin(donation)
    donation.fee_cents = 106
    donation.save()
    after = begin(donation)
    assert (standin.get(before)["status"], standin.get(after)["status"]) == ("expired", "open")
    assert standin.get(after)["amount_total"] == 2_606


def test_checkout_of_a_gift_that_is_paid_leads_to_the_thanks(standin, giving):
    donation = make_card_gift()
    standin.pay(begin(donation))
    assert payments.start_checkout(donation, THANKS, PAY) == THANKS
    assert len(standin.all("checkout.session")) == 1


def test_checkout_after_the_page_expired_is_a_new_one(standin, giving):
    donation = make_card_gift()
    standin.expire(begin(donation))
    begin(donation)
    assert [session["status"] for session in standin.all("checkout.session")] == ["open", "expired"]


@pytest.mark.parametrize("email", ["jörg@exämple.org", ""])
def test_checkout_with_an_address_the_provider_refuses_goes_on_without_it(standin, giving, email):
    donation = make_card_gift(email=email)
    assert standin.get(begin(donation))["customer_email"] is None


def test_checkout_asked_for_five_times_at_once_is_one_page(giving, shared_database, standin):
    donation = make_card_gift()

    def start(_number):
        try:
            return payments.start_checkout(Donation.objects.get(pk=donation.pk), THANKS, PAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as crowd:
        assert len(set(crowd.map(start, range(5)))) == 1
    assert len(standin.all("checkout.session")) == 1


def test_checkout_whose_answer_was_lost_is_asked_for_again_and_made_once(standin, giving):
    standin.trouble_with("POST /v1/checkout/sessions", "lost", times=1)
    begin(make_card_gift())
    assert standin.asked == ["POST /v1/checkout/sessions"] * 2
    assert len(standin.all("checkout.session")) == 1


# The provider is away


@pytest.mark.parametrize("what", ["down", "lost", "fault", "busy", "forbidden"])
def test_checkout_with_the_provider_in_trouble_says_so(standin, giving, what):
    standin.trouble_with("", what)
    donation = make_card_gift()
    with pytest.raises(payments.ProviderAwayError):
        begin(donation)
    donation.refresh_from_db()
    assert (donation.state, donation.checkout_id) == (Donation.State.OPEN, "")
    standin.trouble.clear()
    assert standin.get(begin(donation))["status"] == "open"
    assert len(standin.all("checkout.session")) == 1


def test_slow_provider_is_not_waited_for(standin, giving, monkeypatch):
    monkeypatch.setattr(payments, "ANSWERED_WITHIN", 0.1)
    standin.trouble_with("", "slow")
    with pytest.raises(payments.ProviderAwayError):
        begin(make_card_gift())


@pytest.mark.parametrize(
    ("ask", "question"),
    [
        (lambda donation: payments.portal_url(donation, THANKS), "POST /v1/billing_portal/sessions"),
        (payments.end, "DELETE /v1/subscriptions"),
        (lambda donation: payments.subscription(donation.subscription_id), "GET /v1/subscriptions"),
        (lambda donation: payments.trace("checkout.session", donation.checkout_id), "GET /v1/checkout/sessions"),
        (lambda donation: payments.trace("checkout.session", donation.checkout_id), "GET /v1/invoice_payments"),
    ],
)
def test_every_other_question_to_a_provider_that_is_away_says_so(standin, giving, ask, question):
    donation = make_monthly_gift()
    session = standin.pay(begin(donation))
    donation.customer_id, donation.subscription_id = session["customer"], session["subscription"]
    standin.trouble_with(question, "down")
    with pytest.raises(payments.ProviderAwayError):
        ask(donation)


def test_wrong_key_is_a_provider_away_and_no_key_or_donor_is_logged(standin, giving, settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.STRIPE_SECRET_KEY = "sk_test_of_another_account"
    with pytest.raises(payments.ProviderAwayError, match=r"^AuthenticationError 401$"):
        begin(make_card_gift())
    assert "Could not start a checkout: AuthenticationError 401 req_standin" in caplog.messages
    for secret in ("sk_test", SECRET, "donor@example.org", "Test Donor"):
        assert secret not in caplog.text


# Portal and end


def test_portal_is_that_of_the_donor(standin, giving):
    donation = make_monthly_gift()
    donation.customer_id = standin.pay(begin(donation))["customer"]
    url = payments.portal_url(donation, THANKS)
    portal = standin.all("billing_portal.session")[0]
    assert (url, portal["customer"], portal["return_url"]) == (portal["url"], donation.customer_id, THANKS)


def test_end_cancels_the_subscription_and_again_is_fine(standin, giving):
    donation = make_monthly_gift()
    donation.subscription_id = standin.pay(begin(donation))["subscription"]
    payments.end(donation)
    payments.end(donation)
    assert standin.get(donation.subscription_id)["status"] == "canceled"


def test_end_before_the_gift_was_paid_closes_the_page(standin, giving):
    donation = make_monthly_gift()
    payments_page = begin(donation)
    payments.end(donation)
    payments.end(donation)
    assert standin.get(payments_page)["status"] == "expired"


def test_end_before_the_event_of_a_paid_gift_came_cancels_its_subscription(standin, giving):
    donation = make_monthly_gift()
    session = standin.pay(begin(donation))
    payments.end(donation)
    assert standin.get(session["subscription"])["status"] == "canceled"


def test_end_of_what_the_provider_does_not_know_is_fine(standin, giving):
    payments.end(make_monthly_gift(subscription_id="sub_of_another_account"))
    assert standin.asked == ["GET /v1/subscriptions/sub_of_another_account"]


def test_end_in_the_last_month_ends_at_once(standin, giving):
    donation = make_monthly_gift()
    donation.subscription_id = standin.pay(begin(donation))["subscription"]
    standin.cancel_later(donation.subscription_id)
    payments.end(donation)
    assert standin.get(donation.subscription_id)["status"] == "canceled"


# Where objects lead


def test_every_object_of_a_monthly_gift_leads_to_it(standin, giving):
    donation = make_monthly_gift()
    session = standin.pay(begin(donation))
    intent = standin.all("payment_intent")[0]
    refund = standin.refund(intent["id"], 100)
    for kind, number in {
        "checkout.session": session["id"],
        "invoice": session["invoice"],
        "subscription": session["subscription"],
        "charge": intent["latest_charge"],
        "refund": refund["id"],
        "payment_intent": intent["id"],
    }.items():
        trace = payments.trace(kind, number)
        assert (kind, trace.reference, trace.subscription_id) == (kind, donation.reference, session["subscription"])
        assert trace.payment_ids == (() if kind == "subscription" else (intent["id"],))


def test_every_object_of_a_gift_once_leads_to_it(standin, giving):
    donation = make_card_gift()
    session = standin.pay(begin(donation))
    intent = standin.get(session["payment_intent"])
    refund = standin.refund(intent["id"], 100)
    for kind, number in {
        "checkout.session": session["id"],
        "charge": intent["latest_charge"],
        "refund": refund["id"],
        "payment_intent": intent["id"],
    }.items():
        trace = payments.trace(kind, number)
        assert (trace.reference, trace.payment_ids) == (donation.reference, (intent["id"],))


def test_object_of_another_kind_leads_nowhere(standin, giving):
    assert payments.trace("payout", "po_1") is None


def test_object_the_provider_does_not_know_is_told_apart(standin, giving):
    with pytest.raises(payments.UnknownToProviderError):
        payments.trace("invoice", "in_of_another_account")


def test_money_that_has_not_come_is_none(standin, giving):
    session = standin.pay(begin(make_card_gift()), settles=False)
    assert payments.money(session["payment_intent"]) is None


def test_refund_under_way_is_not_counted(standin, giving):
    session = standin.pay(begin(make_card_gift()))
    standin.refund(session["payment_intent"], 100)
    standin.refund(session["payment_intent"], 200, status="pending")
    assert [refund.cents for refund in payments.refunds(session["payment_intent"])] == [100]
