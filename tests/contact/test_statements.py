"""The statement of a year: right to the cent, sent once, in January alone."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from post_office.models import Email
from pypdf import PdfReader

from contact import receipts, statements
from contact.models import Donation, Statement
from tests.factories import make_donation, make_giving, make_identity, make_payment

JANUARY = datetime(2028, 1, 3, 18, tzinfo=UTC)
EMAIL = "donor@example.org"


@pytest.fixture(autouse=True)
def association(db):
    make_identity(ein="12-3456789", address="1 Test Street")
    return make_giving()


def test_statement_adds_up_to_the_cent():
    make_payment(amount_cents=3_333, received_on=date(2027, 1, 1))
    refunded = make_payment(amount_cents=10_001, received_on=date(2027, 12, 31))
    refunded.refunds.create(amount_cents=1, refunded_on=date(2028, 1, 2))
    make_payment(amount_cents=20_000, value_cents=7_550, value_words="A dinner", received_on=date(2027, 3, 1))
    make_payment(amount_cents=99_900, received_on=date(2026, 12, 31))
    make_payment(make_donation(email="other@example.org"), amount_cents=77_700)
    paper = statements.statement_of(EMAIL, 2027)
    assert paper.facts == [
        ("Year", "2027"),
        ("Received", "$333.34"),
        ("Sent back", "$0.01"),
        ("Value of what you received, our good-faith estimate", "$75.50"),
        ("Left as gifts above that value", "$257.83"),
    ]
    assert [row[-1] for row in paper.table["rows"]] == ["$33.33", "$200.00", "$100.01", "−$0.01"]
    assert any("A dinner. Our good-faith estimate of its value is $75.50." in words for words in paper.sentences)


def test_plain_statement_says_what_was_received_and_that_nothing_was_given_in_return():
    make_payment()
    paper = statements.statement_of(EMAIL.upper(), 2027)
    assert paper.facts == [("Year", "2027"), ("Received", "$50.00")]
    assert paper.sentences[0] == "Test Association, Inc. provided no goods or services in return for these gifts."
    assert "501(c)(3)" in paper.sentences[1]


def test_statement_claims_nothing_staff_did_not_tick(association):
    association.is_deductible = False
    association.save()
    make_payment()
    text = " ".join(statements.statement_of(EMAIL, 2027).sentences)
    assert "does not say whether the gifts can be deducted" in text
    assert "501(c)(3)" not in text


def test_year_without_gifts_has_no_statement():
    make_payment()
    assert statements.statement_of(EMAIL, 2026) is None
    assert statements.statement_of("", 2027) is None
    assert statements.years_of(EMAIL) == [2027]


def test_pdf_has_the_table_with_its_head():
    payment = make_payment()
    reader = PdfReader(BytesIO(receipts.pdf(statements.statement_of(EMAIL, 2027))))
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for words in ("Statement of gifts", "Date Receipt By Amount", f"June 8, 2027 {payment.receipt} Check $50.00"):
        assert words in text
    assert reader.metadata.title == "Statement of gifts 2027"


def test_january_sends_every_donor_one_statement():
    for _number in range(3):
        make_payment()
    make_payment(make_donation(email="DONOR@example.org"))
    make_payment(make_donation(email="other@example.org"))
    make_payment(make_donation(email=""))
    make_payment(make_donation(email="late@example.org"), received_on=date(2028, 1, 2))
    statements.send(JANUARY)
    statements.send(JANUARY + timedelta(days=1))
    assert sorted(mail.to[0] for mail in Email.objects.all()) == ["donor@example.org", "other@example.org"]
    mail = Email.objects.get(to="donor@example.org")
    assert (mail.subject, mail.attachments.get().name) == ("Your gifts in 2027", "gifts-2027.pdf")
    assert "Received: $200.00" in mail.message
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("moment", [datetime(2028, 1, 1, 7, tzinfo=UTC), datetime(2028, 2, 1, 9, tzinfo=UTC)])
def test_no_other_month_sends_any(moment):
    """The month is that of the association's clock: in California it is still December then."""
    make_payment()
    statements.send(moment)
    assert Email.objects.count() == 0


def test_abandoned_pledges_are_on_no_statement():
    make_donation(state=Donation.State.ABANDONED)
    statements.send(JANUARY)
    assert Email.objects.count() == 0


def test_number_of_queries_does_not_grow_with_the_payments(django_assert_num_queries):
    make_payment()
    with django_assert_num_queries(5):
        statements.statement_of(EMAIL, 2027)
    make_payment()
    make_payment()
    with django_assert_num_queries(5):
        statements.statement_of(EMAIL, 2027)
