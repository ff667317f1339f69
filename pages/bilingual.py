"""Words that exist in English and, where somebody wrote them, in Spanish.

A field `name` has a twin `name_es`: plain columns, for a handful of models need them. What a page shows also says in
which language it stands, so that a screen reader changes its voice where the Spanish is missing.

Staff see of each record which Spanish is missing, which no native speaker has read, and which is older than its
English. The last two are asked of rows with `UNREAD` and `OLDER`, the first with `lacking(model)`.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy

from pages.languages import ENGLISH, SPANISH

UNREAD = Q(spanish_changed__isnull=False, spanish_is_read=False)
OLDER = Q(spanish_changed__lt=F("english_changed"))


def lacking(model):
    """Rows of a model whose English has words that the Spanish lacks."""
    lacks = Q(pk__in=())
    for name in model.to_translate():
        lacks |= ~Q(**{name: ""}) & Q(**{f"{name}_{SPANISH}": ""})
    return lacks


@dataclass(frozen=True)
class Words:
    text: str
    language: str

    def __str__(self):
        return self.text

    def __bool__(self):
        return bool(self.text)

    def __html__(self):
        """In a Spanish page, English words are marked as such."""
        if self.language == (get_language() or ENGLISH):
            return format_html("{}", self.text)
        return format_html('<span lang="{}">{}</span>', self.language, self.text)


class Bilingual(models.Model):
    """A record with Spanish twins of the fields it names in `TRANSLATED`."""

    TRANSLATED = ()
    MAY_STAY = ()
    """Those among them that may be the same in both languages, such as a short name or the title of a paper."""

    english_changed = models.DateTimeField(editable=False, default=timezone.now)
    spanish_changed = models.DateTimeField(editable=False, null=True)
    spanish_is_read = models.BooleanField(
        gettext_lazy("a native speaker has read the Spanish"),
        default=False,
        help_text=gettext_lazy(
            "The tick falls away by itself when the Spanish changes: tick it again once the new words are read."
        ),
    )

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        """Note when the words of each language changed last, so that staff see which Spanish is older.

        Whoever has read the Spanish has not read words that came later: the tick for it falls away when they change,
        unless this very save ticks it.
        """
        english = _stored(self.TRANSLATED, update_fields)
        spanish = _stored([f"{name}_{SPANISH}" for name in self.TRANSLATED], update_fields)
        if english or spanish:
            self._note_changes(english, spanish)
            if update_fields is not None:
                update_fields = {*update_fields, "english_changed", "spanish_changed", "spanish_is_read"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def _note_changes(self, english, spanish):
        before = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        now = timezone.now()
        if before is None or _differ(before, self, english):
            self.english_changed = now
        if not any(getattr(self, f"{name}_{SPANISH}") for name in self.TRANSLATED):
            self.spanish_changed, self.spanish_is_read = None, False
        elif before is None or _differ(before, self, spanish):
            self.spanish_changed = now
            self.spanish_is_read = self.spanish_is_read and not (before and before.spanish_is_read)

    @property
    def spanish_is_old(self):
        """Whether the English was changed after the Spanish."""
        return self.spanish_changed is not None and self.spanish_changed < self.english_changed

    @property
    def spanish_lacks(self):
        """Names of the fields whose English has words and whose Spanish has none."""
        return [name for name in self.to_translate() if getattr(self, name) and not getattr(self, f"{name}_{SPANISH}")]

    @classmethod
    def to_translate(cls):
        """Names of the fields that want Spanish words wherever they have English ones."""
        return [name for name in cls.TRANSLATED if name not in cls.MAY_STAY]

    def said(self, name):
        """The words of a field in the language in force, or in English where there is no Spanish."""
        if get_language() == SPANISH and (spanish := getattr(self, f"{name}_{SPANISH}")):
            return Words(spanish, SPANISH)
        return Words(getattr(self, name), ENGLISH)


def _stored(names, update_fields):
    """Those of the fields that a save with these `update_fields` stores."""
    return [name for name in names if update_fields is None or name in update_fields]


def _differ(before, after, names):
    """Whether any of these words changed. The way in which a browser ends a line is no change."""
    return any(_lines(getattr(before, name)) != _lines(getattr(after, name)) for name in names)


def _lines(text):
    return text.replace("\r\n", "\n")
