"""What a receipt must say by law, and that its PDF says the same to everybody."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from contact import receipts
from contact.models import Donation, Giving
from pages.models import Identity
from tests import naughty
from tests.factories import make_donation, make_giving, make_identity, make_payment, make_purpose

NOTHING = "Test Association, Inc. provided no goods or services in return for this gift."
EXEMPT = (
    "Test Association, Inc. is recognized as tax-exempt under section 501(c)(3) of the Internal Revenue Code; gifts to "
    "it are deductible as far as the law allows."
)
KEEP = "Keep this receipt with your records."
ACKNOWLEDGED = (
    "This is the written acknowledgment that the Internal Revenue Service asks for with a gift of $250 or more. Keep "
    "it, and have it before you file your return."
)
SILENT = "This receipt does not say whether the gift can be deducted from taxes."


@pytest.fixture(autouse=True)
def association(db):
    make_identity(ein="12-3456789", address="1 Test Street\nTestville, CA 90000")
    return make_giving()


def paper_of(payment):
    return receipts.receipt_of(receipts.payments_with_all().get(pk=payment.pk))


def legal(payment):
    """The sentences of a receipt without the links that end it."""
    return [sentence for sentence in paper_of(payment).sentences if "http" not in sentence]


def read(paper):
    return PdfReader(BytesIO(receipts.pdf(paper)))


def words(reader):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize(("cents", "last"), [(24_999, KEEP), (25_000, ACKNOWLEDGED), (500, KEEP)])
def test_wording_depends_on_250_dollars(cents, last):
    assert legal(make_payment(amount_cents=cents)) == [NOTHING, EXEMPT, last]


@pytest.mark.parametrize(("cents", "value"), [(10_000, 7_501), (10_000, 7_500), (7_500, 1_000), (30_000, 4_000)])
def test_value_received_is_stated_and_subtracted(cents, value):
    payment = make_payment(amount_cents=cents, value_cents=value, value_words="A dinner for one")
    sentences = legal(payment)
    stated = receipts.shown(value)
    left = receipts.shown(cents - value)
    assert sentences[:2] == [
        f"In return for this gift you received: A dinner for one. Our good-faith estimate of its value is {stated}.",
        "For federal income tax, what you may deduct is limited to the part of your gift that exceeds this value: "
        f"{left}.",
    ]
    assert NOTHING not in sentences
    facts = dict(paper_of(payment).facts)
    assert (facts["Its value, our good-faith estimate"], facts["Part above that value"]) == (stated, left)


@pytest.mark.parametrize("value", [{}, {"value_cents": 2_000, "value_words": "A book"}])
def test_no_receipt_claims_what_staff_did_not_tick(association, value):
    Giving.objects.update(is_deductible=False)
    for cents in (5_000, 25_000):
        paper = paper_of(make_payment(amount_cents=cents, **value))
        text = " ".join([*paper.sentences, *dict(paper.facts)])
        assert SILENT in text
        for claim in ("501(c)(3)", "deductible", "you may deduct", "Part above", "Internal Revenue"):
            assert claim not in text


def test_refund_in_part_is_judged_by_what_is_left():
    payment = make_payment(amount_cents=30_000)
    payment.refunds.create(amount_cents=10_000, refunded_on=date(2027, 6, 20))
    paper = paper_of(payment)
    assert paper.title == "Corrected receipt"
    assert legal(payment) == [
        "This receipt takes the place of the one you had before for the same gift.",
        NOTHING,
        EXEMPT,
        KEEP,
    ]
    facts = dict(paper.facts)
    assert (facts["Sent back on June 20, 2027"], facts["What is left of it"]) == ("$100.00", "$200.00")


def test_refund_of_all_leaves_nothing_to_deduct():
    payment = make_payment()
    payment.refunds.create(amount_cents=5_000, refunded_on=date(2027, 6, 20))
    assert legal(payment) == [
        "This receipt takes the place of the one you had before for the same gift.",
        "All of this gift was sent back to you. Nothing of it can be deducted.",
    ]


def test_value_above_what_is_left_leaves_nothing_to_deduct():
    payment = make_payment(amount_cents=10_000, value_cents=8_000, value_words="A dinner")
    payment.refunds.create(amount_cents=5_000, refunded_on=date(2027, 6, 20))
    assert dict(paper_of(payment).facts)["Part above that value"] == "$0.00"


def test_receipt_tells_all_facts_of_a_gift():
    donation = make_donation(purpose=make_purpose(), tribute="honor", tribute_name="Ana Test")
    payment = make_payment(donation, mark="1042")
    assert paper_of(payment).facts == [
        ("Receipt", payment.receipt),
        ("Gift", donation.reference),
        ("Amount received", "$50.00"),
        ("Received on", "June 8, 2027"),
        ("By", "Check, 1042"),
        ("For", "One officer’s seat"),
        ("In honor of", "Ana Test"),
    ]


def test_card_of_a_monthly_gift_names_the_day_of_the_next_charge():
    donation = make_donation(
        frequency=Donation.Frequency.MONTHLY, state=Donation.State.ACTIVE, route=Donation.Route.CARD
    )
    facts = dict(paper_of(make_payment(donation)).facts)
    assert (facts["How often"], facts["Next one"]) == ("Every month", "on July 8, 2027")


def test_stopped_monthly_gift_has_no_next_one_and_nothing_to_stop():
    donation = make_donation(frequency=Donation.Frequency.MONTHLY, state=Donation.State.STOPPED)
    paper = paper_of(make_payment(donation))
    assert "Next one" not in dict(paper.facts)
    assert "stop" not in " ".join(paper.sentences).lower()


def test_what_is_not_known_is_left_out_and_staff_are_told():
    Identity.objects.update(ein="", address="", name="Test Association")
    Giving.objects.update(legal_name="")
    assert paper_of(make_payment()).sender == ["Test Association"]
    assert receipts.missing(Giving.load(), Identity.load()) == ["legal name", "EIN", "postal address"]


def test_nothing_is_missing_where_all_is_known():
    assert receipts.missing(Giving.load(), Identity.load()) == []


def test_pdf_says_what_the_mail_says():
    donation = make_donation(frequency=Donation.Frequency.MONTHLY, state=Donation.State.ACTIVE, name="Zoë Ж. Test")
    paper = paper_of(make_payment(donation, amount_cents=25_000, value_cents=5_000, value_words="A dinner"))
    text = words(read(paper))
    for part in [paper.title, paper.donor, *paper.sender, *(word for fact in paper.facts for word in fact)]:
        assert part in text
    for sentence in paper.sentences:
        assert sentence.replace(" ", "") in text.replace(" ", "")


def test_pdf_is_made_for_screen_readers():
    paper = paper_of(make_payment())
    reader = read(paper)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == f"Receipt for a gift {paper.number}"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    kinds = set(tags(root["/StructTreeRoot"]))
    assert {"/H1", "/P", "/Link"} <= kinds


def tags(node):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"]
        if "/K" in node:
            yield from tags(node["/K"])


def test_links_of_the_pdf_can_be_followed():
    donation = make_donation(frequency=Donation.Frequency.MONTHLY, state=Donation.State.ACTIVE)
    paper = paper_of(make_payment(donation))
    found = [
        note.get_object()["/A"]["/URI"]
        for page in read(paper).pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    ]
    wanted = [sentence[sentence.index("http") :] for sentence in paper.sentences if "http" in sentence]
    assert set(found) == set(wanted)
    assert len(wanted) == 2


def test_naughty_names_never_break_the_pdf():
    """A dozen strings on each paper: every one as a name, as a fact and as a sentence."""
    for begin in range(0, len(naughty.STRINGS), 12):
        texts = naughty.STRINGS[begin : begin + 12]
        paper = receipts.Paper(
            title="Receipt",
            number="R-222222",
            sender=[text[:120] for text in texts],
            donor=texts[0][:120],
            facts=[("In honor of", text[:120]) for text in texts],
            sentences=texts,
            labels=receipts.labels(),
        )
        assert receipts.pdf(paper).startswith(b"%PDF-"), texts


def test_markup_in_a_name_stays_text():
    paper = paper_of(make_payment(make_donation(name="#strong[A] *b* $x^2$ // c")))
    assert "#strong[A] *b* $x^2$ // c" in words(read(paper))


def test_number_of_queries_does_not_grow_with_the_refunds(django_assert_num_queries):
    payment = make_payment()
    with django_assert_num_queries(5):
        paper_of(payment)
    for _number in range(3):
        payment.refunds.create(amount_cents=100, refunded_on=date(2027, 6, 20))
    with django_assert_num_queries(5):
        paper_of(payment)
