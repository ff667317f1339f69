"""How files come in: on disk, never in memory, and none of them takes down what was typed."""

import resource
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import RequestFactory

from contact.receiving import LeftOut, Receiver
from tests.contact.files import PDF


def receive(*uploads, most_files=3, most_bytes=1000):
    request = RequestFactory().post("/contact/", {"text": "Hello", "files": uploads, "name": "Jane"})
    request.upload_handlers = [Receiver(request, most_files, most_bytes)]
    assert (request.POST["text"], request.POST["name"]) == ("Hello", "Jane")
    return request, request.FILES.getlist("files")


@contextmanager
def disk_of(size):
    """No file may grow beyond this many bytes: the machine itself refuses to write more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_small_file_goes_to_disk_too():
    request, (file,) = receive(SimpleUploadedFile("Jane.pdf", PDF, "application/pdf"))
    assert isinstance(file, TemporaryUploadedFile)
    assert (file.name, file.size, file.read()) == ("Jane.pdf", len(PDF), PDF)
    assert "Jane" not in file.temporary_file_path()
    request.close()


def test_of_a_file_beyond_the_limit_only_name_and_size_are_kept():
    request, (small, large) = receive(
        SimpleUploadedFile("small.txt", b"a" * 1000), SimpleUploadedFile("large.txt", b"a" * 300_000)
    )
    assert (small.size, len(small.read())) == (1000, 1000)
    assert isinstance(large, LeftOut)
    assert (large.name, large.size, large.is_lost, large.read()) == ("large.txt", 300_000, False, b"")
    request.close()


def test_files_beyond_the_number_are_named_and_not_opened():
    request, files = receive(*(SimpleUploadedFile(f"{number}.txt", b"a") for number in range(60)))
    assert [file.name for file in files] == [f"{number}.txt" for number in range(60)]
    assert [isinstance(file, LeftOut) for file in files] == [False] * 3 + [True] * 57
    request.close()


def test_full_disk_loses_the_file_and_nothing_else():
    uploads = SimpleUploadedFile("large.txt", b"a" * 300_000), SimpleUploadedFile("small.txt", b"a")
    with disk_of(100_000):
        request, (large, small) = receive(*uploads, most_bytes=1_000_000)
    assert (large.name, large.size, large.is_lost) == ("large.txt", 300_000, True)
    assert small.read() == b"a"
    request.close()


def test_disk_without_room_for_a_new_file_loses_the_file_and_nothing_else(settings):
    settings.FILE_UPLOAD_TEMP_DIR = "/no-such-folder"
    request, (file,) = receive(SimpleUploadedFile("a.txt", b"a"))
    assert (file.name, file.is_lost) == ("a.txt", True)
    request.close()


def test_upload_that_breaks_off_leaves_nothing_behind(tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    receiver = Receiver(None, 3, 1000)
    receiver.new_file("files", "a.txt", "text/plain", None)
    receiver.receive_data_chunk(b"a", 0)
    assert len(list(tmp_path.iterdir())) == 1
    receiver.upload_interrupted()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 1])
def test_left_out_file_is_closed_like_any_other(size):
    file = LeftOut("a.txt", "text/plain", size, is_lost=False)
    assert list(file.chunks()) == []
    file.close()
