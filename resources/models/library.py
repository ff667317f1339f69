"""The library of research, law and guides, and the glossary: what an entry is, and the blocks that show some."""

import re
from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pages import documents
from pages.bilingual import Bilingual
from pages.choice_sets import ChoiceSetField
from pages.contents import TAKEN
from pages.filters import folded
from pages.languages import SPANISH
from pages.links import WebAddressField
from pages.models import Block
from pages.publishing import Publishable, PublishedQuerySet
from resources.models.sources import Sourced

RESERVED_SLUGS = ("glossary",)
"""Last parts of addresses below `/resources/` that the site itself uses."""
OWN_IDS = re.compile(rf"(?:{'|'.join(TAKEN)})|(?:letter|footer|glossary)-.*")
"""Every other `id` of the glossary's page."""
LINK_HOLDS = timedelta(days=365)
"""How long it counts that somebody opened a link."""
EARLIEST = 1800
LATEST = 2100
"""Years of publication that can be meant."""


def validate_free_slug(value):
    if value in RESERVED_SLUGS:
        raise ValidationError(_("“%(value)s” is an address the site itself uses. Choose another.") % {"value": value})


def validate_free_anchor(value):
    if OWN_IDS.fullmatch(value):
        raise ValidationError(_("“%(value)s” is a place the page itself uses. Choose another.") % {"value": value})


class ResourceQuerySet(PublishedQuerySet):
    def about(self, *topics):
        """Entries on any of these topics."""
        return self.filter(holding("topics", topics))

    def useful_to(self, *audiences):
        """Entries for any of these readers; what is for everyone is for them too."""
        return self.filter(meant_for(audiences))

    def newest(self):
        """The latest year first, undated entries last."""
        return self.order_by(F("year").desc(nulls_last=True), "position", "title", "pk")

    def by_title(self):
        """In the order of the titles that the language in force shows."""
        is_spanish = get_language() == SPANISH
        shown = Coalesce(NullIf("title_es", Value("")), "title") if is_spanish else F("title")
        return self.order_by(Lower(shown), "pk")


def holding(name, values):
    """What a set of choices must hold for a row to fit: any of these values."""
    fits = Q()
    for value in values:
        fits |= Q(**{f"{name}__contains": f",{value},"})
    return fits


def meant_for(audiences):
    """What a row must say to be for any of these readers."""
    return holding("audiences", [*audiences, Resource.Audience.EVERYONE])


