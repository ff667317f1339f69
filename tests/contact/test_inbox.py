"""The staff's inbox: what is listed, what may be done by whom, and what the pages of one message do."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from contact import answers, export, retention
from contact.admin.thread import download_name
from contact.models import Answer, AnswerTemplate, Attachment, Message, Note, Topic
from pages.models import Mail
from pages.outbox import STATUS
from tests.factories import make_attachment, make_identity, make_message, make_topic

NOW = datetime(2027, 6, 5, 12, tzinfo=UTC)
INBOX = "/admin/contact/message/"
ALL = f"{INBOX}?state=all"


@pytest.fixture(autouse=True)
def _in_june(monkeypatch, settings):
    """Every view takes the present from one function; here it is a Saturday morning."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.SESSION_COOKIE_AGE = 365 * 24 * 60 * 60


def page_of(message, part="change"):
    return f"{INBOX}{message.pk}/{part}/"


def ago(**time):
    return NOW - timedelta(**time)


def staff(client, *permissions, name="helper"):
    user = get_user_model().objects.create_user(name, password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="contact"))
    client.force_login(user)
    return user


def names_in(response):
    return [message.name for message in response.context["cl"].result_list]


def rows_of(response):
    """The text of each row, without its markup."""
    table = response.content.decode().partition('id="result_list"')[2].partition("</table>")[0]
    rows = [re.sub(r"<[^>]+>", " ", row) for row in table.partition("<tbody>")[2].split("</tr>")[:-1]]
    return [" ".join(row.replace("\xa0", " ").split()) for row in rows]


def said(response):
    return [str(message) for message in response.context["messages"]]


def act(client, action, *chosen):
    data = {"action": action, "_selected_action": [message.pk for message in chosen]}
    return client.post(ALL, data, follow=True)


def choose(message, **values):
    """What the form of a message posts: each field with what it showed."""
    shown = {
        "state": message.state,
        "owner": message.owner_id or "",
        "topic": message.topic_id or "",
        "is_kept": "on" if message.is_kept else "",
    }
    before = {f"initial-{name}": value for name, value in shown.items()} | {"initial-is_kept": str(message.is_kept)}
    return {name: value for name, value in {**before, **shown, **values}.items() if value != ""}


def fail_mail(answer, words="550 No such user"):
    Mail.objects.filter(pk=answer.email_id).update(status=STATUS.failed)
    answer.email.logs.create(status=STATUS.failed, message=words)


# The list


def test_list_tells_age_state_and_owner_in_words(editor_client, editor):
    topic = make_topic("Training")
    make_message("Robin", sent=ago(minutes=20), agency="Test Agency", topic=topic)
    make_message("Dana", sent=ago(days=3), state="progress", owner=editor)
    make_message("Win Big", sent=ago(hours=5), suspicion=["trap"])
    make_attachment(make_message("Kim", sent=ago(days=2, hours=23)))

    rows = rows_of(editor_client.get(INBOX))

    assert rows == [
        "Robin Test Agency 20 minutes ago Training New nobody yet",
        "Win Big 5 hours ago - New Suspicious nobody yet",
        "Kim 2 days ago - New with attachments nobody yet",
        "Dana 3 days ago Waiting too long - In progress editor",
    ]


def test_list_opens_with_what_waits_and_shows_all_with_one_click(editor_client):
    for state in Message.State.values:
        make_message(state, state=state, sent=ago(days=len(state)))

    response = editor_client.get(INBOX)

    assert names_in(response) == ["new", "progress"]
    assert '<a href="?state=all">All</a>' in response.content.decode()
    assert set(names_in(editor_client.get(ALL))) == set(Message.State.values)


def test_search_looks_at_all_messages_unless_a_state_is_chosen(editor_client):
    make_message("Dana", state="answered")
    make_message("Danilo", reference="M-DAN234")

    assert names_in(editor_client.get(f"{INBOX}?q=dan")) == ["Danilo", "Dana"]
    assert names_in(editor_client.get(f"{INBOX}?q=dan&state=waiting")) == ["Danilo"]


