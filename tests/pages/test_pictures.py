"""What becomes of an uploaded picture, and what a page shows of it."""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import modelform_factory
from django.template import Context, Template, TemplateSyntaxError
from PIL import Image, ImageCms

from pages import pictures
from pages.models import Card, Identity, Person, Photo, Picture
from pages.pictures import checked
from tests.factories import make_album, make_page, make_person, make_photo, make_picture_bytes, make_picture_file

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
SCRIPT = b"<script>alert(document.domain)</script>"


def file(content, name="picture.jpg"):
    return ContentFile(content, name=name)


def reopened(content):
    image = Image.open(BytesIO(content))
    image.load()
    return image


def saved(image, kind, **options):
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def phone_photo(orientation=6):
    """A picture lying on its side, red where the upper edge should be, with the place it was taken at."""
    image = Image.new("RGB", (200, 100), "#0b5a8c")
    image.paste("red", (0, 0, 30, 100))
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = "Telephone"
    exif.get_ifd(GPS).update({1: "N", 2: (34.0, 3.0, 8.0), 3: "W", 4: (118.0, 14.0, 37.0)})
    return saved(image, "JPEG", exif=exif, quality=95, comment=b"made by somebody")


def png_header_of(width, height):
    """A PNG that claims a size and holds nothing: a decompression bomb in 57 bytes."""

    def chunk(kind, data):
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def archive():
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        opened.writestr("a.txt", "a")
    return content.getvalue()


def moving(kind):
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_picture_of_each_kind_is_taken(kind):
    picture = checked(file(make_picture_bytes(kind=kind)))
    stored = reopened(picture.read())
    assert stored.format == ("PNG" if kind == "PNG" else "JPEG")
    assert stored.size == (picture.width, picture.height) == (640, 480)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_picture_with_transparency_keeps_it(kind):
    image = Image.new("RGBA", (60, 60), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 30, 60))
    stored = reopened(checked(file(saved(image, kind, quality=95))).read())
    assert (stored.format, stored.mode) == ("PNG", "RGBA")
    assert [stored.getpixel((x, 30))[3] for x in (5, 55)] == [0, 255]


def test_picture_with_an_unused_alpha_channel_loses_it():
    assert reopened(checked(file(saved(Image.new("RGBA", (60, 60), "red"), "PNG"))).read()).mode == "RGB"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Beach at dawn.JPG", "beach-at-dawn"),
        ("培训.png", "file"),
        ("Обучение.webp", "file"),
        ("تدريب.jpg", "file"),
        ("Año nuevo & más.jpeg", "ano-nuevo-mas"),
        ("../../etc/passwd", "passwd"),
        ("<img src=x>.jpg", "img-srcx"),
        ("x" * 300 + ".jpg", "x" * 40),
        ("", "file"),
        (None, "file"),
    ],
)
def test_name_is_made_safe_and_tells_the_content(name, stem):
    upload = make_picture_file()
    upload.name = name
    assert re.fullmatch(rf"{stem}-[0-9a-f]{{16}}\.jpg", checked(upload).name)


def test_name_changes_with_the_content():
    names = {checked(make_picture_file(colour=colour)).name for colour in ("red", "red", "blue")}
    assert len(names) == 2


def test_phone_photo_is_turned_upright_and_forgets_where_it_was_taken():
    source = phone_photo()
    assert b"Telephone" in source
    picture = checked(file(source))
    content = picture.read()
    stored = reopened(content)
    assert stored.size == (picture.width, picture.height) == (100, 200)
    red, _green, blue = stored.getpixel((50, 5))
    assert red > 200
    assert blue < 60
    assert dict(stored.getexif()) == {}
    assert "comment" not in stored.info
    assert not any(word in content for word in (b"Exif", b"Telephone", b"somebody", b"xmp"))


