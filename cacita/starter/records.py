"""What starter content is made of: each kind of record knows its row, its parts and how to compare them."""

import re

from django.db import models

from cacita.starter.dates import later
from cacita.starter.files import StarterError, digest_of, strings_in
from contact.models import Giving, Purpose, Topic
from events.models import Credit, Event, Series, Session
from pages.contents import blocks_of
from pages.models import Album, Block, Identity, MenuItem, Page, Person, Photo, SocialLink
from pages.prose import term_address
from programs.models import Coverage, Program, Source
from resources.models import CrisisLine, LineCounty, LineHours, Resource, Term

TERM = re.compile(rf"\"{re.escape(term_address(''))}([\w-]+)\"")
"""A link to a term of the glossary, in rich text."""


class Record:
    """Something the starter content loads, compares and leaves alone as a whole: a row and its parts."""

    model = None
    owner = ""
    """The field by which a part knows its row."""
    weeks = None
    """By how many weeks its dates stand later than printed; None where it has no dates."""

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
        terms = {f"term {slug}" for text in strings_in(self.data) for slug in TERM.findall(text)}
        return terms | {f"page {path}" for path in paths_in(self.data)}

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
        return published(self.data, without=["photos"])

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


class SeriesRecord(Record):
    model = Series

    def __init__(self, loader, data):
        super().__init__(loader, data, f"series {data.get('slug')}", f"series.json, {data.get('slug')}")

    def lookup(self):
        return {"slug": self.data.get("slug")}

    def values(self):
        return published(self.data)


class EventRecord(Record):
    """An event with its sessions and credits. Its dates stand `loader.weeks` later than the file says."""

    model = Event
    owner = "event"

    def __init__(self, loader, data):
        super().__init__(loader, data, f"event {data.get('slug')}", f"events.json, {data.get('slug')}")
        self.weeks = loader.weeks
        self.source = digest_of([self.source, self.weeks])

    def lookup(self):
        return {"slug": self.data.get("slug")}

    def needs(self):
        return {f"series {self.data['series']}"} if self.data.get("series") else set()

    def values(self):
        values = published(self.data, without=("sessions", "credits"))
        return values | {"date_is_sample": True} if self.weeks else values

    def parts(self):
        return [*self.row.sessions.all(), *self.row.credits.all()]

    def write_parts(self):
        sessions = [later(session, self.weeks, self.where) for session in self.data.get("sessions", [])]
        wanted = [
            (kind, part, f"{self.where}, {kind._meta.verbose_name} {number}", {"event": self.row})
            for kind, parts in ((Session, sessions), (Credit, self.data.get("credits", [])))
            for number, part in enumerate(parts, 1)
        ]
        self.loader.write_parts(self.parts(), wanted)
        self.row.settle(self.loader.now)


class PurposeRecord(Record):
    model = Purpose

    def __init__(self, loader, data):
        super().__init__(loader, data, f"purpose {data.get('name')}", f"purposes.json, {data.get('name')}")

    def lookup(self):
        return {"name": self.data.get("name")}

    def values(self):
        return published(self.data)


class GivingRecord(Record):
    """How gifts are taken. There is one; it stays closed until staff know the legal name and the EIN."""

    model = Giving

    def __init__(self, loader, data):
        super().__init__(loader, data, "giving", "giving.json")

    def lookup(self):
        return {}


class TopicRecord(Record):
    """What messages may be about; who gets them is for staff to say."""

    model = Topic

    def __init__(self, loader, data):
        super().__init__(loader, data, f"topic {data.get('slug')}", f"topics.json, {data.get('slug')}")

    def lookup(self):
        return {"slug": self.data.get("slug")}


class ProgramRecord(Record):
    """A program with the counties it covers and its sources."""

    model = Program
    owner = "program"

    def __init__(self, loader, data):
        super().__init__(loader, data, f"program {data.get('slug')}", f"programs.json, {data.get('slug')}")

    def lookup(self):
        return {"slug": self.data.get("slug")}

    def values(self):
        return published(self.data, without=("counties", "sources"))

    def write_row(self):
        super().write_row()
        self.row.refresh_from_db()  # numbers as they are stored, so that the digest knows them again

    def parts(self):
        return [*self.row.coverage.all(), *self.row.sources.all()]

    def write_parts(self):
        covered = [
            (Coverage, {"county": county}, f"{self.where}, {county}", {"program": self.row})
            for county in self.data.get("counties", [])
        ]
        sources = [
            (Source, source, f"{self.where}, source {number}", {"program": self.row, "position": number})
            for number, source in enumerate(self.data.get("sources", []), 1)
        ]
        self.loader.write_parts(self.parts(), [*covered, *sources])


