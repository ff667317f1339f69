"""The public pages of gifts, as a donor meets them without a script."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from post_office.models import Email
from pypdf import PdfReader

from contact import payments
from contact.donate_forms import AmountForm, GiftForm, LinkForm, PayForm
from contact.donor_links import OPEN_FOR, my_gifts_path, stop_path
from contact.models import Donation, Giving, Purpose
from pages.models import Identity
from tests import naughty
from tests.contact.provider import post_all
from tests.factories import make_donation, make_giving, make_identity, make_payment, make_purpose

State, Route, Frequency = Donation.State, Donation.Route, Donation.Frequency
EARLIER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def association(db):
    make_identity(ein="12-3456789", address="1 Test Street\nTestville, CA 90000", email="office@example.org")
    return make_giving(introduction="It trains officers.\n\nMore of it.")


@pytest.fixture
def cards(monkeypatch):
    """Cards are taken; the provider's page is a fixed address. Every gift led there is listed."""
    led = []

    def start(donation, success_url, cancel_url):
        led.append((donation, success_url, cancel_url))
        return "https://checkout.stripe.com/c/1"

    monkeypatch.setattr(payments, "is_on", lambda: True)
    monkeypatch.setattr(payments, "start_checkout", start)
    return led


def stamp(form_class, age=EARLIER):
    made = timezone.now() - age
    kinds = {
        GiftForm: {"giving": Giving.load(), "takes_cards": False, "now": made},
        PayForm: {"label": "Go", "now": made},
        AmountForm: {"giving": Giving.load(), "now": made},
        LinkForm: {"now": made},
    }
    return form_class(**kinds[form_class]).stamp_of(made)


def typed(**more):
    return {
        "frequency": "once",
        "amount_once": "5000",
        "name": "Test Donor",
        "email": "Donor@example.org",
        "stamp": stamp(GiftForm),
        **more,
    }


def faults(response):
    """What the summary of a form says."""
    summary = re.search(r'<ul role="list">(.*?)</ul>', response.text, re.DOTALL)
    return [re.sub(r"<.*?>", "", line).strip() for line in re.findall(r"<li>(.*?)</li>", summary[1], re.DOTALL)]


# The form


def test_page_says_who_receives_before_anything_is_asked(client):
    page = client.get("/donate/").text
    form = page.index('id="gift"')
    for words in (
        "Test Association, Inc.",
        "12-3456789",
        "1 Test Street<br>Testville, CA 90000",
        "It trains officers.",
    ):
        assert page.index(words) < form
    assert client.cookies == {}


def test_at_most_six_fields_are_required(cards, client):
    """Choosing the amount counts as one of them; how often is chosen already."""
    form = GiftForm(giving=Giving.load(), takes_cards=True, now=timezone.now())
    required = [name for name, field in form.fields.items() if field.required]
    assert required == ["frequency", "route", "name", "email"]


def test_suggested_amounts_of_both_rhythms_are_offered(client):
    page = client.get("/donate/").text
    assert re.findall(r'name="amount_once" value="(\w+)"', page) == ["2500", "5000", "10000", "25000", "other"]
    assert re.findall(r'name="amount_monthly" value="(\w+)"', page) == ["1000", "2000", "3500", "5000", "other"]


def test_cards_are_not_mentioned_where_none_are_taken(client):
    page = client.get("/donate/").text
    assert 'name="route"' not in page
    assert "covers_fee" not in page


@pytest.mark.parametrize(
    "missing", [("giving", "is_open", False), ("giving", "legal_name", ""), ("identity", "ein", "")], ids=str
)
def test_closed_giving_shows_an_honest_page_without_a_form(client, missing):
    model, name, value = missing
    make_purpose(summary="A place in a class.")
    make_purpose("Hidden", status=Purpose.Status.DRAFT)
    {"giving": Giving, "identity": Identity}[model].objects.update(**{name: value})
    for response in (client.get("/donate/"), client.post("/donate/", typed())):
        assert response.status_code == 200
        assert "Gifts are not taken on this site yet." in response.text
        assert "It trains officers." in response.text
        assert "<b>One officer’s seat</b>: A place in a class." in response.text
        assert "Hidden" not in response.text
        assert "<form" not in response.text
        assert '/contact/?topic=gifts"' in response.text
    assert Donation.objects.count() == 0


