"""Giving in a real browser: without scripts, the fee as it is typed, both schemes, narrow and wide, on paper."""

import re
import sqlite3
from contextlib import closing
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.looks import LOOKS, findings
from tests.live import PREPARED, running_site

KEYS = {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x", "STRIPE_API_BASE": "http://127.0.0.1:9"}


@pytest.fixture(scope="module")
def live_site(prepared, tmp_path_factory):
    """A site that takes gifts, by card too; the provider never answers. Stands in for the starter sites here."""
    with running_site(PREPARED, tmp_path_factory.mktemp("giving"), prepared, **KEYS) as site:
        with closing(sqlite3.connect(site.folder / "site.sqlite3", timeout=20)) as database, database:
            database.execute(
                "UPDATE contact_giving SET is_open = 1, legal_name = 'Test Association, Inc.', is_deductible = 1, "
                "shows_ledger = 1, transfer_instructions = 'Test Bank, ask us.'"
            )
            database.execute("UPDATE pages_identity SET ein = '12-3456789', address = '1 Test Street'")
        yield site


def fill(page, **more):
    page.get_by_label("Your name").fill(more.get("name", "Test Donor"))
    page.get_by_label("Your e-mail").fill("donor@example.org")
    # A form that is sent faster than a person can is kept for a person to look at.
    page.wait_for_timeout(3100)


def test_pledge_is_given_on_two_screens_without_scripts(open_page):
    page = open_page("/donate/", width=360, scripts=False)
    screens = 1
    page.locator("[name=amount_once]").nth(1).check()
    page.get_by_label("Check or bank transfer").check()
    fill(page)
    page.get_by_role("button", name="Give", exact=True).click()
    screens += 1
    code = page.locator("aside .statement").inner_text()
    assert (page.locator("h1").inner_text(), screens) == ("Thank you", 2)
    assert re.fullmatch(r"D-\w{6}", code)
    assert page.url.endswith(f"/donate/thanks/{code}/")
    assert f"Write {code} on the check" in page.locator("main").inner_text()
    assert page.context.cookies() == []


def test_instructions_come_out_on_paper(open_page):
    page = open_page("/donate/", scripts=False)
    page.get_by_label("$100", exact=True).check()
    page.get_by_label("Check or bank transfer").check()
    fill(page, name="Paper Donor")
    page.get_by_role("button", name="Give", exact=True).click()
    page.emulate_media(media="print")
    for words in ("D-", "$100.00", "By check", "1 Test Street", "By bank transfer"):
        assert page.locator("main").get_by_text(words).first.is_visible()
    assert not page.locator(".crisis").is_visible()
    assert len(PdfReader(BytesIO(page.pdf(format="Letter"))).pages) == 1


def test_only_the_amounts_of_the_chosen_rhythm_are_shown(open_page):
    page = open_page("/donate/", scripts=False)
    assert page.get_by_label("$250", exact=True).is_visible()
    page.get_by_label("Every month", exact=True).check()
    assert not page.get_by_label("$250", exact=True).is_visible()
    assert page.get_by_label("$35", exact=True).is_visible()


def test_exact_sum_is_shown_without_scripts_before_anything_is_paid(open_page):
    page = open_page("/donate/", width=360, scripts=False)
    page.locator("[name=amount_once]").nth(1).check()
    page.get_by_label("Card, on the page").check()
    page.get_by_label("Add the fee").check()
    fill(page)
    page.get_by_role("button", name="Give", exact=True).click()
    pay = page.get_by_role("button", name="Pay $51.81 by card")
    assert pay.is_visible()
    assert page.get_by_label("Your name").input_value() == "Test Donor"


def test_fee_is_counted_as_somebody_types(open_page):
    page = open_page("/donate/")
    page.get_by_label("Card, on the page").check()
    fee = page.get_by_label("Add the fee")
    label = page.locator("label").filter(has=page.locator("[name=covers_fee]"))
    assert not fee.is_checked()
    for typed, words in (("80", "+ $2.70 = $82.70"), ("1,000.50", "+ $30.20 = $1,030.70"), ("x", "")):
        page.get_by_label("Other amount, in dollars").fill(typed)
        assert label.inner_text().endswith(words)
    page.get_by_label("$100", exact=True).check()
    assert page.get_by_label("Other amount, in dollars").input_value() == ""
    assert label.inner_text().endswith("+ $3.30 = $103.30")
    page.get_by_label("Check or bank transfer").check()
    assert not fee.is_visible()


def test_script_and_server_count_the_same_fee(open_page):
    """Were they a cent apart, the page would come back to show the sum."""
    page = open_page("/donate/")
    page.get_by_label("Card, on the page").check()
    page.get_by_label("Add the fee").check()
    page.get_by_label("Other amount, in dollars").fill("33.33")
    fill(page)
    page.get_by_role("button", name="Give", exact=True).click()
    summary = page.locator(".summary")
    assert "The card provider does not answer now" in summary.inner_text()
    assert page.get_by_label("Check or bank transfer").is_checked()
    assert page.get_by_label("Other amount, in dollars").input_value() == "33.33"


@LOOKS
def test_pages_of_giving_are_accessible_and_fit(open_page, width, dark):
    for address in ("/donate/", "/donate/ledger/", "/donate/my-gifts/"):
        page = open_page(address, width=width, dark=dark)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/donate/")
    page.get_by_role("button", name="Give", exact=True).click()
    assert findings(page) == []
    assert page.locator(".summary").evaluate("element => element === document.activeElement")
