"""What the project itself keeps."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class StarterRecord(models.Model):
    """One record of the starter content as it was loaded, so that a later load can tell what staff have changed since.

    `digest` stands for the record as it was stored, `source` for the starter files it was made from, `weeks` for the
    time by which its dates were moved: a later load must not move them again. None where it has no dates.
    """

    site = models.CharField(max_length=40)
    key = models.CharField(max_length=420, unique=True)
    object_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    weeks = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["key"]

    def __str__(self):
        return self.key


class Job(models.Model):
    """When a piece of timed work ran last, and who holds it now: the lock that all machines share."""

    name = models.CharField(max_length=40, unique=True)
    next_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)

    def __str__(self):
        return self.name


class SpanishReading(models.Model):
    """A native speaker has read one sentence of the site's own Spanish: `text` stands for it and its English."""

    text = models.CharField(max_length=64, unique=True)
    read_on = models.DateField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)

    class Meta:
        verbose_name = gettext_lazy("reading of the Spanish")
        verbose_name_plural = gettext_lazy("readings of the Spanish")
        default_permissions = ["add"]

    def __str__(self):
        return self.text
