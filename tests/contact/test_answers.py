"""Answers by mail: filled in safely, written with their mail or not at all, never twice."""

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError

from contact import answers
from contact.models import Answer, AnswerTemplate, Message
from pages import outbox
from pages.models import Mail
from pages.outbox import STATUS
from tests.factories import make_identity, make_message, make_topic

WORDS = {"name": "Dana", "reference": "M-234567", "association": "Test Association"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Dear {name}, {reference}, {association}", "Dear Dana, M-234567, Test Association"),
        ("{name} {name}", "Dana Dana"),
        ("{NAME} {name.__class__} {0} {} {{name}} {", "{NAME} {name.__class__} {0} {} {Dana} {"),
        ("100 % of {name}s %s", "100 % of Danas %s"),
    ],
)
def test_places_of_a_template_are_filled_in_and_nothing_else(text, filled):
    assert answers.fill_in(text, WORDS) == filled


def test_name_that_looks_like_a_place_is_not_filled_in_again():
    words = {**WORDS, "name": "{association}{reference}\\1"}

    assert answers.fill_in("Dear {name}", words) == "Dear {association}{reference}\\1"


def test_unknown_places_are_named():
    assert answers.unknown_places("{name}, {nmae}, {}, {a b} { not\nthis }") == ["{nmae}", "{}", "{a b}"]


def test_answer_is_kept_mailed_and_closes_the_message(editor):
    make_identity(email="office@example.org")
    topic = make_topic(addresses="training@example.org, second@example.org")
    message = make_message(topic=topic, reference="M-234567", text="First line\n\nthird & last")

    answer = answers.answer(message, editor, "Gladly & soon.", knowing=0)

    message.refresh_from_db()
    assert (message.state, message.owner) == (Message.State.ANSWERED, editor)
    assert (answer.text, answer.author, answer.message) == ("Gladly & soon.", editor, message)
    mail = Mail.objects.get()
    assert mail.pk == answer.email_id
    assert (mail.to, mail.subject) == (["sender@example.org"], "Your message to Test Association (M-234567)")
    assert mail.headers == {"Reply-To": "training@example.org"}
    assert mail.message == (
        "Gladly & soon.\n\nOn June 1, 2027 you wrote to us (M-234567):\n\n"
        "> First line\n>\n> third & last\n\n-- \nTest Association\nhttp://127.0.0.1:8000/\n"
    )


@pytest.mark.parametrize(
    ("addresses", "email", "reply_to"),
    [
        ("", "office@example.org", {"Reply-To": "office@example.org"}),
        ("role@example.org", "office@example.org", {"Reply-To": "role@example.org"}),
        ("", "", None),
    ],
)
def test_replies_come_to_the_topic_or_else_to_the_association(editor, addresses, email, reply_to):
    make_identity(email=email)

    answers.answer(make_message(topic=make_topic(addresses=addresses)), editor, "Gladly.", knowing=0)

    assert Mail.objects.get().headers == reply_to


def test_message_without_a_topic_is_answered_too(editor):
    make_identity(email="office@example.org")

    answers.answer(make_message(), editor, "Gladly.", knowing=0)

    assert Mail.objects.get().headers == {"Reply-To": "office@example.org"}


def test_answer_begun_before_somebody_elses_is_not_sent(editor):
    make_identity()
    message = make_message()
    answers.answer(message, get_user_model().objects.create_user("colleague"), "Mine.", knowing=0)

    with pytest.raises(answers.AnsweredMeanwhileError):
        answers.answer(message, editor, "Mine too.", knowing=0)

    assert (Answer.objects.count(), Mail.objects.count()) == (1, 1)
    answers.answer(message, editor, "One more thing.", knowing=answers.last_answer(message))
    assert (Answer.objects.count(), Mail.objects.count()) == (2, 2)


def test_address_no_mail_can_be_sent_to_leaves_the_message_open(editor):
    make_identity()
    message = make_message(email='"a,b"@example.org')

    with pytest.raises(answers.UnreachableError):
        answers.answer(message, editor, "Gladly.", knowing=0)

    message.refresh_from_db()
    assert (message.state, Answer.objects.count(), Mail.objects.count()) == (Message.State.NEW, 0, 0)


def test_answer_that_cannot_be_stored_leaves_no_mail_behind(editor, monkeypatch):
    make_identity()
    message = make_message()

    def fail(*_args, **_values):
        raise DatabaseError("disk full")

    monkeypatch.setattr(Message, "save", fail)
    with pytest.raises(DatabaseError):
        answers.answer(message, editor, "Gladly.", knowing=0)

    assert (Answer.objects.count(), Mail.objects.count()) == (0, 0)


def test_only_failed_mails_are_sent_again(editor):
    make_identity()
    sent, failed = (answers.answer(make_message(), editor, "Gladly.", knowing=0) for _number in range(2))
    Mail.objects.filter(pk=sent.email_id).update(status=STATUS.sent)
    Mail.objects.filter(pk=failed.email_id).update(status=STATUS.failed)

    assert answers.send_again(Answer.objects.all()) == 1

    assert [mail.pk for mail in Mail.objects.waiting()] == [failed.email_id]
    assert list(Mail.objects.sent().values_list("pk", flat=True)) == [sent.email_id]


def test_name_of_a_visitor_never_becomes_template_code(editor):
    make_identity()
    template = AnswerTemplate.objects.create(name="Thanks", text="Dear {name}")
    message = make_message(name="{{ 7|add:7 }}{% load x %}")

    text = answers.fill_in(template.text, answers.words_for(message, outbox.Identity.load()))
    answers.answer(message, editor, text, knowing=0)

    assert Mail.objects.get().message.startswith("Dear {{ 7|add:7 }}{% load x %}\n")