def test_metadata_in_every_corner_of_a_png_is_dropped():
    image = Image.new("RGB", (60, 60))
    exif = image.getexif()
    exif[MAKE] = "Telephone"
    source = saved(image, "PNG", exif=exif, xmp=b"<x:xmpmeta>secret</x:xmpmeta>", icc_profile=srgb())
    content = checked(file(source)).read()
    stored = reopened(content)
    assert stored.info == {}
    assert not any(word in content for word in (b"eXIf", b"Telephone", b"secret", b"iCCP", b"tEXt"))


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        (srgb(), (255, 0, 0)),
        (srgb().replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ"), (0, 0, 255)),
        (b"not a profile", (255, 0, 0)),
    ],
    ids=["of screens", "with red and blue changed", "broken"],
)
def test_colours_of_a_profile_are_moved_to_srgb(profile, shown):
    source = saved(Image.new("RGB", (60, 60), "red"), "PNG", icc_profile=profile)
    stored = reopened(checked(file(source)).read())
    assert "icc_profile" not in stored.info
    assert stored.getpixel((9, 9)) == shown


def test_printers_and_grey_pictures_become_rgb():
    cmyk = saved(Image.new("CMYK", (60, 60), (0, 255, 255, 0)), "JPEG", quality=95)
    red, green, blue = reopened(checked(file(cmyk)).read()).getpixel((9, 9))
    assert red > 200
    assert max(green, blue) < 60
    grey = Image.new("I;16", (60, 60), 32896)
    assert reopened(checked(file(saved(grey, "PNG"))).read()).getpixel((9, 9)) == (128, 128, 128)


def test_large_picture_is_cut_down_to_the_longest_side():
    picture = checked(make_picture_file(size=(5000, 1000)))
    assert reopened(picture.read()).size == (picture.width, picture.height) == (4000, 800)


def test_second_picture_in_a_phones_jpeg_is_ignored():
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
    source = saved(frames[0], "MPO", save_all=True, append_images=frames[1:], quality=95)
    assert reopened(source).n_frames == 2
    stored = reopened(checked(file(source)).read())
    assert stored.format == "JPEG"
    assert stored.getpixel((9, 9))[0] > 200


def test_what_is_hidden_behind_a_picture_is_gone():
    source = make_picture_bytes() + SCRIPT + archive()
    assert SCRIPT in source
    content = checked(file(source)).read()
    assert SCRIPT not in content
    assert b"PK\x03\x04" not in content
    assert content.endswith(b"\xff\xd9")


BAD = {
    "script": (SCRIPT, "It is a drawing or web page in text form."),
    "svg": (b'\xef\xbb\xbf <?xml version="1.0"?><svg/>', "It is a drawing or web page in text form."),
    "php": (b"<?php system($_GET[0]); ?>", "It is a drawing or web page in text form."),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "It is a PostScript drawing."),
    "tiff": (make_picture_bytes(kind="TIFF"), "It is a TIFF picture."),
    "gif": (make_picture_bytes(kind="GIF"), "It is a GIF picture."),
    "bmp": (make_picture_bytes(kind="BMP"), "It is a BMP picture."),
    "zip": (archive(), "It is an archive or an office document."),
    "pdf": (b"%PDF-1.7\n%%EOF", "It is a PDF document."),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "It is an HEIC picture, as phones store it."),
    "noise": (bytes(range(256)) * 9, "It is broken or not a picture."),
    "text": (b"hello", "It is broken or not a picture."),
    "cut off jpeg": (make_picture_bytes(size=(900, 900), quality=95)[:4000], "It is broken or was cut off."),
    "cut off png": (make_picture_bytes(kind="PNG", size=(900, 900))[:2000], "It is broken or was cut off."),
    "cut off webp": (make_picture_bytes(kind="WEBP", size=(900, 900))[:400], "It is broken or"),
    "cut off avif": (make_picture_bytes(kind="AVIF", size=(900, 900))[:300], "It is broken or"),
    "head of a jpeg": (make_picture_bytes()[:20], "It is broken or not a picture."),
    "bomb": (png_header_of(12_000, 12_000), "It has more than 40 million pixels."),
    "bigger bomb": (png_header_of(60_000, 60_000), "It has more than 40 million pixels."),
    "just above": (png_header_of(40_000, 1001), "It has more than 40 million pixels."),
    "tiny": (make_picture_bytes(size=(39, 300)), "It is 39 × 300 pixels, and at least 40 each way are needed."),
    "moving png": (moving("PNG"), "It moves,"),
    "moving webp": (moving("WEBP"), "It moves,"),
    "moving avif": (moving("AVIF"), "It moves,"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD)
