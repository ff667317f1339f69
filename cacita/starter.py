"""Starter content: what a new site says before its staff have written a word. It lives in `starter/` as data files.

`load(site)` may run at any time. A record that nobody has touched since it was loaded follows a newer starter; one
that staff have edited or deleted is left alone and named in the summary, unless `overwrite` is given.
"""

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction

from cacita.models import StarterRecord
from pages.contents import blocks_of
from pages.models import Album, Block, Identity, MenuItem, Page, Person, Photo, SocialLink

FOLDER = settings.BASE_DIR / "starter"
SHARED = "shared"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
NAMED_BY = {Page: "path", Album: "slug", Person: "name"}
"""The field by which starter files name a record; `slug` for every other model."""


class StarterError(Exception):
    """The starter content cannot be loaded; the message says what to change. Nothing was stored."""


@dataclass
class Summary:
    """What a load did: for each outcome the names of the records."""

    site: str
    loaded: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    edited: list = field(default_factory=list)
    deleted: list = field(default_factory=list)
    waiting: list = field(default_factory=list)

    def lines(self):
        """The summary in sentences, one a line."""
        yield (
            f"Starter content of {self.site}: {len(self.loaded)} loaded, {len(self.updated)} updated, "
            f"{len(self.unchanged)} unchanged."
        )
        if self.edited:
            yield f"Left as staff edited them: {', '.join(self.edited)}."
        if self.deleted:
            yield f"Left deleted, as staff wished: {', '.join(self.deleted)}."
        if self.waiting:
            yield f"Left as they are, because they need a page that staff deleted: {', '.join(self.waiting)}."
        if self.edited or self.deleted or self.waiting:
            yield "With --overwrite the starter content replaces what staff did."


def sites():
    """Names of the associations that have starter content."""
    return sorted(file.parent.name for file in FOLDER.glob("*/identity.json"))


def loaded():
    """The association whose starter content the database holds, or None."""
    return StarterRecord.objects.values_list("site", flat=True).first()


def load(site, overwrite=False):
    """Bring the starter content of `site` into the database, all of it or nothing, and return a `Summary`."""
    if site not in sites():
        raise StarterError(f"There is no starter content for “{site}”. Choose one of: {', '.join(sites())}.")
    other = loaded()
    if other not in (None, site):
        raise StarterError(
            f"This site was started with the content of {other}. Give {site} a DATA_DIR of its own; both in one "
            "database would mix two associations."
        )
    loader = Loader(Files(site), overwrite)
    with transaction.atomic():
        return loader.run()


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
        self.menus = self._filled("menus.json", {})
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
        file = FOLDER / self.site / name
        return self._fill(self._read(file), self._name(file)) if file.exists() else otherwise

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


class Loader:
    """Loads one site: first the rows of a kind, then their parts, so that records may name each other."""

    def __init__(self, files, overwrite):
        self.files = files
        self.overwrite = overwrite
        self.known = {record.key: record for record in StarterRecord.objects.all()}
        self.summary = Summary(files.site)
        self.gone = set()

    def run(self):
        files = self.files
        by_depth = sorted(files.pages.values(), key=lambda data: (data["path"].count("/"), data["path"]))
        self._load([IdentityRecord(self, files.identity)])
        self._load([AlbumRecord(self, data) for data in files.albums])
        self._load([PersonRecord(self, data) for data in files.people])
        self._load([PageRecord(self, data) for data in by_depth])
        self._load([MenuRecord(self, menu, items) for menu, items in files.menus.items()])
        return self.summary

    def _load(self, records):
        chosen = self._without_waiting([record for record in records if self._is_to_write(record)])
        for record in chosen:
            record.write_row()
        for record in chosen:
            record.write_parts()
            self._remember(record)

    def _is_to_write(self, record):
        known = self.known.get(record.key)
        record.row = record.find(known)
        if record.row is None:
            if known is None or self.overwrite:
                return True
            self.summary.deleted.append(record.key)
            self.gone.add(record.key)
            return False
        if known is None or record.digest() != known.digest:
            if not self.overwrite:
                self.summary.edited.append(record.key)
            return self.overwrite
        if record.source == known.source:
            self.summary.unchanged.append(record.key)
            return False
        return True

    def _without_waiting(self, records):
        """Leave out records that need a page which staff deleted, and those that need one of these, and so on."""
        waiting = True
        while waiting:
            waiting = [record for record in records if record.needs() & self.gone]
            records = [record for record in records if record not in waiting]
            self.summary.waiting += [record.key for record in waiting]
            self.gone |= {record.key for record in waiting if record.row is None}
        return records

    def _remember(self, record):
        values = {
            "site": self.files.site,
            "object_id": record.number(),
            "source": record.source,
            "digest": record.digest(),
        }
        StarterRecord.objects.update_or_create(key=record.key, defaults=values)
        (self.summary.updated if record.was_there else self.summary.loaded).append(record.key)

    def write(self, instance, values, where, **fixed):
        """Give the instance these values and nothing else, by the rules that hold for staff too, and store it."""
        fields = editable_fields(instance)
        names = [name for name in fields if name not in fixed]
        for name in values:
            if name not in names:
                raise StarterError(f"{where}: unknown key “{name}”. Choose one of: {', '.join(names)}.")
        for name, f in fields.items():
            if name in fixed:
                setattr(instance, name, fixed[name])
            elif name not in values:
                setattr(instance, name, f.get_default())
            elif isinstance(f, models.FileField):
                given = self.files.picture(values[name], f"{where}, {name}")
                if not holds(getattr(instance, name), given):
                    setattr(instance, name, given)
            elif isinstance(f, models.ForeignKey):
                setattr(instance, name, self.named(f.related_model, values[name], f"{where}, {name}"))
            elif f.choices and values[name] not in dict(f.flatchoices):
                choices = ", ".join(str(choice) for choice, _label in f.flatchoices)
                raise StarterError(f"{where}, {name}: “{values[name]}” is no choice. Choose one of: {choices}.")
            else:
                setattr(instance, name, values[name])
        store(instance, where)
        return instance

    def write_parts(self, present, wanted):
        """Turn the parts of a record into the wanted ones, `(model, values, where, fixed)` each.

        A part that is there already is used again, so that a picture keeps its address and its file.
        """
        spare = defaultdict(list)
        for part in present:
            spare[type(part)].append(part)
        for model, values, where, fixed in wanted:
            part = spare[model].pop(0) if spare[model] else model()
            self.write(part, values, where, **fixed)
        for part in (part for parts in spare.values() for part in parts):
            part.delete()

    def named(self, model, name, where):
        """The record a starter file means by `name`; None where it names none. Staff may have moved a page since."""
        if not name:
            return None
        known = self.known.get(f"page {name}") if model is Page else None
        found = known and Page.objects.filter(pk=known.object_id).first()
        lookup = NAMED_BY.get(model, "slug")
        found = found or model.objects.filter(**{lookup: name}).first()
        if found is None:
            choices = ", ".join(model.objects.order_by(lookup).values_list(lookup, flat=True)) or "none is there yet"
            kind = model._meta.verbose_name
            raise StarterError(f"{where}: there is no {kind} “{name}”. Choose one of: {choices}.")
        return found


