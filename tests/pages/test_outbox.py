"""Mail that waits in the database: written with what it tells about, sent once, none in the way of another."""

import logging
import os
import signal
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Attachment

from pages import outbox
from pages.models import Mail
from tests.factories import make_identity, make_mail
from tests.mail_server import mail_server, send_through

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOBODY = "550 5.1.1 Nobody of that name"


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path):
    """A mail of its own for these tests, beside those of the site."""
    folder = tmp_path / "templates"
    (folder / "email").mkdir(parents=True)
    (folder / "email" / "test.txt").write_text(
        '{% extends "email/base.txt" %}{% block subject %}From {{ name }}{% endblock %}'
        "{% block body %}{{ text }}{% endblock %}"
    )
    (given,) = settings.TEMPLATES
    settings.TEMPLATES = [{**given, "DIRS": [folder, *given["DIRS"]]}]
    make_identity(name="Test Association")


@pytest.fixture
def server(settings):
    with mail_server() as server:
        send_through(settings, server)
        yield server


@pytest.fixture
def files():
    """The files of attachments, which no other test shares."""
    storage = Attachment._meta.get_field("file").storage
    for name in outbox.files_below(storage, "post_office_attachments"):
        storage.delete(name)
    return lambda: list(outbox.files_below(storage, "post_office_attachments"))


def write(to="jane@example.org", name="Jane", text="A question", **values):
    return outbox.write("test", to, {"name": name, "text": text}, **values)


def states():
    return {
        mail.to[0]: (mail.status, mail.number_of_retries, mail.scheduled_time) for mail in Mail.objects.order_by("pk")
    }


# Writing


def test_mail_has_subject_text_and_signature(settings):
    settings.SITE_URL = "https://www.example.org"
    mail = write(name="Jane & Joe", text="First line\n\n<b>Second</b> & last")
    mail.refresh_from_db()
    assert mail.subject == "From Jane & Joe"
    assert mail.message == ("First line\n\n<b>Second</b> & last\n\n-- \nTest Association\nhttps://www.example.org/\n")
    assert (mail.to, mail.status, mail.scheduled_time) == (["jane@example.org"], STATUS.queued, None)


def test_mail_goes_with_the_transaction_it_tells_of():
    def fail():
        with transaction.atomic():
            write()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Mail.objects.exists()


def test_mail_to_several_is_one_for_each():
    """A server that takes one address and refuses another says so of the whole mail, and nobody would learn of it."""
    first = write("a@example.org, b@example.org,")
    assert [mail.to for mail in Mail.objects.order_by("pk")] == [["a@example.org"], ["b@example.org"]]
    assert first.to == ["a@example.org"]


@pytest.mark.parametrize(
    "to",
    [
        "",
        " , ",
        "nobody",
        "jane@example.org\nBcc: all@example.org",
        '"a,b"@example.org',
        '"a,jane@example.org,joe@example.org,b"@example.org',
    ],
)
def test_mail_to_no_usable_address_is_not_written(to, caplog):
    assert write(to) is None
    assert not Mail.objects.exists()
    assert "jane" not in caplog.text


def test_reply_address_that_is_none_is_left_out(server):
    write(reply_to="jane@example.org\r\nBcc: all@example.org")
    write(reply_to='"a,all@example.org,b"@example.org')
    write(reply_to="joe@example.org")
    outbox.deliver(timezone.now())
    assert [mail.message["Reply-To"] for mail in server.taken] == [None, None, "joe@example.org"]
    assert server.recipients == ["jane@example.org"] * 3


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\v", "\x1c", "\x85", "\u2028"])
def test_visitor_cannot_write_a_header(server, separator):
    write(name=f"Jane{separator}Bcc: all@example.org{separator}{separator}Buy")
    outbox.deliver(timezone.now())
    (taken,) = server.taken
    assert taken.recipients == ["jane@example.org"]
    assert taken.message["Bcc"] is None
    assert "\n" not in taken.message["Subject"]