def test_bad_picture_is_refused_with_its_name_and_the_reason(content, reason):
    with pytest.raises(ValidationError) as refused:
        checked(file(content, "holiday.jpg"))
    assert refused.value.message.startswith(f"We cannot use “holiday.jpg”. {reason}")


def test_picture_of_too_many_bytes_is_refused_unread():
    class Unread(ContentFile):
        def read(self, *args):
            raise AssertionError("It was read.")

    upload = Unread(bytes(pictures.MOST_BYTES + 1), name="raw.jpg")
    with pytest.raises(ValidationError) as refused:
        checked(upload)
    assert (
        refused.value.message == "We cannot use “raw.jpg”. It is larger than 15.0\N{NO-BREAK SPACE}MB. Save it smaller."
    )


PhotoForm = modelform_factory(Photo, fields=["album", "picture", "picture_alt", "picture_ppoi", "caption"])


def photo_form(album, content, name="holiday.jpg", **values):
    data = {"album": album.pk, "picture_alt": "The sea", "picture_ppoi": "0.5x0.5", "caption": "Dawn", **values}
    uploads = {"picture": SimpleUploadedFile(name, content, "image/jpeg")} if content else {}
    return PhotoForm(data, uploads)


@pytest.mark.parametrize("bad", ["script", "bomb", "cut off jpeg", "tiff"])
def test_form_refuses_a_bad_picture_beside_the_field_and_keeps_the_rest(db, bad):
    form = photo_form(make_album(), BAD[bad][0])
    assert list(form.errors) == ["picture"]
    assert len(form.errors["picture"]) == 1
    assert form.errors["picture"][0].startswith("We cannot use “holiday.jpg”.")
    assert 'value="Dawn"' in str(form["caption"])
    assert Photo.objects.count() == 0


def test_form_escapes_the_name_of_a_bad_picture(db):
    form = photo_form(make_album(), SCRIPT, name="<b>.jpg")
    assert "“&lt;b&gt;.jpg”" in str(form.errors)


def test_form_stores_the_checked_picture(db):
    form = photo_form(make_album(), phone_photo(), name="a photo of the sea in an unknown format")
    assert form.errors == {}
    photo = Photo.objects.get(pk=form.save().pk)
    assert re.fullmatch(
        r"pictures/\d{4}/\d\d/a-photo-of-the-sea-in-an-unknown-format-[0-9a-f]{16}\.jpg", photo.picture.name
    )
    assert (photo.picture_width, photo.picture_height) == (100, 200)
    assert b"Telephone" not in Path(photo.picture.path).read_bytes()


def test_form_without_a_picture_asks_for_one(db):
    assert photo_form(make_album(), None).errors == {"picture": ["Choose a picture."]}


def test_form_clears_an_optional_picture_and_its_focal_point(db):
    person = make_person(picture=make_picture_file(), picture_alt="Somebody", picture_ppoi="0.1x0.1")
    form = modelform_factory(Person, fields=["picture"])({"picture-clear": "on"}, instance=person)
    assert form.errors == {}
    person = form.save()
    person.refresh_from_db()
    assert (person.picture.name, person.picture_width, person.picture_ppoi) == ("", None, "0.5x0.5")


@pytest.mark.parametrize("bad", ["svg", "bomb", "gif"])
def test_save_without_a_form_refuses_a_bad_picture_too(db, bad):
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        make_photo(make_album(), picture=file(BAD[bad][0], "loaded.jpg"))
    assert list(refused.value.message_dict) == ["picture"]
    assert refused.value.messages[0].startswith("We cannot use “loaded.jpg”.")
    assert Photo.objects.count() == 0


def test_save_without_a_form_stores_what_a_form_would(db):
    photo = make_photo(make_album(), picture=file(phone_photo()))
    assert (photo.picture_width, photo.picture_height) == (100, 200)
    content = Path(photo.picture.path).read_bytes()
    assert b"Telephone" not in content
    assert content == checked(file(phone_photo())).read()