def test_giving_without_any_way_for_the_money_to_come_is_closed(client):
    Identity.objects.update(address="")
    assert "<form" not in client.get("/donate/").text
    Giving.objects.update(transfer_instructions="Test Bank, ask us.")
    assert "<form" in client.get("/donate/").text


def test_empty_form_says_what_is_wanted(client):
    assert faults(client.post("/donate/", {"stamp": stamp(GiftForm)})) == [
        "How often: This field is required.",
        "Your name: This field is required.",
        "Your e-mail: This field is required.",
    ]
    assert faults(client.post("/donate/", typed(amount_once=""))) == [
        "Amount, once: Choose an amount, or write another one."
    ]
    assert faults(client.post("/donate/", typed(frequency="monthly"))) == [
        "Amount, every month: Choose an amount, or write another one."
    ]


@pytest.mark.parametrize(
    ("amounts", "cents"),
    [
        ({"amount_once": "2500"}, 2_500),
        ({"amount_once": "other", "own_amount": "$1,234.56"}, 123_456),
        ({"amount_once": "", "own_amount": "5"}, 500),
        ({"amount_once": "5000", "own_amount": "50"}, 5_000),
        ({"frequency": "monthly", "amount_monthly": "1000", "amount_once": "25000"}, 1_000),
        ({"amount_once": "other", "own_amount": "25000"}, 2_500_000),
    ],
)
def test_amount_is_the_chosen_one_or_the_written_one(client, amounts, cents):
    client.post("/donate/", typed(**amounts))
    assert Donation.objects.get().amount_cents == cents


@pytest.mark.parametrize(
    ("amounts", "fault"),
    [
        ({"amount_once": "other"}, "Write the amount you would like to give."),
        (
            {"own_amount": "80"},
            "You chose $50.00 and wrote $80.00. Empty this field, or choose “Other amount” above.",
        ),
        ({"amount_once": "", "own_amount": "4.99"}, "The least gift is $5.00: smaller ones cost more than they bring."),
        (
            {"amount_once": "", "own_amount": "25,000.01"},
            "The largest gift here is $25,000.00. Please write to us: we arrange larger ones in person.",
        ),
        ({"amount_once": "", "own_amount": "-50"}, "Write an amount in dollars, for example 40 or 40.50."),
        ({"amount_once": "", "own_amount": "9" * 5000}, "Write an amount in dollars, for example 40 or 40.50."),
    ],
)
def test_doubtful_amount_is_asked_about(client, amounts, fault):
    response = client.post("/donate/", typed(**amounts))
    assert faults(response)[0] == f"Other amount, in dollars: {fault}"
    assert 'value="Test Donor"' in response.text
    assert Donation.objects.count() == 0


def test_forged_choices_are_refused(client):
    for forged in ({"amount_once": "1"}, {"frequency": "weekly"}, {"purpose": "999"}, {"tribute": "x"}):
        make_purpose(f"Purpose {forged}")
        assert client.post("/donate/", typed(**forged)).status_code == 200
    assert Donation.objects.count() == 0


def test_card_cannot_be_chosen_where_none_are_taken(client):
    client.post("/donate/", typed(route="card", covers_fee="on", fee_seen="181"))
    assert Donation.objects.values_list("route", "fee_cents").get() == ("pledge", 0)


def test_tribute_wants_both_its_kind_and_a_name(client):
    response = client.post("/donate/", typed(tribute="memory"))
    assert faults(response) == ["Their name: Write the name of the person you honor."]
    assert re.search(r'<details class="save"\s+open', response.text)
    assert faults(client.post("/donate/", typed(tribute_name="Ana"))) == [
        "In honor or in memory of somebody: Choose whether your gift is in honor or in memory."
    ]


