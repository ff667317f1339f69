from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy

from pages.links import WebAddressField

DATE = RegexValidator(r"^\d{4}(-\d{2}(-\d{2})?)?\Z", gettext_lazy("Write the date as 2022, 2022-08 or 2022-08-31."))


class Sourced(models.Model):
    """A record that was written from a source."""

    source_title = models.CharField(gettext_lazy("source"), max_length=200, blank=True)
    source_url = WebAddressField(gettext_lazy("address of the source"), max_length=500, blank=True)
    source_date = models.CharField(
        gettext_lazy("date of the source"),
        max_length=10,
        blank=True,
        validators=[DATE],
        help_text=gettext_lazy("2022, 2022-08 or 2022-08-31. Empty where the page shows none."),
    )
    read_on = models.DateField(
        gettext_lazy("source read on"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty where nobody has read it yet."),
    )

    class Meta:
        abstract = True
