"""The virus scanner ClamAV, only where `CLAMAV_ADDRESS` names its daemon. The one module that talks to it.

It is asked before a message is stored. An objection marks the message for staff; a scanner that does not answer within
`PATIENCE` leaves the file unchecked, and no message waits for it.
"""

import logging
import socket

from django.conf import settings

from contact.models import Attachment

logger = logging.getLogger("cacita.scanner")

PATIENCE = 10  # seconds for each step
AT_ONCE = 64 * 1024


def scan(file):
    """What the scanner says of an open file, as an `Attachment.Scan`. The file stands at its beginning afterwards."""
    if not settings.CLAMAV_ADDRESS:
        return Attachment.Scan.NONE
    try:
        reply = _ask(file)
    except OSError as fault:
        logger.error("The virus scanner cannot be used: %s", fault)
        return Attachment.Scan.UNCHECKED
    finally:
        file.seek(0)
    if reply.endswith("FOUND"):
        return Attachment.Scan.VIRUS
    if reply.endswith("OK"):
        return Attachment.Scan.CLEAN
    logger.error("The virus scanner could not check a file: %s", reply[:200])
    return Attachment.Scan.UNCHECKED


def _ask(file):
    """Send the file as clamd's INSTREAM wants it: pieces with their length in front, an empty one at the end."""
    file.seek(0)
    with _connection() as clamd:
        clamd.sendall(b"zINSTREAM\0")
        while piece := file.read(AT_ONCE):
            clamd.sendall(len(piece).to_bytes(4, "big") + piece)
        clamd.sendall(bytes(4))
        reply = b""
        while part := clamd.recv(4096):
            reply += part
    return reply.rstrip(b"\0\n").decode(errors="replace")


def _connection():
    address = settings.CLAMAV_ADDRESS
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(PATIENCE)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