# A pledge: form, thanks


def test_pledge_needs_two_screens_and_no_script(client):
    purpose = make_purpose()
    response = client.post(
        "/donate/",
        typed(purpose=purpose.pk, tribute="honor", tribute_name="Ana Test", shows_name="on"),
        follow=True,
    )
    donation = Donation.objects.get()
    assert response.redirect_chain == [(f"/donate/thanks/{donation.reference}/", 302)]
    for words in (
        donation.reference,
        "$50.00",
        "One officer’s seat",
        f"Write <b>{donation.reference}</b> on the check",
        "payable to <b>Test Association, Inc.</b></p>",
        "Test Association, Inc.<br>1 Test Street<br>Testville, CA 90000",
    ):
        assert words in response.text
    assert "card" not in re.sub(r'class="[^"]*"', "", response.text.split("<main")[1].split("</main")[0])
    assert (donation.email, donation.shows_name, donation.tribute_name) == ("donor@example.org", True, "Ana Test")


def test_thanks_tells_nothing_about_the_donor(client):
    donation = make_donation(tribute="memory", tribute_name="Ana Test")
    response = client.get(f"/donate/thanks/{donation.reference}/")
    for secret in ("Test Donor", "donor@example.org", "Ana Test"):
        assert secret not in response.text
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.text
    assert client.get("/donate/thanks/D-222222/").status_code == 404


def test_double_click_is_one_gift(client):
    form = typed()
    first, second = client.post("/donate/", form), client.post("/donate/", form)
    assert first.url == second.url
    assert Donation.objects.count() == 1
    assert Email.objects.filter(to="donor@example.org").count() == 1


def test_suspicious_pledge_is_kept_and_its_mail_waits(client):
    response = client.post("/donate/", typed(more_words="spam"), follow=True)
    assert Donation.objects.get().is_suspicious
    assert "after a person has looked at the form" in response.text
    assert Email.objects.count() == 0


@pytest.mark.parametrize("field", ["name", "tribute_name"])
def test_name_with_a_link_is_kept_and_its_mail_waits(client, field):
    """Whoever types the address of a stranger must not reach them with an advertisement."""
    form = typed(tribute="honor", tribute_name="Test Person") | {field: "Win money: https://evil.example/"}
    client.post("/donate/", form)
    assert Donation.objects.get().is_suspicious
    assert Email.objects.count() == 0


def test_names_are_of_one_line(client):
    client.post("/donate/", typed(name="Test\r\n\r\nDonor", tribute="honor", tribute_name="Test\nPerson\x07"))
    donation = Donation.objects.get()
    assert (donation.name, donation.tribute_name) == ("Test Donor", "Test Person")


@pytest.mark.parametrize("forged", ["", "x", "1:y"])
def test_form_without_its_signed_time_is_suspicious(client, forged):
    client.post("/donate/", typed(stamp=forged))
    assert Donation.objects.get().is_suspicious


def test_form_that_was_open_for_days_comes_back_to_be_sent_again(client):
    response = client.post("/donate/", typed(stamp=stamp(GiftForm, timedelta(days=2))))
    assert "open for more than a day" in response.text
    assert 'value="Test Donor"' in response.text
    fresh = re.search(r'name="stamp" value="([^"]+)"', response.text)[1]
    client.post("/donate/", typed(stamp=fresh))
    assert not Donation.objects.get().is_suspicious


