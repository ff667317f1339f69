"""Gifts: what was promised, what came, what went back, what it was used for. Money is whole cents throughout."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contact.references import new_donation_reference, new_receipt_number
from pages.links import validate_address
from pages.models import Identity
from pages.publishing import Publishable


class Giving(models.Model):
    """How this association takes gifts. There is one row; without it `/donate/` says that gifts are not taken yet."""

    is_open = models.BooleanField(
        gettext_lazy("gifts are taken"),
        default=False,
        help_text=gettext_lazy("Tick when legal name, EIN, postal address and payee are right: donors rely on them."),
    )
    legal_name = models.CharField(
        gettext_lazy("legal name"), max_length=160, blank=True, help_text=gettext_lazy("As on the letter of the IRS.")
    )
    is_deductible = models.BooleanField(
        gettext_lazy("gifts are tax-deductible"),
        default=False,
        help_text=gettext_lazy("Tick only for an organization recognized under section 501(c)(3). Receipts say so."),
    )
    introduction = models.TextField(
        gettext_lazy("introduction"), max_length=600, blank=True, help_text=gettext_lazy("What a gift does.")
    )
    suggested_once = models.CharField(
        gettext_lazy("suggested amounts, once"),
        max_length=60,
        default="25, 50, 100, 250",
        help_text=gettext_lazy("Whole dollars, with commas."),
    )
    suggested_monthly = models.CharField(
        gettext_lazy("suggested amounts, monthly"),
        max_length=60,
        default="10, 20, 35, 50",
        help_text=gettext_lazy("Whole dollars, with commas."),
    )
    least_cents = models.PositiveIntegerField(
        gettext_lazy("least gift in cents"), default=500, validators=[MinValueValidator(100)]
    )
    most_cents = models.PositiveIntegerField(
        gettext_lazy("largest gift in cents"),
        default=2_500_000,
        help_text=gettext_lazy("Larger gifts are arranged by writing to you."),
    )
    fee_basis_points = models.PositiveIntegerField(
        gettext_lazy("fee of the card provider, share"),
        default=290,
        validators=[MaxValueValidator(1000)],
        help_text=gettext_lazy("In hundredths of a percent: 290 is 2.9 %."),
    )
    fee_fixed_cents = models.PositiveIntegerField(
        gettext_lazy("fee of the card provider, fixed"), default=30, validators=[MaxValueValidator(500)]
    )
    payee = models.CharField(
        gettext_lazy("checks payable to"), max_length=160, blank=True, help_text=gettext_lazy("Empty: the legal name.")
    )
    check_address = models.TextField(
        gettext_lazy("address for checks"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Empty: the postal address of the identity."),
    )
    transfer_instructions = models.TextField(
        gettext_lazy("how to send a bank transfer"),
        max_length=600,
        blank=True,
        help_text=gettext_lazy("Empty: only checks are offered. Think twice before you print an account number."),
    )
    treasurer_addresses = models.CharField(
        gettext_lazy("role address of the treasurer"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Told of each gift. Empty: the e-mail address of the identity."),
    )
    shows_ledger = models.BooleanField(
        gettext_lazy("show what was given and used"),
        default=False,
        help_text=gettext_lazy("For each purpose, at /donate/ledger/. Only donors who allowed it are named."),
    )

    class Meta:
        verbose_name = gettext_lazy("how gifts are taken")
        verbose_name_plural = gettext_lazy("how gifts are taken")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="contact_giving_is_one_row")]

    def __str__(self):
        return str(self._meta.verbose_name).capitalize()

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def load(cls):
        """The one row, or an unsaved one that takes no gifts."""
        return cls.objects.first() or cls()

    def clean(self):
        super().clean()
        errors = {}
        for name in ("suggested_once", "suggested_monthly"):
            try:
                amounts = amounts_of(getattr(self, name))
            except ValueError:
                errors[name] = _("Write whole dollars with commas, for example 25, 50, 100.")
            else:
                if min(amounts) < self.least_cents or max(amounts) > self.most_cents:
                    errors[name] = _("Suggest no amount below the least or above the largest gift.")
        if self.is_open and not self.legal_name.strip():
            errors["legal_name"] = _("Donors need the legal name before gifts are taken.")
        identity = Identity.load()
        if self.is_open and not identity.ein:
            errors["is_open"] = _("Donors need the EIN before gifts are taken. Write it into the identity first.")
        if self.is_open and not (self.check_address or identity.address or self.transfer_instructions).strip():
            errors["check_address"] = _("Say where checks go, or how to send a transfer: nothing could reach you.")
        if self.most_cents < self.least_cents:
            errors["most_cents"] = _("The largest gift must not be below the least.")
        if errors:
            raise ValidationError(errors)

    @property
    def paragraphs(self):
        """The introduction, one paragraph each."""
        return [part.strip() for part in self.introduction.split("\n\n") if part.strip()]

    def suggested(self, frequency):
        """Amounts in cents for `Donation.Frequency`."""
        return amounts_of(self.suggested_monthly if frequency == Donation.Frequency.MONTHLY else self.suggested_once)

    def fee_on(self, cents):
        """What to add, in cents, so that `cents` are left after the provider took its share of the whole.

        The share is taken of the sum with the fee: whole = (cents + fixed) / (1 - share), rounded up to a cent.
        """
        left = 10_000 - self.fee_basis_points
        whole = -(-(cents + self.fee_fixed_cents) * 10_000 // left)
        return whole - cents


def amounts_of(text):
    """Cents, out of whole dollars with commas. Raises `ValueError` where one is no whole number above zero."""
    amounts = [int(part) * 100 for part in text.split(",") if part.strip()]
    if not amounts or min(amounts) <= 0:
        raise ValueError(text)
    return amounts


class Purpose(Publishable):
    """Something countable a gift may be for: one officer's seat, one dispatcher's day, one county's first class."""

    name = models.CharField(gettext_lazy("name"), max_length=100, unique=True)
    summary = models.CharField(gettext_lazy("summary"), max_length=200, blank=True)
    unit_cents = models.PositiveIntegerField(
        gettext_lazy("what one costs, in cents"),
        null=True,
        blank=True,
        validators=[MinValueValidator(100)],
        help_text=gettext_lazy("Empty: it has no price, any amount helps."),
    )
    goal_cents = models.PositiveIntegerField(gettext_lazy("goal, in cents"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("purpose")
        verbose_name_plural = gettext_lazy("purposes")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class DonationQuerySet(models.QuerySet):
    def trusted(self):
        """Without those that a program seems to have sent and nobody has looked at yet."""
        return self.filter(is_suspicious=False)

    def waiting(self):
        """Promised by check or transfer, and nothing has come yet."""
        return self.trusted().filter(route=Donation.Route.PLEDGE, state=Donation.State.OPEN)

    def of_donor(self, email):
        """All gifts of one donor. A person writes the same address in more than one way; none is nobody's."""
        return self.filter(email__iexact=email) if email else self.none()


class Donation(models.Model):
    """One donor's decision: an amount, once or every month, and by which way. What comes of it are its payments."""

    class Frequency(models.TextChoices):
        ONCE = "once", gettext_lazy("Once")
        MONTHLY = "monthly", gettext_lazy("Every month")

    class Route(models.TextChoices):
        PLEDGE = "pledge", gettext_lazy("Check or bank transfer")
        CARD = "card", gettext_lazy("Card")

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("Waiting for money")
        ACTIVE = "active", gettext_lazy("Monthly, going on")
        DONE = "done", gettext_lazy("Received")
        STOPPED = "stopped", gettext_lazy("Stopped")
        ABANDONED = "abandoned", gettext_lazy("Never paid")

    class Tribute(models.TextChoices):
        NONE = "", gettext_lazy("Neither")
        HONOR = "honor", gettext_lazy("In honor of")
        MEMORY = "memory", gettext_lazy("In memory of")

    reference = models.CharField(
        gettext_lazy("reference"), max_length=12, unique=True, editable=False, default=new_donation_reference
    )
    frequency = models.CharField(gettext_lazy("how often"), max_length=7, choices=Frequency, default=Frequency.ONCE)
    route = models.CharField(gettext_lazy("way of paying"), max_length=6, choices=Route, default=Route.PLEDGE)
    state = models.CharField(gettext_lazy("state"), max_length=9, choices=State, default=State.OPEN)
    amount_cents = models.PositiveIntegerField(gettext_lazy("amount, in cents"), validators=[MinValueValidator(1)])
    fee_cents = models.PositiveIntegerField(
        gettext_lazy("fee covered, in cents"), default=0, help_text=gettext_lazy("What the donor adds to the amount.")
    )
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, related_name="donations", null=True, blank=True, verbose_name=gettext_lazy("purpose")
    )
    name = models.CharField(gettext_lazy("donor’s name"), max_length=120)
    email = models.EmailField(
        gettext_lazy("donor’s e-mail"),
        blank=True,
        db_index=True,
        help_text=gettext_lazy("Empty: the receipt is printed and sent by post."),
    )
    shows_name = models.BooleanField(gettext_lazy("show the name publicly"), default=False)
    tribute = models.CharField(gettext_lazy("tribute"), max_length=6, choices=Tribute, blank=True)
    tribute_name = models.CharField(gettext_lazy("name honored"), max_length=120, blank=True)
    made = models.DateTimeField(gettext_lazy("made"), db_index=True)
    stopped = models.DateTimeField(gettext_lazy("stopped"), null=True, blank=True)
    reminded = models.DateTimeField(gettext_lazy("reminded"), null=True, blank=True, editable=False)
    is_suspicious = models.BooleanField(gettext_lazy("perhaps sent by a program"), default=False, editable=False)

    checkout_id = models.CharField(gettext_lazy("checkout session"), max_length=255, blank=True, editable=False)
    customer_id = models.CharField(gettext_lazy("customer"), max_length=255, blank=True, editable=False)
    subscription_id = models.CharField(
        gettext_lazy("subscription"), max_length=255, blank=True, editable=False, db_index=True
    )
    note = models.TextField(gettext_lazy("note for staff"), blank=True)

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("gift")
        verbose_name_plural = gettext_lazy("gifts")
        ordering = ["-made", "-pk"]
        indexes = [models.Index(fields=["state", "-made"], name="contact_donations_by_state")]
        permissions = [("view_treasury", "Can see the treasurer’s view")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="contact_donation_above_zero"),
            models.CheckConstraint(
                condition=Q(tribute="", tribute_name="") | ~Q(tribute="") & ~Q(tribute_name=""),
                name="contact_donation_tribute_and_name",
                violation_error_message=gettext_lazy("Give both the kind of tribute and the name, or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.reference}, {self.name}"

    @property
    def total_cents(self):
        """What the donor pays each time."""
        return self.amount_cents + self.fee_cents

    @property
    def is_monthly(self):
        return self.frequency == self.Frequency.MONTHLY

    @property
    def goes_on(self):
        """Whether there is something a donor could still stop."""
        return self.is_monthly and self.state in (self.State.OPEN, self.State.ACTIVE)


class Payment(models.Model):
    """Money that came, once for a gift once, and every month for a monthly one. Each has a receipt."""

    class Method(models.TextChoices):
        CHECK = "check", gettext_lazy("Check")
        TRANSFER = "transfer", gettext_lazy("Bank transfer")
        CASH = "cash", gettext_lazy("Cash")
        CARD = "card", gettext_lazy("Card")

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="payments", verbose_name=gettext_lazy("gift"))
    amount_cents = models.PositiveIntegerField(gettext_lazy("amount, in cents"), validators=[MinValueValidator(1)])
    received_on = models.DateField(gettext_lazy("received"), db_index=True)
    method = models.CharField(gettext_lazy("by"), max_length=8, choices=Method)
    mark = models.CharField(gettext_lazy("number of the check or transfer"), max_length=60, blank=True)
    value_cents = models.PositiveIntegerField(
        gettext_lazy("value of what the donor received, in cents"),
        default=0,
        help_text=gettext_lazy("A dinner, a book: its fair market value, which the receipt states and subtracts."),
    )
    value_words = models.CharField(gettext_lazy("what the donor received"), max_length=160, blank=True)
    provider_id = models.CharField(max_length=255, null=True, blank=True, unique=True, editable=False)
    receipt = models.CharField(
        gettext_lazy("receipt"), max_length=12, unique=True, editable=False, default=new_receipt_number
    )
    receipt_sent = models.DateTimeField(gettext_lazy("receipt sent"), null=True, editable=False)
    recorded = models.DateTimeField(gettext_lazy("recorded"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=gettext_lazy("by"),
    )

    class Meta:
        verbose_name = gettext_lazy("payment")
        verbose_name_plural = gettext_lazy("payments")
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="contact_payment_above_zero"),
            models.CheckConstraint(
                condition=Q(value_cents__lte=F("amount_cents")),
                name="contact_payment_value_within_amount",
                violation_error_message=gettext_lazy("What the donor received cannot be worth more than the gift."),
            ),
            models.CheckConstraint(
                condition=Q(value_cents=0, value_words="") | Q(value_cents__gt=0) & ~Q(value_words=""),
                name="contact_payment_value_and_words",
                violation_error_message=gettext_lazy("Say what the donor received and what it is worth, or neither."),
            ),
        ]

    def __str__(self):
        return self.receipt


class Refund(models.Model):
    """Money that went back, wholly or in part."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=gettext_lazy("payment"))
    amount_cents = models.PositiveIntegerField(gettext_lazy("amount, in cents"), validators=[MinValueValidator(1)])
    refunded_on = models.DateField(gettext_lazy("refunded"), db_index=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=200, blank=True)
    provider_id = models.CharField(max_length=255, null=True, blank=True, unique=True, editable=False)
    recorded = models.DateTimeField(gettext_lazy("recorded"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("refund")
        verbose_name_plural = gettext_lazy("refunds")
        ordering = ["-refunded_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="contact_refund_above_zero")]

    def __str__(self):
        return f"{self.payment} {self.refunded_on}"


class Spending(models.Model):
    """What gifts for a purpose were used for."""

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="spendings", verbose_name=gettext_lazy("purpose"))
    amount_cents = models.PositiveIntegerField(gettext_lazy("amount, in cents"), validators=[MinValueValidator(1)])
    spent_on = models.DateField(gettext_lazy("used"))
    words = models.CharField(
        gettext_lazy("for what"), max_length=200, help_text=gettext_lazy("For example “One seat in the June class”.")
    )
    address = models.CharField(
        gettext_lazy("link"),
        max_length=500,
        blank=True,
        validators=[validate_address],
        help_text=gettext_lazy("To the event it paid for, for example /events/basic-course/."),
    )

    class Meta:
        verbose_name = gettext_lazy("use of gifts")
        verbose_name_plural = gettext_lazy("uses of gifts")
        ordering = ["-spent_on", "-pk"]

    def __str__(self):
        return self.words


class Statement(models.Model):
    """That a donor was sent the statement of a year: nobody gets it twice."""

    email = models.EmailField(gettext_lazy("donor’s e-mail"))
    year = models.PositiveSmallIntegerField(gettext_lazy("year"))
    sent = models.DateTimeField(gettext_lazy("sent"))

    class Meta:
        verbose_name = gettext_lazy("year-end statement")
        verbose_name_plural = gettext_lazy("year-end statements")
        ordering = ["-year", "email"]
        constraints = [models.UniqueConstraint(fields=["email", "year"], name="contact_statement_once_a_year")]

    def __str__(self):
        return f"{self.email} {self.year}"


class ProviderEvent(models.Model):
    """What the card provider told us, once each: a second telling changes nothing."""

    event_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=80)
    created = models.DateTimeField()
    """When it happened, by the provider's clock."""
    received = models.DateTimeField(auto_now_add=True)
    handled = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)

    class Meta:
        verbose_name = gettext_lazy("provider’s event")
        verbose_name_plural = gettext_lazy("provider’s events")
        ordering = ["-received", "-pk"]

    def __str__(self):
        return f"{self.kind} {self.event_id}"
