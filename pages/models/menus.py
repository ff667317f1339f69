from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.bilingual import Bilingual
from pages.links import href_of, validate_address


class MenuItem(Bilingual):
    """One entry of the header's or the footer's menu, with at most one level of entries below it."""

    TRANSLATED = ("label",)

    class Menu(models.TextChoices):
        HEADER = "header", gettext_lazy("Header")
        FOOTER = "footer", gettext_lazy("Footer")

    menu = models.CharField(gettext_lazy("menu"), max_length=10, choices=Menu, default=Menu.HEADER)
    label = models.CharField(gettext_lazy("label"), max_length=40)
    label_es = models.CharField(gettext_lazy("label in Spanish"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        limit_choices_to={"parent": None},
        verbose_name=gettext_lazy("below"),
    )
    page = models.ForeignKey(
        "pages.Page", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("page")
    )
    url = models.CharField(gettext_lazy("or address"), max_length=500, blank=True, validators=[validate_address])
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)

    class Meta:
        verbose_name = gettext_lazy("menu entry")
        verbose_name_plural = gettext_lazy("menu entries")
        ordering = ["menu", "position", "pk"]

    def __str__(self):
        return self.label

    def clean(self):
        super().clean()
        if self.page and self.url:
            raise ValidationError({"url": _("Choose a page or write an address, not both.")})
        if not self.page and not self.url and self.parent:
            raise ValidationError({"page": _("Choose the page this entry leads to, or write an address below.")})
        if self.parent:
            if self.parent.parent_id:
                raise ValidationError({"parent": _("A menu has one level below its entries, not two.")})
            if self.parent.menu != self.menu:
                raise ValidationError({"parent": _("“%s” is in the other menu.") % self.parent})
            if self.pk and self.children.exists():
                raise ValidationError({"parent": _("This entry has entries below it, so it must stay at the top.")})

    @property
    def href(self):
        """Where the entry leads; empty for a heading, and for a page that is not published."""
        return href_of(self.page, self.url)
