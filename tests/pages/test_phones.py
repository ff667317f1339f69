"""Telephone numbers as people type them, as a telephone dials them and as people read them."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template

from pages import phones
from pages.phones import PhoneField


@pytest.fixture
def field():
    field = PhoneField("phone", blank=True)
    field.set_attributes_from_name("phone")
    return field


@pytest.mark.parametrize(
    ("typed", "dialled", "shown"),
    [
        ("916 555 0100", "+19165550100", "(916) 555-0100"),
        (" (916) 555-0100 ", "+19165550100", "(916) 555-0100"),
        ("916.555.0100", "+19165550100", "(916) 555-0100"),
        ("1-916-555-0100", "+19165550100", "(916) 555-0100"),
        ("+1 916 555 0100", "+19165550100", "(916) 555-0100"),
        ("tel:+19165550100", "+19165550100", "(916) 555-0100"),
        ("1-800-FLOWERS", "+18003569377", "(800) 356-9377"),
        ("+44 20 7946 0018", "+442079460018", "+44 20 7946 0018"),
        ("+52 55 5555 0100", "+525555550100", "+52 55 5555 0100"),
        ("٩١٦ ٥٥٥ ٠١٠٠", "+19165550100", "(916) 555-0100"),
        ("９１６５５５０１００", "+19165550100", "(916) 555-0100"),
        ("988", "988", "988"),
        ("211", "211", "211"),
        ("741741", "741741", "741741"),
    ],
)
def test_number_is_kept_as_dialled_and_shown_as_read(typed, dialled, shown):
    assert phones.dialled(typed) == dialled
    assert phones.shown(dialled) == shown
    assert phones.dialled(shown) == dialled


@pytest.mark.parametrize(
    "typed",
    [
        "555-0100",  # without an area code
        "1234567",
        "12",
        "９８８",
        "²³¹",
        "(916) 555-0100 x12",
        "(916) 555-0100 ext. 12",
        "+19165550100;ext=4",
        "916 555 0100 916",
        "+0 916 555 0100",
        "+999 12345678",
        "call me",
        "jane@example.org",
        "<script>alert(1)</script>",
        "%s %d",
        "9" * 5000,
        "+",
        "\u2028",
    ],
)
def test_what_is_no_number_is_refused_in_words(typed):
    with pytest.raises(ValidationError) as refused:
        phones.dialled(typed)
    assert refused.value.messages == [
        f"“{typed.strip()}” is no telephone number. Write it with its area code: 916 555 0100."
    ]


def test_field_keeps_what_a_telephone_dials(field):
    assert field.clean("(916) 555-0100", None) == "+19165550100"
    assert field.clean("", None) == ""


def test_field_refuses_what_is_no_number(field):
    with pytest.raises(ValidationError, match="“call me” is no telephone number"):
        field.clean("call me", None)


def test_field_judges_a_number_that_no_form_has_seen(field):
    card = SimpleNamespace(phone="916 555 0100")
    assert field.pre_save(card, add=True) == "+19165550100"
    assert card.phone == "+19165550100"
    with pytest.raises(ValidationError):
        field.pre_save(SimpleNamespace(phone="call me"), add=True)


def test_field_asks_for_the_keys_of_a_telephone_and_leaves_room_for_spaces(field):
    shown = field.formfield().widget.render("phone", "")
    assert shown == '<input type="tel" name="phone" maxlength="40">'


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+19165550100", '<a href="tel:+19165550100">(916) 555-0100</a>'),
        ("988", '<a href="tel:988">988</a>'),
        ("", '<a href="tel:"></a>'),
    ],
)
def test_label_and_link_come_from_one_value(number, link):
    template = Template('{% load site %}<a href="tel:{{ phone|dialable }}">{{ phone|phone_shown }}</a>')
    assert template.render(Context({"phone": number})) == link
