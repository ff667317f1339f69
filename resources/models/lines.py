from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages import crisis, phones
from pages.bilingual import Bilingual
from pages.choice_sets import ChoiceSetField
from pages.crisis import CrisisNumber
from pages.links import WebAddressField
from pages.phones import PhoneField
from pages.publishing import Publishable, PublishedQuerySet
from pages.time_zones import validate_time_zone
from programs import counties
from resources.models.sources import Sourced

CHECK_EVERY = timedelta(days=92)
"""A quarter: how long a check of a line counts."""


class CrisisLineQuerySet(PublishedQuerySet):
    def everywhere(self):
        """Lines for the whole nation or the whole State."""
        return self.exclude(scope=CrisisLine.Scope.COUNTIES)

    def of_county(self, slug):
        """Lines of this county alone."""
        return self.filter(
            Exists(LineCounty.objects.filter(line=OuterRef("pk"), county=slug)), scope=CrisisLine.Scope.COUNTIES
        )

    def for_who(self, who):
        return self.filter(who__contains=f",{who},")

    def due(self, today):
        """Lines nobody has found right yet, those that failed since, and those whose next check is due on `today`."""
        return self.filter(Q(checked_on=None) | Q(failed_on__isnull=False) | Q(next_check__lte=today))

    def with_reason(self):
        """Each with the `reason` for which it would be due, a `CrisisLine.Reason`."""
        failed = When(failed_on__isnull=False, then=Value(CrisisLine.Reason.FAILED))
        never = When(checked_on=None, then=Value(CrisisLine.Reason.NEVER))
        return self.annotate(reason=Case(failed, never, default=Value(CrisisLine.Reason.AGAIN)))

    def in_bar(self):
        """Lines that stand first on every page, in their order; `published` says whether they do so now."""
        return self.filter(is_in_bar=True).exclude(phone="", text_number="")

    def update(self, **values):
        """Change rows, and the bar of every page with them. In a transaction of the caller's."""
        changed = super().update(**values)
        write_bar()
        return changed

    update.alters_data = True

    def delete(self):
        """Delete rows, and take them out of the bar of every page."""
        deleted = super().delete()
        write_bar()
        return deleted

    delete.alters_data = True
    delete.queryset_only = True


