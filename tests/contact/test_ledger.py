"""The public ledger: the sums, who is named, and that it is there only where staff say so."""

from datetime import UTC, date, datetime

import pytest

from contact.ledger import ledger
from contact.models import Donation, Giving, Purpose, Spending
from tests.factories import make_donation, make_giving, make_identity, make_payment, make_purpose

NOW = datetime(2027, 6, 30, 19, tzinfo=UTC)
State = Donation.State


@pytest.fixture(autouse=True)
def association(db):
    make_identity(ein="12-3456789", address="1 Test Street")
    return make_giving(shows_ledger=True)


def test_sums_stand_with_their_purpose():
    seat, day = make_purpose(goal_cents=100_000), make_purpose("One dispatcher’s day")
    make_donation(purpose=seat, amount_cents=10_000)
    paid = make_donation(purpose=seat, amount_cents=20_001, state=State.DONE)
    make_payment(paid).refunds.create(amount_cents=1, refunded_on=date(2027, 6, 20))
    Spending.objects.create(purpose=seat, amount_cents=15_000, spent_on=date(2027, 6, 25), words="One seat")
    make_payment(make_donation(amount_cents=3_000, state=State.DONE))
    found = ledger(NOW)
    lines = [(line.purpose, line.promised, line.received, line.used) for line in found.lines]
    assert lines == [(day, 0, 0, 0), (seat, 10_000, 20_000, 15_000), (None, 0, 3_000, 0)]
    assert (found.promised, found.received, found.used) == (10_000, 23_000, 15_000)


def test_draft_purpose_is_not_named_but_its_money_is_counted():
    draft = make_purpose("Secret", status=Purpose.Status.DRAFT)
    make_payment(make_donation(purpose=draft, state=State.DONE))
    assert [(line.purpose, line.received) for line in ledger(NOW).lines] == [(None, 5_000)]


@pytest.mark.parametrize("other", [{"is_suspicious": True}, {"state": State.ABANDONED}, {"route": Donation.Route.CARD}])
def test_only_pledges_that_wait_are_promised(other):
    make_donation(**other)
    assert ledger(NOW).promised == 0


def test_only_donors_who_allowed_it_and_gave_are_named():
    for name, shows in (("Zoe", True), ("ZOE", True), ("Adam", True), ("Hidden", False)):
        make_payment(make_donation(name=name, shows_name=shows, state=State.DONE))
    make_donation(name="Promised only", shows_name=True)
    back = make_payment(make_donation(name="Took it back", shows_name=True, state=State.DONE))
    back.refunds.create(amount_cents=5_000, refunded_on=date(2027, 6, 20))
    make_payment(make_donation(name="A program", shows_name=True, is_suspicious=True))
    names = ledger(NOW).names
    assert [name.lower() for name in names] == ["adam", "zoe"]


def test_page_is_there_only_where_staff_show_it(client):
    make_payment(make_donation(name="Named Donor", shows_name=True, state=State.DONE))
    assert client.get("/donate/ledger/").status_code == 200
    Giving.objects.update(shows_ledger=False)
    response = client.get("/donate/ledger/")
    assert response.status_code == 404
    assert "Named Donor" not in response.text


def test_page_shows_sums_uses_with_links_and_names(client):
    seat = make_purpose(goal_cents=100_000)
    make_payment(make_donation(purpose=seat, name="<b>Ana</b>", shows_name=True, state=State.DONE))
    make_payment(make_donation(name="Hidden Donor", email="hidden@example.org", state=State.DONE))
    Spending.objects.create(
        purpose=seat, amount_cents=4_000, spent_on=date(2027, 6, 25), words="A seat in June", address="/events/basic/"
    )
    page = client.get("/donate/ledger/").text
    for words in ("goal $1,000", "$100.00", '<a href="/events/basic/">A seat in June</a>, $40.00', "&lt;b&gt;Ana"):
        assert words in page
    assert "Hidden Donor" not in page
    assert "hidden@example.org" not in page


def test_number_of_queries_does_not_grow(client, django_assert_num_queries):
    for rounds in (1, 3):
        for number in range(rounds):
            purpose = make_purpose(f"Purpose {rounds} {number}")
            make_payment(make_donation(purpose=purpose, shows_name=True, state=State.DONE))
            Spending.objects.create(purpose=purpose, amount_cents=1, spent_on=date(2027, 6, 25), words="Used")
        with django_assert_num_queries(8):
            ledger(NOW)