def test_replacing_a_picture_keeps_the_original_for_history(db):
    photo = make_photo(make_album())
    first = Path(photo.picture.path)
    photo.picture = make_picture_file(colour="red", size=(100, 60))
    photo.save()
    assert first.exists()
    assert Path(photo.picture.path) != first
    photo.refresh_from_db()
    assert (photo.picture_width, photo.picture_height) == (100, 60)


def test_same_picture_twice_is_stored_once(db):
    album = make_album()
    names = {make_photo(album).picture.name for _time in range(2)}
    assert len(names) == 1
    assert len(list(Path(make_photo(album).picture.path).parent.iterdir())) == 1


def test_row_with_a_lost_file_still_loads(db):
    photo = make_photo(make_album())
    Path(photo.picture.path).unlink()
    Photo.objects.update(picture_width=None)
    assert Photo.objects.get().picture_width is None


def offered(photo, shape, kind):
    return [(each.width, each.height) for each in photo.picture.renditions(shape, kind)]


@pytest.mark.parametrize(
    ("size", "whole", "thumb"),
    [
        ((2000, 1000), [(480, 240), (960, 480), (1600, 800)], [(400, 400), (800, 800)]),
        ((1200, 1600), [(480, 640), (960, 1280), (1200, 1600)], [(400, 400), (800, 800)]),
        ((480, 300), [(480, 300)], [(300, 300)]),
        ((100, 50), [(100, 50)], [(50, 50)]),
        ((2000, 40), [(480, 10), (960, 19), (1600, 32)], [(40, 40)]),
    ],
)
def test_renditions_have_the_sizes_they_claim_and_never_enlarge(db, size, whole, thumb):
    photo = make_photo(make_album(), picture=make_picture_file(size=size))
    photo = Photo.objects.get(pk=photo.pk)
    for shape, expected in (("whole", whole), ("thumb", thumb)):
        for kind, form in (("avif", "AVIF"), ("webp", "WEBP"), ("jpeg", "JPEG")):
            assert offered(photo, shape, kind) == expected
            for each in photo.picture.renditions(shape, kind):
                stored = reopened(media(photo, each.url).read_bytes())
                assert (stored.format, stored.size) == (form, (each.width, each.height))


def media(photo, url):
    return Path(photo.picture.storage.path(url.removeprefix("/media/")))


def test_rendition_of_a_transparent_picture_is_white_only_where_jpeg_needs_it(db):
    source = saved(Image.new("RGBA", (60, 60), (255, 0, 0, 0)), "PNG")
    photo = make_photo(make_album(), picture=file(source))
    pixels = {
        kind: reopened(media(photo, photo.picture.renditions("whole", kind)[0].url).read_bytes()).getpixel((9, 9))
        for kind in ("avif", "webp", "jpeg")
    }
    assert pixels["jpeg"] == (255, 255, 255)
    assert [pixels[kind][3] for kind in ("avif", "webp")] == [0, 0]


@pytest.mark.parametrize(("point", "is_red"), [("0.05x0.5", True), ("0.9x0.5", False), ("nanx7", False)])
def test_cut_out_shows_the_focal_point(db, point, is_red):
    image = Image.new("RGB", (900, 300), "blue")
    image.paste("red", (0, 0, 200, 300))
    photo = make_photo(make_album(), picture=file(saved(image, "PNG")), picture_ppoi=point)
    stored = reopened(media(photo, photo.picture.renditions("thumb", "jpeg")[0].url).read_bytes())
    assert (stored.getpixel((30, 150))[0] > 200) is is_red


def test_moving_the_focal_point_changes_cut_outs_and_nothing_else(db):
    photo = make_photo(make_album())
    before = {shape: photo.picture.renditions(shape, "avif") for shape in ("whole", "thumb")}
    photo.picture_ppoi = "0.2x0.2"
    photo.save()
    photo = Photo.objects.get()
    assert photo.picture.renditions("whole", "avif") == before["whole"]
    after = photo.picture.renditions("thumb", "avif")
    assert after != before["thumb"]
    assert all(media(photo, each.url).exists() for each in after)


