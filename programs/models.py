"""The directory: programs, the counties they cover, where we know them from, and what their people write to us."""

from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.links import WebAddressField
from pages.models import Block
from pages.phones import PhoneField
from pages.publishing import Publishable, PublishedQuerySet
from programs import counties

RESERVED_SLUGS = ("counties", "tell-us")
"""Last parts of addresses below `/programs/` that the site itself uses."""
COUNTED = (
    *("status", "publish_from", "publish_until", "operation", "kind"),
    *("serves_youth", "works_in_jail", "works_with_dispatch", "is_co_response", "is_day_and_night"),
)
"""What the directory's counts ask of a program, beside its confirmation."""
FRESH = timedelta(days=365)
"""How long a confirmation counts; afterwards the listing shows itself as old."""


def validate_free_slug(value):
    if value in RESERVED_SLUGS:
        raise ValidationError(_("“%(value)s” is an address the site itself uses. Choose another.") % {"value": value})


class ProgramQuerySet(PublishedQuerySet):
    def covering(self, *slugs):
        """Programs that cover any of these counties."""
        return self.filter(pk__in=Coverage.objects.filter(county__in=slugs).order_by().values("program"))

    def in_region(self, region):
        return self.covering(*counties.in_region(region))

    def of_kind(self, kind):
        return self.filter(kind=kind)

    def running(self):
        """Not known to have ended."""
        return self.exclude(operation=Program.Operation.ENDED)

    def ended_last(self):
        """By name, those that have ended after all others."""
        has_ended = Case(When(operation=Program.Operation.ENDED, then=1), default=0)
        return self.order_by(has_ended, "name", "pk")

    def confirmed_since(self, day):
        return self.filter(confirmed_on__gt=day)


