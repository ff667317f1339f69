from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages import analytics, colour, drawings
from pages.links import WebAddressField
from pages.pictures import PictureField
from pages.time_zones import validate_time_zone


class Identity(models.Model):
    """Who the association is. There is one row; without it the site still renders, with neutral words."""

    name = models.CharField(gettext_lazy("full name"), max_length=120)
    short_name = models.CharField(gettext_lazy("short name"), max_length=30)
    mission = models.CharField(
        gettext_lazy("mission"), max_length=250, help_text=gettext_lazy("One sentence. Search engines show it too.")
    )

    logo = models.FileField(
        gettext_lazy("logo"),
        upload_to="identity",
        blank=True,
        validators=[drawings.validate_logo],
        help_text=gettext_lazy("An SVG drawing (best) or a PNG, JPEG, WebP or AVIF picture."),
    )
    logo_drawing = models.TextField(editable=False, blank=True)
    logo_width = models.PositiveIntegerField(editable=False, null=True)
    logo_height = models.PositiveIntegerField(editable=False, null=True)
    logo_alt = models.CharField(
        gettext_lazy("logo in words"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("What the logo shows, for people who cannot see it."),
    )
    icon = PictureField(
        gettext_lazy("icon"),
        shapes=(),
        upload_to="identity",
        blank=True,
        help_text=gettext_lazy("A square picture of at least 180 pixels, for browser tabs and home screens."),
    )
    card = PictureField(
        gettext_lazy("social card"),
        shapes=("card",),
        upload_to="identity",
        blank=True,
        help_text=gettext_lazy("1200 × 630 pixels, shown where somebody shares a link to this site."),
    )
    brand = models.CharField(gettext_lazy("brand color"), max_length=7, default="#0b5a8c")
    accent = models.CharField(gettext_lazy("accent color"), max_length=7, default="#ed7a24")

    address = models.TextField(gettext_lazy("postal address"), blank=True)
    phone = models.CharField(
        gettext_lazy("phone"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^\+?[\d ().-]{7,}$", gettext_lazy("Write digits, for example +1 916 555 0100."))],
    )
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    crisis_lines_email = models.EmailField(
        gettext_lazy("who keeps the crisis lines"),
        blank=True,
        help_text=gettext_lazy(
            "An e-mail address that visitors do not see: reminders to check a line go there where nobody is named in "
            "its form. Empty: they go to the e-mail above."
        ),
    )
    ein = models.CharField(
        gettext_lazy("EIN"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^\d{2}-\d{7}$", gettext_lazy("An EIN has the form 12-3456789."))],
        help_text=gettext_lazy("Employer identification number; donors need it."),
    )
    counties = models.TextField(
        gettext_lazy("counties served"),
        blank=True,
        help_text=gettext_lazy("One county a line, without the word “County”. Empty means the whole State."),
    )
    copyright_line = models.CharField(
        gettext_lazy("copyright line"),
        max_length=160,
        blank=True,
        help_text=gettext_lazy("{year} becomes the present year."),
    )
    crisis_numbers = models.JSONField(default=list, editable=False)
    """What the bar of every page shows; the app that keeps the crisis lines writes it here, so no page asks twice."""
    time_zone = models.CharField(
        gettext_lazy("time zone"), max_length=40, default="America/Los_Angeles", validators=[validate_time_zone]
    )

    analytics_service = models.CharField(
        gettext_lazy("analytics service"),
        max_length=20,
        blank=True,
        choices=analytics.CHOICES,
        help_text=gettext_lazy("Off by default. When on, visitors are asked first, and nothing is sent before Accept."),
    )
    analytics_site = models.CharField(gettext_lazy("site name or number at the service"), max_length=80, blank=True)
    analytics_host = models.CharField(
        gettext_lazy("host of the service"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("Only where the service runs on a host of your own, for example stats.example.org."),
    )

    class Meta:
        verbose_name = gettext_lazy("identity")
        verbose_name_plural = gettext_lazy("identity")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="pages_identity_is_one_row")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        self._take_logo()
        super().save(*args, **kwargs)

    def _take_logo(self):
        """Put our own copy in place of an uploaded logo, and keep beside it what a page needs to draw it."""
        if not self.logo:
            self.logo_drawing, self.logo_width, self.logo_height = "", None, None
        elif not self.logo._committed:
            logo = drawings.checked(self.logo)
            name = self.logo.field.generate_filename(self, logo.name)
            self.logo = name if self.logo.storage.exists(name) else logo
            self.logo_drawing, self.logo_width, self.logo_height = logo.drawing, logo.width, logo.height

    @classmethod
    def load(cls):
        """The one row, or an unsaved one with neutral words on an empty database."""
        return cls.objects.first() or cls(
            name=_("Crisis Intervention Training Association"),
            short_name="CIT",
            mission=_("Training and advocacy for a safer answer to every mental health crisis."),
        )

    def clean(self):
        super().clean()
        errors = {}
        for name in ("brand", "accent"):
            value = getattr(self, name).strip().lower()
            setattr(self, name, value)
            try:
                colour.validate_hex(value)
            except ValidationError as error:
                errors[name] = error
        if not errors:
            for name, other, words in (
                ("brand", colour.PAPER, _("links in this color on the paper ground")),
                ("accent", colour.INK, _("dark text on a button of this color")),
            ):
                ratio = colour.contrast(getattr(self, name), other)
                if ratio < colour.READABLE:
                    errors[name] = _(
                        "Too little contrast: %(words)s would have %(ratio).1f to 1, and at least 4.5 to 1 is needed. "
                        "Choose a %(direction)s shade."
                    ) % {
                        "words": words,
                        "ratio": ratio,
                        "direction": _("darker") if name == "brand" else _("lighter"),
                    }
        if self.logo and not self.logo_alt.strip():
            errors["logo_alt"] = _("Describe the logo in a few words.")
        errors |= analytics.faults(self.analytics_service, self.analytics_site, self.analytics_host)
        if errors:
            raise ValidationError(errors)

    @property
    def county_names(self):
        return [line.strip() for line in self.counties.splitlines() if line.strip()]

    @property
    def copyright(self):
        return (self.copyright_line or f"© {{year}} {self.name}").replace("{year}", str(timezone.localdate().year))

    @property
    def address_lines(self):
        return self.address.splitlines()

    @property
    def colours_css(self):
        """The style sheet that gives the site its two colours; every shade derives from them."""
        return f":root{{--brand:{self.brand};--accent:{self.accent}}}"

    @property
    def analytics(self):
        """What the consent script needs to start the chosen service, or None."""
        return analytics.describe(self.analytics_service, self.analytics_site, self.analytics_host)

    @cached_property
    def social_links(self):
        return list(self.sociallink_set.all()) if self.pk else []


class SocialLink(models.Model):
    """A profile of the association on another site."""

    identity = models.ForeignKey(Identity, models.CASCADE)
    name = models.CharField(gettext_lazy("name"), max_length=40, help_text=gettext_lazy("For example LinkedIn."))
    url = WebAddressField(gettext_lazy("address"))
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)

    class Meta:
        verbose_name = gettext_lazy("social link")
        verbose_name_plural = gettext_lazy("social links")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name