@pytest.mark.parametrize("words", ["Dana", "dana@example.org", "sheriff", "four deputies", "M-234567", "m-234567"])
def test_search_finds_name_address_agency_words_and_reference(editor_client, words):
    make_message("Robin")
    make_message(
        "Dana",
        email="dana@example.org",
        agency="Test Sheriff",
        text="We send four deputies.",
        reference="M-234567",
    )

    assert names_in(editor_client.get(INBOX, {"q": words})) == ["Dana"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("state=new", ["files", "nobody"]),
        ("state=progress", ["mine", "late"]),
        ("state=late", ["late"]),
        ("state=spam", ["odd"]),
        ("state=no-such-state", ["odd", "mine", "files", "nobody", "done", "late"]),
        ("owner=me", ["mine"]),
        ("owner=nobody", ["files", "nobody"]),
        ("attachments=yes", ["files"]),
        ("attachments=no&state=waiting", ["mine", "nobody", "late"]),
        ("suspicious=yes&state=all", ["odd"]),
        ("suspicious=no&state=all", ["mine", "files", "nobody", "done", "late"]),
    ],
)
def test_filters_narrow_the_list(editor_client, editor, chosen, found):
    other = get_user_model().objects.create_user("other")
    make_message("odd", state="spam", suspicion=["trap", "virus"], sent=ago(hours=1))
    make_message("mine", state="progress", owner=editor, sent=ago(hours=2))
    files = make_message("files", sent=ago(hours=3))
    make_attachment(files, "one.pdf")
    make_attachment(files, "two.pdf")
    make_message("nobody", sent=ago(hours=4))
    make_message("done", state="answered", owner=other, sent=ago(days=9))
    make_message("late", state="progress", owner=other, sent=ago(days=10))

    assert names_in(editor_client.get(f"{INBOX}?{chosen}")) == found


def fill(number, user):
    """Messages with all that a list, a form or an export shows of them."""
    message = None
    for place in range(number):
        message = make_message(
            f"Sender {place}", topic=make_topic(f"Topic {place}"), owner=user, sent=ago(days=5), suspicion=["trap"]
        )
        for each in range(number):
            make_attachment(message, f"{each}.pdf")
            message.notes.create(author=user, text="Called.")
            answers.answer(message, user, "Gladly.", knowing=answers.last_answer(message))
            AnswerTemplate.objects.create(name=f"Template {place} {each}", text="Dear {name}")
    return message


def clear():
    for model in (Message, Topic, AnswerTemplate, Mail):
        model.objects.all().delete()


def test_list_and_forms_ask_the_same_questions_for_one_message_and_three(
    editor_client, editor, django_assert_num_queries
):
    make_identity()
    ContentType.objects.get_for_model(Message)
    for number in (1, 3):
        clear()
        message = fill(number, editor)
        with django_assert_num_queries(8):
            editor_client.get(ALL)
        with django_assert_num_queries(13):
            editor_client.get(page_of(message))
        with django_assert_num_queries(12):
            editor_client.get(page_of(message, "answer"))


def test_export_asks_the_same_questions_for_one_message_and_three(editor, django_assert_num_queries):
    make_identity()
    for number in (1, 3):
        clear()
        fill(number, editor)
        found = Message.objects.select_related("topic", "owner").prefetch_related(*export.TO_EXPORT)
        with django_assert_num_queries(2):
            table = export.table(found).decode()
        assert len(list(csv.reader(io.StringIO(table)))) == number + 1


# Several at once


def test_taking_over_makes_messages_mine_and_in_progress(editor_client, editor):
    first, second = make_message("One"), make_message("Two", owner=editor, state="progress")

    response = act(editor_client, "take_over", first, second)

    assert [(message.owner, message.state) for message in Message.objects.all()] == [(editor, "progress")] * 2
    assert said(response) == ["1 message is yours now."]
    assert [str(entry) for entry in LogEntry.objects.all()] == [
        f"Changed “{first}” — Changed state and who takes care of it."
    ]


