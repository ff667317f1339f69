"""Gifts on the staff's side: recording money, refunds, searching, and the treasurer's view."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone
from post_office.models import Email
from pypdf import PdfReader

from contact import payments, treasury
from contact.admin.gift_tools import GiftTools
from contact.models import Donation, Giving, Payment, Purpose, Refund, Spending
from pages.models import Identity
from tests.factories import make_donation, make_giving, make_identity, make_payment, make_purpose

LIST = "/admin/contact/donation/"
State, Route, Frequency, Method = Donation.State, Donation.Route, Donation.Frequency, Payment.Method


@pytest.fixture(autouse=True)
def association(db):
    make_identity(ein="12-3456789", address="1 Test Street")
    return make_giving()


def staff(client, *permissions):
    user = get_user_model().objects.create_user("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def said(response):
    return [str(message) for message in response.context["messages"]]


def record(client, donation, **data):
    data = {"amount": "50.00", "received_on": "2027-06-08", "method": "check", **data}
    return client.post(f"{LIST}{donation.pk}/payment/", data, follow=True)


@pytest.fixture
def today(monkeypatch):
    """The last day of the month of these tests."""
    monkeypatch.setattr(GiftTools, "_today", lambda self: date(2027, 6, 30))


# Finding a gift


@pytest.mark.parametrize(
    "words", ["{reference}", "{bare}", "{lower}", "ana", "ana@example.org", "1042", "77.31", "$77.31"]
)
def test_gift_is_found_by_what_stands_on_a_check(editor_client, words):
    ana = make_donation(name="Ana Test", email="ana@example.org", amount_cents=7_731, state=State.DONE)
    make_payment(ana, mark="1042")
    make_payment(ana, mark="1042")
    make_donation(name="Somebody else", email="else@example.org")
    reference = ana.reference
    term = words.format(reference=reference, bare=reference.replace("-", ""), lower=f" {reference.lower()} ")
    found = editor_client.get(LIST, {"q": term}).context["cl"].result_list
    assert list(found) == [ana]


def test_naughty_search_finds_nothing(editor_client):
    make_donation()
    for term in ("%", "'; DROP TABLE", "💥", "9" * 400):
        assert editor_client.get(LIST, {"q": term}).status_code == 200


def test_number_of_queries_of_the_list_does_not_grow(editor_client, django_assert_num_queries):
    make_donation(purpose=make_purpose())
    editor_client.get(LIST)
    with django_assert_num_queries(8):
        editor_client.get(LIST)
    make_donation(purpose=make_purpose("Another"))
    make_donation(purpose=Purpose.objects.first())
    with django_assert_num_queries(8):
        editor_client.get(LIST)


# Recording money


def test_recorded_check_thanks_the_donor_with_a_receipt(editor_client, editor, today):
    donation = make_donation()
    response = record(editor_client, donation, mark="1042")
    payment = Payment.objects.get()
    assert (payment.amount_cents, payment.method, payment.mark, payment.recorded_by) == (5_000, "check", "1042", editor)
    assert said(response) == [f"Receipt {payment.receipt} is on its way to donor@example.org."]
    assert Email.objects.get().subject == f"Your receipt {payment.receipt}: $50.00"
    donation.refresh_from_db()
    assert donation.state == State.DONE
    assert payment.receipt in response.text


def test_form_begins_with_what_was_promised(editor_client):
    page = editor_client.get(f"{LIST}{make_donation(amount_cents=7_731).pk}/payment/").text
    assert 'value="77.31"' in page
    assert 'value="card"' not in page


def test_staff_are_told_what_the_receipt_could_not_state(editor_client, today):
    Identity.objects.update(ein="")
    response = record(editor_client, make_donation())
    assert said(response)[1] == "The receipt could not state: EIN. Donors need it for their taxes."


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"amount": "0"}, "Write how much came."),
        ({"amount": "many"}, "Write an amount in dollars"),
        ({"received_on": "2027-07-02"}, "This day is still to come."),
        ({"method": "card"}, "Select a valid choice"),
        ({"value": "20"}, "Say what the donor received and what it is worth, or neither."),
        ({"value_words": "A dinner"}, "Say what the donor received and what it is worth, or neither."),
        ({"value": "50.01", "value_words": "A dinner"}, "cannot be worth more than the gift"),
    ],
)
def test_faulty_payment_is_not_recorded(editor_client, today, data, fault):
    response = record(editor_client, make_donation(), **data)
    assert fault in response.text
    assert Payment.objects.count() == Email.objects.count() == 0


def test_value_received_reaches_the_receipt(editor_client, today):
    record(editor_client, make_donation(amount_cents=20_000), amount="200", value="75.50", value_words="A dinner")
    assert "Part above that value: $124.50" in Email.objects.get().message


def test_check_without_a_pledge_is_written_down_and_recorded(editor_client, today):
    data = {"amount_cents": "120.50", "frequency": "once", "name": "Check Writer", "email": "", "tribute": ""}
    response = editor_client.post(f"{LIST}add/", data)
    donation = Donation.objects.get()
    assert (donation.amount_cents, response.url) == (12_050, f"{LIST}{donation.pk}/payment/")
    response = record(editor_client, donation, amount="120.50")
    assert "print it and send it by post" in said(response)[0]
    assert Email.objects.count() == 0
    paper = editor_client.get(f"{LIST}payments/{Payment.objects.get().pk}/receipt/")
    assert "Check Writer" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()


def test_refund_is_recorded_once_and_never_above_what_came(editor_client, today):
    payment = make_payment()
    address = f"{LIST}payments/{payment.pk}/refund/"
    assert 'value="50.00"' in editor_client.get(address).text
    too_much = editor_client.post(address, {"amount": "50.01", "refunded_on": "2027-06-20"})
    assert "At most $50.00 of this payment is left." in too_much.text
    editor_client.post(address, {"amount": "20", "refunded_on": "2027-06-20", "reason": "asked"})
    assert Refund.objects.values_list("amount_cents", "reason").get() == (2_000, "asked")
    assert 'value="30.00"' in editor_client.get(address).text


def test_refund_of_a_card_is_left_to_the_provider(editor_client):
    payment = make_payment(provider_id="pi_1", method=Method.CARD)
    response = editor_client.post(
        f"{LIST}payments/{payment.pk}/refund/", {"amount": "20", "refunded_on": "2027-06-20"}, follow=True
    )
    assert "is sent back on the page of the card provider" in said(response)[0]
    assert Refund.objects.count() == 0


def test_receipt_is_mailed_again_on_demand(editor_client):
    payment = make_payment()
    editor_client.post(f"{LIST}payments/{payment.pk}/resend/")
    assert Email.objects.get().subject == f"Your receipt {payment.receipt}: $50.00"


def test_suspicious_gift_is_accepted(editor_client):
    donation = make_donation(is_suspicious=True)
    assert "A person sent it" in editor_client.get(f"{LIST}{donation.pk}/change/").text
    editor_client.post(f"{LIST}{donation.pk}/decide/accept/")
    donation.refresh_from_db()
    assert not donation.is_suspicious
    assert Email.objects.filter(to="donor@example.org").count() == 1


def test_monthly_pledge_is_stopped_and_an_open_one_given_up(editor_client):
    monthly = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    editor_client.post(f"{LIST}{monthly.pk}/decide/stop/")
    once = make_donation()
    editor_client.post(f"{LIST}{once.pk}/decide/give-up/")
    assert dict(Donation.objects.values_list("pk", "state")) == {monthly.pk: State.STOPPED, once.pk: State.ABANDONED}
    assert editor_client.post(f"{LIST}{once.pk}/decide/stop/").status_code == 404
    assert editor_client.post(f"{LIST}{once.pk}/decide/nothing/").status_code == 404


def test_card_is_not_stopped_where_the_provider_is_away(editor_client, monkeypatch):
    def away(donation):
        raise payments.ProviderAwayError

    monkeypatch.setattr(payments, "is_on", lambda: True)
    monkeypatch.setattr(payments, "end", away)
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE, route=Route.CARD, subscription_id="sub_1")
    response = editor_client.post(f"{LIST}{donation.pk}/decide/stop/", follow=True)
    donation.refresh_from_db()
    assert (donation.state, said(response)) == (
        State.ACTIVE,
        ["The card provider does not answer; nothing has changed."],
    )


def test_what_was_given_stays_in_the_books(editor_client):
    paid, unpaid = make_payment().donation, make_donation()
    assert editor_client.post(f"{LIST}{paid.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor_client.post(f"{LIST}{unpaid.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Donation.objects.all()) == [paid]


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_ask_for_their_rights(client, method):
    payment = make_payment()
    staff(client, "view_donation")
    for page in (f"{payment.donation.pk}/payment/", f"payments/{payment.pk}/refund/", "treasury/", "treasury/2027.csv"):
        assert getattr(client, method)(f"{LIST}{page}").status_code in (403, 405)
    assert client.post(f"{LIST}payments/{payment.pk}/resend/").status_code == 403
    assert client.post(f"{LIST}{payment.donation.pk}/decide/give-up/").status_code == 403
    assert client.get(f"{LIST}payments/{payment.pk}/receipt/").status_code == 200
    assert "Record a payment" not in client.get(f"{LIST}{payment.donation.pk}/change/").text


def test_receipt_is_no_business_of_other_staff(client):
    payment = make_payment()
    staff(client, "change_page")
    assert client.get(f"{LIST}payments/{payment.pk}/receipt/").status_code == 403


# Purposes and how gifts are taken


def test_price_of_a_purpose_is_typed_in_dollars(editor_client):
    data = {"name": "One seat", "unit_cents": "450.50", "goal_cents": "", "position": "1", "status": "published"}
    response = editor_client.post("/admin/contact/purpose/add/", data)
    assert response.status_code == 302
    assert Purpose.objects.values_list("unit_cents", "goal_cents").get() == (45_050, None)
    assert "One seat ($450.50)" in editor_client.get("/donate/").text


def test_use_of_gifts_takes_no_dangerous_link(editor_client):
    purpose = make_purpose()
    data = {"purpose": purpose.pk, "amount_cents": "10", "spent_on": "2027-06-08", "words": "One seat"}
    editor_client.post("/admin/contact/spending/add/", {**data, "address": "javascript:alert(1)"})
    assert Spending.objects.count() == 0
    editor_client.post("/admin/contact/spending/add/", {**data, "address": "/events/basic-course/"})
    assert Spending.objects.get().amount_cents == 1_000


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"legal_name": ""}, "Donors need the legal name before gifts are taken."),
        ({"suggested_once": "ten"}, "Write whole dollars with commas"),
        ({"suggested_once": "1, 25"}, "Suggest no amount below the least or above the largest gift."),
        ({"most_cents": "4"}, "The largest gift must not be below the least."),
    ],
)
def test_giving_is_not_opened_with_what_donors_could_not_rely_on(editor_client, association, change, fault):
    data = {
        "is_open": "on",
        "legal_name": "Test Association, Inc.",
        "suggested_once": "25, 50",
        "suggested_monthly": "10",
        "least_cents": "5",
        "most_cents": "25000",
        "fee_basis_points": "290",
        "fee_fixed_cents": "0.30",
    }
    address = "/admin/contact/giving/1/change/"
    assert editor_client.get("/admin/contact/giving/").url == address
    assert editor_client.post(address, data).status_code == 302
    assert Giving.objects.values_list("most_cents", "fee_fixed_cents").get() == (2_500_000, 30)
    assert fault in editor_client.post(address, {**data, **change}).text


def test_giving_is_not_opened_without_an_ein_or_an_address(editor_client, association):
    Identity.objects.update(ein="", address="")
    with pytest.raises(Exception, match="EIN") as raised:
        association.full_clean()
    assert set(raised.value.message_dict) == {"is_open", "check_address"}


# The treasurer's view


def move_money():
    seat = make_purpose()
    card = make_donation(purpose=seat, amount_cents=5_000, fee_cents=181, route=Route.CARD, state=State.DONE)
    make_payment(card, method=Method.CARD, received_on=date(2027, 1, 31))
    check = make_payment(make_donation(amount_cents=3_333, state=State.DONE), received_on=date(2027, 2, 1))
    check.refunds.create(amount_cents=1_111, refunded_on=date(2027, 3, 5))
    late = make_payment(make_donation(purpose=seat, amount_cents=10_001), received_on=date(2026, 12, 31))
    late.refunds.create(amount_cents=1, refunded_on=date(2027, 1, 2))
    return seat


def test_sums_of_a_year_are_right_to_the_cent():
    seat = move_money()
    book = treasury.year_of(2027)
    months = {number: (sums.received, sums.refunded, sums.fees) for number, sums in book.months if sums.net}
    assert months == {1: (5_181, 1, 181), 2: (3_333, 0, 0), 3: (0, 1_111, 0)}
    assert [(purpose, sums.received, sums.refunded) for purpose, sums in book.purposes] == [
        (seat, 5_181, 1),
        (None, 3_333, 1_111),
    ]
    assert (book.whole.received, book.whole.refunded, book.whole.net) == (8_514, 1_112, 7_402)
    assert (book.whole.of("card"), book.whole.of("check"), book.whole.of("cash")) == (5_181, 3_333, 0)
    assert treasury.years() == [2027, 2026]


def test_table_adds_up_to_what_the_view_shows():
    move_money()
    rows = list(csv.DictReader(io.StringIO(treasury.table(2027).decode("utf-8-sig"))))
    assert [(row["Date"], row["Amount"], row["Fee covered"]) for row in rows] == [
        ("2027-01-02", "-0.01", "0.00"),
        ("2027-01-31", "51.81", "1.81"),
        ("2027-02-01", "33.33", "0.00"),
        ("2027-03-05", "-11.11", "0.00"),
    ]
    assert sum(Decimal(row["Amount"]) for row in rows) == Decimal("74.02")
    assert sum(Decimal(row["Fee covered"]) for row in rows) == Decimal("1.81")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM", "\t=1"])
def test_no_name_becomes_a_formula(name):
    make_payment(make_donation(name=name, state=State.DONE), mark=name)
    (row,) = csv.DictReader(io.StringIO(treasury.table(2027).decode("utf-8-sig")))
    assert (row["Donor"], row["Number"]) == (f"'{name}", f"'{name}")


def test_view_shows_a_year_and_leads_to_its_table(client):
    move_money()
    staff(client, "view_donation", "view_treasury")
    page = client.get(f"{LIST}treasury/")
    for words in ("2027 by month", "January", "$51.81", "$74.02", "One officer’s seat", "$1.81"):
        assert words in page.text
    table = client.get(re.search(r'href="([^"]+\.csv)"', page.text)[1])
    assert table["Content-Disposition"] == 'attachment; filename="gifts-2027.csv"'
    assert "$100.01" in client.get(f"{LIST}treasury/?year=2026").text
    assert client.get(f"{LIST}treasury/?year=²").status_code == 200
    assert client.get(f"{LIST}treasury/1999.csv").status_code == 404
    assert f"{LIST}treasury/" in client.get(LIST).text


def test_empty_treasury_has_a_page_too(editor_client):
    assert "by month" in editor_client.get(f"{LIST}treasury/").text


def test_number_of_queries_does_not_grow_with_the_payments(django_assert_num_queries):
    for number in range(3):
        payment = make_payment(make_donation(purpose=make_purpose(f"Purpose {number}"), state=State.DONE))
        payment.refunds.create(amount_cents=1, refunded_on=date(2027, 6, 20))
        with django_assert_num_queries(3):
            treasury.year_of(2027)
        with django_assert_num_queries(2):
            treasury.table(2027)


# The start page


def test_start_page_says_what_waits(editor_client):
    make_donation()
    make_donation(is_suspicious=True, made=timezone.now() - timedelta(days=1))
    make_donation(state=State.DONE)
    lines = {words: (count, address) for words, count, address in editor_client.get("/admin/").context["waiting"]}
    assert lines["pledge waits for its money"][0] == lines["suspicious gift to look at"][0] == 1
    for _count, address in (lines["pledge waits for its money"], lines["suspicious gift to look at"]):
        assert len(editor_client.get(address).context["cl"].result_list) == 1


def test_start_page_keeps_gifts_from_staff_without_rights(client):
    make_donation()
    staff(client, "change_page")
    assert client.get("/admin/").context["waiting"] == []
