"""Mail as staff see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.utils import timezone
from post_office.models import STATUS, Attachment

from pages.models import Mail
from tests.factories import make_identity, make_mail

LIST = "/admin/pages/mail/"
LATER = datetime(2027, 3, 1, 20, 30, tzinfo=UTC)


def make_failed(words="gone@example.org: 550 5.1.1 Nobody", **values):
    mail = make_mail(status=STATUS.failed, number_of_retries=1, **values)
    mail.logs.create(status=STATUS.failed, message=words)
    return mail


def make_late(**values):
    mail = make_mail(**values)
    Mail.objects.filter(pk=mail.pk).update(created=timezone.now() - timedelta(minutes=61))
    return mail


def page_of(mail):
    return f"{LIST}{mail.pk}/change/"


def subjects(response):
    return [mail.subject for mail in response.context["cl"].result_list]


@pytest.fixture
def reader_client(client, db):
    """Somebody who may read mail and do nothing else."""
    user = get_user_model().objects.create_user("reader", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_mail", content_type__app_label="pages"))
    client.force_login(user)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_number_of_queries_for_any_number(editor_client, count, django_assert_num_queries):
    for number in range(count):
        make_failed(subject=f"Mail {number}")
    with django_assert_num_queries(7):
        response = editor_client.get(LIST)
    assert subjects(response) == [f"Mail {number}" for number in reversed(range(count))]


def test_list_says_what_became_of_each_mail(editor_client):
    make_mail(subject="A")
    make_mail(subject="B", status=STATUS.requeued, scheduled_time=LATER).logs.create(
        status=STATUS.failed, message="452 Mailbox full"
    )
    make_failed(subject="C")
    make_mail(subject="D", status=STATUS.sent).logs.create(status=STATUS.sent)
    make_mail(subject="E").logs.create(status=STATUS.failed, message="Connection refused")

    page = editor_client.get(LIST)

    cells = [str(page.context["cl"].model_admin.state(mail)) for mail in page.context["cl"].result_list]
    assert cells == [
        '<span class="badge badge--planned">Waiting</span> <small class="row-more">Connection refused</small>',
        '<span class="badge badge--published">Sent</span>',
        '<span class="badge badge--late">Failed</span> '
        '<small class="row-more">gone@example.org: 550 5.1.1 Nobody</small>',
        '<span class="badge badge--draft">Waits for another try at 03/01/2027 12:30 p.m.</span> '
        '<small class="row-more">452 Mailbox full</small>',
        '<span class="badge badge--planned">Waiting</span>',
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=waiting", ["late", "refused", "waiting"]),
        ("state=late", ["late"]),
        ("state=refused", ["refused"]),
        ("state=failed", ["failed"]),
        ("state=sent", ["sent"]),
        ("q=ROSA@", ["refused"]),
        ("q=sent", ["sent"]),
        ("state=delete", ["failed", "late", "refused", "sent", "waiting"]),
    ],
)
def test_list_is_narrowed_by_state_recipient_and_subject(editor_client, query, found):
    make_mail(subject="waiting")
    make_mail(subject="refused", to=["rosa@example.org"], status=STATUS.requeued, scheduled_time=LATER)
    make_mail(subject="sent", status=STATUS.sent)
    make_failed(subject="failed")
    make_late(subject="late")
    assert sorted(subjects(editor_client.get(f"{LIST}?{query}"))) == found


def test_mail_is_shown_as_text_with_its_files_by_name_and_size(editor_client):
    mail = make_failed(
        "550 <b>No</b>",
        subject="<script>alert(1)</script>",
        message="Dear all,\n<img src=x onerror=alert(2)>\n",
        headers={"Reply-To": "joe@example.org"},
    )
    attachment = Attachment(name="<i>plan</i>.pdf", mimetype="application/pdf")
    attachment.file.save("plan.pdf", ContentFile(b"x" * 2048))
    attachment.emails.add(mail)

    html = editor_client.get(page_of(mail)).content.decode()

    assert '<div class="letter__text">Dear all,\n&lt;img src=x onerror=alert(2)&gt;\n</div>' in html
    assert "&lt;i&gt;plan&lt;/i&gt;.pdf <small>2.0\xa0KB</small>" in html
    assert "<small>550 &lt;b&gt;No&lt;/b&gt;</small>" in html
    assert "joe@example.org" in html
    for markup in ("<script>alert", "<img src=x", "<b>No</b>", "<i>plan</i>", attachment.file.name):
        assert markup not in html


def test_file_that_is_gone_does_not_hide_the_mail(editor_client):
    mail = make_failed()
    attachment = Attachment(name="plan.pdf")
    attachment.file.save("plan.pdf", ContentFile(b"x"))
    attachment.emails.add(mail)
    attachment.file.storage.delete(attachment.file.name)
    assert "plan.pdf <small>the file is gone</small>" in editor_client.get(page_of(mail)).content.decode()


def test_failed_mail_is_sent_again_by_its_button(editor_client):
    mail = make_failed()
    assert 'name="_again"' in editor_client.get(page_of(mail)).content.decode()

    response = editor_client.post(page_of(mail), {"_again": "Send again"}, follow=True)

    mail.refresh_from_db()
    assert (mail.status, mail.number_of_retries, mail.subject) == (STATUS.queued, 0, "Your message")
    assert response.redirect_chain == [(page_of(mail), 302)]
    assert [str(message) for message in response.context["messages"]] == ["1 e-mail is sent again shortly."]
    assert 'name="_again"' not in response.content.decode()
    assert LogEntry.objects.get().get_change_message() == "Sent again"


def test_nothing_of_a_mail_can_be_changed(editor_client):
    mail = make_failed()
    fields = {"subject": "Other", "to": "other@example.org", "message": "Other", "from_email": "x@example.org"}
    editor_client.post(page_of(mail), {"_again": "Send again", "status": "0", **fields})
    mail.refresh_from_db()
    assert (mail.subject, mail.to, mail.message) == ("Your message", ["jane@example.org"], "Thank you.\n")
    assert editor_client.get(f"{LIST}add/").status_code == 403


def test_several_mails_are_sent_again_at_once(editor_client):
    failed, other = make_failed(), make_failed()
    waiting = make_mail(scheduled_time=LATER)
    chosen = [failed.pk, waiting.pk]
    response = editor_client.post(LIST, {"action": "send_again", "_selected_action": chosen}, follow=True)
    assert dict(Mail.objects.values_list("pk", "status")) == {
        failed.pk: STATUS.queued,
        other.pk: STATUS.failed,
        waiting.pk: STATUS.queued,
    }
    waiting.refresh_from_db()
    assert waiting.scheduled_time == LATER
    assert [str(message) for message in response.context["messages"]] == ["1 e-mail is sent again shortly."]


def test_reader_can_read_but_not_send(reader_client):
    mail = make_failed()
    html = reader_client.get(page_of(mail)).content.decode()
    assert "Thank you." in html
    assert 'name="_again"' not in html
    assert reader_client.post(page_of(mail), {"_again": "Send again"}).status_code == 403
    reader_client.post(LIST, {"action": "send_again", "_selected_action": [mail.pk]})
    mail.refresh_from_db()
    assert mail.status == STATUS.failed


@pytest.mark.parametrize("model", ["email", "log", "attachment", "emailtemplate"])
def test_package_shows_no_forms_of_its_own(editor_client, model):
    assert editor_client.get(f"/admin/post_office/{model}/").status_code == 404


def test_start_page_tells_of_mail_that_needs_somebody(editor_client):
    make_identity()
    make_mail()
    assert editor_client.get("/admin/").context["waiting"] == []
    make_failed()
    make_late()
    make_late()

    response = editor_client.get("/admin/")

    assert response.context["waiting"] == [
        ("e-mail could not be delivered", 1, f"{LIST}?state=failed"),
        ("e-mails wait for over an hour", 2, f"{LIST}?state=late"),
    ]
    assert f'<a href="{LIST}?state=failed"><b>1</b> e-mail could not be delivered</a>' in response.content.decode()
    for _words, count, address in response.context["waiting"]:
        assert editor_client.get(address).context["cl"].result_count == count


def test_start_page_tells_others_nothing_of_mail(client, db):
    make_failed()
    client.force_login(get_user_model().objects.create_user("new", password="x", is_staff=True))
    assert client.get("/admin/").context["waiting"] == []
