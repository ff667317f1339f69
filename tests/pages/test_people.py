import pytest
from django.core.exceptions import ValidationError

from pages.models import Person
from tests.factories import make_person, make_picture_file

pytestmark = pytest.mark.django_db


def refusal(**values):
    with pytest.raises(ValidationError) as caught:
        Person(**{"name": "Test Person", **values}).full_clean()
    return caught.value.message_dict


def test_person_needs_a_name_and_nothing_else():
    Person(name="Test Person").full_clean()
    assert refusal(name="") == {"name": ["This field cannot be blank."]}


def test_people_come_by_group_position_and_name():
    make_person("Zoe Test", group=Person.Group.BOARD, position=1)
    make_person("Anna Test", group=Person.Group.BOARD, position=2)
    make_person("Bea Test", group=Person.Group.BOARD, position=2)
    make_person("Cal Test", group=Person.Group.STAFF)
    assert [str(person) for person in Person.objects.all()] == ["Zoe Test", "Anna Test", "Bea Test", "Cal Test"]


def test_portrait_needs_words_or_is_decorative():
    words = {"picture_alt": ["Describe the picture in one sentence, or tick “decorative” below."]}
    assert refusal(picture=make_picture_file()) == words
    Person(name="Test Person", picture=make_picture_file(), picture_alt="Test Person at a desk").full_clean()
    Person(name="Test Person", picture=make_picture_file(), decorative=True).full_clean()


def test_decorative_portrait_has_no_words():
    fault = {"decorative": ["A decorative picture has no alternative text. Remove one of the two."]}
    assert refusal(picture=make_picture_file(), picture_alt="At a desk", decorative=True) == fault


def test_media_contact_is_an_address():
    assert refusal(media_email="the office") == {"media_email": ["Enter a valid email address."]}


def test_text_about_a_person_is_sanitised():
    person = make_person(bio="<p>Speaks<script>alert(1)</script></p>")
    person.refresh_from_db()
    assert person.bio == "<p>Speaks</p>"
