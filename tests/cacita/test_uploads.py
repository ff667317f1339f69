"""How uploads are answered where no web server stands before the app."""

from pathlib import Path

import pytest

from cacita.uploads import AN_HOUR, DOCUMENTS, FOREVER, NOTHING_RUNS, PICTURES
from pages.documents import ALLOWED
from pages.models import Photo
from pages.pictures import KINDS
from tests.factories import make_album, make_photo, make_picture_bytes

TEXT = "a,b\r\n" * 200


@pytest.fixture
def media(settings):
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


def put(media, name, content=b"content"):
    path = media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_picture_is_shown_and_kept_for_ever(media, client):
    content = make_picture_bytes()
    put(media, "pictures/2026/11/coast-0123456789abcdef.jpg", content)
    response = client.get("/media/pictures/2026/11/coast-0123456789abcdef.jpg", headers={"accept-encoding": "gzip, br"})
    assert body(response) == content
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Disposition"].startswith("inline")
    assert response["Cache-Control"] == FOREVER
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == NOTHING_RUNS
    assert "Content-Encoding" not in response
    assert "Vary" not in response
    assert response.cookies == {}


def test_stored_picture_and_all_its_renditions_are_answered_for_ever(db, client):
    photo = Photo.objects.get(pk=make_photo(make_album()).pk)
    urls = [photo.picture.url]
    for kind in ("avif", "webp", "jpeg"):
        urls += [each.url for shape in ("whole", "thumb") for each in photo.picture.renditions(shape, kind)]
    answers = [client.get(url) for url in urls]
    assert {answer["Content-Type"] for answer in answers} == {"image/jpeg", "image/webp", "image/avif"}
    assert {answer["Cache-Control"] for answer in answers} == {FOREVER}
    assert all(body(answer) for answer in answers)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("plan.pdf", "application/pdf"),
        ("plan.PDF", "application/pdf"),
        ("plan.csv", "text/csv; charset=utf-8"),
        ("plan-0123456789abcdef.txt", "text/plain; charset=utf-8"),
        ("plan.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_document_is_to_be_saved(media, client, name, content_type):
    put(media, f"documents/{name}")
    response = client.get(f"/media/documents/{name}")
    assert body(response) == b"content"
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == AN_HOUR
    assert response["Content-Security-Policy"] == NOTHING_RUNS


def test_every_kind_that_is_taken_is_answered():
    assert set(DOCUMENTS) == {f".{kind}" for kind in ALLOWED}
    assert {kind.extension: kind.content_type for kind in KINDS.values()}.items() <= PICTURES.items()


def test_document_with_a_name_in_another_script_keeps_it(media, client):
    put(media, "documents/培训.pdf")
    response = client.get("/media/documents/培训.pdf")
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E5%9F%B9%E8%AE%AD.pdf"
    assert body(response) == b"content"


def test_drawing_is_shown_but_can_run_nothing(media, client):
    put(media, "identity/logo.svg", b"<svg/>")
    response = client.get("/media/identity/logo.svg")
    assert body(response) == b"<svg/>"
    assert response["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]


def test_text_is_compressed_whole(media, client):
    put(media, "plan.csv", TEXT.encode())
    response = client.get("/media/plan.csv", headers={"accept-encoding": "br"})
    assert response["Content-Encoding"] == "br"
    assert "Content-Length" not in response
    assert len(body(response)) < len(TEXT)


def test_browser_that_has_the_file_gets_no_second_copy(media, client):
    put(media, "a.png")
    first = client.get("/media/a.png")
    assert body(first) == b"content"
    for header in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        second = client.get("/media/a.png", headers=header)
        assert (second.status_code, second.content) == (304, b"")
        assert (second["ETag"], second["Cache-Control"]) == (first["ETag"], AN_HOUR)
    put(media, "a.png", b"changed content")
    assert body(client.get("/media/a.png", headers={"if-none-match": first["ETag"]})) == b"changed content"


def test_head_tells_the_size_without_the_file(media, client):
    put(media, "a.png")
    response = client.head("/media/a.png")
    assert (response["Content-Length"], response["Content-Type"]) == ("7", "image/png")
    assert body(response) == b""


def test_other_methods_are_refused(media, client):
    put(media, "a.png")
    assert client.post("/media/a.png").status_code == 405


@pytest.fixture
def traps(media):
    """Files nobody may read: beside the folder, behind links, hidden, of kinds that run."""
    secret = put(media.parent, "secret.png")
    put(media.parent, "media-of-others/a.png")
    put(media, ".hidden.png")
    put(media, ".git/a.png")
    put(media, "folder.png/a.png")
    for name in ("a.html", "a.js", "a.xhtml", "a.xml", "a.php", "a.gif", "a.png.html", "a", "png"):
        put(media, name)
    (media / "link.png").symlink_to(secret)
    (media / "up").symlink_to(media.parent)
    (media / "circle.png").symlink_to(media / "circle.png")


@pytest.mark.parametrize(
    "name",
    [
        "missing.png",
        "../secret.png",
        "..%2fsecret.png",
        "%2e%2e/secret.png",
        "folder.png/../../secret.png",
        "../media-of-others/a.png",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "link.png",
        "up/secret.png",
        "circle.png",
        ".hidden.png",
        ".git/a.png",
        "folder.png",
        "folder.png/",
        "a.html",
        "a.js",
        "a.xhtml",
        "a.xml",
        "a.php",
        "a.gif",
        "a.png.html",
        "a",
        "png",
        "a" * 5000 + ".png",
        "\\..\\secret.png",
    ],
)
def test_everything_else_is_not_there(db, traps, client, name):
    assert client.get(f"/media/{name}").status_code == 404


def test_link_within_the_folder_is_followed(media, client):
    put(media, "a.png")
    (media / "b.png").symlink_to(media / "a.png")
    assert body(client.get("/media/b.png")) == b"content"


def test_folder_that_is_itself_a_link_is_served(media, settings, client, tmp_path):
    put(media, "a.png")
    (tmp_path / "elsewhere").symlink_to(media)
    settings.MEDIA_ROOT = Path(tmp_path / "elsewhere")
    assert body(client.get("/media/a.png")) == b"content"
