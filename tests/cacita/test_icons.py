"""The icons a browser asks for by itself."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from cacita.icons import coloured
from pages.models import Identity
from tests.factories import make_identity, make_picture_bytes, make_picture_file

PAPER, BRAND, ACCENT = (0xFA, 0xF6, 0xED), (0x0B, 0x5A, 0x8C), (0xED, 0x7A, 0x24)
ADDRESSES = {
    "/favicon.ico": "image/x-icon",
    "/apple-touch-icon.png": "image/png",
    "/icon.svg": "image/svg+xml",
    "/icon-192.png": "image/png",
    "/icon-maskable-512.png": "image/png",
}


def picture(response):
    image = Image.open(BytesIO(response.content))
    image.load()
    return image


def near(pixel, colour):
    return all(abs(one - other) < 16 for one, other in zip(pixel, colour, strict=False))


@pytest.mark.parametrize(("address", "content_type"), ADDRESSES.items())
def test_icon_is_there_on_an_empty_database(db, client, address, content_type):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    assert response["Cache-Control"] == "public, max-age=86400"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.cookies == {}
    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_icon_without_a_picture_has_the_colours_of_the_identity(db, client):
    make_identity(brand="#0d5f5f", accent="#eba61e")
    favicon = picture(client.get("/favicon.ico"))
    assert (favicon.format, favicon.size) == ("ICO", (32, 32))
    assert favicon.getpixel((0, 0))[3] == 0
    assert near(favicon.getpixel((16, 4)), (0x0D, 0x5F, 0x5F))
    assert near(favicon.getpixel((16, 16)), (0xEB, 0xA6, 0x1E))


def test_touch_icon_stands_on_paper(db, client):
    make_identity()
    image = picture(client.get("/apple-touch-icon.png"))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (180, 180))
    assert image.getpixel((0, 0)) == PAPER
    assert near(image.getpixel((90, 20)), BRAND)
    assert near(image.getpixel((90, 90)), ACCENT)


@pytest.mark.parametrize("side", [192, 512])
def test_app_icon_stands_on_paper(db, client, side):
    make_identity()
    image = picture(client.get(f"/icon-{side}.png"))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (side, side))
    assert image.getpixel((0, 0)) == PAPER
    assert near(image.getpixel((side // 2, 2)), BRAND)


@pytest.mark.parametrize("side", [192, 512])
def test_maskable_icon_lies_within_the_circle_every_shape_leaves(db, client, side):
    make_identity()
    image = picture(client.get(f"/icon-maskable-{side}.png"))
    assert image.size == (side, side)
    drawn = [(x, y) for x in range(0, side, 4) for y in range(0, side, 4) if not near(image.getpixel((x, y)), PAPER)]
    assert len(drawn) > side
    assert max((x - side / 2) ** 2 + (y - side / 2) ** 2 for x, y in drawn) <= (0.4 * side) ** 2


@pytest.mark.parametrize("address", ["/icon-193.png", "/icon-0.png", "/icon-maskable-100000.png"])
def test_app_icon_of_another_size_is_not_drawn(db, client, address):
    assert client.get(address).status_code == 404


def test_icon_shows_the_picture_of_the_identity_around_its_focal_point(db, client):
    wide = Image.new("RGB", (600, 200), "blue")
    wide.paste("red", (0, 0, 200, 200))
    content = BytesIO()
    wide.save(content, "PNG")
    make_identity(icon=ContentFile(content.getvalue(), name="icon.png"), icon_ppoi="0x0.5")
    for address, side in (("/favicon.ico", 32), ("/apple-touch-icon.png", 180), ("/icon-512.png", 512)):
        image = picture(client.get(address))
        assert image.size == (side, side)
        assert near(image.getpixel((side - 3, side // 2)), (255, 0, 0))


def test_icon_changes_with_the_picture(db, client):
    tags = set()
    for colour in ("red", "blue"):
        make_identity(icon=make_picture_file(colour=colour, size=(200, 200)))
        response = client.get("/favicon.ico")
        tags.add(response["ETag"])
        assert near(picture(response).getpixel((16, 16)), Image.new("RGB", (1, 1), colour).getpixel((0, 0)))
    assert len(tags) == 2


def test_icon_whose_file_is_lost_is_drawn(db, client):
    make_identity(icon=make_picture_file(colour="#123456", size=(200, 200)))
    Path(Identity.load().icon.path).unlink()
    assert near(picture(client.get("/favicon.ico")).getpixel((16, 4)), BRAND)


def test_drawing_is_the_logo_in_the_colours_of_the_identity(db, client):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        '<path fill="var(--logo-brand, var(--brand, #111111))" stroke="var(--accent, rgb(1, 2, 3))" d="M0 0"/>'
        '<path fill="var(--other, rgb(1, 2, 3))" stroke="var(--logo-cut, var(--paper, #222222))" d="M1 1"/></svg>'
    )
    make_identity(logo=ContentFile(svg.encode(), name="logo.svg"), logo_alt="A", brand="#0d5f5f", accent="#eba61e")
    text = client.get("/icon.svg").content.decode()
    assert '<path fill="#0d5f5f" stroke="#eba61e" d="M0 0"/>' in text
    assert '<path fill="rgb(1, 2, 3)" stroke="#faf6ed" d="M1 1"/>' in text
    assert "var(" not in text
    assert '@media(prefers-color-scheme:dark){[fill="#0d5f5f"]{fill:#86afaf}' in text


def test_drawing_is_neutral_for_a_logo_of_pixels(db, client):
    make_identity(logo=ContentFile(make_picture_bytes(), name="logo.png"), logo_alt="A")
    assert b'<circle cx="24" cy="24" r="24" fill="#0b5a8c"/>' in client.get("/icon.svg").content


@pytest.mark.parametrize("value", ["var(--x)", "var( --x , var(--brand) )", "var(--a, var(--b, var(--c)))"])
def test_variable_nobody_knows_becomes_the_brand_colour(value):
    assert coloured(f'<svg><path fill="{value}"/></svg>', "#0b5a8c", "#ed7a24").endswith('<path fill="#0b5a8c"/></svg>')


def test_icons_open_the_picture_once(db, client, monkeypatch):
    make_identity(icon=make_picture_file(colour="green", size=(210, 210)))
    first = client.get("/favicon.ico").content
    monkeypatch.setattr("cacita.icons.Image.open", None)
    assert client.get("/favicon.ico").content == first
