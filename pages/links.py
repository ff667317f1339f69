"""A link an editor sets: to one of our pages, which may move, or to any other address."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ADDRESS = re.compile(r"(/(?![/\\])|#|https?://[^/\s]|mailto:[^\s@]+@|tel:\+?\d|sms:\+?\d)\S*")


def validate_address(value):
    if not ADDRESS.fullmatch(value):
        raise ValidationError(
            _("Write an address of this site (/about/), a web address (https://…), mailto:… or tel:…, without spaces.")
        )


def check_link(*, label, page, url, names=("link_label", "link_page", "link_url"), required=False):
    """Refuse half a link: an address without words, words without an address, or two addresses."""
    label_name, page_name, url_name = names
    if page and url:
        raise ValidationError({url_name: _("Choose a page or write an address, not both.")})
    if (page or url) and not label.strip():
        raise ValidationError({label_name: _("Say in a few words where this link leads.")})
    if (label.strip() or required) and not (page or url):
        raise ValidationError({page_name: _("Choose the page this link leads to, or write an address below.")})


def href_of(page, url):
    """Where a link leads: to its page while that is published, else nowhere (empty); without a page, to the address."""
    if page:
        return page.get_absolute_url() if page.is_published() else ""
    return url


class WebAddressField(models.URLField):
    """An address on another site; one typed without a scheme is taken as https."""

    def formfield(self, **kwargs):
        return super().formfield(assume_scheme="https", **kwargs)


class Linked(models.Model):
    """A record with one link. An unpublished page is not linked: `link_href` is empty then."""

    link_required = False

    link_label = models.CharField(gettext_lazy("link text"), max_length=80, blank=True)
    link_page = models.ForeignKey(
        "pages.Page", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=gettext_lazy("link to page")
    )
    link_url = models.CharField(
        gettext_lazy("or to address"), max_length=500, blank=True, validators=[validate_address]
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        check_link(label=self.link_label, page=self.link_page, url=self.link_url, required=self.link_required)

    @property
    def link_href(self):
        return href_of(self.link_page, self.link_url)