def test_form_of_another_site_is_refused(client):
    assert client.post("/donate/", typed(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_naughty_strings_are_stored_or_asked_about_and_shown_harmless(client):
    """Another string in each field; the first form has a fault beside them most times, the second rarely."""
    typed_by_all = typed(tribute="honor")
    for number, words in enumerate(naughty.spread(("name", "tribute_name", "own_amount"))):
        form, visitor = typed_by_all | {"email": f"{number}@example.org"}, {"REMOTE_ADDR": f"192.0.2.{number}"}
        response = client.post("/donate/", form | words, **visitor)
        assert response.status_code in (200, 302), words
        assert "<script>alert" not in response.text, words
        names = {"name": words["name"], "tribute_name": words["tribute_name"], "stamp": stamp(GiftForm)}
        assert client.post("/donate/", form | names, **visitor).status_code in (200, 302), words
    assert Donation.objects.count() > 60
    for donation in Donation.objects.all():
        assert "<script>alert" not in client.get(my_gifts_path(donation)).text, donation.name


# Card testing


def test_fifty_rapid_posts_from_one_address_are_refused_and_a_tenth_honest_donor_passes(client):
    """Each donor at an address of their own, the flood at another."""
    answers = [
        client.post("/donate/", typed(name=f"Flood {number}"), REMOTE_ADDR="203.0.113.9").status_code
        for number in range(50)
    ]
    assert answers == [302] * 6 + [429] * 44
    honest = [
        client.post("/donate/", typed(name=f"Donor {number}"), REMOTE_ADDR=f"198.51.100.{number}").status_code
        for number in range(1, 11)
    ]
    assert honest == [302] * 10


def test_refused_form_keeps_what_was_typed_and_says_when_to_come_back(client):
    for number in range(6):
        client.post("/donate/", typed(name=f"Donor {number}"))
    response = client.post("/donate/", typed(name="The Seventh"))
    assert response.status_code == 429
    assert 'value="The Seventh"' in response.text
    assert faults(response)[0].startswith("This form was sent too often.")


# Cards


def card(**more):
    return typed(route="card", **more)


def test_gift_by_card_leads_to_the_provider(cards, client):
    response = client.post("/donate/", card())
    donation = Donation.objects.get()
    assert response.url == "https://checkout.stripe.com/c/1"
    thanks, pay = (f"http://127.0.0.1:8000/donate/{name}/{donation.reference}/" for name in ("thanks", "pay"))
    assert cards == [(donation, thanks, pay)]
    assert (donation.route, donation.fee_cents) == ("card", 0)


def test_way_must_be_chosen_where_there_are_two(cards, client):
    assert faults(client.post("/donate/", typed())) == ["By: This field is required."]


def test_policy_lets_the_form_lead_to_the_provider(cards, client):
    assert "https://checkout.stripe.com" in client.get("/donate/")["Content-Security-Policy"]


def test_exact_fee_is_shown_before_anything_is_stored(cards, client):
    """Without a script: the form, the form with the sum, the provider's page."""
    response = client.post("/donate/", card(covers_fee="on"))
    assert Donation.objects.count() == 0
    for words in ("$1.81", "$51.81", "Pay $51.81 by card"):
        assert words in response.text
    seen = re.search(r'name="fee_seen" value="(\d+)"', response.text)[1]
    assert client.post("/donate/", card(covers_fee="on", fee_seen=seen)).url.startswith("https://checkout")
    assert Donation.objects.values_list("amount_cents", "fee_cents").get() == (5_000, 181)


def test_changed_amount_after_the_review_is_shown_again(cards, client):
    response = client.post("/donate/", card(covers_fee="on", fee_seen="181", amount_once="10000"))
    assert "$103.30" in response.text
    assert Donation.objects.count() == 0


def test_fee_is_never_added_to_a_pledge(cards, client):
    client.post("/donate/", typed(route="pledge", covers_fee="on"))
    assert Donation.objects.get().fee_cents == 0


def test_fee_is_off_unless_somebody_ticks_it(cards, client):
    assert re.search(r'name="covers_fee"[^>]*checked', client.get("/donate/").text) is None


def test_suspicious_card_never_reaches_the_provider(cards, client):
    response = client.post("/donate/", card(stamp=""), follow=True)
    assert (cards, Donation.objects.get().is_suspicious) == ([], True)
    assert "A person looks at this gift first" in response.text


def test_provider_away_keeps_everything_and_offers_a_pledge(cards, client, monkeypatch):
    def away(*args):
        raise payments.ProviderAwayError

    monkeypatch.setattr(payments, "start_checkout", away)
    response = client.post("/donate/", card())
    assert response.status_code == 503
    assert "nothing was charged" in faults(response)[0]
    assert 'value="Test Donor"' in response.text
    assert re.search(r'value="pledge"[^>]*checked', response.text)
    client.post("/donate/", typed(route="pledge"))
    assert Donation.objects.values_list("route", "state").get() == ("pledge", "open")


def test_donor_who_came_back_unpaid_can_pay(cards, client):
    donation = make_donation(route=Route.CARD, fee_cents=181)
    address = f"/donate/pay/{donation.reference}/"
    page = client.get(address)
    assert "Pay $51.81 by card" in page.text
    assert client.post(address, {"stamp": stamp(PayForm)}).url == "https://checkout.stripe.com/c/1"


@pytest.mark.parametrize("change", [{"state": State.DONE}, {"is_suspicious": True}])
def test_nothing_else_can_be_paid(cards, client, change):
    donation = make_donation(**{"route": Route.CARD, **change})
    address = f"/donate/pay/{donation.reference}/"
    assert client.post(address, {"stamp": stamp(PayForm)}).url == f"/donate/thanks/{donation.reference}/"
    assert cards == []
    assert client.get(f"/donate/pay/{make_donation().reference}/").status_code == 404


def test_pay_page_is_limited_too(cards, client):
    donation = make_donation(route=Route.CARD)
    answers = [
        client.post(f"/donate/pay/{donation.reference}/", {"stamp": stamp(PayForm)}).status_code for _ in range(8)
    ]
    assert answers == [302] * 6 + [429] * 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.OPEN, "As soon as the card provider confirms your payment"),
        (State.DONE, "Your gift has arrived."),
        (State.STOPPED, "This monthly gift is stopped."),
    ],
)
def test_thanks_says_how_things_stand(client, state, words):
    donation = make_donation(route=Route.CARD, state=state)
    page = client.get(f"/donate/thanks/{donation.reference}/").text
    assert words in page
    assert "on the check" not in page


