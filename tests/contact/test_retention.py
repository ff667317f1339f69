"""What leaves after its time, and that nothing of it stays: rows, files, mails, names in the log."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType

from cacita import jobs
from contact import answers, retention
from contact.models import Answer, Attachment, Message, Note
from pages.models import Mail
from pages.outbox import STATUS
from tests.factories import make_attachment, make_identity, make_message

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


def aged(days, **values):
    return make_message(sent=NOW - timedelta(days=days), **values)


def log(user, message, flag=CHANGE, at=NOW):
    kind = ContentType.objects.get_for_model(message)
    entry = LogEntry.objects.create(
        user=user, content_type=kind, object_id=str(message.pk), object_repr=str(message), action_flag=flag
    )
    LogEntry.objects.filter(pk=entry.pk).update(action_time=at)
    return entry


def test_message_leaves_after_a_year_unless_kept(db):
    aged(365, name="Old")
    aged(365, name="Kept", is_kept=True)
    aged(364, name="Young")

    retention.forget(NOW)

    assert set(Message.objects.values_list("name", flat=True)) == {"Kept", "Young"}


def test_attachment_leaves_the_disk_after_90_days_unless_kept_and_its_row_stays(db):
    old, kept, young = (make_attachment(message) for message in (aged(90), aged(90, is_kept=True), aged(89)))
    names = [attachment.file.name for attachment in (old, kept, young)]
    storage = old.file.storage

    retention.forget(NOW)

    assert [storage.exists(name) for name in names] == [False, True, True]
    assert not storage.exists(names[0].rpartition("/")[0])
    assert [bool(attachment.file) for attachment in Attachment.objects.order_by("pk")] == [False, True, True]
    assert Attachment.objects.get(pk=old.pk).name == "plan.pdf"


def test_second_file_of_a_message_leaves_with_the_first(db):
    message = aged(100)
    files = [make_attachment(message, f"{name}.pdf").file for name in ("one", "two")]

    retention.forget(NOW)

    assert [file.storage.exists(file.name) for file in files] == [False, False]
    assert not files[0].storage.exists(f"messages/{message.reference}")


def test_everything_that_belongs_to_a_message_leaves_with_it(editor):
    make_identity(email="office@example.org")
    message = aged(400)
    file = make_attachment(message).file
    message.notes.create(author=editor, text="Called back.")
    answers.answer(message, editor, "Gladly.", knowing=0)
    Mail.objects.update(status=STATUS.sent)
    log(editor, message)

    retention.forget(NOW)

    counts = [model.objects.count() for model in (Message, Attachment, Note, Answer, Mail, LogEntry)]
    assert counts == [0] * 6
    assert not file.storage.exists(file.name)


def test_answer_that_waits_to_be_sent_still_goes_out(editor):
    make_identity()
    message = aged(400)
    answers.answer(message, editor, "Gladly.", knowing=0)

    retention.forget(NOW)

    assert [mail.to for mail in Mail.objects.all()] == [["sender@example.org"]]


def test_who_deleted_a_message_stays_in_the_log_for_a_year(editor):
    gone, kept = aged(10), aged(500, is_kept=True)
    recent = log(editor, gone, DELETION, NOW - timedelta(days=364))
    log(editor, gone, DELETION, NOW - timedelta(days=365))
    log(editor, kept, ADDITION, NOW - timedelta(days=400))

    retention.delete(Message.objects.filter(pk=gone.pk))
    retention.forget(NOW)

    assert list(LogEntry.objects.values_list("pk", flat=True)) == [recent.pk]


def test_message_whose_file_cannot_be_deleted_stays_and_the_others_go(db, monkeypatch, caplog):
    stuck, other = aged(400, name="Stuck"), aged(400, name="Other")
    bad = make_attachment(stuck).file.name
    make_attachment(other)
    storage = type(Attachment().file.storage)
    delete = storage.delete

    def refuse(self, name):
        if name == bad:
            raise PermissionError(13, "Permission denied")
        delete(self, name)

    monkeypatch.setattr(storage, "delete", refuse)
    with caplog.at_level(logging.ERROR, logger="cacita.retention"):
        retention.forget(NOW)

    assert [message.name for message in Message.objects.all()] == ["Stuck"]
    assert stuck.reference in caplog.text
    monkeypatch.undo()
    retention.forget(NOW)
    assert not Message.objects.exists()


def test_run_that_was_cut_off_is_finished_by_the_next(db):
    attachment = make_attachment(aged(100))
    attachment.file.storage.delete(attachment.file.name)

    retention.forget(NOW)

    assert not Attachment.objects.get().file


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_batches_leave_nobody_out(db, monkeypatch, at_once):
    monkeypatch.setattr(retention, "AT_ONCE", at_once)
    for _number in range(5):
        make_attachment(aged(400))
        make_attachment(aged(100))

    retention.forget(NOW)

    assert Message.objects.count() == 5
    assert not Attachment.objects.exclude(file="").exists()


def test_retention_is_timed_work_once_a_day():
    assert [job.every for job in jobs.JOBS if job.run == retention.forget] == [timedelta(days=1)]