def test_marking_as_answered_keeps_the_owner_and_gives_nobodys_to_me(editor_client, editor):
    other = get_user_model().objects.create_user("other")
    make_message("Theirs", owner=other)
    make_message("Nobodys")

    response = act(editor_client, "mark_answered", *Message.objects.all())

    assert {message.name: (message.owner, message.state) for message in Message.objects.all()} == {
        "Theirs": (other, "answered"),
        "Nobodys": (editor, "answered"),
    }
    assert said(response) == ["2 messages are marked as answered."]


def test_spam_leaves_the_list_and_comes_back_without_mails_when_it_never_was_suspicious(editor_client):
    message = make_message("Robin")

    act(editor_client, "mark_spam", message)
    assert names_in(editor_client.get(INBOX)) == []
    response = act(editor_client, "not_spam", message)

    assert names_in(editor_client.get(INBOX)) == ["Robin"]
    assert said(response) == ["1 message is cleared."]
    assert Mail.objects.count() == 0


def test_not_spam_sends_the_mails_that_were_held_back_once(editor_client):
    make_identity(email="office@example.org")
    message = make_message("Robin", suspicion=["trap"], state="spam")

    act(editor_client, "not_spam", message)
    act(editor_client, "not_spam", message)

    message.refresh_from_db()
    assert (message.state, message.suspicion) == ("new", [])
    assert sorted(mail.to[0] for mail in Mail.objects.all()) == ["office@example.org", "sender@example.org"]


def test_suspicious_message_in_progress_stays_in_progress_when_it_is_cleared(editor_client, editor):
    make_identity(email="office@example.org")
    message = make_message(suspicion=["duplicate"], state="progress", owner=editor)

    editor_client.post(page_of(message, "decide/not-spam"))

    message.refresh_from_db()
    assert (message.state, message.suspicion, Mail.objects.count()) == ("progress", [], 2)


def test_export_says_everything_and_starts_no_formula(editor_client, editor):
    message = make_message(
        "=HYPERLINK(1)",
        agency="+1",
        text="@SUM\nline two",
        topic=make_topic("Training"),
        owner=editor,
        reference="M-234567",
        suspicion=["trap"],
        phone="-1",
    )
    make_attachment(message, "=cmd.pdf")

    response = act(editor_client, "export_csv", message)

    assert response["Content-Disposition"] == 'attachment; filename="messages-2027-06-05.csv"'
    headings, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert dict(zip(headings, row, strict=True)) == {
        "Reference": "M-234567",
        "Received": "2027-06-01 03:00",
        "Topic": "Training",
        "Name": "'=HYPERLINK(1)",
        "E-mail": "sender@example.org",
        "Phone": "'-1",
        "Agency": "'+1",
        "Message": "'@SUM\nline two",
        "Attachments": "'=cmd.pdf",
        "State": "New",
        "Who takes care of it": "editor",
        "Suspicion": "The hidden field was filled, or it was sent too fast",
        "Captcha": "Not used",
        "Kept": "no",
    }


