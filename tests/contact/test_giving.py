"""What becomes of a gift, and which mail tells of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import typst
from django.db import connection, transaction
from post_office.models import Email

from contact import giving, payments, receipts
from contact.models import Donation, Payment, Refund
from contact.schedule import left_of, next_date
from tests.factories import make_donation, make_giving, make_identity, make_payment, make_purpose

NOW = datetime(2027, 6, 1, 19, tzinfo=UTC)
TODAY = date(2027, 6, 1)
Frequency, Route, State = Donation.Frequency, Donation.Route, Donation.State


@pytest.fixture(autouse=True)
def association(db):
    make_identity(ein="12-3456789", address="1 Test Street\nTestville, CA 90000", email="office@example.org")
    return make_giving(treasurer_addresses="treasurer@example.org", transfer_instructions="Test Bank, ask us.")


def values(**more):
    return {
        "frequency": Frequency.ONCE,
        "amount_cents": 5_000,
        "fee_cents": 0,
        "purpose": None,
        "route": Route.PLEDGE,
        "name": "Test Donor",
        "email": "donor@example.org",
        "shows_name": False,
        "tribute": "",
        "tribute_name": "",
        **more,
    }


def subjects(to="donor@example.org"):
    return [mail.subject for mail in Email.objects.order_by("pk") if mail.to == [to]]


def last_mail(to="donor@example.org"):
    return next(mail for mail in Email.objects.order_by("-pk") if mail.to == [to])


# Deciding


def test_pledge_is_stored_and_its_mail_says_how_to_send_it():
    purpose = make_purpose()
    donation = giving.give(values(purpose=purpose, tribute="memory", tribute_name="Ana Test"), NOW)
    assert (donation.state, donation.made) == (State.OPEN, NOW)
    mail = last_mail()
    assert mail.subject == f"Your gift {donation.reference}: $50.00, and how to send it"
    for words in (
        "promise to give $50.00.",
        "Make it payable to Test Association, Inc.",
        f"Write {donation.reference} on it",
        "1 Test Street\nTestville, CA 90000",
        "Test Bank, ask us.",
        "It is for: One officer’s seat.",
        "In memory of Ana Test",
    ):
        assert words in mail.message
    assert "stop" not in mail.message
    assert mail.headers == {"Reply-To": "treasurer@example.org"}
    assert subjects("treasurer@example.org") == [f"Gift {donation.reference} promised: $50.00"]


def test_monthly_pledge_says_so_and_how_to_stop():
    giving.give(values(frequency=Frequency.MONTHLY), NOW)
    assert "$50.00 every month" in last_mail().message
    assert "To stop your monthly gift:\nhttp://127.0.0.1:8000/donate/stop/D-" in last_mail().message


def test_same_decision_twice_is_one_gift_and_one_mail():
    first = giving.give(values(), NOW)
    assert giving.give(values(), NOW + timedelta(seconds=1)) == first
    assert len(subjects()) == 1


@pytest.mark.parametrize(
    ("change", "later"),
    [
        ({"amount_cents": 5_001}, timedelta(0)),
        ({"name": "Somebody else"}, timedelta(0)),
        ({"frequency": Frequency.MONTHLY}, timedelta(0)),
        ({}, giving.TWICE_WITHIN),
    ],
)
def test_another_decision_is_another_gift(change, later):
    first = giving.give(values(), NOW)
    assert giving.give(values(**change), NOW + later) != first


def test_paid_gift_may_be_given_again_at_once():
    first = giving.give(values(), NOW)
    giving.record_payment(first, 5_000, TODAY, Payment.Method.CHECK, now=NOW)
    assert giving.give(values(), NOW + timedelta(minutes=1)) != first


def test_gift_by_card_is_told_of_only_when_it_is_paid():
    giving.give(values(route=Route.CARD, fee_cents=181), NOW)
    assert Email.objects.count() == 0


def test_gift_whose_provider_was_away_becomes_a_pledge():
    card = giving.give(values(route=Route.CARD, fee_cents=181), NOW)
    pledge = giving.give(values(), NOW + timedelta(minutes=2))
    assert pledge == card
    assert (pledge.route, pledge.fee_cents, len(subjects())) == (Route.PLEDGE, 0, 1)


def test_gift_whose_pay_page_is_open_stays_as_it_is():
    card = giving.give(values(route=Route.CARD), NOW)
    Donation.objects.update(checkout_id="cs_1")
    assert giving.give(values(route=Route.CARD), NOW) == card
    assert giving.give(values(), NOW) != card
    card.refresh_from_db()
    assert card.route == Route.CARD


def test_other_fee_is_another_gift_for_the_provider():
    """The provider refuses another sum under the same number."""
    card = giving.give(values(route=Route.CARD, fee_cents=181), NOW)
    assert giving.give(values(route=Route.CARD, fee_cents=0), NOW) != card


def test_suspicious_gift_is_stored_and_nobody_hears_of_it():
    donation = giving.give(values(), NOW, is_suspicious=True)
    assert (donation.is_suspicious, Email.objects.count()) == (True, 0)
    assert list(Donation.objects.waiting()) == []


def test_suspicious_gift_sent_again_by_a_person_goes_its_way():
    first = giving.give(values(), NOW, is_suspicious=True)
    again = giving.give(values(), NOW + timedelta(minutes=1))
    assert (again, again.is_suspicious, len(subjects())) == (first, False, 1)


def test_accepted_pledge_is_told_of_once():
    donation = giving.give(values(), NOW, is_suspicious=True)
    giving.accept(donation)
    giving.accept(donation)
    assert len(subjects()) == 1


def test_accepted_gift_by_card_is_mailed_its_pay_page():
    donation = giving.give(values(route=Route.CARD), NOW, is_suspicious=True)
    giving.accept(donation)
    assert f"/donate/pay/{donation.reference}/" in last_mail().message


def test_gift_and_its_mail_are_stored_together_or_not_at_all(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(giving, "_write_to_treasurer", fail)
    with pytest.raises(RuntimeError):
        giving.give(values(), NOW)
    assert (Donation.objects.count(), Email.objects.count()) == (0, 0)


def test_parallel_posts_of_one_form_are_one_gift(shared_database):
    make_identity(ein="12-3456789", address="1 Test Street", email="office@example.org")
    make_giving()

    def post(_number):
        try:
            return giving.give(values(), NOW).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        references = set(crowd.map(post, range(6)))
    assert references == {Donation.objects.get().reference}
    assert len(subjects()) == 1


def test_payment_told_in_parallel_is_one_payment(shared_database):
    make_identity(ein="12-3456789", address="1 Test Street", email="office@example.org")
    donation = make_donation(route=Route.CARD)

    def tell(_number):
        try:
            found = Donation.objects.get(pk=donation.pk)
            return giving.record_payment(found, 5_000, TODAY, Payment.Method.CARD, provider_id="pi_1", now=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        payments_made = set(crowd.map(tell, range(6)))
    assert payments_made == {Payment.objects.get().pk}
    assert len(subjects()) == 1


# Money


def test_payment_of_a_gift_once_is_receipted_once():
    donation = make_donation()
    payment = giving.record_payment(donation, 5_000, TODAY, Payment.Method.CHECK, now=NOW, mark="1042")
    assert (donation.state, payment.receipt_sent, payment.mark) == (State.DONE, NOW, "1042")
    assert subjects() == [f"Your receipt {payment.receipt}: $50.00"]
    (attachment,) = last_mail().attachments.all()
    assert (attachment.name, attachment.mimetype) == (f"{payment.receipt}.pdf", "application/pdf")
    with attachment.file.open() as pdf:
        assert pdf.read(5) == b"%PDF-"
    giving.send_receipt(payment, NOW)
    assert len(subjects()) == 1


def test_provider_may_tell_of_a_payment_as_often_as_it_likes():
    donation = make_donation(route=Route.CARD)
    tellings = [
        giving.record_payment(donation, 5_000, TODAY, Payment.Method.CARD, provider_id="pi_1", now=NOW)
        for _number in range(10)
    ]
    assert len(set(tellings)) == 1
    assert (Payment.objects.count(), len(subjects())) == (1, 1)
    assert subjects("treasurer@example.org") == [f"Gift {donation.reference} paid: $50.00"]


def test_first_payment_of_a_monthly_gift_lets_it_go_on_and_says_what_that_means():
    donation = make_donation(frequency=Frequency.MONTHLY)
    giving.record_payment(donation, 5_000, TODAY, Payment.Method.CHECK, now=NOW)
    assert donation.state == State.ACTIVE
    text = last_mail().message
    assert "This is the first of your monthly gifts." in text
    assert "How often: Every month" in text
    assert "Next one: around July 1, 2027" in text
    assert "To stop your monthly gift: http://127.0.0.1:8000/donate/stop/" in text
    giving.record_payment(donation, 5_000, date(2027, 7, 3), Payment.Method.CHECK, now=NOW)
    assert "This is the first" not in last_mail().message
    assert "Next one: around August 1, 2027" in last_mail().message


@pytest.mark.parametrize(
    ("before", "frequency", "after"),
    [
        (State.ABANDONED, Frequency.ONCE, State.DONE),
        (State.ABANDONED, Frequency.MONTHLY, State.ACTIVE),
        (State.STOPPED, Frequency.MONTHLY, State.STOPPED),
    ],
)
def test_money_that_comes_late_is_taken(before, frequency, after):
    donation = make_donation(state=before, frequency=frequency, is_suspicious=True)
    giving.record_payment(donation, 5_000, TODAY, Payment.Method.CHECK, now=NOW)
    assert (donation.state, donation.is_suspicious) == (after, False)


def test_payment_is_stored_even_where_the_pdf_cannot_be_made(monkeypatch, caplog):
    def fail(paper):
        raise typst.TypstError("no")

    monkeypatch.setattr(receipts, "pdf", fail)
    payment = giving.record_payment(make_donation(), 5_000, TODAY, Payment.Method.CHECK, now=NOW)
    assert "provided no goods or services" in last_mail().message
    assert last_mail().attachments.count() == 0
    assert f"Could not make the PDF of receipt {payment.receipt}" in caplog.text


def test_donor_without_an_email_gets_no_mail():
    payment = giving.record_payment(make_donation(email=""), 5_000, TODAY, Payment.Method.CHECK, now=NOW)
    assert (Payment.objects.get(), Email.objects.count()) == (payment, 0)


def test_refund_is_a_record_of_its_own_and_corrects_the_receipt():
    payment = make_payment()
    refund = giving.record_refund(payment, 2_000, date(2027, 6, 20), "asked for it")
    assert (left_of(payment), refund.refunded_on, refund.reason) == (3_000, date(2027, 6, 20), "asked for it")
    mail = last_mail()
    assert mail.subject == f"We sent $20.00 back: your corrected receipt {payment.receipt}"
    assert "Sent back on June 20, 2027: $20.00\nWhat is left of it: $30.00" in mail.message
    assert "asked for it" not in mail.message
    assert mail.attachments.count() == 1


def test_more_than_came_never_goes_back():
    payment = make_payment()
    giving.record_refund(payment, 4_999, TODAY)
    with pytest.raises(giving.TooMuchError):
        giving.record_refund(payment, 2, TODAY)
    giving.record_refund(payment, 1, TODAY)
    assert Refund.objects.count() == 2


def test_provider_may_tell_of_a_refund_as_often_as_it_likes():
    payment = make_payment()
    for _number in range(3):
        giving.record_refund(payment, 5_000, TODAY, provider_id="re_1")
    assert (Refund.objects.count(), len(subjects())) == (1, 1)


# Monthly gifts


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ([date(2027, 1, 31)], date(2027, 2, 28)),
        ([date(2027, 1, 31), date(2027, 2, 28)], date(2027, 3, 31)),
        ([date(2027, 12, 15)], date(2028, 1, 15)),
        ([date(2028, 1, 30)], date(2028, 2, 29)),
        ([], None),
    ],
)
def test_next_date_keeps_the_day_of_the_first_payment(days, due):
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    for day in days:
        make_payment(donation, received_on=day)
    assert next_date(donation) == due


def test_stop_tells_the_donor_once():
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    assert (giving.stop(donation, NOW), giving.stop(donation, NOW)) == (True, False)
    assert (donation.state, donation.stopped) == (State.STOPPED, NOW)
    assert subjects() == [f"Your monthly gift {donation.reference} is stopped"]
    assert subjects("treasurer@example.org") == [f"Monthly gift {donation.reference} stopped"]


def test_gift_once_cannot_be_stopped():
    donation = make_donation(state=State.DONE)
    assert not giving.stop(donation, NOW)
    assert Email.objects.count() == 0


def test_card_gift_goes_on_where_the_provider_cannot_be_asked():
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE, route=Route.CARD, subscription_id="sub_1")
    with pytest.raises(payments.ProviderAwayError):
        giving.end(donation, NOW)
    donation.refresh_from_db()
    assert donation.state == State.ACTIVE


def test_changed_amount_is_confirmed():
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    giving.change_amount(donation, 3_500)
    giving.change_amount(donation, 3_500)
    assert subjects() == [f"Your monthly gift {donation.reference} is $35.00 now"]
    assert "was $50.00 and is $35.00" in last_mail().message


@pytest.mark.parametrize(
    "kept", [{"route": Route.CARD}, {"state": State.STOPPED}, {"frequency": Frequency.ONCE, "state": State.DONE}]
)
def test_only_a_monthly_pledge_that_goes_on_changes_its_amount(kept):
    donation = make_donation(**{"frequency": Frequency.MONTHLY, "state": State.ACTIVE, **kept})
    giving.change_amount(donation, 3_500)
    donation.refresh_from_db()
    assert donation.amount_cents == 5_000


# Timed work


def test_reminder_comes_once_after_three_weeks():
    donation = make_donation(made=NOW)
    for days in (20, 21, 22, 60):
        giving.tend(NOW + timedelta(days=days))
    assert subjects() == [f"About your promised gift {donation.reference}"]
    assert "on June 1 you kindly promised $50.00" in last_mail().message
    donation.refresh_from_db()
    assert (donation.reminded, donation.state) == (NOW + timedelta(days=21), State.OPEN)


@pytest.mark.parametrize(
    "other", [{"state": State.DONE}, {"state": State.STOPPED}, {"is_suspicious": True}, {"route": Route.CARD}]
)
def test_nobody_else_is_reminded(other):
    make_donation(made=NOW, **other)
    giving.tend(NOW + timedelta(days=21))
    assert Email.objects.count() == 0


def test_pledge_never_paid_is_closed_without_a_word():
    donation = make_donation(made=NOW, reminded=NOW)
    giving.tend(NOW + timedelta(days=119))
    donation.refresh_from_db()
    assert donation.state == State.OPEN
    giving.tend(NOW + timedelta(days=120))
    donation.refresh_from_db()
    assert (donation.state, Email.objects.count()) == (State.ABANDONED, 0)


def test_site_that_stood_still_does_not_remind_of_what_it_closes():
    donation = make_donation(made=NOW)
    giving.tend(NOW + timedelta(days=130))
    donation.refresh_from_db()
    assert (donation.state, Email.objects.count()) == (State.ABANDONED, 0)


def test_unpaid_card_is_closed_after_a_week_and_a_suspicious_one_waits_for_a_person():
    plain = make_donation(made=NOW, route=Route.CARD)
    suspicious = make_donation(made=NOW, route=Route.CARD, is_suspicious=True)
    giving.tend(NOW + timedelta(days=7))
    states = dict(Donation.objects.values_list("pk", "state"))
    assert states == {plain.pk: State.ABANDONED, suspicious.pk: State.OPEN}


def test_money_cannot_slip_in_between_the_look_and_the_closing():
    donation = make_donation(made=NOW)
    make_payment(donation)
    giving.tend(NOW + timedelta(days=200))
    donation.refresh_from_db()
    assert donation.state == State.OPEN


def test_staff_close_what_will_not_be_paid():
    donation = make_donation()
    assert (giving.give_up(donation), giving.give_up(donation)) == (True, False)
    assert donation.state == State.ABANDONED


def test_failed_mail_takes_the_payment_with_it(monkeypatch):
    """Both are told again: the provider repeats its event, and staff see that nothing was stored."""

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(giving.outbox, "write", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        giving.record_payment(make_donation(), 5_000, TODAY, Payment.Method.CHECK, now=NOW)
    assert Payment.objects.count() == 0