class CrisisLine(Publishable, Bilingual, Sourced):
    """One line somebody may call, text or chat with. Every label and every link to it is drawn from this record."""

    TRANSLATED = ("name", "what_for", "what_happens", "hours", "audience", "languages")

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", gettext_lazy("Emergency")
        CRISIS = "crisis", gettext_lazy("Crisis line")
        SPECIALTY = "specialty", gettext_lazy("Line for particular people or troubles")
        WARMLINE = "warmline", gettext_lazy("Warm line: to talk before it becomes a crisis")
        INFORMATION = "information", gettext_lazy("Information")
        FIRST_RESPONDER = "responder", gettext_lazy("For first responders")
        ACCESS = "access", gettext_lazy("County access line")
        MOBILE_CRISIS = "mobile", gettext_lazy("Mobile crisis team")

    class Scope(models.TextChoices):
        NATION = "nation", gettext_lazy("The whole nation")
        STATE = "state", gettext_lazy("California")
        COUNTIES = "counties", gettext_lazy("Some counties")

    class Who(models.TextChoices):
        SPANISH = "spanish", gettext_lazy("Spanish speakers")
        VETERAN = "veteran", gettext_lazy("Veterans and service members")
        TEEN = "teen", gettext_lazy("Teens and young people")
        DEAF = "deaf", gettext_lazy("Deaf and hard of hearing people")
        FAMILY = "family", gettext_lazy("Families and friends")
        RESPONDER = "responder", gettext_lazy("First responders")
        OLDER = "older", gettext_lazy("Older adults")
        SURVIVOR = "survivor", gettext_lazy("Survivors of violence or disaster")

    class Reason(models.TextChoices):
        """Why somebody should check a line, the most urgent first."""

        FAILED = "failed"
        NEVER = "never"
        AGAIN = "again"

    name = models.CharField(gettext_lazy("name"), max_length=120)
    name_es = models.CharField(gettext_lazy("name in Spanish"), max_length=120, blank=True)
    slug = models.SlugField(gettext_lazy("short name"), max_length=60, unique=True)
    kind = models.CharField(gettext_lazy("kind"), max_length=11, choices=Kind)
    scope = models.CharField(gettext_lazy("for"), max_length=8, choices=Scope, default=Scope.NATION)
    who = ChoiceSetField(gettext_lazy("for whom in particular"), max_length=80, choices=Who, blank=True)
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=100)
    is_in_bar = models.BooleanField(
        gettext_lazy("in the bar of every page"),
        default=False,
        help_text=gettext_lazy("Lines that answer everybody, day and night. The order is that of the positions."),
    )

    phone = PhoneField(gettext_lazy("phone"), blank=True)
    press = models.CharField(
        gettext_lazy("key to press"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{1,2}$", gettext_lazy("One or two digits."))],
        help_text=gettext_lazy("After the line answers: 1 for veterans, 2 for Spanish."),
    )
    text_number = PhoneField(gettext_lazy("number for texts"), blank=True)
    text_keyword = models.CharField(gettext_lazy("word to text"), max_length=20, blank=True)
    chat_url = WebAddressField(gettext_lazy("chat"), blank=True)
    website = WebAddressField(gettext_lazy("website"), blank=True)
    tty = PhoneField(gettext_lazy("TTY"), blank=True)
    videophone = PhoneField(gettext_lazy("videophone"), blank=True)
    video_note = models.CharField(gettext_lazy("how to reach it by video"), max_length=160, blank=True)
    stand_in = PhoneField(
        gettext_lazy("stand-in number"),
        blank=True,
        help_text=gettext_lazy("While the real number is out of order: this one takes its place everywhere."),
    )
    stand_in_note = models.CharField(gettext_lazy("why"), max_length=160, blank=True)

    what_for = models.TextField(gettext_lazy("when to use it"), blank=True)
    what_for_es = models.TextField(gettext_lazy("when to use it, in Spanish"), blank=True)
    what_happens = models.TextField(gettext_lazy("what happens when you call"), blank=True)
    what_happens_es = models.TextField(gettext_lazy("what happens, in Spanish"), blank=True)
    audience = models.CharField(gettext_lazy("for whom, in words"), max_length=240, blank=True)
    audience_es = models.CharField(gettext_lazy("for whom, in Spanish"), max_length=240, blank=True)
    languages = models.CharField(gettext_lazy("languages"), max_length=160, blank=True)
    languages_es = models.CharField(gettext_lazy("languages, in Spanish"), max_length=160, blank=True)
    is_day_and_night = models.BooleanField(gettext_lazy("day and night, every day"), default=False)
    hours = models.CharField(
        gettext_lazy("hours in words"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("Where the rows below do not say it all."),
    )
    hours_es = models.CharField(gettext_lazy("hours in Spanish"), max_length=200, blank=True)
    time_zone = models.CharField(
        gettext_lazy("time zone"), max_length=40, default="America/Los_Angeles", validators=[validate_time_zone]
    )

    inclusion_note = models.TextField(
        gettext_lazy("why it is listed"), blank=True, help_text=gettext_lazy("For staff: what speaks for the line.")
    )
    caution = models.TextField(gettext_lazy("what to check"), blank=True, help_text=gettext_lazy("For staff."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name=gettext_lazy("who checks it"),
    )
    checked_on = models.DateField(gettext_lazy("last checked"), null=True, blank=True, editable=False)
    failed_on = models.DateField(null=True, editable=False)
    """When nobody answered or it was not this line; empty once a later check finds it right."""
    next_check = models.DateField(
        gettext_lazy("next check"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Each check sets it anew: a quarter later, or the same day where the check failed."),
    )
    reminded_on = models.DateField(null=True, editable=False)
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    objects = CrisisLineQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("crisis line")
        verbose_name_plural = gettext_lazy("crisis lines")
        ordering = ["position", "name"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(phone="", text_number="", chat_url="", videophone="", website=""),
                name="resources_line_can_be_reached",
                violation_error_message=gettext_lazy("Give at least one way to reach the line."),
            ),
        ]

    def __str__(self):
        return self.name

    @transaction.atomic
    def save(self, *args, **kwargs):
        """Store the line, and change the number on every page with it."""
        super().save(*args, **kwargs)
        write_bar()

    @transaction.atomic
    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        write_bar()
        return deleted

    def get_absolute_url(self):
        place = self.line_counties.first() if self.scope == self.Scope.COUNTIES else None
        page = reverse("help:county", args=[place.county]) if place else reverse("help:help")
        return f"{page}#{self.slug}"

    def clean(self):
        super().clean()
        if self.press and not self.phone:
            raise ValidationError({"press": _("A key can only be pressed after a call: give the phone number.")})
        if self.text_keyword and not self.text_number:
            raise ValidationError({"text_number": _("Where is the word texted to? Give the number.")})
        if self.stand_in and not self.phone:
            raise ValidationError({"stand_in": _("It can only stand in for a phone number; there is none.")})

    @property
    def number(self):
        """The number to call now: the stand-in while there is one."""
        return self.stand_in or self.phone

    @property
    def number_shown(self):
        """The number to call as people read it; that for texts where there is no other."""
        return phones.shown(self.number or self.text_number)

    @property
    def is_emergency(self):
        return self.kind == self.Kind.EMERGENCY

    def is_overdue(self, today):
        """Whether the line was never found right, failed since, or its next check is past, on the day `today`."""
        if self.checked_on is None or self.failed_on is not None:
            return True
        return self.next_check is not None and self.next_check < today


def write_bar():
    """Put the lines of the bar on every page. Those published later, or only for a while, carry their dates."""
    lines = CrisisLine.objects.in_bar().filter(status=CrisisLine.Status.PUBLISHED)
    crisis.keep(
        CrisisNumber(
            number=line.number,
            press=line.press,
            text_number=line.text_number,
            text_keyword=line.text_keyword,
            is_emergency=line.is_emergency,
            since=line.publish_from.isoformat() if line.publish_from else "",
            until=line.publish_until.isoformat() if line.publish_until else "",
        )
        for line in lines
    )


class LineHours(models.Model):
    """When a line that does not answer all the time does. An end before the start is on the next day."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, gettext_lazy("Monday")
        TUESDAY = 1, gettext_lazy("Tuesday")
        WEDNESDAY = 2, gettext_lazy("Wednesday")
        THURSDAY = 3, gettext_lazy("Thursday")
        FRIDAY = 4, gettext_lazy("Friday")
        SATURDAY = 5, gettext_lazy("Saturday")
        SUNDAY = 6, gettext_lazy("Sunday")

    line = models.ForeignKey(CrisisLine, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(gettext_lazy("day"), choices=Weekday)
    opens = models.TimeField(gettext_lazy("from"))
    closes = models.TimeField(gettext_lazy("until"))

    class Meta:
        verbose_name = gettext_lazy("opening hours")
        verbose_name_plural = gettext_lazy("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(opens=F("closes")),
                name="resources_hours_have_length",
                violation_error_message=gettext_lazy("Opening and closing are the same moment."),
            )
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class LineCounty(models.Model):
    """A county that a line serves."""

    line = models.ForeignKey(CrisisLine, models.CASCADE, related_name="line_counties")
    county = models.CharField(gettext_lazy("county"), max_length=20, choices=counties.CHOICES)

    class Meta:
        verbose_name = gettext_lazy("county")
        verbose_name_plural = gettext_lazy("counties")
        ordering = ["county"]
        constraints = [models.UniqueConstraint(fields=["county", "line"], name="resources_line_county_once")]

    def __str__(self):
        return self.get_county_display()


class Check(models.Model):
    """Somebody dialled a line and wrote down what happened."""

    class Outcome(models.TextChoices):
        RIGHT = "right", gettext_lazy("It answers, and all we say is right")
        CHANGED = "changed", gettext_lazy("It answers, and I corrected what we say")
        SILENT = "silent", gettext_lazy("Nobody answered")
        WRONG = "wrong", gettext_lazy("It is not this line")

    FOUND_RIGHT = (Outcome.RIGHT, Outcome.CHANGED)

    line = models.ForeignKey(CrisisLine, models.CASCADE, related_name="checks")
    made_on = models.DateField(gettext_lazy("on"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=gettext_lazy("by")
    )
    outcome = models.CharField(gettext_lazy("what happened"), max_length=7, choices=Outcome)
    note = models.CharField(gettext_lazy("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = gettext_lazy("check")
        verbose_name_plural = gettext_lazy("checks")
        ordering = ["-made_on", "-pk"]

    def __str__(self):
        return f"{self.made_on:%Y-%m-%d}: {self.get_outcome_display()}"

    def clean(self):
        super().clean()
        if self.made_on and self.made_on > timezone.localdate():
            raise ValidationError({"made_on": _("This day is still to come. Write the day on which somebody checked.")})

    @property
    def has_failed(self):
        return self.outcome not in self.FOUND_RIGHT


class Place(Publishable, Bilingual):
    """Somewhere to go in a crisis, by day or night."""

    TRANSLATED = ("name", "what_for", "hours")

    name = models.CharField(gettext_lazy("name"), max_length=120)
    name_es = models.CharField(gettext_lazy("name in Spanish"), max_length=120, blank=True)
    county = models.CharField(gettext_lazy("county"), max_length=20, choices=counties.CHOICES)
    address = models.CharField(gettext_lazy("address"), max_length=200)
    phone = PhoneField(gettext_lazy("phone"), blank=True)
    website = WebAddressField(gettext_lazy("website"), blank=True)
    what_for = models.CharField(gettext_lazy("what it is for"), max_length=240, blank=True)
    what_for_es = models.CharField(gettext_lazy("what it is for, in Spanish"), max_length=240, blank=True)
    is_day_and_night = models.BooleanField(gettext_lazy("day and night, every day"), default=False)
    hours = models.CharField(gettext_lazy("hours"), max_length=200, blank=True)
    hours_es = models.CharField(gettext_lazy("hours in Spanish"), max_length=200, blank=True)
    source_title = models.CharField(gettext_lazy("source"), max_length=200, blank=True)
    source_url = WebAddressField(gettext_lazy("address of the source"), max_length=500, blank=True)
    checked_on = models.DateField(gettext_lazy("last checked"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("place to go")
        verbose_name_plural = gettext_lazy("places to go")
        ordering = ["county", "position", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("help:county", args=[self.county])