def test_deleting_messages_deletes_their_files(editor_client):
    one, two = make_message("One"), make_message("Two")
    files = [make_attachment(message).file for message in (one, two)]

    editor_client.post(page_of(one, "delete"), {"post": "yes"})
    editor_client.post(ALL, {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"})

    assert not Message.objects.exists()
    assert [file.storage.exists(file.name) for file in files] == [False, False]
    assert LogEntry.objects.filter(action_flag=3).count() == 2


# One message


def test_message_is_shown_as_text_with_its_facts(editor_client):
    message = make_message(
        "Dana <b>",
        email="dana+cit@example.org",
        phone="(916) 555-0100",
        text="One\n<script>two</script>",
        captcha="unchecked",
        reference="M-234567",
    )
    make_attachment(message, "plan.pdf", size=2048)

    html = editor_client.get(page_of(message)).content.decode()

    assert '<div class="letter__text" dir="auto">One\n&lt;script&gt;two&lt;/script&gt;</div>' in html
    assert "Dana &lt;b&gt;" in html
    assert 'href="mailto:dana+cit@example.org?subject=M-234567"' in html
    assert 'href="tel:9165550100"' in html
    assert "Unchecked: the provider did not answer" in html
    link = f'<a href="{INBOX}attachments/{UUID(int=1)}/" download>plan.pdf</a>'
    assert link in html
    assert "PDF, 2.0\xa0KB" in html
    assert "<textarea" in html


def test_what_came_cannot_be_changed(editor_client):
    message = make_message("Dana", text="As it came.")

    editor_client.post(page_of(message), choose(message, text="Forged", name="Forged", state="answered"))

    message.refresh_from_db()
    assert (message.name, message.text, message.state) == ("Dana", "As it came.", "answered")
    assert editor_client.get(f"{INBOX}add/").status_code == 403


def test_page_that_stood_open_does_not_open_an_answered_message_again(editor_client, editor):
    make_identity()
    message = make_message()
    posted = choose(message, is_kept="on")
    answers.answer(message, editor, "Gladly.", knowing=0)

    editor_client.post(page_of(message), posted)

    message.refresh_from_db()
    assert (message.state, message.owner, message.is_kept) == ("answered", editor, True)


def test_form_saved_unchanged_changes_nothing(editor_client):
    message = make_message()

    response = editor_client.post(page_of(message), choose(message))

    assert response.status_code == 302
    message.refresh_from_db()
    assert (message.state, message.owner, message.is_kept) == ("new", None, False)


def test_suspicion_is_told_with_its_reasons(editor_client):
    message = make_message(suspicion=["trap", "duplicate"])

    html = editor_client.get(page_of(message)).content.decode()

    reasons = ["The hidden field was filled, or it was sent too fast", "The same words came before", "Not spam"]
    assert [words in html for words in reasons] == [True] * 3


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({}, ["take-over", "answered", "spam"]),
        ({"suspicion": ["trap"]}, ["not-spam", "take-over", "answered", "spam"]),
        ({"state": "spam"}, ["not-spam"]),
        ({"state": "answered"}, []),
    ],
)
def test_decisions_are_offered_as_far_as_they_change_something(editor_client, values, offered):
    message = make_message(**values)

    html = editor_client.get(page_of(message)).content.decode()

    assert re.findall(r'formaction="[^"]*/decide/([a-z-]+)/"', html) == offered


def test_decision_unknown_or_without_a_button_is_refused(editor_client):
    message = make_message()

    assert editor_client.post(page_of(message, "decide/burn")).status_code == 404
    assert editor_client.get(page_of(message, "decide/spam")).status_code == 405
    message.refresh_from_db()
    assert message.state == "new"


def test_thread_stands_in_the_order_of_time(editor_client, editor, monkeypatch):
    make_identity()
    message = make_message()
    moments = iter([ago(hours=3), ago(hours=2), ago(hours=1)])
    monkeypatch.setattr(timezone, "now", lambda: next(moments))
    message.notes.create(author=editor, text="First a note.")
    monkeypatch.setattr(timezone, "now", lambda: ago(hours=2))
    answers.answer(message, editor, "Then an answer.", knowing=0)
    monkeypatch.setattr(timezone, "now", lambda: ago(hours=1))
    message.notes.create(author=None, text="Then a note of somebody who left.")
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    thread = editor_client.get(page_of(message)).context["thread"]

    assert [(entry.author, entry.text, entry.mail) for entry in thread] == [
        ("editor", "First a note.", ""),
        ("editor", "Then an answer.", "Waiting to be sent"),
        ("Somebody who left", "Then a note of somebody who left.", ""),
    ]


def test_note_is_kept_with_its_author(editor_client, editor):
    message = make_message()

    response = editor_client.post(page_of(message, "note"), {"text": "They call back <b>on Monday</b>."})

    assert response.url == f"{page_of(message)}#thread"
    assert [(note.author, note.text) for note in message.notes.all()] == [(editor, "They call back <b>on Monday</b>.")]
    assert "They call back &lt;b&gt;on Monday&lt;/b&gt;." in editor_client.get(page_of(message)).content.decode()


def test_empty_note_is_refused_and_a_long_one_is_not_lost(editor_client):
    message = make_message()

    empty = editor_client.post(page_of(message, "note"), {"text": " "})
    long = editor_client.post(page_of(message, "note"), {"text": "n" * 20_001})

    assert empty.context["form"].errors == {"text": ["This field is required."]}
    assert "n" * 20_001 in long.content.decode()
    assert Note.objects.count() == 0


