"""Words that exist in English and, where somebody wrote them, in Spanish.

A field `name` has a twin `name_es`. Plain columns, for three models need them: what a page shows also says in which
language it stands, so that a screen reader changes its voice where the Spanish is missing.
"""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy

from pages.languages import ENGLISH, SPANISH


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

    english_changed = models.DateTimeField(editable=False, default=timezone.now)
    spanish_changed = models.DateTimeField(editable=False, null=True)
    spanish_is_read = models.BooleanField(
        gettext_lazy("a native speaker has read the Spanish"),
        default=False,
        help_text=gettext_lazy("Untick when the Spanish was changed and should be read again."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Note when the words of each language changed last, so that staff see which Spanish is older."""
        before = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        now = timezone.now()
        if before is None or any(getattr(before, name) != getattr(self, name) for name in self.TRANSLATED):
            self.english_changed = now
        spanish = [f"{name}_{SPANISH}" for name in self.TRANSLATED]
        if not any(getattr(self, name) for name in spanish):
            self.spanish_changed = None
        elif before is None or any(getattr(before, name) != getattr(self, name) for name in spanish):
            self.spanish_changed = now
        super().save(*args, **kwargs)

    @property
    def spanish_is_old(self):
        """Whether the English was changed after the Spanish."""
        return self.spanish_changed is not None and self.spanish_changed < self.english_changed

    def said(self, name):
        """The words of a field in the language in force, or in English where there is no Spanish."""
        if get_language() == SPANISH and (spanish := getattr(self, f"{name}_{SPANISH}")):
            return Words(spanish, SPANISH)
        return Words(getattr(self, name), ENGLISH)
