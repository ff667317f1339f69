"""The site’s own Spanish, compiled from `locale/es`: what a native speaker of the staff has read of it, and what not.

The Spanish of records is read in their forms. What is read here is everything that stands in templates and in code; a
sentence whose English or Spanish changes with an update counts as not read again.
"""

import gettext
import hashlib
import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cacita.models import SpanishReading

MAY_READ = "cacita.add_spanishreading"
FILE = settings.LOCALE_PATHS[0] / "es" / "LC_MESSAGES" / "django.mo"
PLACE = re.compile(r"%\(\w+\)[sd]")
WORDS = re.compile(r"[^\W\d_]{2}")
"""Patterns that hold numbers and names alone say nothing in either language."""


@dataclass(frozen=True)
class Text:
    """A sentence in both languages; of one that counts, each form once."""

    english: str
    spanish: str

    @property
    def digest(self):
        return hashlib.sha256(f"{self.english}\n{self.spanish}".encode()).hexdigest()


@cache
def texts():
    """Every text of the compiled catalog by its digest, in the order of the English."""
    with FILE.open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog
    forms = {}
    for message, spanish in catalog.items():
        english = message[0] if isinstance(message, tuple) else message
        if WORDS.search(PLACE.sub("", english)):
            forms.setdefault(english.rpartition("\x04")[2], {})[spanish] = None
    found = [Text(english, " / ".join(spanish)) for english, spanish in sorted(forms.items())]
    return {text.digest: text for text in found}


def unread():
    """Texts that nobody has read, in order."""
    read = set(SpanishReading.objects.values_list("text", flat=True))
    return [text for digest, text in texts().items() if digest not in read]


@transaction.atomic
def note_read(digests, user, today):
    """Keep that `user` has read these texts on the day `today`; forget what is no longer said. Returns how many."""
    known = [digest for digest in digests if digest in texts()]
    SpanishReading.objects.exclude(text__in=list(texts())).delete()
    SpanishReading.objects.bulk_create(
        [SpanishReading(text=digest, read_on=today, read_by=user) for digest in known], ignore_conflicts=True
    )
    return len(known)


@require_http_methods(["GET", "POST"])
@permission_required(MAY_READ, raise_exception=True)
def reading_page(request, admin_site):
    """All of it side by side, what nobody has read first, each with a tick."""
    if request.method == "POST":
        count = note_read(request.POST.getlist("read"), request.user, timezone.localdate())
        words = ngettext("%d sentence counts as read.", "%d sentences count as read.", count) % count
        messages.success(request, words if count else _("Nothing was ticked, so nothing has changed."))
        return redirect("admin:spanish")
    waiting = unread()
    digests = {text.digest for text in waiting}
    context = {
        **admin_site.each_context(request),
        "title": _("The site’s own Spanish"),
        "unread": waiting,
        "read": [text for digest, text in texts().items() if digest not in digests],
    }
    return TemplateResponse(request, "admin/spanish.html", context)