# An answer


def test_answer_begins_with_the_chosen_template_filled_in(editor_client):
    make_identity(name="Test Association")
    message = make_message("Dana {reference}", reference="M-234567")
    template = AnswerTemplate.objects.create(name="Thanks", text="Dear {name} ({reference}),\n{association}")

    assert f'<option value="{template.pk}">Thanks</option>' in editor_client.get(page_of(message)).content.decode()
    form = editor_client.get(page_of(message, "answer"), {"template": template.pk}).context["form"]

    assert form.initial["text"] == "Dear Dana {reference} (M-234567),\nTest Association"


@pytest.mark.parametrize("chosen", ["", "x", "999999", "²", "9" * 30])
def test_answer_begins_empty_without_a_template_that_fits(editor_client, chosen):
    make_identity()

    response = editor_client.get(page_of(make_message(), "answer"), {"template": chosen})

    assert response.context["form"].initial["text"] == ""


def test_templates_of_other_topics_are_not_offered(editor_client):
    make_identity()
    mine, other = make_topic("Mine"), make_topic("Other")
    for name, topic in (("For mine", mine), ("For other", other), ("For all", None)):
        AnswerTemplate.objects.create(name=name, topic=topic, text="Dear {name}")
    message = make_message(topic=mine)

    offered = editor_client.get(page_of(message)).context["answer_templates"]

    assert [template.name for template in offered] == ["For all", "For mine"]


def test_sent_answer_is_in_the_thread_and_on_its_way(editor_client, editor):
    make_identity(email="office@example.org")
    message = make_message()

    response = editor_client.post(page_of(message, "answer"), {"text": "Gladly.", "knowing": 0}, follow=True)

    message.refresh_from_db()
    assert (message.state, message.owner) == ("answered", editor)
    assert said(response) == ["Your answer is on its way to sender@example.org."]
    assert [(entry.text, entry.mail) for entry in response.context["thread"]] == [("Gladly.", "Waiting to be sent")]
    assert Mail.objects.get().to == ["sender@example.org"]


def test_answer_page_says_where_replies_arrive(editor_client):
    make_identity(email="office@example.org")
    message = make_message(topic=make_topic(addresses="training@example.org, b@example.org"))

    assert editor_client.get(page_of(message, "answer")).context["replies_to"] == "training@example.org"


def test_second_press_of_the_button_sends_nothing_and_keeps_the_words(editor_client):
    make_identity()
    message = make_message()
    editor_client.post(page_of(message, "answer"), {"text": "Gladly.", "knowing": 0})

    response = editor_client.post(page_of(message, "answer"), {"text": "Gladly twice.", "knowing": 0})

    form = response.context["form"]
    assert form.non_field_errors() == [
        "This message was answered while you wrote. Read that answer first, then send yours if it is needed."
    ]
    assert (form["text"].value(), form["knowing"].value()) == ("Gladly twice.", Answer.objects.get().pk)
    assert [entry.text for entry in response.context["thread"]] == ["Gladly."]
    assert Mail.objects.count() == 1


def test_answer_to_an_address_no_mail_can_be_sent_to_keeps_the_words(editor_client):
    make_identity()
    message = make_message(email='"a,b"@example.org')

    response = editor_client.post(page_of(message, "answer"), {"text": "Gladly.", "knowing": 0})

    assert response.context["form"].non_field_errors() == [
        'No mail can be sent to “"a,b"@example.org”. Perhaps there is a telephone number.'
    ]
    assert response.context["form"]["text"].value() == "Gladly."


@pytest.mark.parametrize("data", [{"text": "", "knowing": 0}, {"text": "x"}, {"text": "x", "knowing": "y"}, {}])
def test_unreadable_answer_is_not_sent(editor_client, data):
    make_identity()
    message = make_message()

    response = editor_client.post(page_of(message, "answer"), data)

    assert response.status_code == 200
    assert (Answer.objects.count(), Mail.objects.count()) == (0, 0)


