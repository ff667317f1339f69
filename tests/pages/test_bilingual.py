"""Records in two languages: what a save notes of the words, and what staff are told of the Spanish."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from pages.admin.bilingual import BilingualAdmin
from pages.bilingual import OLDER, UNREAD, Bilingual, lacking
from resources.models import Place
from tests.admin_pages import address
from tests.factories import make_line, make_place

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 6, 1, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that a test may set by whole days. A session lasts for less: tests of the admin go back first."""
    moments = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: moments[-1])
    return lambda days: moments.append(moments[-1] + timedelta(days=days))


def make_spanish(name="Test Center", **values):
    return make_place(name, **{"name_es": f"{name} en español", "spanish_is_read": True, **values})


def save(place, **values):
    for name, value in values.items():
        setattr(place, name, value)
    place.save()
    place.refresh_from_db()
    return place


# The tick


def test_tick_falls_away_when_the_spanish_changes():
    assert save(make_spanish(), name_es="Centro").spanish_is_read is False


def test_tick_stays_when_only_the_english_or_nothing_changes():
    place = make_spanish()
    assert save(place).spanish_is_read is True
    assert save(place, name="Center", status="draft").spanish_is_read is True


def test_tick_stays_when_a_browser_ends_lines_in_its_own_way():
    line = make_line(what_for="One.\nTwo.", what_for_es="Uno.\nDos.", spanish_is_read=True)
    assert save(line, what_for="One.\r\nTwo.", what_for_es="Uno.\r\nDos.").spanish_is_read is True
    assert line.spanish_is_old is False


def test_same_save_may_change_the_spanish_and_tick_it():
    place = make_spanish(spanish_is_read=False)
    assert save(place, name_es="Centro", spanish_is_read=True).spanish_is_read is True


def test_new_record_keeps_its_tick():
    assert make_spanish().spanish_is_read is True


def test_tick_without_any_spanish_means_nothing():
    assert make_place(spanish_is_read=True).spanish_is_read is False
    assert save(make_spanish("Other"), name_es="").spanish_is_read is False


def test_saving_a_few_fields_notes_their_words_alone(clock):
    place = make_spanish()
    clock(1)
    place.name, place.name_es = "Center", "Centro"
    place.save(update_fields=["name_es"])
    place.refresh_from_db()

    assert (place.name, place.name_es, place.spanish_is_read) == ("Test Center", "Centro", False)
    assert (place.english_changed, place.spanish_changed) == (NOW, NOW + timedelta(days=1))


def test_saving_fields_without_words_asks_no_more(django_assert_num_queries):
    place = make_spanish()
    place.name_es = "Centro"
    with django_assert_num_queries(1):
        place.save(update_fields=["status"])
    place.refresh_from_db()
    assert place.spanish_is_read is True


# Which Spanish wants a look


def test_states_are_told_apart(clock):
    make_spanish("Good")
    make_place("Missing")
    make_spanish("Partly missing", hours="At night")
    make_spanish("Unread", spanish_is_read=False)
    older = make_spanish("Older")
    clock(1)
    save(older, name="Older center")

    def names(rule):
        return sorted(Place.objects.filter(rule).values_list("name", flat=True))

    assert names(lacking(Place)) == ["Missing", "Partly missing"]
    assert names(UNREAD) == ["Unread"]
    assert names(OLDER) == ["Older center"]


def test_both_languages_changed_in_one_save_are_of_the_same_age(clock):
    place = make_spanish()
    clock(1)
    assert save(place, name="Center", name_es="Centro").spanish_is_old is False


# In the admin


def test_every_bilingual_record_that_staff_edit_has_the_filter_and_the_tick():
    admins = {model: kind for model, kind in admin.site._registry.items() if issubclass(model, Bilingual)}
    assert {model.__name__ for model in admins} >= {"CrisisLine", "Place"}
    assert [model for model, kind in admins.items() if not isinstance(kind, BilingualAdmin)] == []


@pytest.mark.parametrize(
    ("state", "found"),
    [("missing", ["Missing"]), ("unread", ["Unread"]), ("older", ["Older"]), ("nonsense", None), ("", None)],
)
def test_list_is_narrowed_by_the_state_of_the_spanish(editor_client, clock, state, found):
    clock(-1)
    make_spanish("Good")
    make_place("Missing")
    make_spanish("Unread", spanish_is_read=False)
    older = make_spanish("Older")
    clock(1)
    save(older, hours="At night", hours_es="")
    Place.objects.filter(pk=older.pk).update(hours="")

    rows = editor_client.get(address(Place(), "changelist"), {"spanish": state}).context["cl"].result_list

    assert sorted(str(row) for row in rows) == (found or ["Good", "Missing", "Older", "Unread"])


