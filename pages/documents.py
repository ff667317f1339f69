"""Documents offered for download: judged by what is in them, not by their name."""

import zipfile
from pathlib import PurePath

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from pages.pictures import hashed_name, refusal

MOST_BYTES = 20 * 1024 * 1024
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
"""The part that makes an Office Open XML archive a document of this kind (ECMA-376, part 2)."""
OPEN_DOCUMENT = {"odt": b"application/vnd.oasis.opendocument.text"}
"""What stands first in an OpenDocument archive, unpacked, under the name `mimetype`."""
TEXT = {"csv": "", "txt": "", "ics": "BEGIN:VCALENDAR"}
"""How a text of this kind begins."""
ALLOWED = ("pdf", *OFFICE, *OPEN_DOCUMENT, *TEXT)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files begin, and new ones that ask for a password."""


def validate_document(file):
    """Refuse an upload that is not what its name says. A document stored before is not read again."""
    if getattr(file, "_committed", False):
        return
    if file.size > MOST_BYTES:
        raise refusal(
            file.name,
            _("It is larger than %s. Save it smaller.") % filesizeformat(MOST_BYTES),
        )
    kind = PurePath(file.name or "").suffix[1:].lower()
    if kind not in ALLOWED:
        raise refusal(file.name, _("Only these kinds are taken: %s.") % ", ".join(ALLOWED))
    file.seek(0)
    try:
        fault = _fault(file, kind)
    finally:
        file.seek(0)
    if fault:
        raise refusal(file.name, fault)


def stored_name(record, name):
    """Where the `file` of a record is stored: by month, and under a name made of its content.

    Two documents of one name stay apart, and an address never leads to another document than it did.
    """
    record.file.seek(0)
    content = record.file.read()
    record.file.seek(0)
    return f"documents/{timezone.localdate():%Y/%m}/{hashed_name(name, content, PurePath(name).suffix.lower())}"


def _fault(file, kind):
    """A sentence about what is wrong with the content, or nothing."""
    start = file.read(8)
    file.seek(0)
    if kind == "pdf":
        return _pdf_fault(file, start)
    if kind in TEXT:
        return _text_fault(file, kind)
    if start == OLD_OFFICE:
        return _("It asks for a password or is of an old format. Save it without a password in the present format.")
    if not start.startswith(b"PK\x03\x04"):
        return _not_the_kind(kind)
    try:
        with zipfile.ZipFile(file) as archive:
            return _archive_fault(archive, kind)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
        return _("It is broken or was cut off. Save or send it once more.")


def _not_the_kind(kind):
    return _("Its name ends in .%(kind)s, but it is no %(name)s file. Save it again as %(name)s.") % {
        "kind": kind,
        "name": kind.upper(),
    }


def _pdf_fault(file, start):
    if not start.startswith(b"%PDF-"):
        return _not_the_kind("pdf")
    file.seek(max(0, file.size - 2048))
    if b"%%EOF" not in file.read():
        return _("It is broken or was cut off. Save or send it once more.")
    return ""


def _text_fault(file, kind):
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _("It is not text in UTF-8. Save it once more and choose UTF-8 as encoding.")
    if any(sign < " " and sign not in "\t\r\n\f" for sign in text):
        return _not_the_kind(kind)
    return "" if text.startswith(TEXT[kind]) else _not_the_kind(kind)


def _archive_fault(archive, kind):
    names = archive.namelist()
    if any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        return _("It holds macros, which run on readers’ computers. Save it without macros.")
    if kind in OFFICE:
        is_kind = {"[Content_Types].xml", OFFICE[kind]} <= set(names)
    elif is_kind := names[:1] == ["mimetype"]:
        with archive.open("mimetype") as first:
            is_kind = first.read(100) == OPEN_DOCUMENT[kind]
    return "" if is_kind else _not_the_kind(kind)