def test_mail_that_failed_says_why_and_is_sent_again(editor_client, editor):
    make_identity()
    message = make_message()
    answer = answers.answer(message, editor, "Gladly.", knowing=0)
    fail_mail(answer, "550 No such user <x>")

    html = editor_client.get(page_of(message)).content.decode()
    assert "Not delivered" in html
    assert "The mail server said: 550 No such user &lt;x&gt;" in html
    response = editor_client.post(page_of(message, f"answers/{answer.pk}/send"), follow=True)

    assert said(response) == ["The answer waits to be sent again."]
    assert Mail.objects.get().status == STATUS.queued
    assert "Send again" not in response.content.decode()


@pytest.mark.parametrize(
    ("status", "words"), [(STATUS.sent, "Sent"), (STATUS.requeued, "Waiting to be sent"), (None, "no longer kept")]
)
def test_what_became_of_a_mail_is_told_in_words(editor_client, editor, status, words):
    make_identity()
    message = make_message()
    answers.answer(message, editor, "Gladly.", knowing=0)
    if status is None:
        Mail.objects.all().delete()
    else:
        Mail.objects.update(status=status)

    thread = editor_client.get(page_of(message)).context["thread"]

    assert words in thread[0].mail
    assert not thread[0].has_failed


# Attachments


def test_attachment_is_handed_over_to_be_saved_and_never_shown(editor_client):
    attachment = make_attachment(make_message(), "Año “plan”.html.pdf", content=b"<script>1</script>")

    response = editor_client.get(attachment.get_absolute_url())

    assert b"".join(response.streaming_content) == b"<script>1</script>"
    assert response.streaming
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition")} == {
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "attachment; filename*=utf-8''A%C3%B1o%20%E2%80%9Cplan%E2%80%9D.html.pdf",
    }
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("name", "kind", "offered"),
    [
        ("plan.pdf", "pdf", "plan.pdf"),
        ("photo.JPEG", "jpg", "photo.jpg"),
        ("invoice.exe", "pdf", "invoice.pdf"),
        ("fdp\u202e.exe", "pdf", "fdp.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "pdf", "aSet-Cookie: b.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        (".pdf", "pdf", "pdf.pdf"),
        ("\u200b.pdf", "pdf", "M-234567.pdf"),
    ],
)
def test_name_of_a_saved_file_ends_in_what_it_is(name, kind, offered):
    attachment = Attachment(message=Message(reference="M-234567"), name=name, kind=kind)

    assert download_name(attachment) == offered


def test_attachment_has_no_address_but_the_staffs(editor_client, client):
    attachment = make_attachment(make_message())
    editor_client.logout()
    place = attachment.file.name

    codes = [client.get(f"{root}{place}").status_code for root in ("/media/", "/media/private/", "/static/", "/")]

    assert codes == [404] * 4


def test_strangers_are_asked_to_sign_in_for_an_attachment(client, db):
    address = make_attachment(make_message()).get_absolute_url()

    response = client.get(address)

    assert (response.status_code, response.url) == (302, f"/admin/login/?next={address}")


def test_attachment_that_left_says_so(editor_client):
    attachment = make_attachment(make_message(sent=ago(days=90)))
    retention.forget(NOW)

    response = editor_client.get(attachment.get_absolute_url())

    assert response.status_code == 404
    assert "Attachments are deleted 90 days after they came" in response.content.decode()
    html = editor_client.get(page_of(attachment.message)).content.decode()
    assert "deleted on schedule" in html
    assert attachment.get_absolute_url() not in html


def test_attachment_missing_on_the_disk_says_so(editor_client, caplog):
    attachment = make_attachment(make_message())
    attachment.file.storage.delete(attachment.file.name)

    response = editor_client.get(attachment.get_absolute_url())

    assert response.status_code == 404
    assert "The file is missing on the disk." in response.content.decode()
    assert attachment.message.reference in caplog.text


def test_attachment_with_an_unknown_key_is_not_found(editor_client, db):
    assert editor_client.get(f"{INBOX}attachments/{UUID(int=7)}/").status_code == 404


# Who may do what