def test_long_subject_is_cut():
    mail = write(name="x" * 3000)
    assert len(mail.subject) == outbox.SUBJECT_LENGTH
    assert mail.subject.endswith("x…")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Delta, Bay & Coast", "Delta, Bay & Coast"),
        ('The "Delta" \\ <b@example.org> Assoc.', "The Delta b@example.org Assoc."),
        ("Asociación de Los Ángeles, 危机", "Asociación de Los Ángeles, 危机"),
        ("One\r\nBcc: all@example.org", "One Bcc: all@example.org"),
    ],
)
@pytest.mark.parametrize("address", ["office@example.org", "The office <office@example.org>"])
def test_sender_is_the_association_by_its_name(server, settings, name, shown, address):
    settings.DEFAULT_FROM_EMAIL = address
    make_identity(name=name)
    write()
    outbox.deliver(timezone.now())
    (taken,) = server.taken
    (author,) = taken.message["From"].addresses
    assert (author.display_name, author.addr_spec) == (shown, "office@example.org")
    assert taken.sender == "office@example.org"


@pytest.mark.parametrize("address", ["noreply@127.0.0.1", "noreply@intranet"])
def test_site_on_ones_own_machine_can_write_mail(settings, address):
    settings.DEFAULT_FROM_EMAIL = address
    assert write().from_email == f'"Test Association" <{address}>'


def test_sender_fits_its_column(settings):
    settings.DEFAULT_FROM_EMAIL = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example.org"
    make_identity(name="Ü" * 120)
    mail = write()
    assert len(mail.from_email) == Mail._meta.get_field("from_email").max_length


# Sending


def test_mail_is_sent_once(server):
    write()
    outbox.deliver(NOW + timedelta(days=3650))
    outbox.deliver(NOW + timedelta(days=3651))
    (taken,) = server.taken
    assert taken.message["Subject"] == "From Jane"
    assert taken.text.splitlines()[0] == "A question"
    mail = Mail.objects.get()
    assert (mail.status, mail.scheduled_time, taken.message["Message-ID"]) == (STATUS.sent, None, mail.message_id)


def test_attachments_arrive_with_their_names(server, files):
    write("a@example.org, b@example.org", attachments=[("Receipt, año 1.pdf\n", b"%PDF-1.7 \xff", "application/pdf")])
    outbox.deliver(timezone.now())
    assert len(files()) == 1
    assert "Receipt" not in files()[0]
    for taken in server.taken:
        (part,) = taken.message.iter_attachments()
        assert (part.get_filename(), part.get_content_type()) == ("Receipt, año 1.pdf", "application/pdf")
        assert part.get_content() == b"%PDF-1.7 \xff"


def test_server_that_is_down_leaves_everything_waiting(server):
    server.stop()
    mails = [make_mail(to=[f"{number}@example.org"]) for number in range(3)]
    for minute in range(200):
        outbox.deliver(NOW + minute * MINUTE)
    assert set(states().values()) == {(STATUS.queued, 0, None)}
    assert [(log.email_id, log.message) for mail in mails for log in mail.logs.all()] == [
        (mails[0].pk, "Connection refused")
    ]
    server.start()
    outbox.deliver(NOW + 200 * MINUTE)
    assert server.recipients == ["0@example.org", "1@example.org", "2@example.org"]


def test_server_that_answers_but_takes_nothing_leaves_everything_waiting(server):
    server.closing = True
    for number in range(5):
        make_mail(to=[f"{number}@example.org"])
    for minute in range(20):
        outbox.deliver(NOW + minute * MINUTE)
        assert set(states().values()) == {(STATUS.queued, 0, None)}
    assert server.connections <= 20 * (outbox.PATIENCE + 1)
    server.closing = False
    outbox.deliver(NOW + 20 * MINUTE)
    assert server.recipients == [f"{number}@example.org" for number in range(5)]


def test_mails_that_the_server_cannot_bear_do_not_block_the_others(server):
    """More of them in a row than a run has patience for, and all of them first."""
    bad = [f"bad-{number}@example.org" for number in range(2 * outbox.PATIENCE)]
    server.poison = set(bad)
    for address in bad:
        make_mail(to=[address])
    good = make_mail(to=["good@example.org"])
    for minute in range(3):
        outbox.deliver(NOW + minute * MINUTE)
    good.refresh_from_db()
    assert (server.recipients, good.status) == (["good@example.org"], STATUS.sent)

    for day in range(1, 30):
        make_mail(to=[f"good-{day}@example.org"])
        outbox.deliver(NOW + timedelta(days=day))
    assert len(server.recipients) == 30
    assert {status for address, (status, _tries, _at) in states().items() if address in bad} == {STATUS.failed}


