"""What the card provider tells, in every order, as often as it likes: one gift, one payment, one receipt."""

import hashlib
import hmac
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import permutations

import pytest
from django.db import connection
from django.test import Client
from post_office.models import Email

from contact import card_gifts, payments
from contact import giving as gifts
from contact.models import Donation, Payment, ProviderEvent, Refund
from tests.contact.provider import (
    MADE,
    SECRET,
    begin,
    make_card_gift,
    make_monthly_gift,
    post,
    post_all,
    post_event,
)

pytestmark = pytest.mark.django_db
State = Donation.State


def story(donation):
    """What is stored of a gift in the end: its state, what came, what went back, and how many receipts went out."""
    donation.refresh_from_db()
    return (
        donation.state,
        sorted(payment.amount_cents for payment in Payment.objects.filter(donation=donation)),
        sorted(refund.amount_cents for refund in Refund.objects.filter(payment__donation=donation)),
        Payment.objects.filter(donation=donation).exclude(receipt_sent=None).count(),
    )


def mails_to_donor():
    return Email.objects.filter(to="donor@example.org").count()


def paid_gift(standin, **values):
    donation = make_card_gift(**values)
    return donation, standin.pay(begin(donation))


def monthly_gift(standin, **values):
    donation = make_monthly_gift(**values)
    return donation, standin.pay(begin(donation))


def event_of(standin, kind):
    """The latest event of this kind."""
    return next(event for event in reversed(standin.events) if event["type"] == kind)


# Who may tell


def test_webhook_takes_posts_alone(standin, client):
    assert client.get("/donate/stripe/").status_code == 405


def test_webhook_without_keys_is_no_page(client):
    assert client.post("/donate/stripe/", "{}", content_type="application/json").status_code == 404


def test_webhook_needs_no_token_and_sets_no_cookie(standin, giving):
    paid_gift(standin)
    body, signature = standin.signed(event_of(standin, "checkout.session.completed"))
    response = Client(enforce_csrf_checks=True).post(
        "/donate/stripe/", body, content_type="application/json", headers={"stripe-signature": signature}
    )
    assert (response.status_code, response.cookies) == (200, {})