def everything(client, message, answer, attachment):
    """What each page and action answers to this person."""
    gets = [INBOX, page_of(message), page_of(message, "answer"), attachment.get_absolute_url()]
    posts = [
        page_of(message, "note"),
        page_of(message, "decide/spam"),
        page_of(message, "answer"),
        page_of(message, f"answers/{answer.pk}/send"),
    ]
    data = {"text": "Words.", "knowing": answer.pk}
    responses = [client.get(path) for path in gets] + [client.post(path, data) for path in posts]
    for response in responses:
        if response.streaming:
            b"".join(response.streaming_content)
    return [response.status_code for response in responses]


@pytest.mark.parametrize(
    ("permissions", "codes"),
    [
        ([], [403, 403, 403, 403, 403, 403, 403, 403]),
        (["answer_message"], [403, 403, 403, 403, 403, 403, 403, 403]),
        (["view_message"], [200, 200, 403, 200, 403, 403, 403, 403]),
        (["view_message", "change_message"], [200, 200, 403, 200, 302, 302, 403, 403]),
        (["view_message", "answer_message"], [200, 200, 200, 200, 403, 403, 302, 302]),
    ],
)
def test_each_right_opens_its_pages_and_no_others(client, editor, permissions, codes):
    make_identity(email="office@example.org")
    message = make_message("Dana")
    attachment = make_attachment(message)
    answer = answers.answer(message, editor, "Gladly.", knowing=0)
    fail_mail(answer)
    staff(client, *permissions)

    assert everything(client, message, answer, attachment) == codes

    assert Note.objects.count() == codes[4:5].count(302)
    assert Message.objects.filter(state="spam").count() == int(codes[5] == 302 and codes[6] != 302)
    assert Answer.objects.count() == 1 + codes[6:7].count(302)


def test_reader_sees_the_message_and_no_button(client, editor):
    make_identity()
    message = make_message("Dana", text="As it came.")
    fail_mail(answers.answer(message, editor, "Gladly.", knowing=0))
    AnswerTemplate.objects.create(name="Thanks", text="Dear {name}")
    staff(client, "view_message")

    html = client.get(page_of(message)).content.decode()

    assert "As it came." in html
    buttons = ["formaction", "Answer by mail</button>", "Send again", "Add the note", "_save"]
    assert [words for words in buttons if words in html] == []
    response = client.get(ALL)
    offered = re.findall(r'<option value="([a-z_]+)"', response.content.decode())
    assert offered == ["export_csv"]


def test_reader_cannot_change_by_posting(client, db):
    message = make_message()
    staff(client, "view_message")

    client.post(page_of(message), choose(message, state="answered"))
    act(client, "mark_spam", message)

    message.refresh_from_db()
    assert message.state == "new"


# The start page


def waiting_lines(client):
    return [(str(words), count, address) for words, count, address in client.get("/admin/").context["waiting"]]


def test_start_page_counts_what_waits(editor_client):
    make_message("New", sent=ago(hours=1))
    make_message("Late", sent=ago(days=4), state="progress")
    make_message("Odd", sent=ago(days=4), suspicion=["trap"])
    make_message("Answered", sent=ago(days=4), state="answered")
    make_message("Known spam", suspicion=["trap"], state="spam")

    lines = waiting_lines(editor_client)

    assert lines == [
        ("new message", 1, f"{INBOX}?state=new&suspicious=no"),
        ("message waits for over 3 days", 1, f"{INBOX}?state=late&suspicious=no"),
        ("suspicious message to look at", 1, f"{INBOX}?state=waiting&suspicious=yes"),
    ]
    assert [names_in(editor_client.get(address)) for _words, _count, address in lines] == [["New"], ["Late"], ["Odd"]]


def test_start_page_tells_of_a_form_that_fell_silent(editor_client):
    for days in range(30, 90, 7):
        make_message(sent=ago(days=days), state="answered")

    assert waiting_lines(editor_client) == [
        ("days without a message, which is unusual: try the contact form", 30, "/contact/")
    ]


def test_start_page_tells_nothing_to_staff_who_may_not_read_messages(client, db):
    make_message(sent=ago(days=4))
    make_message(sent=ago(days=4), suspicion=["trap"])
    staff(client, "answer_message", "view_topic")

    assert waiting_lines(client) == []
