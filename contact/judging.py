"""What a file is that a stranger sends along, by its content, and whether it may be taken.

It is stored as it came and no page ever shows it: staff save it on their own machines and open it there. So what could
act there is refused too, as far as one can see it.

Whatever looks into a file goes through it once: an expression that begins anew at every place of ten hostile megabytes
would hold a worker for days.
"""

import re
import zipfile
import zlib
from pathlib import PurePath
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from PIL import Image

from pages.documents import validate_document
from pages.pictures import MOST_PIXELS, refusal

MOST_BYTES = 10 * 1024 * 1024

DOCUMENTS = ("pdf", "docx", "xlsx", "csv", "txt")
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
"""The formats Pillow may try, by the ending a file is stored with."""
KINDS = (*DOCUMENTS, *PICTURES, "heic")
OTHER_ENDINGS = {"jpeg": "jpg", "jpe": "jpg", "heif": "heic"}
ACCEPT = ",".join(f".{ending}" for ending in (*KINDS, *OTHER_ENDINGS))
OLD_OFFICE = {"doc": "DOCX", "xls": "XLSX"}

MOST_PARTS = 2000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_READ = 4 * 1024 * 1024
"""Of one packed stream of a PDF, unpacked: larger ones hold pictures, not the objects looked into here."""
MOST_LISTED = 2 * 1024 * 1024
"""Of an office document's lists together: some ten thousand links. They are read as XML, which takes time and room."""
FETCHED = re.compile(r"/(?:attachedTemplate|oleObject|frame|subDocument)$")
ELSEWHERE = re.compile(r"\s*(?:https?:|ftp:|(?:file:/*)?\\\\|file://[^/])", re.IGNORECASE)
"""What an office document loads from another machine when it opens; a template on the writer's own disk is common."""
MACROS = re.compile(r"macroEnabled|vbaProject|activeX|ms-office\.intlmacrosheet|macrosheet", re.IGNORECASE)


def _written(*names):
    """An expression for names in a PDF, which may be written with numbers for letters: `/J#53` is `/JS`."""
    signs = ["".join(f"(?:{sign}|#{ord(sign):02x}|#{ord(sign):02X})" for sign in name) for name in names]
    return re.compile(rf"/(?:{'|'.join(signs)})(?![\w.#-])".encode())


