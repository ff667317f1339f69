"""Which files are taken, and where they lie."""

import contextlib
import os
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from contact import attachments
from contact.judging import ACCEPT, KINDS, MOST_BYTES, judge
from contact.models import Attachment, WaitingFile
from contact.receiving import LeftOut
from tests.contact.files import BAD, GOOD, HEIC, JPEG, PDF, office
from tests.factories import make_message

NOW = timezone.now()
MB = 1024 * 1024


def upload(name="plan.pdf", content=PDF):
    return ContentFile(content, name=name)


def large(name, size):
    """A PDF of so many bytes."""
    return upload(name, PDF[:20] + bytes(size - len(PDF)) + PDF[20:])


def part(name="plan.pdf", content=PDF):
    return attachments.Part(upload(name, content), name, name.rpartition(".")[2], len(content))


# Judging


@pytest.mark.parametrize("name", GOOD)
def test_good_file_is_taken_as_what_it_is(name):
    content, kind = GOOD[name]
    file = upload(name, content)
    assert judge(file) == kind
    assert file.read() == content


@pytest.mark.parametrize(("name", "content", "reason"), BAD.values(), ids=BAD)
def test_bad_file_is_refused_with_its_name_and_the_reason(name, content, reason):
    with pytest.raises(ValidationError) as refused:
        judge(upload(name, content))
    words = refused.value.messages[0]
    shown = name if len(name) <= 60 else name[:59]
    assert words.startswith(f"We cannot use “{shown}")
    assert f" {reason}" in words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7\n" + b"stream\n" * 600_000 + b"%%EOF\n"),
        ("a.jpg", b"\xff\xd8" + b"\xff" * 4_000_000 + b"\0"),
        ("a.docx", office(**{"_rels/.rels": "<Relationship " * 250_000})),
        ("a.csv", b"-" + b"a" * 4_000_000),
    ],
    ids=["streams without an end", "markers without an end", "relations without an end", "cell without an end"],
)
def test_hostile_file_is_read_once(name, content):
    """An expression that begins anew at each place would take hours here."""
    with contextlib.suppress(ValidationError):
        judge(upload(name, content))


def test_reasons_end_with_what_to_do():
    for name, content, _reason in BAD.values():
        with pytest.raises(ValidationError) as refused:
            judge(upload(name, content))
        words = refused.value.messages[0]
        assert words.endswith(".")
        assert any(word in words for word in ("Save", "save", "Only these kinds", "Choose", "choose")), words


def test_file_at_the_limit_is_taken():
    assert judge(large("a.pdf", MOST_BYTES)) == "pdf"


def test_file_our_disk_had_no_room_for_is_refused_in_words():
    with pytest.raises(ValidationError, match=r"“a\.pdf”\. We could not store it just now"):
        judge(LeftOut("a.pdf", "application/pdf", 5, is_lost=True))


def test_file_dialogs_offer_every_kind():
    assert {f".{kind}" for kind in KINDS} <= set(ACCEPT.split(","))


# Choosing


def test_more_than_five_files_are_named_and_five_are_taken():
    taken, faults = attachments.sort_out([upload(f"{number}.pdf") for number in range(60)])
    assert [one.name for one in taken] == [f"{number}.pdf" for number in range(5)]
    (fault,) = faults
    assert fault.messages[0].startswith("We cannot use “5.pdf”. At most 5 files can come along.")
    assert "The same goes for 54 other files." in fault.messages[0]


def test_files_that_wait_count_too():
    row = WaitingFile(size=15 * MB)
    taken, faults = attachments.sort_out([large("a.pdf", 6 * MB), upload("b.pdf")], [row])
    assert [one.name for one in taken] == ["b.pdf"]
    assert (
        faults[0].messages[0].startswith("We cannot use “a.pdf”. All files together may have 20\N{NO-BREAK SPACE}MB.")
    )
    taken, faults = attachments.sort_out([upload("a.pdf"), upload("b.pdf")], [WaitingFile(size=1)] * 4)
    assert ([one.name for one in taken], len(faults)) == (["a.pdf"], 1)


def test_twenty_megabytes_together_are_taken():
    taken, faults = attachments.sort_out([large("a.pdf", 10 * MB), large("b.pdf", 10 * MB)])
    assert (len(taken), faults) == (2, [])


