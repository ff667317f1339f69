"""The training calendar: series, events, their sessions, the credit they give, their materials."""

import hashlib
import json
import uuid
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import times
from pages.choice_sets import ChoiceSetField
from pages.documents import validate_document
from pages.links import WebAddressField
from pages.models import Block, Identity, Person
from pages.pictures import Pictured
from pages.prose import ProseField
from pages.publishing import Publishable, PublishedQuerySet
from pages.time_zones import validate_time_zone
from programs import counties

RESERVED_SLUGS = ("calendar", "past", "series")
"""Last parts of addresses below `/events/` that the site itself uses."""
CALENDAR_FACTS = (
    *("title", "slug", "kind", "summary", "audiences", "state", "state_reason", "time_zone", "date_is_sample"),
    *("format", "venue", "address", "county", "is_free", "price_cents", "price_note", "contact_email"),
)
"""What an event's entry in somebody's calendar says, beside its sessions and credits."""
LONGEST_RUN = timedelta(days=366)
"""Of whole days in one session."""
YEARS = range(2000, 2100)
"""The years the calendar's addresses can name."""


def default_time_zone():
    return Identity.load().time_zone


def validate_free_slug(value):
    if value in RESERVED_SLUGS:
        raise ValidationError(_("“%(value)s” is an address the site itself uses. Choose another.") % {"value": value})


class SeriesQuerySet(PublishedQuerySet):
    def ongoing(self):
        return self.filter(is_ongoing=True)