class Program(Publishable):
    """A CIT program or a crisis response team. What nobody told us stays empty: unknown is not no."""

    class Kind(models.TextChoices):
        CIT_TRAINING = "cit_training", gettext_lazy("CIT training")
        CO_RESPONDER = "co_responder", gettext_lazy("Co-responder team")
        MOBILE_CRISIS = "mobile_crisis", gettext_lazy("Mobile crisis team")
        DISPATCH = "dispatch", gettext_lazy("Dispatch")
        DIVERSION = "diversion", gettext_lazy("Diversion")

    class Operation(models.TextChoices):
        ACTIVE = "active", gettext_lazy("Active")
        PILOT = "pilot", gettext_lazy("Pilot")
        ENDED = "ended", gettext_lazy("Ended")
        UNKNOWN = "", gettext_lazy("Not known")

    class Confidence(models.TextChoices):
        CONFIRMED = "confirmed", gettext_lazy("Two or more independent sources agree")
        ONE_SOURCE = "one_source", gettext_lazy("One source")
        GENERAL = "general_knowledge", gettext_lazy("General knowledge, no source read")

    class ConfirmedBy(models.TextChoices):
        PROGRAM = "program", gettext_lazy("The program itself")
        STAFF = "staff", gettext_lazy("Staff, who asked or looked")

    name = models.CharField(gettext_lazy("name"), max_length=160)
    slug = models.SlugField(
        gettext_lazy("last part of the address"), max_length=80, unique=True, validators=[validate_free_slug]
    )
    lead_agency = models.CharField(gettext_lazy("lead agency"), max_length=200)
    kind = models.CharField(gettext_lazy("kind"), max_length=14, choices=Kind)
    cities = models.CharField(
        gettext_lazy("cities"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Cities or areas covered, with commas. Empty: the whole county."),
    )
    summary = models.TextField(gettext_lazy("what it does"), max_length=1000)
    since = models.CharField(
        gettext_lazy("since"), max_length=80, blank=True, help_text=gettext_lazy("A year, or “Teams since 1993”.")
    )
    operation = models.CharField(
        gettext_lazy("in operation"), max_length=6, choices=Operation, default=Operation.ACTIVE, blank=True
    )
    operation_note = models.CharField(
        gettext_lazy("note on operation"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("For example “three-year pilot from 2022”."),
    )

    how_to_reach = models.CharField(
        gettext_lazy("how to reach it"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("For somebody who needs its help."),
    )
    phone = PhoneField(gettext_lazy("public phone"), blank=True)
    website = WebAddressField(gettext_lazy("website"), blank=True)
    role_email = models.EmailField(
        gettext_lazy("role address"),
        blank=True,
        help_text=gettext_lazy(
            "A shared mailbox, not a person’s. Never shown: visitors write through a form, and twice a year we ask "
            "here whether the listing is still right."
        ),
    )

    serves_youth = models.BooleanField(gettext_lazy("serves youth"), null=True, blank=True)
    works_in_jail = models.BooleanField(gettext_lazy("works in the jail"), null=True, blank=True)
    works_with_dispatch = models.BooleanField(gettext_lazy("works with dispatch"), null=True, blank=True)
    is_co_response = models.BooleanField(gettext_lazy("police and clinician respond together"), null=True, blank=True)
    is_day_and_night = models.BooleanField(gettext_lazy("day and night, every day"), null=True, blank=True)
    hours_of_service = models.CharField(gettext_lazy("hours of service"), max_length=160, blank=True)
    training_hours = models.DecimalField(
        gettext_lazy("training hours"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.5)],
        help_text=gettext_lazy("Length of the CIT course it gives, in hours."),
    )
    training_for = models.CharField(gettext_lazy("training offered to"), max_length=200, blank=True)

    confidence = models.CharField(
        gettext_lazy("confidence"), max_length=17, choices=Confidence, default=Confidence.ONE_SOURCE
    )
    caution = models.TextField(
        gettext_lazy("what to check"), blank=True, help_text=gettext_lazy("For staff only; not shown.")
    )
    confirmed_on = models.DateField(gettext_lazy("last confirmed"), null=True, blank=True)
    confirmed_by = models.CharField(gettext_lazy("confirmed by"), max_length=7, choices=ConfirmedBy, blank=True)
    asked_at = models.DateTimeField(gettext_lazy("last asked"), null=True, blank=True, editable=False)
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    objects = ProgramQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("program")
        verbose_name_plural = gettext_lazy("programs")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["status", "kind", "name"], name="programs_by_kind"),
            models.Index(fields=["status", "name"], name="programs_by_name"),
            models.Index(fields=["confirmed_on"], name="programs_by_confirmation"),
            # All that the directory counts, so that counting does not read whole rows.
            models.Index(fields=[*COUNTED, "confirmed_on"], name="programs_counted"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by="") | Q(confirmed_on__isnull=False) & ~Q(confirmed_by=""),
                name="programs_program_confirmed_on_and_by",
                violation_error_message=_("Say both when it was confirmed and by whom, or neither."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("programs:program", args=[self.slug])

    def clean(self):
        super().clean()
        if bool(self.confirmed_on) != bool(self.confirmed_by):
            empty = "confirmed_by" if self.confirmed_on else "confirmed_on"
            raise ValidationError({empty: _("Say both when it was confirmed and by whom, or neither.")})

    @property
    def has_ended(self):
        return self.operation == self.Operation.ENDED

    @property
    def counties(self):
        """The counties it covers, by name. Ask for `coverage` beforehand where many programs are shown."""
        return sorted((counties.BY_SLUG[row.county] for row in self.coverage.all()), key=str)

    def is_fresh(self, today):
        """Whether somebody confirmed it during the year before the day `today`."""
        return self.confirmed_on is not None and today - self.confirmed_on <= FRESH


class Coverage(models.Model):
    """A county that a program covers, wholly or in part."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="coverage", db_index=False)
    county = models.CharField(gettext_lazy("county"), max_length=20, choices=counties.CHOICES)

    class Meta:
        verbose_name = gettext_lazy("county covered")
        verbose_name_plural = gettext_lazy("counties covered")
        ordering = ["county"]
        indexes = [models.Index(fields=["program", "county"], name="programs_coverage_of_program")]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "program"],
                name="programs_coverage_once",
                violation_error_message=_("This county stands here twice."),
            )
        ]

    def __str__(self):
        return self.get_county_display()


class Source(models.Model):
    """A page or paper that says what a listing says."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="sources")
    title = models.CharField(gettext_lazy("title"), max_length=200)
    url = WebAddressField(
        gettext_lazy("address"), max_length=500, blank=True, help_text=gettext_lazy("Empty for what is not on the web.")
    )
    date = models.CharField(
        gettext_lazy("date"),
        max_length=10,
        blank=True,
        help_text=gettext_lazy("As the page shows it: 2018, 2018-11 or 2018-11-05. Empty where it shows none."),
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)

    class Meta:
        verbose_name = gettext_lazy("source")
        verbose_name_plural = gettext_lazy("sources")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class Correction(models.Model):
    """What somebody proposes to change or add. Nothing of it is public until staff accept it, field by field."""

    class State(models.TextChoices):
        NEW = "new", gettext_lazy("New")
        DONE = "done", gettext_lazy("Worked in")
        DECLINED = "declined", gettext_lazy("Declined")

    program = models.ForeignKey(
        Program,
        models.CASCADE,
        related_name="corrections",
        null=True,
        blank=True,
        verbose_name=gettext_lazy("program"),
        help_text=gettext_lazy("Empty: somebody proposes a new listing."),
    )
    before = models.JSONField(default=dict, editable=False)
    """What the listing said in these fields when the proposal was sent."""
    proposed = models.JSONField(default=dict, editable=False)
    """The fields that shall change, by name; `counties` is a list of slugs."""
    words = models.TextField(gettext_lazy("what they write"), blank=True)
    sender_name = models.CharField(gettext_lazy("name"), max_length=120)
    sender_email = models.EmailField(gettext_lazy("e-mail"))
    sender_role = models.CharField(gettext_lazy("role at the program"), max_length=120, blank=True)
    is_suspicious = models.BooleanField(gettext_lazy("perhaps sent by a program"), default=False)
    state = models.CharField(gettext_lazy("state"), max_length=8, choices=State, default=State.NEW)
    accepted = models.JSONField(default=list, editable=False)
    """Names of the proposed fields that staff took over."""
    sent = models.DateTimeField(gettext_lazy("sent"), auto_now_add=True)
    decided = models.DateTimeField(gettext_lazy("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        "auth.User", models.SET_NULL, related_name="+", null=True, editable=False, verbose_name=gettext_lazy("by")
    )

    class Meta:
        verbose_name = gettext_lazy("correction")
        verbose_name_plural = gettext_lazy("corrections")
        ordering = ["-sent", "-pk"]
        indexes = [models.Index(fields=["state", "-sent"], name="programs_corrections_by_state")]

    def __str__(self):
        return str(self.program or self.proposed.get("name", _("New listing")))

    @property
    def is_addition(self):
        """Whether it proposes a new listing; once that is accepted, `program` is what it became."""
        return "name" in self.proposed and "name" not in self.before


class Letter(models.Model):
    """What a visitor wrote to a program through our form, which hides the program's address."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="letters", verbose_name=gettext_lazy("program"))
    name = models.CharField(gettext_lazy("name"), max_length=120)
    email = models.EmailField(gettext_lazy("e-mail"))
    text = models.TextField(gettext_lazy("message"))
    is_suspicious = models.BooleanField(gettext_lazy("perhaps sent by a program"), default=False)
    sent = models.DateTimeField(gettext_lazy("sent"), auto_now_add=True)
    handed_on = models.DateTimeField(
        gettext_lazy("handed on"),
        null=True,
        editable=False,
        help_text=gettext_lazy("When the mail to the program was written. Suspicious letters wait for staff."),
    )

    class Meta:
        verbose_name = gettext_lazy("letter")
        verbose_name_plural = gettext_lazy("letters")
        ordering = ["-sent", "-pk"]

    def __str__(self):
        return f"{self.name} → {self.program}"


class ProgramList(Block):
    """Programs of a county, a region or a kind, grouped by agency or by county; where there are none it says so."""

    class Grouping(models.TextChoices):
        AGENCY = "agency", gettext_lazy("By agency")
        COUNTY = "county", gettext_lazy("By county")

    icon = "groups"

    county = models.CharField(gettext_lazy("county"), max_length=20, choices=counties.CHOICES, blank=True)
    area = models.CharField(gettext_lazy("region"), max_length=30, choices=list(counties.REGIONS.items()), blank=True)
    program_kind = models.CharField(gettext_lazy("kind"), max_length=14, choices=Program.Kind, blank=True)
    grouping = models.CharField(gettext_lazy("grouped"), max_length=6, choices=Grouping, default=Grouping.AGENCY)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("program list")
        verbose_name_plural = gettext_lazy("program lists")

    def clean(self):
        super().clean()
        if self.county and self.area:
            raise ValidationError({"area": _("Choose a county or a region, not both.")})

    def programs(self, now):
        """Published programs at the moment `now` that the block's choices admit and that have not ended."""
        programs = Program.objects.published(now).running()
        if self.county:
            programs = programs.covering(self.county)
        if self.area:
            programs = programs.in_region(self.area)
        if self.program_kind:
            programs = programs.of_kind(self.program_kind)
        return programs

    @property
    def hides_agency(self):
        """Whether the agency stands above the rows."""
        return self.grouping == self.Grouping.AGENCY

    @property
    def hides_county(self):
        """Whether the county stands above the rows, or is the same for all."""
        return bool(self.county) or self.grouping == self.Grouping.COUNTY

    @property
    def slugs(self):
        """Slugs of the counties it is about."""
        return [self.county] if self.county else counties.in_region(self.area) if self.area else list(counties.BY_SLUG)

    @property
    def query(self):
        """The choices as the directory takes them, after the question mark of the address."""
        chosen = {"county": self.county or self.area, "kind": self.program_kind}
        return urlencode({name: value for name, value in chosen.items() if value})


class CountyMap(Block):
    """The county map of California as a strip that leads to the directory, or whole with every county a link."""

    class Size(models.TextChoices):
        STRIP = "strip", gettext_lazy("A strip that leads to the directory")
        WHOLE = "whole", gettext_lazy("Whole, each county a link")

    icon = "map"

    size = models.CharField(gettext_lazy("size"), max_length=5, choices=Size, default=Size.STRIP)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("county map")
        verbose_name_plural = gettext_lazy("county maps")
