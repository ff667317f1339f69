from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pages.models import Identity, SocialLink
from tests.factories import make_identity

pytestmark = pytest.mark.django_db


def refusal(**values):
    identity = Identity(**{"name": "Test", "short_name": "T", "mission": "We test.", **values})
    with pytest.raises(ValidationError) as caught:
        identity.full_clean()
    return caught.value.message_dict


def test_there_is_one_identity():
    make_identity(name="First")
    make_identity(name="Second")
    assert list(Identity.objects.values_list("pk", "name")) == [(1, "Second")]


def test_second_row_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.bulk_create([Identity(pk=2, name="Second", short_name="S", mission="We test.")])


def test_empty_database_gives_neutral_words(django_assert_num_queries):
    with django_assert_num_queries(1):
        identity = Identity.load()
        assert identity.social_links == []
    assert identity.pk is None
    assert identity.short_name == "CIT"
    assert identity.colours_css == ":root{--brand:#0b5a8c;--accent:#ed7a24}"
    assert identity.analytics is None


def test_brand_too_light_for_links_is_refused_with_its_contrast():
    assert refusal(brand="#8ab4d8") == {
        "brand": [
            "Too little contrast: links in this color on the paper ground would have 2.0 to 1, and at least 4.5 to 1 "
            "is needed. Choose a darker shade."
        ]
    }


def test_accent_too_dark_for_a_button_is_refused_with_its_contrast():
    assert refusal(accent="#7a3b00") == {
        "accent": [
            "Too little contrast: dark text on a button of this color would have 1.8 to 1, and at least 4.5 to 1 "
            "is needed. Choose a lighter shade."
        ]
    }


def test_both_colours_are_judged_at_once():
    assert sorted(refusal(brand="#ffffff", accent="#000000")) == ["accent", "brand"]


@pytest.mark.parametrize("value", ["red", "#fff", "#12345g", "#0b5a8cx", "0b5a8c", "#0b5a8\n"])
def test_what_is_no_colour_is_refused(value):
    assert "brand" in refusal(brand=value)


def test_colour_in_capitals_is_taken_in_small_letters():
    identity = Identity(name="Test", short_name="T", mission="We test.", brand="#0B5A8C", accent="#ED7A24")
    identity.full_clean()
    assert (identity.brand, identity.accent) == ("#0b5a8c", "#ed7a24")


@pytest.mark.parametrize(("brand", "accent"), [("#0b5a8c", "#ed7a24"), ("#0d5f5f", "#eba61e")])
def test_colours_of_both_associations_are_readable(brand, accent):
    Identity(name="Test", short_name="T", mission="We test.", brand=brand, accent=accent).full_clean()


@pytest.mark.parametrize("value", ["123456789", "12-345678", "1a-3456789", "12-34567890", "EIN 12-345"])
def test_ein_of_another_form_is_refused(value):
    assert "An EIN has the form 12-3456789." in refusal(ein=value)["ein"]


def test_phone_with_words_is_refused():
    assert refusal(phone="call us") == {"phone": ["Write digits, for example +1 916 555 0100."]}


def test_unknown_time_zone_is_refused():
    assert refusal(time_zone="California") == {
        "time_zone": ["“California” is no time zone. Write one like America/Los_Angeles."]
    }


def test_logo_needs_words():
    identity = Identity(name="Test", short_name="T", mission="We test.", logo="identity/logo.svg")
    with pytest.raises(ValidationError) as caught:
        identity.clean()
    assert caught.value.message_dict == {"logo_alt": ["Describe the logo in a few words."]}


def test_year_of_the_copyright_line_is_that_of_the_association(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 1, 1, 7, 30, tzinfo=UTC))  # still 2026 in California
    with timezone.override("America/Los_Angeles"):
        assert Identity(name="Coast", copyright_line="© {year} Us, {year}").copyright == "© 2026 Us, 2026"
        assert Identity(name="Coast").copyright == "© 2026 Coast"
    with timezone.override("UTC"):
        assert Identity(name="Coast").copyright == "© 2027 Coast"


def test_name_with_braces_does_not_break_the_copyright_line():
    assert "{oddly}" in Identity(name="Named {oddly}").copyright


def test_counties_are_one_a_line_without_blanks():
    assert Identity(counties=" Los Angeles \r\n\n Orange\n").county_names == ["Los Angeles", "Orange"]
    assert Identity().county_names == []


def test_address_is_one_line_each():
    assert Identity(address="1 Main Street\r\nSacramento").address_lines == ["1 Main Street", "Sacramento"]


def test_social_links_come_in_their_order():
    identity = make_identity()
    for name, position in (("B", 2), ("A", 1)):
        SocialLink.objects.create(identity=identity, name=name, url="https://example.org/", position=position)
    assert [link.name for link in Identity.load().social_links] == ["A", "B"]


def test_analytics_faults_stand_beside_their_fields():
    assert sorted(refusal(analytics_service="umami")) == ["analytics_host", "analytics_site"]
    assert "analytics_service" in refusal(analytics_service="unknown")