class CrisisLineRecord(Record):
    """A crisis line with the counties it serves and its hours. Who checks it, and when, is for staff to say."""

    model = CrisisLine
    owner = "line"

    def __init__(self, loader, data):
        super().__init__(loader, data, f"crisis line {data.get('slug')}", f"crisis_lines.json, {data.get('slug')}")

    def lookup(self):
        return {"slug": self.data.get("slug")}

    def values(self):
        return published(self.data, without=("counties", "opening_hours"))

    def write_row(self):
        super().write_row()
        self.row.refresh_from_db()  # days as they are stored, so that the digest knows them again

    def parts(self):
        return [*self.row.line_counties.all(), *self.row.opening_hours.all()]

    def write_parts(self):
        served = [
            (LineCounty, {"county": county}, f"{self.where}, {county}", {"line": self.row})
            for county in self.data.get("counties", [])
        ]
        open_at = [
            (LineHours, hours, f"{self.where}, hours {number}", {"line": self.row})
            for number, hours in enumerate(self.data.get("opening_hours", []), 1)
        ]
        self.loader.write_parts(self.parts(), [*served, *open_at])


class ResourceRecord(Record):
    """An entry of the library. When somebody last opened its link is for staff to say."""

    model = Resource

    def __init__(self, loader, data):
        super().__init__(loader, data, f"resource {data.get('slug')}", f"library.json, {data.get('slug')}")

    def lookup(self):
        return {"slug": self.data.get("slug")}

    def values(self):
        return published(self.data)

    def write_row(self):
        super().write_row()
        self.row.refresh_from_db()  # days as they are stored, so that the digest knows them again


class TermRecord(Record):
    """A term of the glossary with the terms it points to."""

    model = Term
    owner = "from_term"

    def __init__(self, loader, data):
        super().__init__(loader, data, f"term {data.get('slug')}", f"glossary.json, {data.get('slug')}")

    def lookup(self):
        return {"slug": self.data.get("slug")}

    def needs(self):
        return {f"term {slug}" for slug in self.data.get("see_also", [])}

    def values(self):
        return published(self.data, without=["see_also"])

    def write_row(self):
        super().write_row()
        self.row.refresh_from_db()  # days as they are stored, so that the digest knows them again

    def parts(self):
        return list(Term.see_also.through.objects.filter(from_term=self.row).order_by("pk"))

    def write_parts(self):
        where = f"{self.where}, see also"
        self.row.see_also.set([self.loader.named(Term, slug, where) for slug in self.data.get("see_also", [])])


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
        return {name: value for name, value in published(self.data, without=["blocks"]).items() if name != "path"}

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
            [
                [item.label, labels.get(item.parent_id), item.page_id, item.url, item.position]
                + ([item.label_es] if item.label_es else [])
                for item in items
            ]
        )


def published(data, without=()):
    """The values of a record that everybody may see unless its file says otherwise."""
    return {"status": "published", **{name: value for name, value in data.items() if name not in without}}


def editable_fields(instance):
    """The fields staff can change, by name."""
    return {f.name: f for f in instance._meta.concrete_fields if f.editable and not f.primary_key}


def state_of(instance, hidden=()):
    """The values staff can change, as they are stored.

    Defaults are left out, so that a field added to the model later does not make every record look edited; but not
    a default that may be another one tomorrow, such as the identity's time zone.
    """
    state = {}
    for name, f in editable_fields(instance).items():
        value = f.value_from_object(instance)
        if isinstance(f, models.FileField):
            value = value.name if value else ""
        if name in hidden or value in (None, "", ()) or (not callable(f.default) and value == f.get_default()):
            continue
        state[name] = value.replace("\r\n", "\n") if isinstance(value, str) else value
    return state


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