def test_refused_mail_waits_longer_each_time_and_fails_at_last(server):
    server.refused["full@example.org"] = "452 4.2.2 Mailbox full"
    make_mail(to=["full@example.org"])
    make_mail(to=["good@example.org"])
    now, pauses = NOW, []
    outbox.deliver(now)
    assert server.recipients == ["good@example.org"]
    while states()["full@example.org"][0] == STATUS.requeued:
        outbox.deliver(states()["full@example.org"][2] - timedelta(seconds=1))
        pauses.append(states()["full@example.org"][2] - now)
        now += pauses[-1]
        outbox.deliver(now)
    assert pauses == outbox.PAUSES
    assert states()["full@example.org"] == (STATUS.failed, len(pauses) + 1, None)
    assert Mail.objects.with_fault().get(status=STATUS.failed).fault == "full@example.org: 452 4.2.2 Mailbox full"


def test_mail_refused_for_good_fails_at_once(server, caplog):
    server.refused["gone@example.org"] = NOBODY
    make_mail(to=["gone@example.org"])
    make_mail(to=["good@example.org"])
    outbox.deliver(NOW)
    assert server.recipients == ["good@example.org"]
    assert states()["gone@example.org"] == (STATUS.failed, 1, None)
    assert Mail.objects.with_fault().get(status=STATUS.failed).fault == f"gone@example.org: {NOBODY}"
    assert "SMTPRecipientsRefused" in caplog.text
    assert "gone@" not in caplog.text


def test_mail_that_is_too_large_fails_alone(server):
    make_mail(to=["large@example.org"], message="x" * 2_000_000)
    make_mail(to=["good@example.org"])
    outbox.deliver(NOW)
    assert server.recipients == ["good@example.org"]
    assert states()["large@example.org"] == (STATUS.failed, 1, None)


def test_mail_that_cannot_be_put_together_does_not_block_the_others(server):
    make_mail(subject="One\nBcc: all@example.org")
    make_mail(to=["good@example.org"])
    outbox.deliver(NOW)
    assert server.recipients == ["good@example.org"]
    assert states()["jane@example.org"] == (STATUS.requeued, 1, NOW + outbox.PAUSES[0])


def test_attachment_that_is_gone_does_not_block_the_others(server, files):
    mail = make_mail()
    attachment = Attachment(name="a.pdf")
    attachment.file.save("a.pdf", ContentFile(b"x"))
    attachment.emails.add(mail)
    attachment.file.storage.delete(attachment.file.name)
    make_mail(to=["good@example.org"])
    outbox.deliver(NOW)
    assert server.recipients == ["good@example.org"]
    assert states()["jane@example.org"] == (STATUS.requeued, 1, NOW + outbox.PAUSES[0])


def test_what_somebody_else_has_begun_is_left_alone(server):
    make_mail()
    mail = make_mail(to=["other@example.org"])
    other = outbox.Courier(NOW)
    assert other._claim(mail.pk) == mail
    assert other._claim(mail.pk) is None
    outbox.deliver(NOW)
    assert server.recipients == ["jane@example.org"]
    outbox.deliver(NOW + outbox.CLAIMED)
    assert server.recipients == ["jane@example.org", "other@example.org"]


def test_run_ends_in_time(server, monkeypatch):
    monkeypatch.setattr(outbox, "LONGEST_RUN", timedelta(0))
    make_mail()
    outbox.deliver(NOW)
    assert server.taken == []


def test_claim_outlasts_the_longest_run_and_the_mail_begun_in_it():
    steps = 4  # sender, recipient, the beginning of the text, its end
    assert outbox.LONGEST_RUN + timedelta(seconds=steps * outbox.ANSWER) < outbox.CLAIMED


def test_open_server_may_think_longer_than_one_that_does_not_answer_at_all(server):
    courier = outbox.Courier(NOW)
    courier.set_out()
    assert courier.connection.connection.sock.gettimeout() == outbox.ANSWER
    courier.come_back()


def test_request_to_stop_waits_until_the_mail_is_written_down(monkeypatch):
    def send_and_be_told_to_stop(self, messages):
        os.kill(os.getpid(), signal.SIGINT)
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_and_be_told_to_stop)
    first, second = make_mail(), make_mail()
    # Whoever runs tests in the background may have them ignore this signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(NOW)
    finally:
        signal.signal(signal.SIGINT, before)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (STATUS.sent, STATUS.queued)