def description(response):
    """What the form says of the Spanish, a sentence each, and whether its fields are folded away."""
    html = unescape(response.content.decode())
    fieldset = html[: html.index('name="spanish_is_read"')].rpartition("<fieldset")[2]
    told = re.search(r'<div class="description">(.*?)</div>', fieldset, re.DOTALL)
    return re.findall(r"<p>([^<]+)</p>", told[1]) if told else [], "<details" in fieldset


def test_form_says_what_the_spanish_wants(editor_client, clock):
    clock(-2)
    good, missing = make_spanish("Good"), make_place("Missing")
    older = make_spanish("Older", what_for="To rest.", spanish_is_read=False)
    clock(2)
    save(older, name="Older center")

    assert description(editor_client.get(address(good))) == ([], True)
    assert description(editor_client.get(address(missing))) == (
        ["There is no Spanish yet. Spanish pages show the English and say so to screen readers."],
        False,
    )
    assert description(editor_client.get(address(older))) == (
        [
            "Still missing: what it is for, in Spanish. Spanish pages show the English there.",
            "No native speaker has read this Spanish yet.",
            "The English changed on June 1, 2027, the Spanish last on May 30, 2027. Bring it up to date; where it "
            "still fits, choose “The Spanish still says what the English says” in the list.",
        ],
        False,
    )
    assert editor_client.get(address(Place(), "add")).status_code == 200


def posted(place, **values):
    names = ("name", "name_es", "county", "address", "phone", "what_for", "what_for_es", "status", "position")
    kept = {name: getattr(place, name) for name in names}
    return {**kept, **({"spanish_is_read": "on"} if place.spanish_is_read else {}), **values}


def test_form_that_changes_the_spanish_says_that_the_tick_fell_away(editor_client):
    place = make_spanish()

    response = editor_client.post(address(place), posted(place, name_es="Centro"), follow=True)

    place.refresh_from_db()
    assert (place.name_es, place.spanish_is_read) == ("Centro", False)
    assert "The Spanish of “Test Center” changed, so it counts as not yet read." in response.content.decode()

    response = editor_client.post(address(place), posted(place, spanish_is_read="on"), follow=True)

    place.refresh_from_db()
    assert place.spanish_is_read is True
    assert "counts as not yet read" not in response.content.decode()


def test_staff_say_that_the_spanish_still_fits(editor_client, clock):
    clock(-1)
    older, good = make_spanish("Older"), make_spanish("Good")
    clock(1)
    save(older, name="Older center")

    data = {"action": "keep_spanish", "_selected_action": [older.pk, good.pk]}
    response = editor_client.post(address(older, "changelist"), data, follow=True)

    assert "1 Spanish text is up to date now." in response.content.decode()
    assert list(Place.objects.filter(OLDER)) == []
    good.refresh_from_db()
    assert good.spanish_changed == NOW - timedelta(days=1)


def test_start_page_counts_unread_and_older_spanish_of_every_kind(editor_client, clock, monkeypatch):
    monkeypatch.setattr("cacita.admin.unread", list)
    clock(-1)
    make_spanish("Good")
    make_spanish("Unread", spanish_is_read=False)
    make_line("Line", name_es="Línea")
    line = make_line("Other", name_es="Otra")
    clock(1)
    save(line, name="Another")

    spanish = editor_client.get("/admin/").context["spanish"]

    lines, places = "/admin/resources/crisisline/", "/admin/resources/place/"
    assert {state: [(str(kind), *rest) for kind, *rest in rows] for state, rows in spanish.items()} == {
        "unread": [("crisis lines", 2, f"{lines}?spanish=unread"), ("place to go", 1, f"{places}?spanish=unread")],
        "older": [("crisis line", 1, f"{lines}?spanish=older")],
    }
    assert editor_client.get(f"{lines}?spanish=unread").context["cl"].result_count == 2


@pytest.fixture
def reader():
    """Somebody on the staff who may look at places alone."""
    user = get_user_model().objects.create_user("reader", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_place"))
    return user


def test_start_page_counts_only_what_one_may_see(client, reader):
    make_spanish(spanish_is_read=False)
    make_line("Line", name_es="Línea")
    client.force_login(reader)

    response = client.get("/admin/")

    assert [count for _kind, count, _address in response.context["spanish"]["unread"]] == [1]
    assert '<h2 id="spanish">Spanish</h2>' in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_spanish_costs_one_statement_a_kind_for_one_and_three(rf, reader, django_assert_num_queries, count):
    for number in range(count):
        make_spanish(f"Center {number}", spanish_is_read=False)
    request = rf.get("/admin/")
    request.user = reader
    reader.get_all_permissions()
    with django_assert_num_queries(1):
        assert [found for _kind, found, _address in admin.site.spanish(request)["unread"]] == [count]
