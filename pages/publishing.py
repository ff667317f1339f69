"""The one rule of who sees what: views, menus, feeds, sitemap and search all ask here."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublishedQuerySet(models.QuerySet):
    def published(self, now=None):
        """Rows everybody may see at the moment `now` (default: the present)."""
        now = now or timezone.now()
        return self.filter(
            Q(publish_from__isnull=True) | Q(publish_from__lte=now),
            Q(publish_until__isnull=True) | Q(publish_until__gt=now),
            status=Publishable.Status.PUBLISHED,
        )

    def visible_to(self, user, now=None):
        """All rows for staff who may change or view this kind of record, published rows for everybody else."""
        meta = self.model._meta
        may_preview = (
            user.is_active
            and user.is_staff
            and any(user.has_perm(f"{meta.app_label}.{action}_{meta.model_name}") for action in ("change", "view"))
        )
        return self.all() if may_preview else self.published(now)


class Publishable(models.Model):
    """A record that is a draft until somebody publishes it, for a while or for good."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    publish_from = models.DateTimeField(
        _("publish from"), null=True, blank=True, help_text=_("Leave empty to publish at once.")
    )
    publish_until = models.DateTimeField(
        _("publish until"), null=True, blank=True, help_text=_("Leave empty to keep it published.")
    )

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(publish_from__isnull=True)
                | Q(publish_until__isnull=True)
                | Q(publish_from__lt=F("publish_until")),
                name="%(app_label)s_%(class)s_publish_from_before_until",
                violation_error_message=_("“Publish until” must be later than “publish from”."),
            )
        ]

    def clean(self):
        """Say the constraint's words beside the field that has to change."""
        super().clean()
        if self.publish_from and self.publish_until and self.publish_from >= self.publish_until:
            raise ValidationError({"publish_until": _("“Publish until” must be later than “publish from”.")})

    def is_published(self, now=None):
        """The same rule as `PublishedQuerySet.published`, for a row already in hand."""
        now = now or timezone.now()
        return (
            self.status == self.Status.PUBLISHED
            and (self.publish_from is None or self.publish_from <= now)
            and (self.publish_until is None or self.publish_until > now)
        )


def get_visible_or_404(queryset, request, **lookup):
    """The one row that matches, if this visitor may see it.

    The user is looked up only where no published row matches: a public page never touches the session, so it can
    be cached and sets no cookie. A draft shown to staff marks the request, and the response is never stored.
    """
    row = queryset.published().filter(**lookup).first()
    if row is None:
        row = queryset.visible_to(request.user).filter(**lookup).first()
        if row is None:
            raise Http404
        request.shows_draft = True
    return row
