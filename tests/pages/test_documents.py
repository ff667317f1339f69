"""Which documents staff may offer for download."""

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from pages.documents import MOST_BYTES, stored_name, validate_document
from pages.models import Download
from tests.factories import make_page

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def archive(**parts):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        for name, text in parts.items():
            opened.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def office(part):
    return archive(**{"[Content_Types].xml": "<Types/>", part: "<document/>"})


ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<document/>"})
DOCX = office("word/document.xml")
GOOD = {
    "plan.pdf": PDF,
    "PLAN.PDF": PDF,
    "培训.docx": DOCX,
    "plan.xlsx": office("xl/workbook.xml"),
    "plan.pptx": office("ppt/presentation.xml"),
    "plan.odt": ODT,
    "plan.csv": "\ufeffname,año\r\n".encode(),
    "plan.txt": "Résumé".encode(),
    "plan.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
}


@pytest.mark.parametrize("name", GOOD)
def test_document_of_each_kind_is_taken(name):
    upload = ContentFile(GOOD[name], name=name)
    validate_document(upload)
    assert upload.read() == GOOD[name]


MACROS = archive(**{"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": ""})
BAD = {
    "page as pdf": ("a.pdf", b"<html><script>alert(1)</script>", "Its name ends in .pdf, but it is no PDF file."),
    "page before pdf": ("a.pdf", b"<script></script>" + PDF, "Its name ends in .pdf, but it is no PDF file."),
    "cut off pdf": ("a.pdf", PDF[:20] + bytes(5000), "It is broken or was cut off."),
    "other archive": ("a.docx", archive(a="a"), "Its name ends in .docx, but it is no DOCX file."),
    "sheet as text": ("a.docx", GOOD["plan.xlsx"], "Its name ends in .docx, but it is no DOCX file."),
    "macros": ("a.docx", MACROS, "It holds macros,"),
    "macros in odt": ("a.odt", archive(mimetype="a", Basic__script="a"), "It holds macros,"),
    "other odt": ("a.odt", archive(mimetype="application/vnd.oasis.opendocument.text-master"), "Its name ends in .odt"),
    "no odt": ("a.odt", archive(a="a"), "Its name ends in .odt, but it is no ODT file."),
    "empty archive": ("a.odt", archive(), "Its name ends in .odt, but it is no ODT file."),
    "cut off archive": ("a.docx", DOCX[:60], "It is broken or was cut off."),
    "page before archive": ("a.docx", b"<script></script>" + DOCX, "Its name ends in .docx, but it is no DOCX file."),
    "password": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "It asks for a password"),
    "program as text": ("a.txt", b"\x7fELF\x02\x01\x01\0", "Its name ends in .txt, but it is no TXT file."),
    "other encoding": ("a.csv", "año".encode("latin-1"), "It is not text in UTF-8."),
    "text as calendar": ("a.ics", b"<script>", "Its name ends in .ics, but it is no ICS file."),
    "page": ("a.html", b"<html>", "Only these kinds are taken: pdf, docx"),
    "no kind": ("plan", PDF, "Only these kinds are taken: pdf, docx"),
    "too large": ("a.pdf", PDF + bytes(MOST_BYTES), "It is larger than 20.0\N{NO-BREAK SPACE}MB."),
}


@pytest.mark.parametrize(("name", "content", "reason"), BAD.values(), ids=BAD)
def test_bad_document_is_refused_with_its_name_and_the_reason(name, content, reason):
    with pytest.raises(ValidationError) as refused:
        validate_document(ContentFile(content, name=name))
    assert refused.value.message.startswith(f"We cannot use “{name}”. {reason}")


def test_download_refuses_a_bad_document_beside_the_field_and_on_save(db):
    download = Download(parent=make_page(), label="Plan", file=ContentFile(b"<script>", name="plan.pdf"))
    with pytest.raises(ValidationError) as refused:
        download.full_clean()
    assert list(refused.value.message_dict) == ["file"]
    with pytest.raises(ValidationError, match="it is no PDF file"):
        download.save()
    assert Download.objects.count() == 0


def test_download_whose_file_is_lost_can_still_be_changed(db):
    download = Download.objects.create(parent=make_page(), label="Plan", file=ContentFile(PDF, name="plan.pdf"))
    assert download.size == len(PDF)
    download.file.storage.delete(download.file.name)
    download = Download.objects.get()
    download.full_clean()
    download.save()
    assert download.size == len(PDF)


def test_name_is_made_of_the_content_and_the_month(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 6, 1, 19, tzinfo=UTC))
    record = Download(file=ContentFile(PDF, name="plan.pdf"))
    name = stored_name(record, "Mi plan (final).PDF")
    assert re.fullmatch(r"documents/2027/06/mi-plan-final-[0-9a-f]{16}\.pdf", name)
    assert record.file.read() == PDF
    assert stored_name(record, "Mi plan (final).PDF") == name
    record.file = ContentFile(PDF + b"%", name="plan.pdf")
    assert stored_name(record, "Mi plan (final).PDF") != name
