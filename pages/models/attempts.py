from django.db import models


class Attempt(models.Model):
    """One form somebody sent, for the limits of `pages.limits`. It holds no address, only a digest of it."""

    form = models.CharField(max_length=40)
    who = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["form", "who", "at"], name="pages_attempts_of_one"),
            models.Index(fields=["form", "at"], name="pages_attempts_of_all"),
            models.Index(fields=["at"], name="pages_attempts_by_age"),
        ]

    def __str__(self):
        return f"{self.form} {self.at:%Y-%m-%d %H:%M}"
