import json
from io import StringIO

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.serializers import deserialize, serialize
from django.forms import modelform_factory

from events.models import Event
from pages.choice_sets import ChoiceSet, ChoiceSetField
from tests.factories import make_event

AUDIENCES = Event._meta.get_field("audiences")
BOARDS = Event._meta.get_field("boards")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, ()),
        ("", ()),
        (",,", ()),
        ([], ()),
        ([""], ()),
        ("patrol", ("patrol",)),
        (",patrol,dispatch,", ("patrol", "dispatch")),
        ("dispatch,patrol", ("patrol", "dispatch")),
        (["fire", "patrol", "fire"], ("patrol", "fire")),
        ({"dispatch", "patrol"}, ("patrol", "dispatch")),
        ([Event.Audience.FIRE_EMS], ("fire",)),
        (["unknown", "patrol"], ("patrol", "unknown")),
    ],
)
def test_value_is_a_set_in_the_order_of_the_choices(given, expected):
    assert AUDIENCES.to_python(given) == expected
    assert isinstance(AUDIENCES.to_python(given), ChoiceSet)


@pytest.mark.parametrize(
    ("given", "text"), [((), ""), (["patrol"], ",patrol,"), (["fire", "patrol"], ",patrol,fire,"), (None, "")]
)
def test_text_begins_and_ends_with_a_comma_unless_it_is_empty(given, text):
    assert AUDIENCES.get_prep_value(given) == text


def test_whatever_is_assigned_is_a_set_before_the_event_is_saved():
    event = Event(audiences=["fire", "patrol"], time_zone="UTC")
    assert event.audiences == ("patrol", "fire")
    event.audiences = "dispatch"
    assert event.audiences == ("dispatch",)
    assert Event(time_zone="UTC").audiences == ()


@pytest.mark.django_db
def test_value_comes_back_from_the_database():
    event = make_event(audiences=["fire", "patrol"])
    assert Event.objects.get().audiences == ("patrol", "fire")
    assert Event.objects.values_list("audiences", flat=True).get() == ("patrol", "fire")
    Event.objects.filter(pk=event.pk).update(audiences=["dispatch"])
    event.refresh_from_db()
    assert event.audiences == ("dispatch",)


@pytest.mark.django_db
def test_value_left_out_of_a_query_is_fetched_when_asked_for():
    make_event(audiences=["patrol"])
    assert Event.objects.defer("audiences").get().audiences == ("patrol",)


@pytest.mark.django_db
def test_values_are_stored_in_bulk():
    event = make_event(audiences=["patrol"])
    event.audiences = ["families", "dispatch"]
    Event.objects.bulk_update([event], ["audiences"])
    assert Event.objects.get().audiences == ("dispatch", "families")


@pytest.mark.django_db
def test_rows_are_found_by_what_they_hold():
    make_event("Both", audiences=["patrol", "dispatch"])
    make_event("One", audiences=["dispatch"])
    make_event("None")

    def titles(**lookup):
        return sorted(Event.objects.filter(**lookup).values_list("title", flat=True))

    assert titles(audiences__contains=",patrol,") == ["Both"]
    assert titles(audiences__contains=",dispatch,") == ["Both", "One"]
    assert titles(audiences__contains=",pat,") == []
    assert titles(audiences=["dispatch", "patrol"]) == ["Both"]
    assert titles(audiences__in=[["dispatch"], []]) == ["None", "One"]
    assert titles(audiences="") == ["None"]
    assert titles(audiences__isnull=True) == []


@pytest.mark.django_db
def test_value_is_shown_by_its_labels():
    assert make_event(audiences=["health", "patrol"]).get_audiences_display() == ["Patrol", "Behavioral health"]


def test_field_without_choices_shows_and_keeps_what_it_is_given():
    event = Event(boards=["STC", "POST", "STC"], time_zone="UTC")
    assert event.boards == ("STC", "POST")
    assert event.get_boards_display() == ["STC", "POST"]
    assert BOARDS.get_prep_value(event.boards) == ",STC,POST,"


