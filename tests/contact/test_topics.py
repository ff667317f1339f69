"""Staff's forms of topics and of the templates answers begin with."""

import pytest

from contact.models import AnswerTemplate, Topic
from tests.factories import make_identity, make_message, make_topic

TOPICS = "/admin/contact/topic/"
TEMPLATES = "/admin/contact/answertemplate/"


def topic_data(**values):
    return {"name": "Training", "slug": "training", "addresses": "", "position": "0", "is_offered": "on", **values}


def test_topic_is_stored_with_tidy_addresses(editor_client):
    editor_client.post(f"{TOPICS}add/", topic_data(addresses=" a@example.org ,b@example.org, "))

    assert Topic.objects.get().addresses == "a@example.org, b@example.org"


@pytest.mark.parametrize("address", ["office", "a@example.org; b@example.org", "a@example.org b@example.org"])
def test_topic_with_what_is_no_address_is_refused(editor_client, address):
    response = editor_client.post(f"{TOPICS}add/", topic_data(addresses=address))

    assert response.context["adminform"].form.errors == {
        "addresses": [f"“{address}” is no e-mail address. Write whole addresses with commas between them."]
    }


def test_topics_tell_how_much_waits_and_where_it_goes(editor_client, django_assert_num_queries):
    for number in (1, 3):
        Topic.objects.all().delete()
        for place in range(number):
            topic = make_topic(f"Topic {place}", position=place)
            make_message(topic=topic)
            make_message(topic=topic, state="progress")
            make_message(topic=topic, state="answered")
        with django_assert_num_queries(7):
            response = editor_client.get(TOPICS)
        assert [topic.waiting_count for topic in response.context["cl"].result_list] == [2] * number


def test_topic_in_use_can_go_and_its_messages_stay(editor_client):
    message = make_message(topic=make_topic())

    editor_client.post(f"{TOPICS}{message.topic_id}/delete/", {"post": "yes"})

    message.refresh_from_db()
    assert message.topic is None


def test_template_shows_how_it_begins_an_answer(editor_client):
    make_identity(name="Test Association")
    template = AnswerTemplate.objects.create(name="Thanks", text="Dear {name},\n<b>{reference}</b> {association}")

    html = editor_client.get(f"{TEMPLATES}{template.pk}/change/").content.decode()

    words = "Dear [name of the sender],\n&lt;b&gt;[reference of the message]&lt;/b&gt; Test Association"
    assert f'<div class="letter__text" dir="auto">{words}</div>' in html


def test_template_with_an_unknown_place_is_refused(editor_client):
    response = editor_client.post(f"{TEMPLATES}add/", {"name": "Thanks", "text": "Dear {nmae}, {name} {}"})

    assert response.context["adminform"].form.errors == {
        "text": ["{nmae}, {} would be sent just so. What is filled in is {name}, {reference} and {association}."]
    }
    assert not AnswerTemplate.objects.exists()


def test_templates_ask_the_same_questions_for_one_and_three(editor_client, django_assert_num_queries):
    for number in (1, 3):
        AnswerTemplate.objects.all().delete()
        Topic.objects.all().delete()
        for place in range(number):
            AnswerTemplate.objects.create(name=f"T {place}", topic=make_topic(f"Topic {place}"), text="Dear {name}")
        with django_assert_num_queries(8):
            editor_client.get(TEMPLATES)
