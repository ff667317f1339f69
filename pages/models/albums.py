from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from pages.pictures import Pictured
from pages.publishing import Publishable


class Album(Publishable):
    """A group of pictures with an address in the gallery."""

    title = models.CharField(gettext_lazy("title"), max_length=100)
    slug = models.SlugField(gettext_lazy("last part of the address"), max_length=60, unique=True)
    summary = models.CharField(gettext_lazy("summary"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("album")
        verbose_name_plural = gettext_lazy("albums")
        ordering = ["position", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("album", args=[self.slug])

    @property
    def cover(self):
        """The first picture, or None; costs no query where the photos are prefetched."""
        return next(iter(self.photos.all()), None)


class Photo(Pictured):
    """One picture of an album. It always has alternative text: in a gallery no picture is decoration."""

    album = models.ForeignKey(Album, models.CASCADE, related_name="photos", verbose_name=gettext_lazy("album"))
    caption = models.CharField(gettext_lazy("caption"), max_length=200, blank=True)
    is_illustration = models.BooleanField(
        gettext_lazy("illustration"), default=False, help_text=gettext_lazy("A drawing; the page says so.")
    )
    credit = models.CharField(gettext_lazy("made by"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)
    decorative = None

    class Meta:
        verbose_name = gettext_lazy("photo")
        verbose_name_plural = gettext_lazy("photos")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.caption or self.picture_alt

    def get_absolute_url(self):
        return reverse("photo", args=[self.album.slug, self.pk])
