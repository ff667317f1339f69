"""Money at the edges."""

import contextlib
from decimal import Decimal

import pytest
from django import forms

from contact.models import Giving
from contact.money import MoneyField, cents_of, dollars, shown, shown_short
from tests import naughty


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("25", 2500),
        ("$25", 2500),
        (" 25.5 ", 2550),
        ("25.05", 2505),
        ("1,250.50", 125_050),
        ("0.01", 1),
        ("12,345,678", 1_234_567_800),
        ("25 $", 2500),
    ],
)
def test_amount_as_people_type_it_is_whole_cents(text, cents):
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25.",
        ".5",
        "25,5",
        "1,25",
        "25.005",
        "-5",
        "1e5",
        "0x10",
        "NaN",
        "Infinity",
        "٢٥",
        "25 50",
        "$",
        "25€",
        "9" * 30,
    ],
)
def test_amount_that_could_be_read_in_two_ways_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        cents_of(text)


def test_naughty_strings_are_no_amounts_and_never_another_error():
    for text in naughty.STRINGS:
        with contextlib.suppress(ValueError):
            assert cents_of(text) >= 0, text


def test_money_is_shown_with_both_cents_and_separators():
    assert [shown(cents) for cents in (0, 1, 100, 125_050, 1_234_567_800, -501)] == [
        "$0.00",
        "$0.01",
        "$1.00",
        "$1,250.50",
        "$12,345,678.00",
        "−$5.01",
    ]
    assert [shown_short(cents) for cents in (2500, 2550, 100_000)] == ["$25", "$25.50", "$1,000"]


def test_every_sum_of_cents_comes_back_from_its_text():
    for cents in range(12_000):
        assert cents_of(shown(cents)) == cents
        assert dollars(cents) == Decimal(cents) / 100


def test_field_gives_cents_and_knows_what_did_not_change():
    class Form(forms.Form):
        amount = MoneyField(initial=2550, required=False)

    assert 'value="25.50"' in str(Form())
    assert not Form({"amount": "25.50"}).has_changed()
    assert Form({"amount": "25.51"}).has_changed()
    empty = Form({"amount": " "})
    assert (empty.is_valid(), empty.cleaned_data) == (True, {"amount": None})
    wrong = Form({"amount": "a lot"})
    assert wrong.errors == {"amount": ["Write an amount in dollars, for example 40 or 40.50."]}
    assert 'value="a lot"' in str(wrong)


@pytest.mark.parametrize(("basis_points", "fixed"), [(290, 30), (220, 30), (0, 0), (1000, 500), (1, 1)])
def test_fee_leaves_the_whole_gift_and_not_a_cent_more_than_needed(basis_points, fixed):
    giving = Giving(fee_basis_points=basis_points, fee_fixed_cents=fixed)
    for cents in [*range(100, 3000, 7), 5_000, 99_999, 2_500_000]:
        whole = cents + giving.fee_on(cents)
        share = Decimal(basis_points) / 10_000
        assert whole * (1 - share) - fixed >= cents
        assert (whole - 1) * (1 - share) - fixed < cents


def test_fee_of_fifty_dollars():
    assert Giving().fee_on(5_000) == 181
