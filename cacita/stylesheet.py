"""The style sheet: written as small files in `static/css/`, sent as one."""

from io import BytesIO

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import File
from django.core.files.storage import InMemoryStorage

from pages.css import tight

NAME = "css/site.css"
PARTS = (
    "tokens",
    "reset",
    "base",
    "layout",
    "components",
    "blocks",
    "events",
    "map",
    "programs",
    "library",
    "donate",
    "utilities",
    "print",
)


def joined():
    """All parts in the order of their layers, without comments and without the spaces that only people need."""
    folder = settings.BASE_DIR / "static" / "css"
    text = "\n".join((folder / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)
    return tight(text) + "\n"


class StylesheetFinder(BaseFinder):
    """Offers the joined file to `collectstatic` and to the development server."""

    def find(self, path, find_all=False, **kwargs):
        if path != NAME:
            return []
        target = settings.DATA_DIR / "site.css"
        target.write_text(joined(), encoding="utf-8")
        return [str(target)] if find_all else str(target)

    def list(self, ignore_patterns):
        storage = InMemoryStorage()
        storage.prefix = None
        storage.save(NAME, File(BytesIO(joined().encode())))
        yield NAME, storage
