"""What becomes of a message: one transaction, two mails, and marks for a person to look at."""

import errno
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from contact import messages, scanner
from contact.models import Attachment, Message, WaitingFile
from pages import outbox
from pages.models import Attempt, Mail
from tests.contact.files import JPEG, PDF
from tests.contact.sending import ADDRESS, data, send
from tests.factories import make_identity, make_message, make_topic

pytestmark = pytest.mark.django_db
NOBODY = ("jane@example.org",)


@pytest.fixture(autouse=True)
def office(db):
    return make_identity(email="office@example.org")


@pytest.fixture(autouse=True)
def _own_private(private):
    pass


def upload(name="plan.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def mails():
    return {mail.to[0]: mail for mail in Mail.objects.order_by("pk")}


def stored():
    """Everything a message leaves behind."""
    return Message.objects.count(), Attachment.objects.count(), Mail.objects.count(), WaitingFile.objects.count()


# Stored


def test_message_is_stored_with_its_files_and_both_mails(client, private):
    topic = make_topic("Training", addresses="training@example.org")
    answer = send(client, phone="916 555 0100", files=[upload("Jane’s plan.pdf"), upload("b.jpg", JPEG)])
    message = Message.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/contact/thanks/{message.reference}/")
    assert (message.topic, message.name, message.email) == (topic, "Jane Doe", "jane@example.org")
    assert (message.phone, message.agency) == ("916 555 0100", "Test Police Department")
    assert message.text == "When is the next course?\nWe are twelve."
    assert (message.state, message.suspicion, message.captcha) == ("new", [], "")
    assert abs(timezone.now() - message.sent) < timedelta(minutes=1)
    assert [(one.name, one.kind) for one in message.attachments.all()] == [("Jane’s plan.pdf", "pdf"), ("b.jpg", "jpg")]
    assert sorted(mails()) == ["jane@example.org", "training@example.org"]
    assert len(private()) == 2
    assert all(name.startswith(f"messages/{message.reference}/") and "Jane" not in name for name in private())


def test_staff_get_everything_and_the_way_to_the_record(client, settings):
    make_topic("Training", addresses="a@example.org, b@example.org")
    send(client, files=[upload()])
    message = Message.objects.get()
    mail = mails()["a@example.org"]
    assert mail.subject == f"Training: message of Jane Doe ({message.reference})"
    assert f"{settings.SITE_URL}/admin/contact/message/{message.pk}/change/" in mail.message
    for words in ("jane@example.org", "Test Police Department", "We are twelve.", "plan.pdf"):
        assert words in mail.message
    assert mail.headers == {"Reply-To": "jane@example.org"}
    assert "b@example.org" in mails()


def test_person_gets_a_copy_with_the_code_and_the_crisis_numbers(client):
    send(client, files=[upload()])
    message = Message.objects.get()
    mail = mails()["jane@example.org"]
    assert mail.subject == f"Your message to Test ({message.reference})"
    for words in (message.reference, "When is the next course?\nWe are twelve.", "- plan.pdf (", "Call 988", "911"):
        assert words in mail.message
    assert "/admin/" not in mail.message
    assert mail.headers == {"Reply-To": "office@example.org"}
    assert mail.attachments.count() == 0


def test_message_without_a_topic_goes_to_the_association(client):
    send(client)
    assert sorted(mails()) == ["jane@example.org", "office@example.org"]
    assert mails()["office@example.org"].subject.startswith("message of Jane Doe")


def test_message_is_stored_where_nobody_can_be_told(client, office):
    office.email = ""
    office.save()
    send(client)
    assert Message.objects.count() == 1
    assert sorted(mails()) == ["jane@example.org"]


def test_markup_and_template_code_stay_words_in_mails(client):
    send(client, name="{{ 7|add:7 }} <b>", text="{% include 'base.html' %} & {{ settings.SECRET_KEY }} <script>")
    for mail in mails().values():
        assert "{{ 7|add:7 }} <b>" in mail.subject + mail.message
        assert "{% include 'base.html' %} & {{ settings.SECRET_KEY }} <script>" in mail.message


# Suspicious


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"more_words": "pills"}, ["trap"]),
        ({"stamp": ""}, ["trap"]),
        ({"stamp": "forged"}, ["trap"]),
    ],
)
def test_suspicious_message_is_kept_thanked_for_and_told_to_nobody(client, values, reasons):
    answer = send(client, files=[upload()], **values)
    message = Message.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/contact/thanks/{message.reference}/")
    assert (message.suspicion, message.state) == (reasons, "new")
    assert message.attachments.count() == 1
    assert mails() == {}