class Record:
    """Something the starter content loads, compares and leaves alone as a whole: a row and its parts."""

    model = None
    owner = ""
    """The field by which a part knows its row."""

    def __init__(self, loader, data, key, where):
        self.loader = loader
        self.data = data
        self.key = key
        self.where = where
        self.row = None
        self.was_there = False
        self.source = loader.files.digest(data)

    def find(self, known):
        """The row as it is now: the one that was loaded, or one that staff made in its place, or None."""
        row = known and self.model.objects.filter(pk=known.object_id).first()
        return row or self.model.objects.filter(**self.lookup()).first()

    def number(self):
        return self.row.pk

    def needs(self):
        """Keys of the records that must be there before this one."""
        return {f"page {path}" for path in paths_in(self.data)}

    def write_row(self):
        self.was_there = self.row is not None
        self.row = self.loader.write(self.row or self.model(), self.values(), self.where, **self.fixed())

    def write_parts(self):
        pass

    def values(self):
        return self.data

    def fixed(self):
        return {}

    def parts(self):
        return []

    def digest(self):
        """A digest of the row and its parts as they are stored."""
        hidden = {"ordering", "position", self.owner}
        parts = [[part._meta.label_lower, state_of(part, hidden)] for part in self.parts()]
        return digest_of([state_of(self.row), parts])


class IdentityRecord(Record):
    model = Identity
    owner = "identity"

    def __init__(self, loader, data):
        super().__init__(loader, data, "identity", f"{loader.files.site}/identity.json")

    def lookup(self):
        return {}

    def values(self):
        return {name: value for name, value in self.data.items() if name != "social_links"}

    def parts(self):
        return list(self.row.sociallink_set.all())

    def write_parts(self):
        wanted = [
            (SocialLink, link, f"{self.where}, social link {number}", {"identity": self.row, "position": number})
            for number, link in enumerate(self.data.get("social_links", []), 1)
        ]
        self.loader.write_parts(self.parts(), wanted)


class AlbumRecord(Record):
    model = Album
    owner = "album"

    def __init__(self, loader, data):
        super().__init__(loader, data, f"album {data.get('slug')}", f"albums.json, {data.get('slug')}")

    def lookup(self):
        return {"slug": self.data.get("slug")}

    def values(self):
        return published(self.data, without="photos")

    def parts(self):
        return list(self.row.photos.all())

    def write_parts(self):
        wanted = [
            (Photo, photo, f"{self.where}, photo {number}", {"album": self.row, "position": number})
            for number, photo in enumerate(self.data.get("photos", []), 1)
        ]
        self.loader.write_parts(self.parts(), wanted)


class PersonRecord(Record):
    model = Person

    def __init__(self, loader, data):
        super().__init__(loader, data, f"person {data.get('name')}", f"people.json, {data.get('name')}")

    def lookup(self):
        return {"name": self.data.get("name")}

    def values(self):
        return published(self.data)