class Series(Publishable):
    """A group of events under one name, with a page of its own."""

    title = models.CharField(gettext_lazy("title"), max_length=200)
    slug = models.SlugField(gettext_lazy("last part of the address"), max_length=80, unique=True)
    summary = models.CharField(
        gettext_lazy("summary"), max_length=300, blank=True, help_text=gettext_lazy("One or two sentences for lists.")
    )
    body = ProseField(gettext_lazy("text"), headings=True, blank=True)
    is_ongoing = models.BooleanField(
        gettext_lazy("ongoing"), default=True, help_text=gettext_lazy("Untick when no more dates will come.")
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    objects = SeriesQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("series")
        verbose_name_plural = gettext_lazy("series")
        ordering = ["position", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:series", args=[self.slug])


class EventQuerySet(PublishedQuerySet):
    def upcoming(self, now):
        """Not over at the moment `now`, the earliest first: one that has begun counts until its last session ends.

        No index holds this order, though it is that of `first_start`: databases would take an index for it and walk
        through all the past to the first event to come, rather than sort the few that `last_end` finds.
        """
        return self.filter(last_end__gt=now).order_by(Coalesce("first_start", "last_end"), "pk")

    def now_on(self, now):
        """Those of the upcoming events with a session that runs at the moment `now`."""
        running = Session.objects.filter(event=OuterRef("pk"), starts__lte=now, ends__gt=now)
        return self.upcoming(now).filter(Exists(running))

    def past(self, now):
        """Over at the moment `now`, the latest first."""
        return self.filter(last_end__lte=now).order_by("-first_start", "-pk")

    def without_dates(self):
        return self.filter(first_start=None)


class Event(Publishable, Pictured):
    """Something to attend on one or more dates. What sums up its sessions and credits is stored with it."""

    class Kind(models.TextChoices):
        TRAINING = "training", gettext_lazy("Training")
        WEBINAR = "webinar", gettext_lazy("Webinar")
        CONFERENCE = "conference", gettext_lazy("Conference")
        MEETING = "meeting", gettext_lazy("Meeting")
        SPOTLIGHT = "spotlight", gettext_lazy("Spotlight")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", gettext_lazy("Scheduled")
        POSTPONED = "postponed", gettext_lazy("Postponed")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")
        MOVED_ONLINE = "online", gettext_lazy("Moved online")

    class Audience(models.TextChoices):
        PATROL = "patrol", gettext_lazy("Patrol")
        DISPATCH = "dispatch", gettext_lazy("Dispatch")
        CORRECTIONS = "corrections", gettext_lazy("Corrections")
        BEHAVIORAL_HEALTH = "health", gettext_lazy("Behavioral health")
        FIRE_EMS = "fire", gettext_lazy("Fire and EMS")
        FAMILIES = "families", gettext_lazy("Families")
        PUBLIC = "public", gettext_lazy("Public")

    class Format(models.TextChoices):
        IN_PERSON = "person", gettext_lazy("In person")
        ONLINE = "online", gettext_lazy("Online")
        HYBRID = "hybrid", gettext_lazy("In person and online")
        UNKNOWN = "", gettext_lazy("Not announced")

    class Registration(models.TextChoices):
        NONE = "none", gettext_lazy("Not needed")
        ELSEWHERE = "elsewhere", gettext_lazy("On another site")
        CONTACT = "contact", gettext_lazy("By writing to the contact")
        UNKNOWN = "", gettext_lazy("Not announced")

    picture_required = False

    title = models.CharField(gettext_lazy("title"), max_length=200)
    slug = models.SlugField(
        gettext_lazy("last part of the address"), max_length=80, unique=True, validators=[validate_free_slug]
    )
    series = models.ForeignKey(
        Series, models.SET_NULL, related_name="events", null=True, blank=True, verbose_name=gettext_lazy("series")
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=12, choices=Kind, default=Kind.TRAINING)
    summary = models.CharField(
        gettext_lazy("summary"), max_length=300, blank=True, help_text=gettext_lazy("One or two sentences for lists.")
    )
    body = ProseField(gettext_lazy("text"), headings=True, blank=True)
    audiences = ChoiceSetField(gettext_lazy("for whom"), max_length=80, choices=Audience, blank=True)
    presenters = models.ManyToManyField(
        Person, blank=True, related_name="events", verbose_name=gettext_lazy("presenters")
    )

    state = models.CharField(gettext_lazy("state"), max_length=10, choices=State, default=State.SCHEDULED)
    state_reason = models.CharField(
        gettext_lazy("reason"), max_length=250, blank=True, help_text=gettext_lazy("Shown to everybody with the state.")
    )
    time_zone = models.CharField(
        gettext_lazy("time zone"), max_length=40, default=default_time_zone, validators=[validate_time_zone]
    )
    date_is_sample = models.BooleanField(
        gettext_lazy("sample date"),
        default=False,
        help_text=gettext_lazy(
            "The date came with the starter content. Untick when it is real; the page says so until then."
        ),
    )

    format = models.CharField(
        gettext_lazy("format"), max_length=8, choices=Format, blank=True, default=Format.IN_PERSON
    )
    venue = models.CharField(gettext_lazy("venue"), max_length=150, blank=True)
    address = models.CharField(gettext_lazy("address"), max_length=250, blank=True)
    county = models.CharField(gettext_lazy("county"), max_length=20, choices=counties.CHOICES, blank=True)
    join_url = WebAddressField(
        gettext_lazy("link to join"), max_length=500, blank=True, help_text=gettext_lazy("Shown to registrants only.")
    )

    is_free = models.BooleanField(gettext_lazy("free"), default=False)
    price_cents = models.PositiveIntegerField(gettext_lazy("price in cents"), null=True, blank=True)
    price_note = models.CharField(
        gettext_lazy("price in words"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("For example: $50 for members."),
    )

    registration = models.CharField(
        gettext_lazy("registration"), max_length=10, choices=Registration, blank=True, default=Registration.NONE
    )
    registration_url = WebAddressField(gettext_lazy("where to register"), max_length=500, blank=True)
    registration_until = models.DateTimeField(gettext_lazy("register until"), null=True, blank=True)
    capacity = models.PositiveIntegerField(gettext_lazy("seats"), null=True, blank=True)
    contact_name = models.CharField(
        gettext_lazy("contact"),
        max_length=100,
        blank=True,
        help_text=gettext_lazy("A role, for example Training desk."),
    )
    contact_email = models.EmailField(gettext_lazy("contact's e-mail"), blank=True)
    contact_phone = models.CharField(gettext_lazy("contact's phone"), max_length=30, blank=True)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first_start = models.DateTimeField(null=True, editable=False, db_index=True)
    last_end = models.DateTimeField(null=True, editable=False, db_index=True)
    boards = ChoiceSetField(max_length=40, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    calendar_digest = models.CharField(max_length=64, blank=True, editable=False)
    calendar_changed = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("event")
        verbose_name_plural = gettext_lazy("events")
        # Events without a date first, where they ask for one; left unsaid, each database would choose otherwise.
        ordering = [F("first_start").desc(nulls_first=True), "title"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(price_cents=None) | Q(price_cents__gt=0),
                name="events_event_price_above_zero",
                violation_error_message=gettext_lazy("Tick “free” instead of writing a price of 0."),
            ),
            models.CheckConstraint(
                condition=Q(is_free=False) | Q(price_cents=None),
                name="events_event_free_has_no_price",
                violation_error_message=gettext_lazy("A free event has no price. Untick “free” or empty the price."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:event", args=[self.slug])

    def clean(self):
        super().clean()
        errors = {}
        if self.registration == self.Registration.ELSEWHERE and not self.registration_url:
            errors["registration_url"] = _("Write the address where people register.")
        if self.registration == self.Registration.CONTACT and not (self.contact_email or self.contact_phone):
            errors["contact_email"] = _("People are to write to the contact: give an e-mail address or a phone number.")
        if self.state in (self.State.CANCELLED, self.State.POSTPONED) and not self.state_reason.strip():
            errors["state_reason"] = _("Say why in a sentence; everybody who planned to come will read it.")
        if errors:
            raise ValidationError(errors)

    def settle(self, now=None):
        """Store the event with what sums up its sessions and credits; call it after changing those or the zone.

        Sessions keep the local times the editor wrote: where the zone has changed, they mean other moments. The
        calendar's sequence number rises only when something a calendar shows has changed.
        """
        # A fresh order makes a fresh query: rows fetched before the change must not count.
        sessions, ledger = list(self.sessions.order_by("pk")), list(self.credits.order_by("pk"))
        for session in sessions:
            if session.moments() != (session.starts, session.ends):
                session.save()
        self.first_start = min((session.starts for session in sessions), default=None)
        self.last_end = max((session.ends for session in sessions), default=None)
        self.boards = sorted({credit.board for credit in ledger})
        digest = self._digest(sessions, ledger)
        if digest != self.calendar_digest:
            self.sequence += 1 if self.calendar_digest else 0
            self.calendar_changed = now or timezone.now()
            self.calendar_digest = digest
        self.save()

    def _digest(self, sessions, ledger):
        """A number that changes with what a calendar shows."""
        facts = [
            [getattr(self, name) for name in CALENDAR_FACTS],
            [[session.uid, session.starts, session.ends, session.place, session.title] for session in sessions],
            [[row.board, row.category, row.certified_title, row.number, f"{row.hours:.2f}"] for row in ledger],
        ]
        return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)

    @property
    def is_open_to_come(self):
        """Whether the event takes place as far as we know: neither cancelled nor postponed."""
        return self.state in (self.State.SCHEDULED, self.State.MOVED_ONLINE)

    @property
    def price(self):
        """The price in dollars as an exact Decimal; None where the event is free or its price is not known."""
        return None if self.price_cents is None else Decimal(self.price_cents).scaleb(-2)

    @price.setter
    def price(self, dollars):
        self.price_cents = None if dollars is None else int(dollars * 100)

    @property
    def hours(self):
        """The most hours any board credits, or None."""
        return max((credit.hours for credit in self.credits.all()), default=None)

    @property
    def county_name(self):
        return counties.BY_SLUG[self.county].name if self.county else ""

    def is_over(self, now=None):
        return self.last_end is not None and self.last_end <= (now or timezone.now())


class Session(models.Model):
    """One meeting of an event. The editor writes local times; the moments they mean are stored beside them."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions", verbose_name=gettext_lazy("event"))
    title = models.CharField(gettext_lazy("title"), max_length=150, blank=True)
    day = models.DateField(gettext_lazy("day"))
    start_time = models.TimeField(
        gettext_lazy("from"), null=True, blank=True, help_text=gettext_lazy("Empty for a whole day.")
    )
    last_day = models.DateField(
        gettext_lazy("last day"), null=True, blank=True, help_text=gettext_lazy("Only for whole days in a row.")
    )
    end_time = models.TimeField(
        gettext_lazy("to"), null=True, blank=True, help_text=gettext_lazy("Earlier than the start means the next day.")
    )
    place = models.CharField(
        gettext_lazy("place"),
        max_length=250,
        blank=True,
        help_text=gettext_lazy("Only where it differs from the event’s."),
    )
    join_url = WebAddressField(
        gettext_lazy("link to join"), max_length=500, blank=True, help_text=gettext_lazy("Shown to registrants only.")
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    starts = models.DateTimeField(editable=False, db_index=True)
    ends = models.DateTimeField(editable=False, db_index=True)

    class Meta:
        verbose_name = gettext_lazy("session")
        verbose_name_plural = gettext_lazy("sessions")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="events_session_ends_after_start")
        ]

    def __str__(self):
        return f"{self.day} {self.title}".strip()

    def save(self, *args, update_fields=None, **kwargs):
        self.starts, self.ends = self.moments()
        if update_fields is not None:
            update_fields = {*update_fields, "starts", "ends"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self):
        super().clean()
        if not self.day:
            return
        for field in ("day", "last_day"):
            if (day := getattr(self, field)) and day.year not in YEARS:
                raise ValidationError({field: _("Write a year from 2000 to 2099.")})
        if bool(self.start_time) != bool(self.end_time):
            field = "end_time" if self.start_time else "start_time"
            raise ValidationError({field: _("Give both a start and an end, or neither for a whole day.")})
        if self.start_time and self.last_day:
            raise ValidationError({"last_day": _("A session with times is on one day. Add a session for each day.")})
        if self.start_time and self.start_time == self.end_time:
            raise ValidationError({"end_time": _("The end is the same as the start. Write when the session ends.")})
        if self.last_day and self.last_day > self.day + LONGEST_RUN:
            raise ValidationError({"last_day": _("That is more than a year in a row. Write an earlier day.")})
        if self.last_day and self.last_day < self.day:
            raise ValidationError({"last_day": _("The last day is before the first. Write a later one.")})
        zone = self._known_zone()
        if self.start_time and zone:
            times.checked_moment(self.day, self.start_time, zone, "start_time")
            times.checked_moment(self.end_day, self.end_time, zone, "end_time")

    def _known_zone(self):
        """The name of the event's zone; None where it has none or one unknown, which the event's own form says."""
        try:
            return self.event.zone.key
        except (Event.DoesNotExist, KeyError, OSError, ValueError):
            return None

    @property
    def is_all_day(self):
        return self.start_time is None

    @property
    def end_day(self):
        """The day on which the session ends: the next one where it runs over midnight."""
        if self.is_all_day:
            return self.last_day or self.day
        return times.next_day(self.day) if self.end_time <= self.start_time else self.day

    def moments(self):
        """(start, end) in UTC. A whole day runs from midnight to midnight in the event's zone."""
        zone = self.event.time_zone
        if self.is_all_day:
            return times.midnight(self.day, zone), times.midnight(times.next_day(self.end_day), zone)
        return times.moment(self.day, self.start_time, zone), times.moment(self.end_day, self.end_time, zone)

    @property
    def hours(self):
        """Length in hours; None for whole days, whose hours nobody has written down."""
        return None if self.is_all_day else Decimal((self.ends - self.starts).total_seconds()) / 3600


class Credit(models.Model):
    """What an event counts for with one board, as the board has certified it."""

    class Board(models.TextChoices):
        POST = "POST", gettext_lazy("POST (peace officers, dispatchers)")
        STC = "STC", gettext_lazy("STC (corrections, probation)")
        BRN = "BRN", gettext_lazy("BRN (nurses)")
        BBS = "BBS", gettext_lazy("BBS (therapists, social workers, counselors)")
        OTHER = "CE", gettext_lazy("Other continuing education")

    class Category(models.TextChoices):
        COMMUNICATIONS = "communications", gettext_lazy("Perishable skill: strategic communications")
        PERISHABLE = "perishable", gettext_lazy("Perishable skill: another one")
        FTO = "fto", gettext_lazy("Field training officers")
        GENERAL = "general", gettext_lazy("General")

    event = models.ForeignKey(Event, models.CASCADE, related_name="credits", verbose_name=gettext_lazy("event"))
    board = models.CharField(gettext_lazy("board"), max_length=6, choices=Board)
    certified_title = models.CharField(
        gettext_lazy("certified title"), max_length=200, blank=True, help_text=gettext_lazy("Exactly as certified.")
    )
    number = models.CharField(
        gettext_lazy("course or provider number"),
        max_length=60,
        blank=True,
        help_text=gettext_lazy("Printed on the page and on certificates."),
    )
    hours = models.DecimalField(
        gettext_lazy("hours"), max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal("0.25"))]
    )
    category = models.CharField(gettext_lazy("category"), max_length=20, choices=Category, default=Category.GENERAL)

    class Meta:
        verbose_name = gettext_lazy("credit")
        verbose_name_plural = gettext_lazy("credits")
        ordering = ["board", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "board", "category"],
                name="events_credit_once_per_board_and_category",
                violation_error_message=gettext_lazy("This board and category stand here already."),
            )
        ]

    def __str__(self):
        return f"{self.board} {Decimal(self.hours).normalize():f} h"


class SessionHours(models.Model):
    """How many of a credit's hours one session gives, where it is not simply its share of the time."""

    credit = models.ForeignKey(
        Credit, models.CASCADE, related_name="session_hours", verbose_name=gettext_lazy("credit")
    )
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="session_hours", verbose_name=gettext_lazy("session")
    )
    hours = models.DecimalField(
        gettext_lazy("hours"), max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal("0"))]
    )

    class Meta:
        verbose_name = gettext_lazy("hours of a session")
        verbose_name_plural = gettext_lazy("hours by session")
        constraints = [
            models.UniqueConstraint(fields=["credit", "session"], name="events_sessionhours_once_per_session")
        ]

    def __str__(self):
        return f"{self.session}: {self.credit.board} {Decimal(self.hours).normalize():f} h"

    def clean(self):
        super().clean()
        if self.credit_id and self.session_id and self.credit.event_id != self.session.event_id:
            raise ValidationError({"session": _("This session belongs to another event. Choose one of this event.")})


