"""Records for tests: plain functions with fixed values that a test overrides by name."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from pages.models import Album, Block, Identity, MenuItem, Notice, Page, Person, Photo


def make_identity(**values):
    identity = Identity(**{"name": "Test Association", "short_name": "Test", "mission": "We test.", **values})
    identity.save()
    return identity


def make_page(title="About", **values):
    values = {"slug": title.lower().replace(" ", "-"), "status": Page.Status.PUBLISHED, **values}
    return Page.objects.create(title=title, **values)


def make_block(model, page, **values):
    """A block at the end of the page."""
    values.setdefault("ordering", 10 * (1 + sum(kind.objects.filter(parent=page).count() for kind in Block.kinds())))
    return model.objects.create(parent=page, **values)


def make_menu_item(label="About", **values):
    return MenuItem.objects.create(label=label, **values)


def make_person(name="Test Person", **values):
    return Person.objects.create(**{"name": name, "status": Person.Status.PUBLISHED, **values})


def make_notice(message="The office is closed on Monday.", **values):
    return Notice.objects.create(**{"message": message, "status": Notice.Status.PUBLISHED, **values})


def make_album(title="Coast", **values):
    values = {"slug": title.lower().replace(" ", "-"), "status": Album.Status.PUBLISHED, **values}
    return Album.objects.create(title=title, **values)


def make_photo(album, **values):
    values.setdefault("picture", make_picture_file())
    return Photo.objects.create(**{"album": album, "picture_alt": "A test picture", **values})


def make_picture_bytes(size=(640, 480), kind="JPEG", colour="#0b5a8c", **options):
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def make_picture_file(name="picture.jpg", **options):
    return ContentFile(make_picture_bytes(**options), name=name)