class Resource(Publishable, Bilingual, Sourced):
    """One document of the library: a link to where it stands, or a file of our own, with a summary in our words."""

    TRANSLATED = ("title", "summary", "design")
    MAY_STAY = ("title",)
    SEARCHED = ("title", "title_es", "summary", "summary_es", "authors", "publisher", "citation", "doi")

    class Kind(models.TextChoices):
        RESEARCH = "research", gettext_lazy("Research")
        LAW = "law", gettext_lazy("Law")
        STANDARD = "standard", gettext_lazy("Standard")
        POLICY = "policy", gettext_lazy("Model policy")
        GUIDE = "guide", gettext_lazy("Guide")
        TRAINING = "training", gettext_lazy("Training material")
        FAMILY = "family", gettext_lazy("Family guide")

    class Topic(models.TextChoices):
        TRAINING = "training", gettext_lazy("Training")
        DEESCALATION = "deescalation", gettext_lazy("De-escalation")
        DISPATCH = "dispatch", gettext_lazy("Dispatch")
        MOBILE_CRISIS = "mobile_crisis", gettext_lazy("Mobile crisis teams")
        CO_RESPONSE = "co_response", gettext_lazy("Co-response")
        STIGMA = "stigma", gettext_lazy("Stigma")
        DIVERSION = "diversion", gettext_lazy("Diversion from jail")
        HOLDS = "holds", gettext_lazy("Involuntary holds")
        CORRECTIONS = "corrections", gettext_lazy("Jails and corrections")
        FAMILIES = "families", gettext_lazy("Families")
        BUILDING = "building", gettext_lazy("Building a program")

    class Audience(models.TextChoices):
        OFFICERS = "officers", gettext_lazy("Officers")
        DISPATCHERS = "dispatchers", gettext_lazy("Dispatchers")
        CLINICIANS = "clinicians", gettext_lazy("Clinicians")
        AGENCIES = "agencies", gettext_lazy("Agencies and coordinators")
        FAMILIES = "families", gettext_lazy("Families")
        RESEARCHERS = "researchers", gettext_lazy("Researchers")
        EVERYONE = "everyone", gettext_lazy("Everyone")

    class Finding(models.TextChoices):
        BENEFIT = "for", gettext_lazy("Found a benefit")
        MIXED = "mixed", gettext_lazy("Mixed findings")
        NO_BENEFIT = "against", gettext_lazy("Found no benefit")

    class Language(models.TextChoices):
        ENGLISH = "en", gettext_lazy("English")
        SPANISH = "es", gettext_lazy("Spanish")
        BOTH = "both", gettext_lazy("English and Spanish")

    title = models.CharField(gettext_lazy("title"), max_length=300)
    title_es = models.CharField(
        gettext_lazy("title in Spanish"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("The title of a paper is not translated: leave it empty."),
    )
    slug = models.SlugField(
        gettext_lazy("last part of the address"), max_length=80, unique=True, validators=[validate_free_slug]
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=8, choices=Kind)
    topics = ChoiceSetField(gettext_lazy("topics"), max_length=120, choices=Topic)
    audiences = ChoiceSetField(gettext_lazy("for whom"), max_length=90, choices=Audience)
    year = models.PositiveSmallIntegerField(
        gettext_lazy("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text=gettext_lazy("In which it was published or last changed."),
    )
    authors = models.CharField(
        gettext_lazy("authors"), max_length=400, blank=True, help_text=gettext_lazy("As the document names them.")
    )
    publisher = models.CharField(
        gettext_lazy("published by or in"),
        max_length=250,
        blank=True,
        help_text=gettext_lazy("The body, or the journal with volume and pages."),
    )
    doi = models.CharField(
        gettext_lazy("DOI"),
        max_length=150,
        blank=True,
        validators=[RegexValidator(r"^10\.\d{4,9}/[^\s<>\"]+\Z", gettext_lazy("Write the DOI alone: 10.1000/182."))],
    )
    citation = models.CharField(
        gettext_lazy("section or number"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("Where a law or rule stands: Penal Code 13515.26."),
    )
    summary = models.TextField(
        gettext_lazy("summary"),
        max_length=2000,
        help_text=gettext_lazy("In our own words. The list shows the first sentence alone."),
    )
    summary_es = models.TextField(gettext_lazy("summary in Spanish"), max_length=2000, blank=True)
    finding = models.CharField(
        gettext_lazy("finding"),
        max_length=7,
        choices=Finding,
        blank=True,
        help_text=gettext_lazy("What a study found. Only research has one."),
    )
    design = models.CharField(
        gettext_lazy("kind of study"),
        max_length=160,
        blank=True,
        help_text=gettext_lazy("For example “randomized trial with 600 officers”."),
    )
    design_es = models.CharField(gettext_lazy("kind of study in Spanish"), max_length=160, blank=True)
    language = models.CharField(
        gettext_lazy("language of the document"), max_length=4, choices=Language, default=Language.ENGLISH
    )
    url = WebAddressField(
        gettext_lazy("address"),
        max_length=500,
        blank=True,
        help_text=gettext_lazy("Where its publisher offers it, not a copy elsewhere."),
    )
    file = models.FileField(
        gettext_lazy("or file"),
        upload_to=documents.stored_name,
        blank=True,
        validators=[documents.validate_document],
        help_text=gettext_lazy("Only a document we wrote or may pass on."),
    )
    size = models.PositiveBigIntegerField(editable=False, default=0)
    checked_on = models.DateField(
        gettext_lazy("link last opened"),
        null=True,
        blank=True,
        help_text=gettext_lazy("When somebody of ours last followed the link and found the document."),
    )
    caution = models.TextField(gettext_lazy("what to check"), blank=True, help_text=gettext_lazy("For staff."))
    position = models.PositiveSmallIntegerField(
        gettext_lazy("position"),
        default=100,
        help_text=gettext_lazy("Among entries of one year, and in lists on pages."),
    )
    search_text = models.TextField(editable=False, default="")
    """All that a search looks through, folded: so that it finds “policia” where “Policía” is written."""
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    objects = ResourceQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("library entry")
        verbose_name_plural = gettext_lazy("library entries")
        ordering = ["title", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(finding="") | Q(kind="research"),
                name="resources_only_research_has_a_finding",
                violation_error_message=gettext_lazy("Only research has a finding."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | ~Q(url="", file="", doi=""),
                name="resources_resource_can_be_read",
                violation_error_message=gettext_lazy("Give an address, a file or a DOI before you publish it."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Store the entry with what a search looks through, and the size of a new file."""
        if self.file and not self.file._committed:
            documents.validate_document(self.file)
            self.size = self.file.size
        self.search_text = folded(" ".join(getattr(self, name) for name in self.SEARCHED))
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("library:resource", args=[self.slug])

    def clean(self):
        super().clean()
        if self.finding and self.kind != self.Kind.RESEARCH:
            raise ValidationError({"finding": _("Only research has a finding. Choose none, or change the kind.")})
        if self.status == self.Status.PUBLISHED and not self.href:
            raise ValidationError({"url": _("Give an address, a file or a DOI before you publish it.")})

    @property
    def subjects(self):
        """The topics as choices, each with its value and label."""
        return [self.Topic(topic) for topic in self.topics if topic in self.Topic.values]

    @property
    def doi_url(self):
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def href(self):
        """Where the document itself is read: our file, else the publisher's page, else what the DOI leads to."""
        return self.file.url if self.file else self.url or self.doi_url

    @property
    def extension(self):
        """What kind of file ours is: `PDF`; empty for a link."""
        return self.file.name.rpartition(".")[2].upper() if self.file else ""

    @property
    def language_code(self):
        """The language of the document for `hreflang`; empty for one in two languages."""
        return "" if self.language == self.Language.BOTH else self.language


class Term(Publishable, Bilingual, Sourced):
    """One word of the field, explained. Pages link to it where an editor thinks that a reader needs it."""

    TRANSLATED = ("term", "expansion", "definition")
    MAY_STAY = ("term", "expansion")

    class Category(models.TextChoices):
        ACCESS = "access", gettext_lazy("Ways to get help")
        RESPONSE = "response", gettext_lazy("Responding to a crisis")
        MODEL = "model", gettext_lazy("Programs and models")
        TRAINING = "training", gettext_lazy("Training")
        LAW = "law", gettext_lazy("Law")

    term = models.CharField(gettext_lazy("term"), max_length=80)
    term_es = models.CharField(gettext_lazy("term in Spanish"), max_length=80, blank=True)
    slug = models.SlugField(
        gettext_lazy("place on the page"),
        max_length=60,
        unique=True,
        validators=[validate_free_anchor],
        help_text=gettext_lazy("The last part of the address that pages link to."),
    )
    expansion = models.CharField(
        gettext_lazy("what it is short for"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("The full name, or the name by which it is known too."),
    )
    expansion_es = models.CharField(gettext_lazy("what it is short for, in Spanish"), max_length=200, blank=True)
    definition = models.TextField(
        gettext_lazy("definition"), max_length=800, help_text=gettext_lazy("One or two plain sentences.")
    )
    definition_es = models.TextField(gettext_lazy("definition in Spanish"), max_length=800, blank=True)
    category = models.CharField(gettext_lazy("category"), max_length=8, choices=Category)
    legal_section = models.CharField(
        gettext_lazy("where the law says it"),
        max_length=160,
        blank=True,
        help_text=gettext_lazy("For example “Welfare and Institutions Code 5150”."),
    )
    see_also = models.ManyToManyField(
        "self", verbose_name=gettext_lazy("see also"), symmetrical=False, blank=True, related_name="seen_from"
    )
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("glossary term")
        verbose_name_plural = gettext_lazy("glossary terms")
        ordering = ["term", "pk"]

    def __str__(self):
        return self.term

    def get_absolute_url(self):
        return f"{reverse('library:glossary')}#{self.slug}"


class ResourceList(Block):
    """The first entries of the library of a kind, on a topic, for some readers, with a finding; the rest is a link."""

    icon = "local_library"

    resource_kind = models.CharField(gettext_lazy("kind"), max_length=8, choices=Resource.Kind, blank=True)
    topic = models.CharField(gettext_lazy("topic"), max_length=13, choices=Resource.Topic, blank=True)
    audience = models.CharField(gettext_lazy("for whom"), max_length=11, choices=Resource.Audience, blank=True)
    finding = models.CharField(gettext_lazy("finding"), max_length=7, choices=Resource.Finding, blank=True)
    count = models.PositiveSmallIntegerField(
        gettext_lazy("how many at most"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("library list")
        verbose_name_plural = gettext_lazy("library lists")

    def resources(self, now):
        """Published entries at the moment `now` that the block's choices admit, in the order staff gave them."""
        resources = Resource.objects.published(now)
        if self.resource_kind:
            resources = resources.filter(kind=self.resource_kind)
        if self.topic:
            resources = resources.about(self.topic)
        if self.audience:
            resources = resources.useful_to(self.audience)
        if self.finding:
            resources = resources.filter(finding=self.finding)
        return resources.order_by("position", F("year").desc(nulls_last=True), "title", "pk")

    @property
    def query(self):
        """The choices as the library takes them, after the question mark of the address."""
        chosen = {
            "kind": self.resource_kind,
            "topic": self.topic,
            "audience": self.audience,
            "finding": self.finding,
        }
        return urlencode({name: value for name, value in chosen.items() if value})


class TermBox(Block):
    """A term of the glossary, explained on the page. Neighbors form one list."""

    grouped = True
    related = ("term",)
    icon = "dictionary"

    term = models.ForeignKey(Term, models.PROTECT, verbose_name=gettext_lazy("term"))

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("explained term")
        verbose_name_plural = gettext_lazy("explained terms")

    def __str__(self):
        return str(self.term)

    @property
    def has_content(self):
        return self.term.is_published()
