from django.db import models
from django.utils.translation import gettext_lazy

from pages.pictures import Pictured
from pages.prose import ProseField
from pages.publishing import Publishable


class Person(Publishable, Pictured):
    """Somebody who speaks, decides or works for the association."""

    class Group(models.TextChoices):
        SPOKESPERSON = "spokesperson", gettext_lazy("Spokesperson")
        BOARD = "board", gettext_lazy("Board")
        STAFF = "staff", gettext_lazy("Staff")

    picture_required = False

    name = models.CharField(gettext_lazy("name"), max_length=100)
    group = models.CharField(gettext_lazy("group"), max_length=20, choices=Group, default=Group.BOARD)
    role = models.CharField(gettext_lazy("role"), max_length=120, blank=True)
    bio = ProseField(gettext_lazy("about"), blank=True)
    media_email = models.EmailField(
        gettext_lazy("e-mail for the media"), blank=True, help_text=gettext_lazy("Shown to everybody.")
    )
    media_phone = models.CharField(
        gettext_lazy("phone for the media"), max_length=30, blank=True, help_text=gettext_lazy("Shown to everybody.")
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("person")
        verbose_name_plural = gettext_lazy("people")
        ordering = ["group", "position", "name"]

    def __str__(self):
        return self.name
