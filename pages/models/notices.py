from django.db import models
from django.utils.translation import gettext_lazy

from pages.links import Linked
from pages.publishing import Publishable


class Notice(Publishable, Linked):
    """A line on top of every page, for a while: a cancelled class, an office closed, a line out of order."""

    class Level(models.TextChoices):
        INFO = "info", gettext_lazy("Information")
        WARNING = "warning", gettext_lazy("Warning")
        URGENT = "urgent", gettext_lazy("Urgent")

    message = models.CharField(gettext_lazy("message"), max_length=200)
    level = models.CharField(gettext_lazy("level"), max_length=10, choices=Level, default=Level.INFO)

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("notice")
        verbose_name_plural = gettext_lazy("notices")
        ordering = ["-publish_from", "-pk"]

    def __str__(self):
        return self.message
