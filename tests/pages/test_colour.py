import pytest
from django.core.exceptions import ValidationError

from pages.colour import PAPER, contrast, luminance, validate_hex


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),  # the best known pair just below the limit
        ("#767676", "#ffffff", 4.54),  # and the one just above it
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#00ff00", "#000000", 15.3),
        ("#595959", "#ffffff", 7.0),
    ],
)
def test_contrast_is_that_of_known_pairs_in_either_order(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_luminance_runs_from_black_to_white():
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#808080") == pytest.approx(0.2159, abs=0.0001)


@pytest.mark.parametrize("value", ["#0b5a8c", "#000000", "#ffffff"])
def test_six_small_digits_are_a_colour(value):
    validate_hex(value)


@pytest.mark.parametrize("value", ["", "#fff", "0b5a8c", "#0B5A8C", "#0b5a8c\n", "#0b5a8c;", "red", "#gggggg"])
def test_anything_else_is_no_colour(value):
    with pytest.raises(ValidationError, match="six digits or letters"):
        validate_hex(value)


def test_paper_is_the_colour_of_the_style_sheet(settings):
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    assert f"--cream: {PAPER};" in tokens
