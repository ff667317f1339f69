"""The glossary as its page shows it: terms by letter, those that hold certain words, and who links to one."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from pages.filters import folded
from pages.models import Block
from pages.prose import ProseField, term_address
from resources.models import Term

DIGITS = "0–9"
SEARCHED = ("term", "term_es", "expansion", "expansion_es", "definition", "definition_es", "legal_section")


@dataclass(frozen=True)
class Letter:
    """The terms that begin with one letter, or with a digit, as the language in force writes them."""

    sign: str
    terms: list = field(default_factory=list)

    @property
    def anchor(self):
        return f"letter-{'0' if self.sign == DIGITS else self.sign.lower()}"


def published(now):
    """All terms of the moment `now`, each with the published ones it points to: two statements."""
    terms = Term.objects.published(now)
    return list(terms.prefetch_related(Prefetch("see_also", terms)))


def holding(terms, words):
    """Those of these terms in which every word stands, in either language, whatever its accents and capitals."""
    wanted = folded(words).split()
    texts = [(term, folded(" ".join(getattr(term, name) for name in SEARCHED))) for term in terms]
    return [term for term, text in texts if all(word in text for word in wanted)]


def by_letter(terms):
    """These terms in the order of the alphabet, under their letters; digits come first."""
    letters = {}
    for key, term in sorted(((folded(term.said("term").text), term) for term in terms), key=lambda pair: pair[0]):
        sign = key[:1].upper() if key[:1].isalpha() else DIGITS
        letters.setdefault(sign, Letter(sign)).terms.append(term)
    return list(letters.values())


def check_anchor(slug):
    """Refuse a place on the glossary's page where readers find no term."""
    term = Term.objects.filter(slug=slug).first()
    if term is None:
        raise ValidationError(
            _("The glossary has no term “%(slug)s”. Copy the address from the term’s form.") % {"slug": slug}
        )
    if not term.is_published():
        raise ValidationError(
            _("The term “%(term)s” is not published. Publish it first, or remove the link.") % {"term": term}
        )


def pages_linking_to(term):
    """(title, path) of the pages whose texts link to the term: one statement."""
    link = f'"{term_address(term.slug)}"'
    linking = [
        kind.objects.filter(**{f"{f.name}__contains": link}).order_by().values_list("parent__title", "parent__path")
        for kind in Block.kinds()
        for f in kind._meta.concrete_fields
        if isinstance(f, ProseField)
    ]
    first, *others = linking
    return sorted(first.union(*others), key=lambda found: found[1])