def test_unknown_choice_is_refused_by_name():
    with pytest.raises(ValidationError) as caught:
        AUDIENCES.clean(["patrol", "astronauts"], None)
    assert caught.value.messages == ["Value 'astronauts' is not a valid choice."]


def test_empty_value_is_refused_unless_blank():
    field = ChoiceSetField(max_length=20, choices=[("a", "A")])
    field.name = "letters"
    with pytest.raises(ValidationError) as caught:
        field.clean([], None)
    assert caught.value.messages == ["This field cannot be blank."]
    assert AUDIENCES.clean([], None) == ()


def test_value_longer_than_the_column_is_refused():
    field = ChoiceSetField(max_length=5, choices=[("abc", "A"), ("def", "D")])
    assert field.clean(["abc"], None) == ("abc",)
    with pytest.raises(ValidationError, match="at most 5 characters"):
        field.clean(["abc", "def"], None)


def test_columns_hold_every_choice_at_once():
    assert len(str(ChoiceSet(Event.Audience.values))) <= AUDIENCES.max_length
    assert len(",POST,STC,BRN,BBS,CE,") <= BOARDS.max_length


@pytest.mark.django_db
def test_unknown_audience_is_an_error_of_the_event():
    event = make_event()
    event.audiences = ["astronauts"]
    with pytest.raises(ValidationError) as caught:
        event.full_clean()
    assert caught.value.message_dict == {"audiences": ["Value 'astronauts' is not a valid choice."]}


@pytest.mark.parametrize("field", [AUDIENCES, BOARDS])
def test_field_is_rebuilt_from_what_a_migration_writes(field):
    name, path, args, kwargs = field.deconstruct()
    assert (name, path, args) == (field.name, "pages.choice_sets.ChoiceSetField", [])
    assert ChoiceSetField(**kwargs).deconstruct()[1:] == (path, args, kwargs)


def test_form_offers_every_choice_as_a_box():
    field = AUDIENCES.formfield()
    assert isinstance(field.widget, forms.CheckboxSelectMultiple)
    assert (field.label, field.required) == ("For whom", False)
    assert field.choices == Event.Audience.choices


def test_form_takes_another_label():
    assert AUDIENCES.formfield(label="Who may come").label == "Who may come"


@pytest.mark.django_db
def test_form_stores_ticks_and_their_removal():
    event = make_event(audiences=["patrol"])
    form_class = modelform_factory(Event, fields=["audiences"])
    assert form_class(instance=event).initial == {"audiences": ("patrol",)}
    assert not form_class({"audiences": ["patrol"]}, instance=event).has_changed()

    form = form_class({"audiences": ["public", "dispatch"]}, instance=event)
    assert form.is_valid()
    form.save()
    assert Event.objects.get().audiences == ("dispatch", "public")

    form_class({}, instance=event).save()
    assert Event.objects.get().audiences == ()


@pytest.mark.django_db
def test_form_refuses_what_was_not_offered():
    form = modelform_factory(Event, fields=["audiences"])({"audiences": ["astronauts"]}, instance=make_event())
    assert form.errors == {
        "audiences": ["Select a valid choice. astronauts is not one of the available choices."],
    }


@pytest.mark.django_db
def test_value_survives_dump_and_load(tmp_path):
    make_event(audiences=["fire", "patrol"])
    Event.objects.update(boards=["POST", "STC"])
    dump = tmp_path / "events.json"
    call_command("dumpdata", "events.event", output=str(dump), verbosity=0)
    fields = json.loads(dump.read_text())[0]["fields"]
    assert (fields["audiences"], fields["boards"]) == (",patrol,fire,", ",POST,STC,")

    Event.objects.all().delete()
    call_command("loaddata", str(dump), stdout=StringIO())
    event = Event.objects.get()
    assert (event.audiences, event.boards) == (("patrol", "fire"), ("POST", "STC"))


@pytest.mark.django_db
def test_empty_value_survives_dump_and_load():
    make_event()
    (loaded,) = deserialize("json", serialize("json", Event.objects.all()))
    assert loaded.object.audiences == ()