def test_bad_files_do_not_take_good_ones_down():
    taken, faults = attachments.sort_out([upload("a.pdf"), upload("b.exe"), upload("c.jpg", JPEG), upload("d.svg")])
    assert [(one.name, one.kind) for one in taken] == [("a.pdf", "pdf"), ("c.jpg", "jpg")]
    assert [fault.messages[0][:24] for fault in faults] == ["We cannot use “b.exe”. O", "We cannot use “d.svg”. O"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("a/../../plan.pdf", "plan.pdf"),
        ("pl\x00an\r\n\x1b[31m.pdf", "plan[31m.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("\u202e", "file"),
        ("عائلة\u200dx.pdf", "عائلة\u200dx.pdf"),
        ("a" * 300 + ".pdf", "a" * 195 + "….pdf"),
        ("a" * 300, "a" * 200),
    ],
)
def test_name_is_kept_as_one_short_line_of_text(given, kept):
    assert attachments.clean_name(given) == kept
    assert len(kept) <= attachments.LONGEST_NAME


# Storing

pytestmark = pytest.mark.django_db


def test_stored_file_has_its_content_and_nothing_of_its_name(private):
    message = make_message()
    written = []
    with transaction.atomic():
        attachments.store(message, [part("Jane Doe’s plan.pdf"), part("photo.heic", HEIC)], ["clean", ""], written)
    first, second = message.attachments.all()
    assert (first.name, first.kind, first.size, first.scan) == ("Jane Doe’s plan.pdf", "pdf", len(PDF), "clean")
    assert (second.name, second.kind, second.size, second.scan) == ("photo.heic", "heic", len(HEIC), "")
    assert [first.file.name, second.file.name] == written
    assert private() == sorted(written)
    assert first.file.name == f"messages/{message.reference}/{first.key}.pdf"
    assert (private.folder / first.file.name).read_bytes() == PDF
    assert (private.folder / first.file.name).stat().st_mode & 0o777 == 0o600


def test_private_files_lie_beyond_every_address(settings, private, client):
    message = make_message()
    attachments.store(message, [part()], [""], [])
    name = message.attachments.get().file.name
    assert settings.MEDIA_ROOT not in private.folder.parents
    for address in (f"/media/{name}", f"/media/../private/{name}", f"/private/{name}", f"/static/{name}"):
        assert client.get(address).status_code == 404


def test_files_wait_for_the_next_try(private):
    rows = attachments.keep([part("Jane.pdf"), part("b.jpg", JPEG)], NOW)
    assert [(row.name, row.kind, row.size, row.since) for row in WaitingFile.objects.all()] == [
        ("Jane.pdf", "pdf", len(PDF), NOW),
        ("b.jpg", "jpg", len(JPEG), NOW),
    ]
    assert private() == sorted(f"waiting/{row.key}.{row.kind}" for row in rows)


def test_files_do_not_wait_where_there_is_no_room(private, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_BYTES_WAITING", 2 * len(PDF))
    assert len(attachments.keep([part(), part()], NOW)) == 2
    assert attachments.keep([part()], NOW) == []
    assert len(private()) == 2


def test_waiting_file_moves_to_its_message(private, django_capture_on_commit_callbacks):
    (row,) = attachments.keep([part("Jane.pdf")], NOW)
    message = make_message()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.store(message, [attachments.Part.of(row)], [""], [])
    row.file.close()
    stored = message.attachments.get()
    assert (stored.name, private()) == ("Jane.pdf", [stored.file.name])
    assert WaitingFile.objects.count() == 0


def test_what_waited_for_nothing_goes_after_an_hour(private):
    attachments.keep([part("old.pdf")], NOW - attachments.WAITING)
    (young,) = attachments.keep([part("young.pdf")], NOW - attachments.WAITING + timedelta(seconds=1))
    attachments.forget(NOW)
    assert [row.name for row in WaitingFile.objects.all()] == ["young.pdf"]
    assert private() == [young.file.name]


def test_files_of_a_killed_process_go_after_a_day_and_stored_ones_stay(private):
    message = make_message()
    attachments.store(message, [part()], [""], [])
    kept = message.attachments.get().file.name
    strays = ["messages/M-222222/old.pdf", "waiting/old.pdf", "messages/M-333333/young.pdf"]
    for name in strays:
        (private.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (private.folder / name).write_bytes(PDF)
    long_ago = (NOW - timedelta(days=2)).timestamp()
    for name in (kept, *strays[:2]):
        os.utime(private.folder / name, (long_ago, long_ago))
    attachments.forget(NOW)
    assert private() == sorted([kept, strays[2]])
    assert not (private.folder / "messages/M-222222").exists()


def test_sweeping_an_empty_storage_does_nothing(private):
    attachments.forget(NOW)
    assert private() == []


def test_key_of_a_stored_file_is_random(private):
    message = make_message()
    attachments.store(message, [part(), part()], ["", ""], [])
    first, second = Attachment.objects.values_list("key", flat=True)
    assert first != second
    assert UUID(str(first)).version == 4
