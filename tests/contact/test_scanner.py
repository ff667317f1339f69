"""What the virus scanner's daemon says, spoken by a small program that knows its protocol."""

import socket
import socketserver
import threading
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile

from contact import scanner
from contact.models import Attachment

VIRUS = b"what the scanner objects to"


class Clamd(socketserver.BaseRequestHandler):
    """Speaks clamd's INSTREAM: https://docs.clamav.net/manual/Usage/Scanning.html#clamd"""

    def handle(self):
        assert self._read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self._read(4), "big"):
            content += self._read(length)
        self.server.seen.append(content)
        self.request.sendall(self.server.reply or self._verdict(content))

    def _read(self, length):
        data = b""
        while len(data) < length:
            data += self.request.recv(length - len(data))
        return data

    def _verdict(self, content):
        return b"stream: Test-Signature FOUND\0" if VIRUS in content else b"stream: OK\0"


@contextmanager
def serving(server):
    server.seen, server.reply = [], b""
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(params=["socket", "port"])
def clamd(request, settings, tmp_path):
    if request.param == "socket":
        path = str(tmp_path / "clamd.ctl")
        settings.CLAMAV_ADDRESS = path
        server = socketserver.UnixStreamServer(path, Clamd)
    else:
        server = socketserver.TCPServer(("127.0.0.1", 0), Clamd)
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
    with serving(server):
        yield server


def scan(content=b"plain"):
    file = ContentFile(content)
    verdict = scanner.scan(file)
    assert file.read() == content
    return verdict


def test_without_an_address_nobody_is_asked():
    assert scan(VIRUS) == Attachment.Scan.NONE


def test_clean_file_passes(clamd):
    content = bytes(200_000) + b"end"
    assert scan(content) == Attachment.Scan.CLEAN
    assert clamd.seen == [content]


def test_virus_is_found(clamd):
    assert scan(bytes(100_000) + VIRUS) == Attachment.Scan.VIRUS


@pytest.mark.parametrize("reply", [b"INSTREAM size limit exceeded. ERROR\0", b"nonsense", b"\0"])
def test_answer_that_is_no_verdict_leaves_the_file_unchecked(clamd, reply):
    clamd.reply = reply
    assert scan() == Attachment.Scan.UNCHECKED


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/no/such/socket"])
def test_scanner_that_is_away_leaves_the_file_unchecked(settings, address):
    settings.CLAMAV_ADDRESS = address
    assert scan() == Attachment.Scan.UNCHECKED


def test_silent_scanner_leaves_the_file_unchecked(settings, monkeypatch):
    monkeypatch.setattr(scanner, "PATIENCE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{silent.getsockname()[1]}"
        assert scan() == Attachment.Scan.UNCHECKED