# My gifts


def ask(client, email, **more):
    return client.post("/donate/my-gifts/", {"email": email, "stamp": stamp(LinkForm)}, **more)


def test_answer_is_the_same_whether_the_address_is_known_or_not(client):
    make_donation()
    known, unknown = ask(client, "DONOR@example.org"), ask(client, "nobody@example.org")
    assert known.content == unknown.content
    assert [mail.to for mail in Email.objects.all()] == [["donor@example.org"]]


def test_mailed_link_opens_the_page_for_a_week(client, monkeypatch):
    donation = make_donation()
    ask(client, "donor@example.org")
    address = re.search(r"http://127.0.0.1:8000(/donate/my-gifts/\S+)", Email.objects.get().message)[1]
    assert donation.reference in client.get(address).text
    later = timezone.now() + OPEN_FOR + timedelta(seconds=1)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    response = client.get(address)
    assert response.status_code == 404
    assert "This link is too old" in response.text
    assert donation.reference not in response.text.replace(address, "")


def test_one_address_is_not_flooded_with_links(client):
    make_donation()
    for number in range(5):
        ask(client, "donor@example.org", REMOTE_ADDR=f"198.51.100.{number}")
    assert Email.objects.count() == 3


def test_link_form_is_limited_and_a_program_gets_nothing(client):
    make_donation()
    assert [ask(client, "donor@example.org").status_code for _number in range(6)] == [200] * 5 + [429]
    Email.objects.all().delete()
    client.post("/donate/my-gifts/", {"email": "donor@example.org", "stamp": ""}, REMOTE_ADDR="198.51.100.1")
    assert Email.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "D-222222", "D-222222:abc:def", "D-222222:" + "a" * 300])
def test_forged_links_open_nothing(client, token):
    make_donation(reference="D-222222")
    for part in ("", "receipts/R-222222/", "years/2027/", "gifts/D-222222/"):
        response = client.get(f"/donate/my-gifts/{token}/{part}")
        assert response.status_code == 404
        assert "$50.00" not in response.text
    assert client.get(f"/donate/stop/{token}/").status_code == 404