PDF_STREAM = re.compile(rb"stream\r?\n")
PDF_OBJECTS = _written("ObjStm")
PDF_ACTIONS = _written("JavaScript", "JS", "Launch", "EmbeddedFile", "RichMedia")
PDF_LONG_ACTIONS = _written("JavaScript", "Launch", "EmbeddedFile", "RichMedia")
"""Those that no packed bytes hold by chance: looked for everywhere, as a comment may look like a stream."""
JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
IN_PICTURES = re.compile(rb"<script|<\?php|<html", re.IGNORECASE)
FORMULA = re.compile(r'(?:^|[\r,;\t])[ "]*(?:=|[+\-@][\w+\-*/^&. ]*(?<=\w)[(|!])', re.MULTILINE)
"""Also one of several terms such as -2+3+cmd|…, but no telephone number such as +1 (916) …"""
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def megabytes(size):
    """A round size in words. Django's filter would say 10.0 MB."""
    return _("%d\N{NO-BREAK SPACE}MB") % (size // 2**20)


def judge(file):
    """The kind of an upload, out of `KINDS`. Raises `ValidationError` with a sentence that names it and the reason."""
    ending = PurePath(file.name or "").suffix[1:].lower()
    kind = OTHER_ENDINGS.get(ending, ending)
    if getattr(file, "is_lost", False):
        raise refusal(file.name, _("We could not store it just now. Choose it again, or send your message without it."))
    if file.size > MOST_BYTES:
        raise refusal(file.name, _("It is larger than %s. Save it smaller, or as PDF.") % megabytes(MOST_BYTES))
    if not file.size:
        raise refusal(file.name, _("It is empty. Save it once more and choose it again."))
    if kind in OLD_OFFICE:
        raise refusal(file.name, _("It is of an old format. Open it and save it as %s or PDF.") % OLD_OFFICE[kind])
    if kind not in KINDS:
        raise refusal(file.name, _("Only these kinds are taken: %s.") % ", ".join(KINDS))
    if kind in DOCUMENTS:
        validate_document(file)
        fault = _document_fault(file, kind)
    else:
        kind, fault = _picture(file)
    file.seek(0)
    if fault:
        raise refusal(file.name, fault)
    return kind


def _broken():
    return _("It is broken or was cut off. Save or send it once more.")


def _acts():
    return _("It holds a program, a macro or another file. Save it without, for example by printing it to a PDF.")


def _unpacks_too_far():
    return _("It unpacks to far more than its size. Save it as PDF.")


def _two_in_one():
    return _("It holds something else beside what its name says. Save it once more and choose it again.")


def _document_fault(file, kind):
    file.seek(0)
    if kind == "pdf":
        return _pdf_fault(file)
    if kind == "csv":
        return _table_fault(file)
    return _office_fault(file) if kind in ("docx", "xlsx") else ""


def _pdf_fault(file):
    data = file.read()
    if zipfile.is_zipfile(file):
        return _two_in_one()
    outside, place, unpacked = [], 0, 0
    for begin, end in _streams(data):
        outside.append(data[place:begin])
        place = end
        if not PDF_OBJECTS.search(data[max(0, begin - 400) : begin].rpartition(b"obj")[2]):
            continue
        try:
            objects = zlib.decompressobj().decompress(data[begin:end], MOST_READ)
        except zlib.error:  # locked by a password, or packed otherwise: readers ask before anything acts
            continue
        unpacked += len(objects)
        if unpacked > MOST_UNPACKED or PDF_ACTIONS.search(objects):
            return _acts()
    outside.append(data[place:])
    return _acts() if PDF_LONG_ACTIONS.search(data) or PDF_ACTIONS.search(b" ".join(outside)) else ""


def _streams(data):
    """(begin, end) of what stands between `stream` and `endstream`."""
    place = 0
    while found := PDF_STREAM.search(data, place):
        end = data.find(b"endstream", found.end())
        if end < 0:
            return
        yield found.end(), end
        place = end + len(b"endstream")


def _table_fault(file):
    if FORMULA.search(file.read().decode("utf-8-sig")):
        return _("It holds formulas, which run when somebody opens the table. Save it with values only, or as PDF.")
    return ""


def _office_fault(file):
    try:
        with zipfile.ZipFile(file) as archive:
            return _archive_fault(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
        return _broken()


def _archive_fault(archive):
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return _unpacks_too_far()
    if len(set(names)) < len(names) or any(".." in name or name[:1] in "/\\" for name in names):
        return _broken()
    if any("/embeddings/ole" in name.lower() or name.lower().endswith((".exe", ".js", ".vbs")) for name in names):
        return _acts()
    lists = [part for part in parts if part.filename.lower().endswith(("[content_types].xml", ".rels"))]
    if sum(part.file_size for part in lists) > MOST_LISTED:
        return _unpacks_too_far()
    for part in lists:
        names_types = not part.filename.lower().endswith(".rels")
        entries = _entries(archive.read(part))
        if any(_names_macros(entry) if names_types else _loads_from_elsewhere(entry) for entry in entries):
            return _acts()
    return ""


def _entries(text):
    """The elements of one of an office document's lists, which is XML in UTF-8. Raises `ValueError` where it is not."""
    if b"<!" in text or b"\0" in text:
        raise ValueError("A list of parts needs no entities of its own, and office programs write UTF-8.")
    try:
        return list(ElementTree.fromstring(text).iter())  # noqa: S314  without entities nothing can blow up
    except (ElementTree.ParseError, LookupError) as fault:
        raise ValueError(str(fault)) from None


def _names_macros(entry):
    return any(MACROS.search(value) for value in entry.attrib.values())


def _loads_from_elsewhere(relation):
    return bool(FETCHED.search(relation.get("Type", "")) and ELSEWHERE.match(relation.get("Target", "")))


def _picture(file):
    """(kind by content, what is wrong): phones and browsers often save a picture under another picture's ending."""
    file.seek(0)
    data = file.read()
    kind = _kind_of_picture(data)
    if kind is None:
        return "", _("It is no picture we know. Save it as JPEG, PNG, WebP or HEIC.")
    if zipfile.is_zipfile(file) or IN_PICTURES.search(data):
        return kind, _two_in_one()
    if (kind == "heic" and not _boxes_fit(data)) or (kind == "jpg" and not _is_whole_jpeg(data)):
        return kind, _broken()
    return kind, _pixel_fault(file, PICTURES[kind]) if kind in PICTURES else ""


def _pixel_fault(file, kind):
    file.seek(0)
    try:
        with Image.open(file, formats=[kind]) as picture:
            width, height = picture.size
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_many_pixels()
    except Exception:  # Pillow and its C libraries raise what they like on broken data.
        return _broken()
    return _too_many_pixels() if width * height > MOST_PIXELS else ""


def _too_many_pixels():
    return _("It has more than %d million pixels. Save it smaller.") % (MOST_PIXELS // 1_000_000)


def _kind_of_picture(data):
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    length = int.from_bytes(data[:4], "big")
    if data[4:8] == b"ftyp" and length % 4 == 0 and 16 <= length <= 256:
        brands = {data[start : start + 4] for start in (8, *range(16, length, 4))}
        return "heic" if brands & HEIC_BRANDS else None
    return None


def _is_whole_jpeg(data):
    """Whether the picture ends as one: Pillow's own check reads the beginning only, and decoding takes much memory."""
    place = 0
    while marker := JPEG_MARKER.search(data, place):
        place = marker.end()
        if marker[1] == b"\xd9":
            return True
        if marker[1] != b"\xd8":
            place += int.from_bytes(data[place : place + 2], "big")
    return False


def _boxes_fit(data):
    """Whether the boxes of an HEIC file fill it exactly (ISO 14496-12, 4.2)."""
    place, kinds = 0, set()
    while place < len(data):
        size, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16], "big")
        elif size == 0:
            size = len(data) - place
        if size < 8:
            return False
        kinds.add(kind)
        place += size
    return place == len(data) and {b"ftyp", b"meta"} <= kinds