class Material(models.Model):
    """A document, link or recording that belongs to an event."""

    class Access(models.TextChoices):
        PUBLIC = "public", gettext_lazy("Everybody")
        REGISTRANTS = "registrants", gettext_lazy("Registrants only")

    class Time(models.TextChoices):
        ALWAYS = "always", gettext_lazy("Always")
        BEFORE = "before", gettext_lazy("Before it starts")
        AFTER = "after", gettext_lazy("When it is over")

    event = models.ForeignKey(Event, models.CASCADE, related_name="materials", verbose_name=gettext_lazy("event"))
    label = models.CharField(gettext_lazy("title"), max_length=150)
    is_recording = models.BooleanField(gettext_lazy("recording"), default=False)
    file = models.FileField(
        gettext_lazy("file"), upload_to="documents/%Y/%m", blank=True, validators=[validate_document]
    )
    url = WebAddressField(gettext_lazy("or address"), max_length=500, blank=True)
    access = models.CharField(gettext_lazy("for"), max_length=12, choices=Access, default=Access.PUBLIC)
    shown = models.CharField(gettext_lazy("shown"), max_length=8, choices=Time, default=Time.ALWAYS)
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)

    class Meta:
        verbose_name = gettext_lazy("material")
        verbose_name_plural = gettext_lazy("materials")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.label

    def clean(self):
        super().clean()
        if bool(self.file) == bool(self.url):
            raise ValidationError({"url": _("Give either a file or an address.")})

    def is_shown(self, now):
        """Whether everybody may have it at the moment `now`."""
        if self.access != self.Access.PUBLIC:
            return False
        if self.shown == self.Time.BEFORE:
            return self.event.first_start is None or now < self.event.first_start
        return self.shown == self.Time.ALWAYS or self.event.is_over(now)


