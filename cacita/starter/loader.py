"""Brings starter content into the database and says what it did."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils import timezone

from cacita.models import StarterRecord
from cacita.starter.dates import AS_PRINTED, NEXT, weeks_to_next
from cacita.starter.files import Files, StarterError, sites
from cacita.starter.records import (
    AlbumRecord,
    CrisisLineRecord,
    EventRecord,
    GivingRecord,
    IdentityRecord,
    MenuRecord,
    PageRecord,
    PersonRecord,
    ProgramRecord,
    PurposeRecord,
    ResourceRecord,
    SeriesRecord,
    TermRecord,
    TopicRecord,
    editable_fields,
)
from contact.models import Topic
from events.models import Series
from pages.choice_sets import ChoiceSetField
from pages.models import Album, Identity, Page, Person
from resources.models import Term

NAMED_BY = {Page: "path", Album: "slug", Series: "slug", Person: "name", Topic: "slug", Term: "slug"}
"""The field by which starter files name a record."""


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
            yield f"Left as they are, because they need something that staff deleted: {', '.join(self.waiting)}."
        if self.edited or self.deleted or self.waiting:
            yield "With --overwrite the starter content replaces what staff did."


def loaded():
    """The association whose starter content the database holds, or None."""
    return StarterRecord.objects.values_list("site", flat=True).first()


def load(site, overwrite=False, dates=None, now=None):
    """Bring the starter content of `site` into the database, all of it or nothing, and return a `Summary`.

    `dates` says where its events stand: `as-printed`, or `next`, by whole weeks later so that they come after `now`
    (default: the present). By default it stays as it was loaded before; the first time it is `next`.
    """
    if site not in sites():
        raise StarterError(f"There is no starter content for “{site}”. Choose one of: {', '.join(sites())}.")
    other = loaded()
    if other not in (None, site):
        raise StarterError(
            f"This site was started with the content of {other}. Give {site} a DATA_DIR of its own; both in one "
            "database would mix two associations."
        )
    loader = Loader(Files(site), overwrite, dates, now or timezone.now())
    with transaction.atomic():
        return loader.run()


class Loader:
    """Loads one site: first the rows of a kind, then their parts, so that records may name each other."""

    def __init__(self, files, overwrite, dates, now):
        self.files = files
        self.overwrite = overwrite
        self.dates = dates
        self.now = now
        self.known = {record.key: record for record in StarterRecord.objects.all()}
        self.summary = Summary(files.site)
        self.gone = set()

    def run(self):
        files = self.files
        by_depth = sorted(files.pages.values(), key=lambda data: (data["path"].count("/"), data["path"]))
        self._load([IdentityRecord(self, files.identity)])
        self._load([AlbumRecord(self, data) for data in files.albums])
        self._load([PersonRecord(self, data) for data in files.people])
        self._load([SeriesRecord(self, data) for data in files.series])
        self.weeks = self._weeks()
        self._load([EventRecord(self, data) for data in files.events])
        self._load([PurposeRecord(self, data) for data in files.purposes])
        self._load([GivingRecord(self, files.giving)] if files.giving else [])
        self._load([ProgramRecord(self, data) for data in files.programs])
        self._load([CrisisLineRecord(self, data) for data in files.crisis_lines])
        self._load([ResourceRecord(self, data) for data in files.resources])
        self._load([TermRecord(self, data) for data in files.terms])
        self.gone |= {f"term {term.slug}" for term in Term.objects.all() if not term.is_published(self.now)}
        self._load([TopicRecord(self, data) for data in files.topics])
        self._load([PageRecord(self, data) for data in by_depth])
        self._load([MenuRecord(self, menu, items) for menu, items in files.menus.items()])
        return self.summary

    def _weeks(self):
        """By how many weeks the events stand later than printed: dates that were moved once stay where they are."""
        moved = {record.weeks for record in self.known.values() if record.weeks is not None}
        dates = self.dates or (AS_PRINTED if moved == {0} else NEXT)
        if dates == AS_PRINTED:
            return 0
        return max(moved, default=0) or weeks_to_next(self.files.events, Identity.load().time_zone, self.now)

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
        """Leave out records that need something which staff deleted, and those that need one of these, and so on."""
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
            "weeks": record.weeks,
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
            elif f.choices and (unknown := not_among_choices(f, values[name])):
                choices = ", ".join(str(choice) for choice, _label in f.flatchoices)
                raise StarterError(f"{where}, {name}: “{unknown[0]}” is no choice. Choose one of: {choices}.")
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
        """The record a starter file means by `name`; None where it names none. Staff may have moved it since."""
        if not name:
            return None
        known = self.known.get(f"{model._meta.model_name} {name}")
        found = known and model.objects.filter(pk=known.object_id).first()
        lookup = NAMED_BY[model]
        found = found or model.objects.filter(**{lookup: name}).first()
        if found is None:
            choices = ", ".join(model.objects.order_by(lookup).values_list(lookup, flat=True)) or "none is there yet"
            kind = model._meta.verbose_name
            raise StarterError(f"{where}: there is no {kind} “{name}”. Choose one of: {choices}.")
        return found


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


def not_among_choices(f, value):
    """The values among the given ones that the field does not know."""
    given = value if isinstance(f, ChoiceSetField) else [value]
    return [choice for choice in given if choice not in dict(f.flatchoices)]


def holds(stored, given):
    """Whether a stored file has the bytes of a given one. A second copy would get a second name."""
    if not stored or not stored.storage.exists(stored.name):
        return False
    with stored.storage.open(stored.name) as opened:
        return opened.read() == given.file.getvalue()
