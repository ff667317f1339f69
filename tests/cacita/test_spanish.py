import pytest
from django.contrib.auth import get_user_model

from cacita import spanish
from cacita.models import SpanishReading
from cacita.spanish import Text, texts, unread

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/spanish/"


def test_texts_are_those_of_the_catalog_side_by_side():
    pairs = {(text.english, text.spanish) for text in texts().values()}
    assert ("Crisis help", "Ayuda en crisis") in pairs
    assert ("", "") not in pairs
    counted = "Al servicio del condado de %(names)s. / Al servicio de los condados de %(names)s."
    assert ("Serving %(names)s County.", counted) in pairs


def test_page_lists_all_until_somebody_ticks(editor, editor_client):
    first, second, *_rest = texts().values()

    response = editor_client.post(ADDRESS, {"read": [first.digest, second.digest, "forged"]}, follow=True)

    assert "2 sentences count as read." in response.content.decode()
    assert set(SpanishReading.objects.values_list("text", "read_by")) == {
        (first.digest, editor.pk),
        (second.digest, editor.pk),
    }
    assert len(unread()) == len(texts()) - 2
    html = response.content.decode()
    assert f'value="{first.digest}"' not in html
    assert html.count('name="read"') == len(texts()) - 2


def test_sentence_that_changed_counts_as_unread_and_the_old_one_is_forgotten(editor_client, monkeypatch):
    old, new = Text("Help", "Ayuda"), Text("Help", "Auxilio")
    monkeypatch.setattr(spanish, "texts", lambda: {old.digest: old})
    editor_client.post(ADDRESS, {"read": [old.digest]})
    assert unread() == []

    monkeypatch.setattr(spanish, "texts", lambda: {new.digest: new})
    assert unread() == [new]
    editor_client.post(ADDRESS, {"read": [new.digest]})
    assert list(SpanishReading.objects.values_list("text", flat=True)) == [new.digest]


def test_ticking_twice_or_nothing_does_no_harm(editor_client):
    digest = next(iter(texts()))
    for _time in range(2):
        editor_client.post(ADDRESS, {"read": [digest]})
    assert "Nothing was ticked" in editor_client.post(ADDRESS, {}, follow=True).content.decode()
    assert SpanishReading.objects.count() == 1


def test_page_and_its_line_on_the_start_page_are_for_those_who_may(client, editor_client):
    assert f'href="{ADDRESS}"' in editor_client.get("/admin/").content.decode()
    helper = get_user_model().objects.create_user("helper", password="correct horse", is_staff=True)
    client.force_login(helper)
    assert client.get(ADDRESS).status_code == 403
    assert f'href="{ADDRESS}"' not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("readings", [1, 30])
def test_page_costs_the_same_for_one_and_thirty(editor, editor_client, django_assert_num_queries, readings):
    spanish.note_read(list(texts())[:readings], editor, "2026-11-28")
    with django_assert_num_queries(5):
        editor_client.get(ADDRESS)