def test_same_words_within_a_day_are_kept_and_looked_at_first(client):
    send(client)
    send(client, stamp=data()["stamp"], text="WHEN is the next course? We are twelve.")
    first, second = Message.objects.order_by("pk")
    assert (first.suspicion, second.suspicion) == ([], ["duplicate"])
    assert Mail.objects.count() == 2


def test_same_words_a_day_later_are_new(client):
    send(client)
    Message.objects.update(sent=timezone.now() - timedelta(days=1, minutes=1), sending="a")
    send(client)
    assert [message.suspicion for message in Message.objects.all()] == [[], []]


def test_virus_marks_the_message_and_its_file(client, monkeypatch):
    verdicts = iter(["clean", "virus"])
    monkeypatch.setattr(scanner, "scan", lambda file: next(verdicts))
    send(client, files=[upload("a.pdf"), upload("b.pdf")])
    message = Message.objects.get()
    assert message.suspicion == ["virus"]
    assert [one.scan for one in message.attachments.all()] == ["clean", "virus"]
    assert mails() == {}


def test_announcing_a_message_later_tells_what_would_have_been_told(client):
    send(client, more_words="pills", files=[upload()])
    message = Message.objects.get()
    messages.announce(message)
    assert sorted(mails()) == ["jane@example.org", "office@example.org"]
    assert "plan.pdf" in mails()["office@example.org"].message


# The same form again


def test_button_pressed_twice_sends_once_and_both_are_thanked(client):
    values = data(files=[upload()])
    first = client.post(ADDRESS, values)
    second = client.post(ADDRESS, {**values, "files": [upload()]})
    assert first["Location"] == second["Location"] == f"/contact/thanks/{Message.objects.get().reference}/"
    assert stored() == (1, 1, 2, 0)
    assert Attempt.objects.count() == 1


def test_button_pressed_twice_on_files_that_waited_sends_once(client, django_capture_on_commit_callbacks):
    client.post(ADDRESS, data(name="", files=[upload()]))
    values = data(kept=[str(WaitingFile.objects.get().key)])
    with django_capture_on_commit_callbacks(execute=True):
        first, second = client.post(ADDRESS, values), client.post(ADDRESS, values)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert stored() == (1, 1, 2, 0)


@pytest.mark.parametrize("files", [0, 1])
def test_five_posts_at_once_are_one_message(shared_database, private, files):
    make_identity(email="office@example.org")
    values = data()
    together = Barrier(5)

    def post():
        together.wait()
        try:
            return Client().post(ADDRESS, {**values, "files": [upload()] * files})
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        answers = [future.result() for future in [pool.submit(post) for _number in range(5)]]
    message = Message.objects.get()
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, f"/contact/thanks/{message.reference}/")
    }
    assert stored() == (1, files, 2, 0)
    assert len(private()) == files


def test_twenty_people_at_once_are_twenty_messages(shared_database, private):
    make_identity(email="office@example.org")
    values = [data(email=f"person{number}@example.org", files=[upload()]) for number in range(20)]

    def post(number):
        try:
            return Client(REMOTE_ADDR=f"192.0.2.{number}").post(ADDRESS, values[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(20)))
    assert [answer.status_code for answer in answers] == [303] * 20
    assert stored() == (20, 20, 40, 0)
    assert {answer["Location"] for answer in answers} == {
        f"/contact/thanks/{message.reference}/" for message in Message.objects.all()
    }