class PageRecord(Record):
    model = Page
    owner = "parent"

    def __init__(self, loader, data):
        self.path = data["path"]
        super().__init__(loader, data, f"page {self.path}", f"page {self.path}")
        above, _slash, self.slug = self.path.rstrip("/").rpartition("/")
        if (data.get("parent") or "/") != f"{above}/":
            raise StarterError(f"{self.where}: its parent must be the page {above}/, by its path.")

    def lookup(self):
        return {"path": self.path}

    def values(self):
        return {name: value for name, value in published(self.data, without="blocks").items() if name != "path"}

    def fixed(self):
        return {"slug": self.slug}

    def parts(self):
        return blocks_of(self.row)

    def write_parts(self):
        present = self.parts()
        wanted = [self._block(number, dict(data)) for number, data in enumerate(self.data.get("blocks", []), 1)]
        self.row.block_kinds = []
        Page.objects.filter(pk=self.row.pk).update(block_kinds=[])
        self.loader.write_parts(present, wanted)

    def _block(self, number, data):
        kinds = {kind.kind(): kind for kind in Block.kinds()}
        name = data.pop("kind", "")
        where = f"{self.where}, block {number} ({name})"
        kind = kinds.get(name if "." in name else f"pages.{name}")
        if kind is None:
            choices = ", ".join(kind.removeprefix("pages.") for kind in kinds)
            raise StarterError(f"{where}: unknown kind. Choose one of: {choices}.")
        return kind, data, where, {"parent": self.row, "region": "main", "ordering": 10 * number}


class MenuRecord(Record):
    """A whole menu: its entries mean little one by one."""

    model = MenuItem

    def __init__(self, loader, menu, items):
        super().__init__(loader, items, f"{menu} menu", f"menus.json, {menu}")
        self.menu = menu
        if menu not in MenuItem.Menu.values:
            raise StarterError(f"{self.where}: unknown menu. Choose one of: {', '.join(MenuItem.Menu.values)}.")

    def find(self, known):
        found = MenuItem.objects.filter(menu=self.menu).exists()
        return self.menu if found or known else None

    def number(self):
        return None

    def write_row(self):
        self.was_there = self.row is not None
        self.row = self.menu

    def write_parts(self):
        MenuItem.objects.filter(menu=self.menu).delete()
        self._write(self.data, None)

    def _write(self, items, parent):
        for number, item in enumerate(items, 1):
            values = {name: value for name, value in item.items() if name != "children"}
            where = f"{self.where}, “{item.get('label')}”"
            fixed = {"menu": self.menu, "parent": parent, "position": number}
            entry = self.loader.write(MenuItem(), values, where, **fixed)
            self._write(item.get("children", []), entry)

    def digest(self):
        items = list(MenuItem.objects.filter(menu=self.menu))
        labels = {item.pk: item.label for item in items}
        return digest_of(
            [[item.label, labels.get(item.parent_id), item.page_id, item.url, item.position] for item in items]
        )


def published(data, without=""):
    """The values of a record that everybody may see unless its file says otherwise."""
    return {"status": "published", **{name: value for name, value in data.items() if name != without}}


def editable_fields(instance):
    """The fields staff can change, by name."""
    return {f.name: f for f in instance._meta.concrete_fields if f.editable and not f.primary_key}


def store(instance, where):
    """Save the instance unless the admin would refuse it."""
    hidden = [f.name for f in instance._meta.concrete_fields if not f.editable]
    try:
        instance.full_clean(exclude=hidden)
        instance.save()
    except ValidationError as error:
        faults = [
            (where if name == NON_FIELD_ERRORS else f"{where}, {name}") + f": {' '.join(messages)}"
            for name, messages in error.message_dict.items()
        ]
        raise StarterError("\n".join(faults)) from None


def holds(stored, given):
    """Whether a stored file has the bytes of a given one. A second copy would get a second name."""
    if not stored or not stored.storage.exists(stored.name):
        return False
    with stored.storage.open(stored.name) as opened:
        return opened.read() == given.file.getvalue()


def state_of(instance, hidden=()):
    """The values staff can change, as they are stored.

    Defaults are left out, so that a field added to the model later does not make every record look edited.
    """
    state = {}
    for name, f in editable_fields(instance).items():
        value = f.value_from_object(instance)
        if isinstance(f, models.FileField):
            value = value.name if value else ""
        if name in hidden or value in (None, "") or value == f.get_default():
            continue
        state[name] = value.replace("\r\n", "\n") if isinstance(value, str) else value
    return state


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


def paths_in(value):
    """Paths of the pages that the data of a starter file links to or stands below."""
    if isinstance(value, list):
        for inner in value:
            yield from paths_in(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and (name in {"page", "parent"} or name.endswith("_page")):
                yield inner
            else:
                yield from paths_in(inner)


def counties_in_words(counties):
    """“Los Angeles County”, “Kern and Tulare Counties”; “California” where none is named."""
    names = counties.split("\n") if counties else []
    if not names:
        return "California"
    if len(names) == 1:
        return f"{names[0]} County"
    return f"{', '.join(names[:-1])} and {names[-1]} Counties"