def test_nothing_of_a_mail_is_in_the_log(server, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    secret = "what nobody but the office may read"
    server.refused = {"gone@example.org": NOBODY, "full@example.org": "452 Full"}
    server.poison = {"bad@example.org"}
    for address in ("gone", "full", "bad", "good"):
        write(f"{address}@example.org", name=secret, text=secret)
    outbox.deliver(timezone.now())
    server.stop()
    outbox.deliver(timezone.now() + MINUTE)
    said = caplog.text + "".join(capfd.readouterr())
    assert "The mail server cannot be used now" in said
    assert secret not in said
    assert "@example.org" not in said


@pytest.mark.parametrize(
    ("fault", "silence", "final"),
    [
        (ConnectionRefusedError(), True, False),
        (TimeoutError("timed out"), True, False),
        (smtplib.SMTPServerDisconnected("gone"), True, False),
        (smtplib.SMTPSenderRefused(530, b"Authenticate first", "a@example.org"), True, False),
        (smtplib.SMTPSenderRefused(552, b"Too large", "a@example.org"), False, True),
        (smtplib.SMTPDataError(421, b"Closing"), True, False),
        (smtplib.SMTPDataError(451, b"Later"), False, False),
        (smtplib.SMTPDataError(554, b"Spam"), False, True),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (421, b"Closing")}), True, False),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"Later")}), False, False),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"Nobody")}), False, True),
        (ValueError("bad header"), False, False),
    ],
)
def test_fault_is_of_the_server_or_of_the_mail(fault, silence, final):
    assert (outbox.is_silence(fault), outbox.is_final(fault)) == (silence, final)


# Afterwards


def test_sending_again_starts_anew(server):
    failed = make_mail(status=STATUS.failed, number_of_retries=10)
    refused = make_mail(status=STATUS.requeued, number_of_retries=3, scheduled_time=NOW + timedelta(days=1))
    under_way = make_mail(status=STATUS.queued, scheduled_time=NOW + MINUTE)
    assert outbox.resend(Mail.objects.all()) == 2
    assert {mail.pk: (mail.status, mail.number_of_retries, mail.scheduled_time) for mail in Mail.objects.all()} == {
        failed.pk: (STATUS.queued, 0, None),
        refused.pk: (STATUS.queued, 0, None),
        under_way.pk: (STATUS.queued, 0, NOW + MINUTE),
    }


def test_old_mail_is_forgotten_with_its_files(files):
    now = timezone.now() + timedelta(days=1000)
    for status in (STATUS.sent, STATUS.failed, STATUS.queued):
        for kept in (outbox.KEPT, outbox.FAILED_KEPT):
            for second in (0, 1):
                mail = write(name=f"{status} {kept.days} {second}", attachments=[("a.pdf", b"x", "application/pdf")])
                at = now - kept + timedelta(seconds=second)
                Mail.objects.filter(pk=mail.pk).update(status=status, last_updated=at)
    outbox.forget(now)
    assert sorted(mail.subject for mail in Mail.objects.all()) == [
        "From 0 90 1",  # sent
        "From 1 365 1",  # failed
        "From 1 90 0",
        "From 1 90 1",
        "From 2 365 0",  # waiting
        "From 2 365 1",
        "From 2 90 0",
        "From 2 90 1",
    ]
    assert sorted(files()) == sorted(Attachment.objects.values_list("file", flat=True))
    assert len(files()) == 8


def test_file_shared_by_two_mails_stays_until_both_are_forgotten(files):
    write("a@example.org, b@example.org", attachments=[("a.pdf", b"x", "application/pdf")])
    Mail.objects.filter(to="a@example.org").delete()
    outbox.forget(timezone.now() + timedelta(days=2))
    assert len(files()) == 1
    Mail.objects.all().delete()
    outbox.forget(timezone.now() + timedelta(days=2))
    assert files() == []


def test_file_of_a_transaction_that_was_rolled_back_is_forgotten_after_a_day(files):
    sid = transaction.savepoint()
    write(attachments=[("a.pdf", b"x", "application/pdf")])
    transaction.savepoint_rollback(sid)
    assert len(files()) == 1
    outbox.forget(timezone.now())
    assert len(files()) == 1
    outbox.forget(timezone.now() + outbox.ORPHAN_AGE + MINUTE)
    assert files() == []
