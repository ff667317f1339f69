"""Gifts by card in a real browser: to the provider's page and back, with and without scripts."""

import pytest

from tests.browser.looks import findings
from tests.card_site import EMAIL, address_of_a_visitor, card_site
from tools.stripe_standin import telling

pytestmark = pytest.mark.site


@pytest.fixture(scope="module", params=["cacita"])
def cards(request, prepared, tmp_path_factory, chromium_path):
    with card_site(tmp_path_factory.mktemp("cards"), prepared) as cards, telling(cards.standin, cards.endpoint):
        yield cards


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def donor(request, chromium, cards):
    """A page in a window of a donor's own."""
    context = chromium.new_context(
        base_url=cards.site.url,
        java_script_enabled=request.param,
        viewport={"width": 1280 if request.param else 360, "height": 800},
        extra_http_headers={"X-Forwarded-For": address_of_a_visitor()},
    )
    page = context.new_page()
    page.faults, page.has_scripts = [], request.param
    page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))
    yield page
    assert page.faults == []
    context.close()


def fill(cards, page, frequency, amount, name):
    page.goto("/donate/")
    page.locator(f"input[name=frequency][value={frequency}]").check()
    page.locator(f"input[name=amount_{frequency}][value='{amount}']").check()
    page.locator("input[name=route][value=card]").check()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail").fill(EMAIL)
    # As if the form had been open for a minute: whoever sends it within seconds is a program.
    page.locator("input[name=stamp]").evaluate("(field, stamp) => { field.value = stamp }", cards.stamp("GiftForm"))


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def told(cards):
    """Wait until the site has taken every event."""
    standin = cards.standin
    with standin.told:
        assert standin.told.wait_for(lambda: not any(event["pending_webhooks"] for event in standin.events), 60)


def reference_on(page):
    return page.locator(".statement").inner_text()


def test_gift_once_is_declined_then_paid_then_refunded(cards, donor):
    fill(cards, donor, "once", 2500, "Once Donor")
    press(donor, "Give")
    donor.wait_for_url(f"{cards.standin.url}/pay/*")
    assert donor.locator("h1").inner_text() == "Pay $25.00"
    press(donor, "Pay with a card that is declined")
    assert donor.get_by_role("alert").inner_text() == "Your card was declined. Try another one."
    press(donor, "Pay")
    donor.wait_for_url("**/donate/thanks/*/")
    told(cards)
    donor.reload()
    assert "Your gift has arrived." in donor.locator("main").inner_text()
    reference = reference_on(donor)
    session = cards.standin.all("checkout.session", client_reference_id=reference)[0]
    cards.standin.refund(session["payment_intent"], 1_000)
    told(cards)
    donor.goto(cards.my_gifts_path(reference))
    assert "$10.00" in donor.locator("main").inner_text()
    # The checker needs scripts to run, and never ends without.
    assert not donor.has_scripts or findings(donor) == []


def test_donor_who_goes_back_finds_the_gift_and_pays_it(cards, donor):
    fill(cards, donor, "once", 5000, f"Slow Donor {donor.viewport_size['width']}")
    press(donor, "Give")
    press(donor, "Cancel and go back")
    donor.wait_for_url("**/donate/pay/*/")
    pay = donor.url
    donor.locator("input[name=stamp]").evaluate("(field, stamp) => { field.value = stamp }", cards.stamp("PayForm"))
    press(donor, "Pay $50.00 by card")
    donor.wait_for_url(f"{cards.standin.url}/pay/*")
    press(donor, "Pay")
    donor.wait_for_url("**/donate/thanks/*/")
    told(cards)
    donor.goto(pay)
    donor.wait_for_url("**/donate/thanks/*/")
    assert "Your gift has arrived." in donor.locator("main").inner_text()


def test_covered_fee_is_shown_exactly_before_it_is_charged(cards, donor):
    fill(cards, donor, "once", 10000, "Generous Donor")
    donor.locator("input[name=covers_fee]").check()
    press(donor, "Give")
    if "/donate/" in donor.url:
        assert "$103.30" in donor.locator("main").inner_text()
        stamp = "(field, stamp) => { field.value = stamp }"
        donor.locator("input[name=stamp]").evaluate(stamp, cards.stamp("GiftForm"))
        press(donor, "Give")
    donor.wait_for_url(f"{cards.standin.url}/pay/*")
    assert donor.locator("h1").inner_text() == "Pay $103.30"
    assert donor.locator(".row span:last-child").all_inner_texts() == ["$100.00", "$3.30", "$103.30"]


def test_monthly_gift_is_paid_changed_and_ended_in_the_portal(cards, donor):
    fill(cards, donor, "monthly", 2000, f"Monthly Donor {donor.viewport_size['width']}")
    press(donor, "Give")
    assert donor.locator("h1").inner_text() == "Pay $20.00 every month"
    press(donor, "Pay")
    donor.wait_for_url("**/donate/thanks/*/")
    told(cards)
    reference = reference_on(donor)
    gifts = cards.my_gifts_path(reference)
    donor.goto(f"{gifts}gifts/{reference}/")
    stamp = "(field, stamp) => { field.value = stamp }"
    donor.locator("input[name=stamp]").evaluate(stamp, cards.stamp("PayForm"))
    press(donor, "Go to the card provider")
    donor.wait_for_url(f"{cards.standin.url}/portal/*")
    press(donor, "Cancel at the end of the month")
    told(cards)
    press(donor, "Back to the site")
    donor.wait_for_url("**/donate/my-gifts/*/")
    assert "Stopped" in donor.locator("main").inner_text()
