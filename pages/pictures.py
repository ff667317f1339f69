"""Pictures: what an upload must be, what is stored of it, and the sizes a page offers."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from imagefield.fields import ImageField

WIDTHS = (480, 960, 1600)
"""Widths in CSS pixels that a page offers; a picture is never enlarged."""


class PictureField(ImageField):
    """An image that was checked by its content, turned upright and stripped of what the camera wrote into it."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("upload_to", "pictures/%Y/%m")
        super().__init__(*args, auto_add_fields=True, **kwargs)


class Pictured(models.Model):
    """A record with one picture and the words that stand for it."""

    picture_required = True

    picture = PictureField(gettext_lazy("picture"), blank=True)
    picture_alt = models.CharField(
        gettext_lazy("alternative text"),
        max_length=250,
        blank=True,
        help_text=gettext_lazy("What the picture shows, for people who cannot see it: one plain sentence."),
    )
    decorative = models.BooleanField(
        gettext_lazy("decorative"),
        default=False,
        help_text=gettext_lazy("Tick only if the page says everything without this picture."),
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.picture_required and not self.picture:
            raise ValidationError({"picture": _("Choose a picture.")})
        if self.picture and not self.picture_alt.strip() and not self.decorative:
            raise ValidationError(
                {"picture_alt": _("Describe the picture in one sentence, or tick “decorative” below.")}
            )
        if self.picture_alt.strip() and self.decorative:
            raise ValidationError(
                {"decorative": _("A decorative picture has no alternative text. Remove one of the two.")}
            )
