"""Reads the files of `starter/`: one folder for each association, and one that they share."""

import hashlib
import json
import re
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

FOLDER = settings.BASE_DIR / "starter"
SHARED = "shared"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class StarterError(Exception):
    """The starter content cannot be loaded; the message says what to change. Nothing was stored."""


def sites():
    """Names of the associations that have starter content."""
    return sorted(file.parent.name for file in FOLDER.glob("*/identity.json"))


class Files:
    """Reads the starter files of one site and the shared ones, with the identity's names filled in."""

    def __init__(self, site):
        self.site = site
        self.files = self._listed("files", "*")
        self.identity = self._read(FOLDER / site / "identity.json")
        for name in ("name", "short_name"):
            if not self.identity.get(name):
                raise StarterError(f"{site}/identity.json: “{name}” is missing.")
        self.words = {
            "name": self.identity["name"],
            "short_name": self.identity["short_name"],
            "counties": counties_in_words(self.identity.get("counties", "")),
        }
        self.albums = self._filled("albums.json", [])
        self.people = self._filled("people.json", [])
        self.series = self._filled("series.json", [])
        self.events = self._filled("events.json", [])
        self.programs = self._filled("programs.json", [])
        self.crisis_lines = self._filled("crisis_lines.json", [])
        self.resources = self._filled("library.json", [])
        self.terms = self._filled("glossary.json", [])
        self.menus = self._filled("menus.json", {})
        self.topics = self._filled("topics.json", [])
        self.purposes = self._filled("purposes.json", [])
        self.giving = self._filled("giving.json", {})
        self.pages = {
            file.name: self._fill(self._read(file), self._name(file))
            for file in sorted(self._listed("pages", "*.json").values())
        }
        for name, data in self.pages.items():
            path = data.get("path", "")
            expected = f"{path.strip('/').replace('/', '-') or 'home'}.json"
            if not path or name != expected:
                raise StarterError(f"pages/{name}: a page with the path “{path}” belongs in a file named {expected}.")

    def picture(self, name, where):
        """The file of that name, as an upload that is not stored yet."""
        if name not in self.files:
            raise StarterError(f"{where}: no file “{name}” in files/. Choose one of: {', '.join(sorted(self.files))}.")
        return ContentFile(self.files[name].read_bytes(), name=name)

    def digest(self, data):
        """A digest of these values and of the files they name."""
        named = sorted({value for value in strings_in(data) if value in self.files})
        contents = [hashlib.sha256(self.files[name].read_bytes()).hexdigest() for name in named]
        return digest_of([data, contents])

    def _listed(self, folder, pattern):
        """Files by name; the site's own file wins over a shared one."""
        found = {}
        for owner in (SHARED, self.site):
            found |= {file.name: file for file in (FOLDER / owner / folder).glob(pattern) if file.is_file()}
        return found

    def _filled(self, name, otherwise):
        """The data of the site's own file of that name, or of the shared one."""
        for file in (FOLDER / self.site / name, FOLDER / SHARED / name):
            if file.exists():
                return self._fill(self._read(file), self._name(file))
        return otherwise

    def _read(self, file):
        try:
            return json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise StarterError(f"{self._name(file)} is not valid JSON: {error}.") from None

    def _name(self, file):
        return str(Path(file).relative_to(FOLDER))

    def _fill(self, value, where):
        if isinstance(value, dict):
            return {key: self._fill(inner, where) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._fill(inner, where) for inner in value]
        if isinstance(value, str):
            return PLACEHOLDER.sub(lambda found: self._word(found[1], where), value)
        return value

    def _word(self, name, where):
        if name not in self.words:
            raise StarterError(f"{where}: unknown word {{{name}}}. Choose one of: {', '.join(self.words)}.")
        return self.words[name]


def digest_of(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def strings_in(value):
    """Every string anywhere in the data of a starter file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings_in(inner)


def counties_in_words(counties):
    """“Los Angeles County”, “Kern and Tulare Counties”; “California” where none is named."""
    names = counties.split("\n") if counties else []
    if not names:
        return "California"
    if len(names) == 1:
        return f"{names[0]} County"
    return f"{', '.join(names[:-1])} and {names[-1]} Counties"