# What goes wrong


@pytest.fixture
def full_disk(monkeypatch):
    """A function that lets the private storage write so many files more, and half of the next."""

    def full_disk(after):
        storage, left = storages["private"], [after]
        save = type(storage)._save

        def _save(name, content):
            if left[0] == 0:
                save(storage, name, SimpleUploadedFile("half", content.read()[:20]))
                raise OSError(errno.ENOSPC, "No space left on device")
            left[0] -= 1
            return save(storage, name, content)

        monkeypatch.setattr(storage, "_save", _save)

    return full_disk


@pytest.mark.parametrize("after", [0, 1])
def test_full_disk_stores_nothing_and_keeps_what_was_typed(client, private, full_disk, after):
    full_disk(after)
    answer = send(client, files=[upload("a.pdf"), upload("b.pdf")])
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "We could not store your message just now, and it was not sent." in page
    assert "Choose your files again" in page
    assert 'value="jane@example.org"' in page
    assert "We are twelve.</textarea>" in page
    assert stored() == (0, 0, 0, 0)
    assert (private(), list(private.folder.glob("messages/*"))) == ([], [])


def test_disk_with_room_again_takes_the_same_form(client, private, full_disk):
    values = data()
    full_disk(0)
    assert client.post(ADDRESS, {**values, "files": [upload()]}).status_code == 503
    full_disk(9)
    assert client.post(ADDRESS, {**values, "files": [upload()]}).status_code == 303
    assert stored() == (1, 1, 2, 0)


def test_full_disk_for_files_that_should_wait_is_said_beside_them(client, private, full_disk):
    full_disk(0)
    answer = send(client, name="", files=[upload()])
    assert answer.status_code == 200
    assert answer.context["form"].errors["files"] == ["Choose your files again: we could not keep them."]
    assert (stored(), private()) == ((0, 0, 0, 0), [])


@pytest.mark.parametrize("step", ["contact.messages.announce", "pages.outbox.write", "contact.attachments.store"])
@pytest.mark.parametrize("fault", [DatabaseError("disk I/O error"), OSError(errno.ENOSPC, "No space left")], ids=repr)
def test_fault_at_any_step_stores_nothing(client, private, monkeypatch, step, fault):
    def fail(*args, **kwargs):
        raise fault

    monkeypatch.setattr(step, fail)
    answer = send(client, files=[upload()])
    assert answer.status_code == 503
    assert "We are twelve.</textarea>" in answer.content.decode()
    assert (stored(), private()) == ((0, 0, 0, 0), [])


def test_fault_of_ours_removes_the_files_too(client, private, monkeypatch):
    monkeypatch.setattr(outbox, "write", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(client, files=[upload()])
    assert (stored(), private()) == ((0, 0, 0, 0), [])


def test_file_that_waited_still_waits_after_a_fault(client, private, monkeypatch):
    client.post(ADDRESS, data(name="", files=[upload()]))
    key = str(WaitingFile.objects.get().key)
    with monkeypatch.context() as patch:
        patch.setattr("contact.messages.announce", lambda message: (_ for _ in ()).throw(DatabaseError))
        answer = send(client, kept=[key])
    assert answer.status_code == 503
    assert f'value="{key}"' in answer.content.decode()
    assert len(private()) == 1
    assert send(client, kept=[key]).status_code == 303
    assert Attachment.objects.get().name == "plan.pdf"


def test_messages_are_answered_and_stored_while_mail_is_down(client, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"
    for number in range(20):
        answer = client.post(ADDRESS, data(email=f"person{number}@example.org"), REMOTE_ADDR=f"192.0.2.{number}")
        assert answer.status_code == 303
    assert stored() == (20, 0, 40, 0)


def test_somebody_elses_message_is_no_obstacle():
    make_message()
    make_message()
    assert Message.objects.values("sending").distinct().count() == 2