class EventBlock(Block):
    """A block that draws on the calendar, narrowed by the same choices as the calendar's own list.

    Its headings come and go with the events, so it has no part in the page's outline: nothing may count on them.
    """

    county = models.CharField(gettext_lazy("county"), max_length=20, choices=counties.CHOICES, blank=True)
    audience = models.CharField(gettext_lazy("for whom"), max_length=12, choices=Event.Audience, blank=True)
    board = models.CharField(gettext_lazy("credit"), max_length=6, choices=Credit.Board, blank=True)
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=gettext_lazy("series")
    )

    class Meta(Block.Meta):
        abstract = True

    def upcoming(self, now):
        """Published events to come at the moment `now` that the block's choices admit."""
        events = Event.objects.published(now).upcoming(now)
        if self.county:
            events = events.filter(county=self.county)
        if self.audience:
            events = events.filter(audiences__contains=f",{self.audience},")
        if self.board:
            events = events.filter(boards__contains=f",{self.board},")
        if self.series_id:
            events = events.filter(series=self.series_id)
        return events

    @property
    def query(self):
        """The choices as the calendar's list and feeds take them, after the question mark of the address."""
        chosen = {"county": self.county, "audience": self.audience, "board": self.board}
        return urlencode({name: value for name, value in chosen.items() if value})


class UpcomingEvents(EventBlock):
    """The next events as a timetable; where there are none it says so and offers the feed."""

    icon = "calendar_month"

    count = models.PositiveSmallIntegerField(gettext_lazy("how many"), default=5)

    class Meta(EventBlock.Meta):
        verbose_name = gettext_lazy("upcoming events")
        verbose_name_plural = gettext_lazy("upcoming events")


class NextEvent(EventBlock):
    """The next event as a ticket, for the opening of a page."""

    icon = "confirmation_number"

    class Meta(EventBlock.Meta):
        verbose_name = gettext_lazy("next event")
        verbose_name_plural = gettext_lazy("next events")


class OngoingSeries(Block):
    """Every series that goes on, each with its next date if there is one."""

    icon = "repeat"

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("ongoing series")
        verbose_name_plural = gettext_lazy("ongoing series")