def test_card_is_a_jpeg_in_the_proportions_other_sites_show(db):
    page = make_page(card=make_picture_file(size=(2400, 2400)))
    assert page.card.shared[1:] == (1200, 630)
    assert reopened(media_of(page.card)).size == (1200, 630)
    assert make_page("Without a card").card.shared is None


def media_of(card):
    return Path(card.storage.path(card.shared.url.removeprefix("/media/"))).read_bytes()


def drawn(record, arguments=""):
    return Template("{% load pictures %}{% picture record " + arguments + " %}").render(Context({"record": record}))


def attributes(html, tag="img"):
    return dict(re.findall(r'([\w-]+)="([^"]*)"', re.search(rf"<{tag} [^>]*>", html)[0]))


def test_picture_tag_offers_all_kinds_with_size_and_words(db):
    photo = make_photo(make_album(), picture=make_picture_file(size=(1200, 1600)), picture_alt='A "sea" & sand')
    html = drawn(Photo.objects.get(pk=photo.pk), 'sizes="50vw"')
    assert re.findall(r"<source type=\"([^\"]+)\"", html) == ["image/avif", "image/webp"]
    assert re.findall(r" (\d+)w", html) == ["480", "960", "1200"] * 3
    image = attributes(html)
    assert image.pop("src").endswith(".jpg")
    assert image.pop("srcset").count(".jpg ") == 3
    assert image == {
        "sizes": "50vw",
        "width": "1200",
        "height": "1600",
        "alt": "A &quot;sea&quot; &amp; sand",
        "loading": "lazy",
        "decoding": "async",
    }


def test_picture_tag_cuts_out_a_square(db):
    image = attributes(drawn(make_photo(make_album()), 'crop="thumb"'))
    assert (image["width"], image["height"], image["sizes"]) == ("480", "480", "100vw")


def test_picture_tag_fetches_the_first_picture_at_once(db):
    photo = make_photo(make_album())
    photo.loads_at_once = True
    image = attributes(drawn(photo))
    assert image["fetchpriority"] == "high"
    assert "loading" not in image


def test_picture_tag_says_nothing_about_a_decorative_picture(db):
    block = Picture.objects.create(parent=make_page(), picture=make_picture_file(), decorative=True)
    assert 'alt=""' in drawn(block)


@pytest.mark.parametrize("record", [Card(), Person(), Picture(picture_alt="Nothing yet")])
def test_picture_tag_draws_nothing_where_there_is_no_picture(record):
    assert drawn(record).strip() == ""


def test_picture_tag_opens_no_file_and_asks_no_database(db, monkeypatch, django_assert_num_queries):
    photo = make_photo(make_album())
    photo = Photo.objects.get(pk=photo.pk)

    def refuse(*args, **kwargs):
        raise AssertionError("A file was opened.")

    monkeypatch.setattr(type(photo.picture.storage._wrapped), "_open", refuse)
    monkeypatch.setattr(type(photo.picture.storage._wrapped), "exists", refuse)
    with django_assert_num_queries(0):
        assert "<img " in drawn(photo)


def test_picture_tag_with_an_unknown_crop_names_the_known_one():
    with pytest.raises(TemplateSyntaxError, match="it knows thumb"):
        drawn(Card(), 'crop="round"')


def test_icon_of_the_identity_gets_no_renditions(db):
    Identity(name="A", short_name="A", mission="A", icon=make_picture_file(size=(300, 300))).save()
    stored = Path(Identity.load().icon.path)
    assert [path for path in stored.parents[1].rglob("*") if path.is_file()] == [stored]


def test_form_shows_the_stored_picture_and_takes_only_the_four_kinds(db):
    photo = make_photo(make_album())
    widget = str(PhotoForm(instance=photo)["picture"])
    assert attributes(widget)["src"] == photo.picture.renditions("whole", "jpeg")[0].url
    assert 'accept="image/jpeg,image/png,image/webp,image/avif"' in re.search(r'<input type="file"[^>]*>', widget)[0]