def test_forged_stale_and_altered_events_are_refused_and_change_nothing(standin, giving):
    donation, _session = paid_gift(standin)
    event = event_of(standin, "checkout.session.completed")
    body, signature = standin.signed(event)
    stamp = int(time.time())
    cases = {
        "no signature": (body, ""),
        "no signature in the header": (body, f"t={stamp}"),
        "no time in the header": (body, signature.partition(",")[2]),
        "no header at all": (body, "nonsense"),
        "signs that are no text": (body, f"t={stamp},v1=ÿ"),
        "another scheme": (body, signature.replace("v1=", "v0=")),
        "another secret": standin.signed(event, secret="whsec_of_somebody_else"),
        "an empty secret": standin.signed(event, secret=" "),
        "altered": (body.replace(b"2500", b"9900"), signature),
        "a space more": (body + b" ", signature),
        "another time": (body, signature.replace(f"t={signature[2:12]}", f"t={int(signature[2:12]) + 1}")),
        "stale": standin.signed(event, at=stamp - payments.TOLERANCE - 5),
        "no text": (b"\xff\xfe", signature),
        "empty": (b"", signature),
    }
    answers = {name: post(*case).status_code for name, case in cases.items()}
    assert answers == dict.fromkeys(cases, 400)
    assert story(donation) == (State.OPEN, [], [], 0)
    assert (ProviderEvent.objects.count(), Email.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", [b"[]", b"null", b"{}", b"{", b'{"object": "v2.core.event"}', b'{"id": 1}'])
def test_signed_nonsense_is_refused(standin, body):
    stamp = int(time.time())
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert post(body, f"t={stamp},v1={signature}").status_code == 400
    assert ProviderEvent.objects.count() == 0


# A gift once


def test_paid_gift_is_stored_with_its_receipt(standin, giving):
    donation, session = paid_gift(standin, fee_cents=106)
    assert post_event(standin, event_of(standin, "checkout.session.completed")).status_code == 200
    payment = Payment.objects.get()
    assert story(donation) == (State.DONE, [2_606], [], 1)
    assert (payment.provider_id, payment.method) == (session["payment_intent"], Payment.Method.CARD)
    # Noon in California, on the day by the association's clock.
    assert payment.received_on == date(2027, 6, 1)
    assert mails_to_donor() == 1


def test_payment_counts_for_the_day_at_the_association(standin, giving):
    standin.clock = lambda: MADE.timestamp() + 6 * 3600  # already June 2 in Greenwich
    paid_gift(standin)
    post_all(standin)
    assert Payment.objects.get().received_on == date(2027, 6, 1)


def test_every_event_ten_times_is_one_gift_one_payment_one_receipt(standin, giving):
    donation, session = paid_gift(standin)
    standin.refund(session["payment_intent"], 1_000)
    for _repetition in range(10):
        assert post_all(standin) == {200}
    assert story(donation) == (State.DONE, [2_500], [1_000], 1)
    assert mails_to_donor() == 2  # the receipt, and the corrected one
    assert ProviderEvent.objects.count() == len(standin.events)


@pytest.mark.parametrize("make", [paid_gift, monthly_gift])
def test_every_event_at_once_is_one_gift_one_payment_one_receipt(giving, shared_database, standin, make):
    donation, session = make(standin)
    standin.refund(standin.all("payment_intent")[0]["id"], 700)
    expected = State.DONE
    if make is monthly_gift:
        standin.cancel(session["subscription"])
        expected = State.STOPPED

    def tell(event):
        try:
            return post_event(standin, event).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as crowd:
        answers = list(crowd.map(tell, standin.events * 5))
    # Whoever was refused is told again, as the provider does.
    assert set(answers) <= {200, 500}
    assert post_all(standin) == {200}
    assert story(donation) == (expected, [2_500], [700], 1)
    assert ProviderEvent.objects.filter(handled=None).count() == 0


@pytest.mark.parametrize(
    "order",
    list(permutations(["checkout.session.completed", "charge.refunded", "refund.created"])),
    ids=lambda order: " ".join(kind.split(".")[-1] for kind in order),
)
def test_events_of_a_gift_once_in_any_order_end_the_same(standin, giving, order):
    donation, session = paid_gift(standin)
    standin.refund(session["payment_intent"], 700)
    assert post_all(standin, [event_of(standin, kind) for kind in order]) == {200}
    assert story(donation) == (State.DONE, [2_500], [700], 1)


def test_declined_card_then_another_one_is_one_payment(standin, giving):
    donation = make_card_gift()
    session_id = begin(donation)
    standin.decline(session_id)
    assert post_all(standin) == {200}
    assert story(donation) == (State.OPEN, [], [], 0)
    standin.pay(session_id)
    assert post_all(standin) == {200}
    assert story(donation) == (State.DONE, [2_500], [], 1)


def test_page_that_expired_abandons_the_gift(standin, giving):
    donation = make_card_gift()
    standin.expire(begin(donation))
    assert post_all(standin) == {200}
    assert story(donation) == (State.ABANDONED, [], [], 0)
    assert Email.objects.count() == 0


def test_page_closed_for_another_sum_leaves_the_gift_open(standin, giving):
    donation = make_card_gift()
    begin(donation)
    donation.fee_cents = 106
    donation.save()
    session_id = begin(donation)
    assert post_all(standin) == {200}
    assert story(donation) == (State.OPEN, [], [], 0)
    standin.pay(session_id)
    assert post_all(standin) == {200}
    assert story(donation) == (State.DONE, [2_606], [], 1)


@pytest.mark.parametrize(
    ("succeeds", "expected"), [(True, (State.DONE, [2_500], [], 1)), (False, (State.ABANDONED, [], [], 0))]
)
def test_bank_debit_waits_for_its_end(standin, giving, succeeds, expected):
    donation = make_card_gift()
    session = standin.pay(begin(donation), settles=False)
    assert post_all(standin) == {200}
    assert story(donation) == (State.OPEN, [], [], 0)
    standin.settle(session["id"], succeeds=succeeds)
    assert post_all(standin) == {200}
    assert story(donation) == expected


def test_event_without_landing_page_and_landing_page_without_event(standin, giving, client):
    donation, _session = paid_gift(standin)
    thanks = f"/donate/thanks/{donation.reference}/"
    before = client.get(thanks).content.decode()
    assert "As soon as the card provider confirms your payment" in before
    assert story(donation) == (State.OPEN, [], [], 0)
    assert post_all(standin) == {200}
    assert story(donation) == (State.DONE, [2_500], [], 1)
    assert "Your gift has arrived." in client.get(thanks).content.decode()


# Refunds


def test_refunds_in_parts_add_up(standin, giving):
    donation, session = paid_gift(standin)
    assert post_all(standin) == {200}
    for cents in (1, 999, None):
        standin.refund(session["payment_intent"], cents)
        assert post_all(standin) == {200}
    assert story(donation) == (State.DONE, [2_500], [1, 999, 1_500], 1)
    assert gifts.left_of(Payment.objects.get()) == 0


def test_refund_under_way_is_stored_when_it_has_succeeded(standin, giving):
    donation, session = paid_gift(standin)
    refund = standin.refund(session["payment_intent"], 500, status="pending")
    assert post_all(standin) == {200}
    assert story(donation)[2] == []
    standin.finish_refund(refund["id"])
    assert post_all(standin) == {200}
    assert story(donation)[2] == [500]


def test_refund_that_came_back_is_shown_to_staff(standin, giving):
    donation, session = paid_gift(standin)
    refund = standin.refund(session["payment_intent"], 500)
    assert post_all(standin) == {200}
    standin.fail_refund(refund["id"])
    assert post_all(standin) == {200}
    assert story(donation)[2] == [500]
    assert ProviderEvent.objects.get(kind="refund.failed").fault.startswith("A refund came back to you.")


# A gift every month


def test_every_month_is_a_payment_with_its_receipt(standin, giving):
    donation, session = monthly_gift(standin)
    for _month in range(2):
        standin.advance(session["subscription"])
    assert post_all(standin) == {200}
    assert story(donation) == (State.ACTIVE, [2_500] * 3, [], 3)
    assert [payment.received_on for payment in Payment.objects.order_by("received_on")] == [
        date(2027, 6, 1),
        date(2027, 7, 1),
        date(2027, 8, 1),
    ]
    donation.refresh_from_db()
    assert (donation.customer_id, donation.subscription_id) == (session["customer"], session["subscription"])


@pytest.mark.parametrize(
    "order",
    list(
        permutations(["checkout.session.completed", "invoice.paid", "charge.refunded", "customer.subscription.deleted"])
    ),
    ids=lambda order: " ".join(kind.split(".")[-1] for kind in order),
)
def test_events_of_a_monthly_gift_in_any_order_end_the_same(standin, giving, order):
    donation, session = monthly_gift(standin)
    standin.refund(standin.all("payment_intent")[0]["id"])
    standin.cancel(session["subscription"])
    assert post_all(standin, [event_of(standin, kind) for kind in order]) == {200}
    assert story(donation) == (State.STOPPED, [2_500], [2_500], 1)


def test_invoice_event_alone_finds_the_gift(standin, giving):
    donation, session = monthly_gift(standin)
    assert post_event(standin, event_of(standin, "invoice.paid")).status_code == 200
    assert story(donation) == (State.ACTIVE, [2_500], [], 1)
    assert donation.subscription_id == session["subscription"]


def test_refused_month_is_no_payment_until_the_card_works_again(standin, giving):
    donation, session = monthly_gift(standin)
    invoice = standin.advance(session["subscription"], succeeds=False)
    assert post_all(standin) == {200}
    assert story(donation) == (State.ACTIVE, [2_500], [], 1)
    standin.collect(invoice)
    assert post_all(standin) == {200}
    assert story(donation) == (State.ACTIVE, [2_500] * 2, [], 2)


def test_ending_in_the_portal_stops_the_gift_and_keeping_it_goes_on(standin, giving):
    donation, session = monthly_gift(standin)
    assert post_all(standin) == {200}
    standin.cancel_later(session["subscription"])
    assert post_all(standin) == {200}
    assert story(donation)[0] == State.STOPPED
    standin.cancel_later(session["subscription"], cancels=False)
    assert post_all(standin) == {200}
    assert story(donation)[0] == State.ACTIVE
    assert donation.stopped is None
    standin.cancel(session["subscription"])
    assert post_all(standin) == {200}
    assert story(donation)[0] == State.STOPPED


def test_gift_stopped_here_stays_stopped_and_is_told_of_once(standin, giving):
    donation, _session = monthly_gift(standin)
    assert post_all(standin) == {200}
    donation.refresh_from_db()
    before = mails_to_donor()
    payments.end(donation)
    assert gifts.stop(donation, MADE) is True
    for _repetition in range(2):
        assert post_all(standin) == {200}
    assert story(donation)[0] == State.STOPPED
    assert mails_to_donor() == before + 1


def test_event_from_before_the_end_never_wakes_a_stopped_gift(standin, giving, monkeypatch):
    """The donor keeps the gift after all, then ends it: the first event has asked, and is slow to store the answer."""
    donation, session = monthly_gift(standin)
    standin.cancel_later(session["subscription"])
    assert post_all(standin) == {200}
    assert story(donation)[0] == State.STOPPED
    change_state = card_gifts.change_state

    def change_state_late(*values, **more):
        monkeypatch.setattr(card_gifts, "change_state", change_state)
        standin.cancel(session["subscription"])
        assert post_event(standin, event_of(standin, "customer.subscription.deleted")).status_code == 200
        change_state(*values, **more)

    monkeypatch.setattr(card_gifts, "change_state", change_state_late)
    standin.cancel_later(session["subscription"], cancels=False)
    assert post_event(standin, event_of(standin, "customer.subscription.updated")).status_code == 200
    assert story(donation)[0] == State.STOPPED


# What is not ours, and what goes wrong


def test_known_event_asks_the_provider_nothing(standin, giving):
    paid_gift(standin)
    assert post_all(standin) == {200}
    standin.asked.clear()
    assert post_all(standin) == {200}
    assert standin.asked == []


def test_kinds_nobody_follows_are_noted(standin, giving):
    standin.tell("payout.paid", {"id": "po_1", "object": "payout"})
    assert post_all(standin) == {200}
    event = ProviderEvent.objects.get()
    assert (event.kind, event.fault, bool(event.handled)) == ("payout.paid", "", True)
    assert standin.asked == []


def test_payment_of_something_else_on_the_same_account_is_left_alone(standin, giving):
    intent = standin.make_intent(9_900, {})
    standin.refund(intent["id"])
    assert post_all(standin) == {200}
    assert Payment.objects.count() == 0
    assert set(ProviderEvent.objects.values_list("fault", flat=True)) == {""}


def test_gift_that_is_not_stored_here_is_shown_to_staff(standin, giving):
    donation, _session = paid_gift(standin)
    donation.delete()
    assert post_event(standin, event_of(standin, "checkout.session.completed")).status_code == 200
    assert ProviderEvent.objects.get().fault == f"There is no gift {donation.reference} here."


def test_trial_event_of_the_dashboard_is_noted(standin, giving):
    standin.tell("invoice.paid", {"id": "in_00000000000000", "object": "invoice"})
    assert post_all(standin) == {200}
    assert ProviderEvent.objects.get().fault.startswith("The provider does not know what this is about.")


def test_event_in_the_shape_of_an_older_version_is_followed(standin, giving):
    donation, session = monthly_gift(standin)
    event = event_of(standin, "invoice.paid")
    event["api_version"] = "2024-06-20"
    event["data"]["object"] = {"id": session["invoice"], "object": "invoice", "subscription": session["subscription"]}
    assert post_event(standin, event).status_code == 200
    assert story(donation) == (State.ACTIVE, [2_500], [], 1)


@pytest.mark.parametrize("what", ["down", "fault", "busy", "forbidden"])
@pytest.mark.parametrize(
    "question",
    ["GET /v1/checkout", "GET /v1/invoice_payments", "GET /v1/payment_intents", "GET /v1/refunds", "GET /v1/sub"],
)
def test_provider_away_at_any_step_is_told_again(standin, giving, question, what):
    donation, _session = monthly_gift(standin)
    standin.refund(standin.all("payment_intent")[0]["id"], 100)
    event = event_of(standin, "checkout.session.completed")
    standin.trouble_with(question, what)
    assert post_event(standin, event).status_code == 500
    row = ProviderEvent.objects.get()
    assert (row.handled, row.fault.split(":")[0]) == (None, "ProviderAwayError")
    standin.trouble.clear()
    assert post_event(standin, event).status_code == 200
    row.refresh_from_db()
    assert (bool(row.handled), row.fault) == (True, "")
    assert story(donation) == (State.ACTIVE, [2_500], [100], 1)


def test_fault_of_ours_is_told_again_and_names_nobody_in_the_log(standin, giving, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    donation, _session = paid_gift(standin)
    record = gifts.record_payment

    def fails(donation, *_values, **_more):
        raise RuntimeError(f"{donation.name}, {donation.email}")

    monkeypatch.setattr(gifts, "record_payment", fails)
    event = event_of(standin, "checkout.session.completed")
    assert post_event(standin, event).status_code == 500
    monkeypatch.setattr(gifts, "record_payment", record)
    assert post_event(standin, event).status_code == 200
    assert story(donation) == (State.DONE, [2_500], [], 1)
    for secret in ("Test Donor", "donor@example.org", "sk_test", "whsec"):
        assert secret not in caplog.text