def test_link_that_stops_a_gift_does_not_open_the_page(client):
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    token = stop_path(donation).split("/")[-2]
    assert client.get(f"/donate/my-gifts/{token}/").status_code == 404


def test_page_shows_the_gifts_of_one_donor_only(client):
    mine = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE, purpose=make_purpose())
    payment = make_payment(mine)
    also_mine = make_donation(email="DONOR@example.org", state=State.DONE)
    other = make_donation(email="other@example.org", name="Other Donor")
    other_payment = make_payment(other)
    suspicious = make_donation(is_suspicious=True)
    response = client.get(my_gifts_path(mine))
    for words in (mine.reference, also_mine.reference, payment.receipt, "around July 8, 2027", "One officer’s seat"):
        assert words in response.text
    for words in (other.reference, "Other Donor", suspicious.reference):
        assert words not in response.text
    assert "no-store" in response["Cache-Control"]
    assert client.get(f"{my_gifts_path(mine)}receipts/{other_payment.receipt}/").status_code == 404
    assert client.get(f"{my_gifts_path(mine)}gifts/{other.reference}/").status_code == 404
    assert client.get(f"{my_gifts_path(mine)}years/2026/").status_code == 404


def test_receipt_and_statement_are_handed_over_as_pdf(client):
    payment = make_payment()
    path = my_gifts_path(payment.donation)
    for address, name, title in (
        (f"{path}receipts/{payment.receipt}/", f"{payment.receipt}.pdf", "Receipt for a gift"),
        (f"{path}years/2027/", "gifts-2027.pdf", "Statement of gifts"),
    ):
        response = client.get(address)
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert title in PdfReader(BytesIO(response.content)).pages[0].extract_text()
        assert "no-store" in response["Cache-Control"]


def test_number_of_queries_does_not_grow_with_the_gifts(client, django_assert_num_queries):
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    make_payment(donation)
    path = my_gifts_path(donation)
    with django_assert_num_queries(9):
        client.get(path)
    for _number in range(2):
        make_payment(make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE))
        make_payment(donation)
    with django_assert_num_queries(9):
        client.get(path)


def test_monthly_gift_is_stopped_in_two_taps_from_a_receipt(client):
    """The link on the receipt, the button."""
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    path = stop_path(donation)
    page = client.get(path)
    assert "Stop your monthly gift?" in page.text
    donation.refresh_from_db()
    assert donation.state == State.ACTIVE
    after = client.post(path, {"stamp": stamp(PayForm)}, follow=True)
    donation.refresh_from_db()
    assert (donation.state, "Your monthly gift is stopped" in after.text) == (State.STOPPED, True)
    assert "<form" not in client.get(path).text


def test_link_on_an_old_receipt_still_stops(client, monkeypatch):
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    path = stop_path(donation)
    later = timezone.now() + timedelta(days=3650)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert "Stop your monthly gift?" in client.get(path).text


def test_stopping_a_card_asks_the_provider_first(cards, client, monkeypatch):
    ended = []
    monkeypatch.setattr(payments, "end", ended.append)
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE, route=Route.CARD, subscription_id="sub_1")
    client.post(stop_path(donation), {"stamp": stamp(PayForm)})
    donation.refresh_from_db()
    assert (ended, donation.state) == ([donation], State.STOPPED)


def test_card_goes_on_where_the_provider_is_away(cards, client, monkeypatch):
    def away(donation):
        raise payments.ProviderAwayError

    monkeypatch.setattr(payments, "end", away)
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE, route=Route.CARD, subscription_id="sub_1")
    response = client.post(stop_path(donation), {"stamp": stamp(PayForm)})
    donation.refresh_from_db()
    assert (response.status_code, donation.state) == (503, State.ACTIVE)
    assert "so your gift goes on" in faults(response)[0]


