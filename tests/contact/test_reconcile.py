"""Comparing with the card provider: each difference a line, the sums to the cent, and what is missing recorded."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from contact import giving as gifts
from contact import payments, reconciling
from contact.models import Donation, Payment, ProviderEvent, Refund
from pages.models import Mail
from tests.contact.provider import MADE, begin, make_card_gift, make_monthly_gift, post_all

pytestmark = pytest.mark.django_db
State = Donation.State


def reconcile(capsys, **options):
    """`(the lines printed, what the command ends with)`; an empty string is success."""
    try:
        call_command("reconcile_gifts", **options)
        end = ""
    except CommandError as error:
        end = str(error)
    return capsys.readouterr().out.splitlines(), end


def paid(standin, make=make_card_gift, **values):
    """A gift that was paid, of which no event told."""
    donation = make(**values)
    session = standin.pay(begin(donation))
    return donation, session, standin.all("payment_intent")[0]["id"]


def test_without_keys_the_command_says_so(capsys):
    assert reconcile(capsys) == (
        [],
        "No gifts are taken by card: STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are not set.",
    )


def test_nothing_given_is_no_difference(standin, giving, capsys):
    assert reconcile(capsys) == (["Here $0.00, at the provider $0.00, difference $0.00."], "")


def test_what_events_told_of_is_no_difference(standin, giving, capsys):
    paid(standin, amount_cents=1_999)
    _donation, session, intent = paid(standin, make_monthly_gift)
    standin.refund(intent, 1)
    standin.advance(session["subscription"])
    _donation, ended, _intent = paid(standin, make_monthly_gift)
    standin.cancel(ended["subscription"])
    standin.make_intent(77_700, {})  # somebody's payment for something else
    assert post_all(standin) == {200}
    assert reconcile(capsys) == (["Here $94.98, at the provider $94.98, difference $0.00."], "")


def test_each_thing_missing_here_is_a_line_with_its_sum(standin, giving, capsys):
    once, _session, first = paid(standin, amount_cents=1_999, fee_cents=91)
    monthly, session, second = paid(standin, make_monthly_gift)
    standin.refund(second, 1)
    assert reconcile(capsys) == (
        [
            f"{once.reference} {first}: the payment is missing here ($20.90)",
            f"{monthly.reference} {second}: the payment is missing here ($25.00)",
            f"{monthly.reference} {second}: a refund is missing here (−$0.01)",
            f"{monthly.reference} {session['subscription']}: the gift does not know its subscription",
            "Here $0.00, at the provider $45.89, difference $45.89.",
        ],
        "Differences that remain: 4.",
    )
    assert Payment.objects.count() == 0


def test_fix_records_what_is_missing_once_and_ends_well(standin, giving, capsys):
    once, _session, _first = paid(standin)
    monthly, session, intent = paid(standin, make_monthly_gift)
    standin.refund(intent, 1)
    standin.cancel(session["subscription"])
    for _repetition in range(2):
        lines, end = reconcile(capsys, fix=True)
        assert (lines[-1], end) == ("Here $49.99, at the provider $49.99, difference $0.00.", "")
    assert sorted(Donation.objects.values_list("reference", "state")) == sorted(
        [(once.reference, State.DONE), (monthly.reference, State.STOPPED)]
    )
    assert (Payment.objects.exclude(receipt_sent=None).count(), Refund.objects.count()) == (2, 1)
    mails = Mail.objects.count()
    assert post_all(standin) == {200}
    assert Mail.objects.count() == mails


def test_fix_leaves_to_people_what_it_cannot_know(standin, giving, capsys):
    gone, _session, first = paid(standin)
    reference = gone.reference
    gone.delete()
    other = make_card_gift()
    unknown = gifts.record_payment(other, 700, MADE.date(), Payment.Method.CARD, provider_id="pi_unknown")
    wrong, _session, second = paid(standin, amount_cents=1_000)
    payment = gifts.record_payment(wrong, 1_200, MADE.date(), Payment.Method.CARD, provider_id=second)
    gifts.record_refund(payment, 50, MADE.date(), reason="by hand")
    lines, end = reconcile(capsys, fix=True)
    assert lines[lines.index("Recorded what was missing here. What remains:") + 1 :] == [
        f"{reference} {first}: the payment is missing here ($25.00)",
        f"{wrong.reference} {second}: the sum of the payment differs (−$2.00)",
        f"{wrong.reference} {second}: more was refunded here than there ($0.50)",
        f"{other.reference} pi_unknown: the provider knows no such payment (−$7.00)",
        "Here $18.50, at the provider $35.00, difference $16.50.",
    ]
    assert end == "Differences that remain: 4."
    assert list(Payment.objects.order_by("pk")) == [unknown, payment]


def test_subscriptions_that_disagree_are_lines(standin, giving, capsys):
    stopped, session, _intent = paid(standin, make_monthly_gift)
    ended, other, _intent = paid(standin, make_monthly_gift)
    lost, _session, _intent = paid(standin, make_monthly_gift)
    assert post_all(standin) == {200}
    gifts.stop(stopped, MADE)
    standin.cancel(other["subscription"])
    Donation.objects.filter(pk=lost.pk).update(subscription_id="sub_unknown")
    lines, end = reconcile(capsys)
    assert sorted(lines[:-1]) == sorted(
        [
            f"{stopped.reference} {session['subscription']}: it goes on there and is stopped here",
            f"{ended.reference} {other['subscription']}: it has ended there and goes on here",
            f"{lost.reference} {_session['subscription']}: a second subscription goes on",
            f"{lost.reference} sub_unknown: the provider knows no such subscription",
        ]
    )
    assert end == "Differences that remain: 4."


def test_refund_of_a_payment_older_than_the_days_asked_for_is_found(standin, giving, capsys):
    _donation, _session, intent = paid(standin)
    assert post_all(standin) == {200}
    standin.clock = lambda: MADE.timestamp() + 90 * 86_400
    standin.refund(intent, 500)
    since = MADE + timedelta(days=80)
    comparison = reconciling.compare(since)
    assert [(difference.words, difference.cents) for difference in comparison.differences] == [
        ("a refund is missing here", -500)
    ]
    assert (comparison.here, comparison.there) == (2_500, 2_000)
    reconciling.mend(comparison.differences, MADE)
    assert reconciling.compare(since).differences == []


def test_lists_are_read_to_their_last_page(standin, giving, capsys, monkeypatch):
    monkeypatch.setattr(payments, "PER_PAGE", 2)
    for cents in (501, 502, 503, 504, 505):
        paid(standin, amount_cents=cents)
    paid(standin, make_monthly_gift)
    lines, _end = reconcile(capsys)
    assert lines[-1] == "Here $0.00, at the provider $50.15, difference $50.15."
    assert standin.asked.count("GET /v1/payment_intents") == 3


def test_provider_away_ends_the_command_in_one_sentence(standin, giving, capsys):
    standin.trouble_with("GET /v1/refunds", "down")
    assert reconcile(capsys) == ([], "The provider could not be asked (APIConnectionError). Try again later.")


# Every day


def test_daily_work_without_keys_asks_nobody(settings):
    settings.STRIPE_SECRET_KEY = settings.STRIPE_WEBHOOK_SECRET = ""
    assert reconciling.reconcile_lately(MADE) is None


def test_daily_work_records_what_no_event_told_of(standin, giving):
    donation, _session, _intent = paid(standin)
    reconciling.reconcile_lately(MADE + timedelta(days=1))
    donation.refresh_from_db()
    assert (donation.state, Payment.objects.get().amount_cents) == (State.DONE, 2_500)


def test_daily_work_shows_staff_what_a_person_must_look_into(standin, giving, caplog):
    donation, _session, intent = paid(standin)
    reference = donation.reference
    donation.delete()
    for _day in range(2):
        reconciling.reconcile_lately(MADE + timedelta(days=1))
    assert [(event.kind, event.fault) for event in ProviderEvent.objects.all()] == [
        ("comparison", f"{reference} {intent}: the payment is missing here ($25.00)")
    ]
    assert set(caplog.messages) == {"Differences to the card provider: 1. Recording what is missing here."}
    make_card_gift(reference=reference)
    reconciling.reconcile_lately(MADE + timedelta(days=1))
    assert ProviderEvent.objects.count() == 0


def test_daily_work_with_the_provider_away_is_tried_again(standin, giving):
    standin.trouble_with("", "down")
    with pytest.raises(payments.ProviderAwayError):
        reconciling.reconcile_lately(MADE)


def test_staff_see_what_waits_and_settle_it(standin, giving, editor_client):
    donation, _session, _intent = paid(standin)
    donation.delete()
    reconciling.reconcile_lately(MADE + timedelta(days=1))
    assert "word of the card provider to look into" in editor_client.get("/admin/").content.decode()
    page = editor_client.get("/admin/contact/providerevent/?fault=yes").content.decode()
    assert "the payment is missing here ($25.00)" in page
    event = ProviderEvent.objects.get()
    editor_client.post("/admin/contact/providerevent/", {"action": "settle", "_selected_action": [event.pk]})
    event.refresh_from_db()
    assert event.fault == ""
    assert "to look into" not in editor_client.get("/admin/").content.decode()
