from datetime import timedelta

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy
from post_office.models import STATUS, Email, Log

LATE = timedelta(hours=1)


class MailQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(status__in=[STATUS.queued, STATUS.requeued])

    def due(self, now):
        """What may be brought to the mail server now: a mail on its way, or refused a while ago, is not."""
        return self.waiting().filter(Q(scheduled_time=None) | Q(scheduled_time__lte=now))

    def late(self, now):
        """What waits so long that the server, or whatever runs the timed work, deserves a look."""
        return self.waiting().filter(created__lte=now - LATE)

    def refused(self):
        """What the server would not take so far and is offered again later."""
        return self.filter(status=STATUS.requeued)

    def failed(self):
        return self.filter(status=STATUS.failed)

    def sent(self):
        return self.filter(status=STATUS.sent)

    def with_fault(self):
        """Each mail with what went wrong at the last try, as `fault`; empty where nothing did."""
        last = Log.objects.filter(email=OuterRef("pk")).order_by("-date", "-pk")
        return self.annotate(fault=Subquery(last.values("message")[:1]))


class Mail(Email):
    """One mail to one address, in the table of django-post-office; `pages.outbox` writes and sends it.

    Its `scheduled_time` is the moment from which it may be tried, none for at once, and `last_updated` its place in
    the row.
    """

    objects = MailQuerySet.as_manager()

    class Meta:
        proxy = True
        ordering = ["-created", "-pk"]
        verbose_name = gettext_lazy("e-mail")
        verbose_name_plural = gettext_lazy("e-mails")

    def __str__(self):
        return self.subject

    @property
    def is_queued(self):
        """Whether it goes out at the next run, or goes out just now."""
        return self.status == STATUS.queued