def test_amount_of_a_monthly_pledge_is_changed(client):
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE)
    path = f"{my_gifts_path(donation)}gifts/{donation.reference}/"
    assert 'value="50.00"' in client.get(path).text
    assert client.post(path, {"amount": "35", "stamp": stamp(AmountForm)}).status_code == 302
    donation.refresh_from_db()
    assert donation.amount_cents == 3_500
    response = client.post(path, {"amount": "4", "stamp": stamp(AmountForm)})
    assert faults(response) == ["Every month, in dollars: Write an amount from $5.00 to $25,000.00."]


def test_card_is_changed_on_the_page_of_the_provider(cards, client, monkeypatch):
    monkeypatch.setattr(payments, "portal_url", lambda donation, back: f"https://billing.stripe.com/?{back}")
    donation = make_donation(frequency=Frequency.MONTHLY, state=State.ACTIVE, route=Route.CARD, customer_id="cus_1")
    page = client.get(my_gifts_path(donation)).text
    assert "Change the card" in page
    path = re.search(r'href="(/donate/my-gifts/[^"]+/gifts/[^"]+)"', page)[1]
    assert "Go to the card provider" in client.get(path).text
    assert client.post(path, {"stamp": stamp(PayForm)}).url.startswith("https://billing.stripe.com/?http://127")


def test_pages_answer_to_their_methods_only(client):
    donation = make_donation()
    for address in ("/donate/ledger/", f"/donate/thanks/{donation.reference}/", my_gifts_path(donation)):
        assert client.post(address).status_code == 405
    assert client.put("/donate/").status_code == 405


def test_form_is_drawn_with_few_queries(client, django_assert_num_queries):
    for rounds in (1, 3):
        for number in range(rounds):
            make_purpose(f"Purpose {rounds} {number}")
        client.get("/donate/")
        with django_assert_num_queries(7):
            client.get("/donate/")


# The whole way by card, with the provider's stand-in and its real library


def test_gift_by_card_is_given_paid_and_receipted(standin, client):
    response = client.post("/donate/", card(covers_fee="on", fee_seen="181"))
    donation = Donation.objects.get()
    assert response.url.startswith(standin.url)
    standin.pay(donation.checkout_id)
    assert post_all(standin) == {200}
    payment = donation.payments.get()
    assert payment.amount_cents == 5_181
    assert "Your gift has arrived." in client.get(f"/donate/thanks/{donation.reference}/").text
    mail = Email.objects.get(to="donor@example.org")
    assert (mail.subject, mail.attachments.count()) == (f"Your receipt {payment.receipt}: $51.81", 1)


def test_monthly_gift_by_card_is_stopped_from_its_receipt(standin, client):
    client.post("/donate/", card(frequency="monthly", amount_monthly="2000"))
    donation = Donation.objects.get()
    standin.pay(donation.checkout_id)
    post_all(standin)
    mail = Email.objects.get(to="donor@example.org")
    assert "This is the first of your monthly gifts." in mail.message
    path = re.search(r"http://127.0.0.1:8000(/donate/stop/\S+)", mail.message)[1]
    after = client.post(path, {"stamp": stamp(PayForm)}, follow=True)
    assert "Your monthly gift is stopped" in after.text
    donation.refresh_from_db()
    assert donation.state == State.STOPPED
    assert not payments.subscription(donation.subscription_id).goes_on
    post_all(standin)
    donation.refresh_from_db()
    assert donation.state == State.STOPPED
    assert Email.objects.filter(to="donor@example.org").count() == 2


def test_card_of_a_monthly_gift_is_changed_at_the_provider(standin, client):
    client.post("/donate/", card(frequency="monthly", amount_monthly="2000"))
    donation = Donation.objects.get()
    standin.pay(donation.checkout_id)
    post_all(standin)
    donation.refresh_from_db()
    response = client.post(f"{my_gifts_path(donation)}gifts/{donation.reference}/", {"stamp": stamp(PayForm)})
    assert response.url.startswith(standin.url)
