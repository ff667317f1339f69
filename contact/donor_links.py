"""Addresses that let a donor in without a password: they are signed, and they come by mail.

The link to all gifts of a donor holds for a week; whoever lost it has a new one mailed. The link on a receipt that
stops one monthly gift holds for good and does nothing else, so that it may be printed.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.db import transaction
from django.urls import reverse

from contact.models import Donation
from pages import outbox
from pages.limits import digest_of
from pages.models import Attempt

OPEN_FOR = timedelta(days=7)
MAILED_AT_MOST = 3
"""How many such mails one address is sent within `MAILED_WITHIN`, whoever asks for them."""
MAILED_WITHIN = timedelta(hours=1)


def my_gifts_path(donation):
    """Where the donor of this gift sees all of theirs, for a week."""
    return reverse("donate:my_gifts", args=[_gifts_signer().sign(donation.reference)])


def stop_path(donation):
    """Where this gift is stopped, for good."""
    return reverse("donate:stop", args=[_stop_signer().sign(donation.reference)])


def donor_of(token):
    """The gift whose donor this token lets in, or None where it is forged, too old or of a gift that is gone."""
    try:
        reference = _gifts_signer().unsign(token, max_age=OPEN_FOR)
    except BadSignature:
        return None
    return Donation.objects.filter(reference=reference).first()


def gift_to_stop(token):
    try:
        reference = _stop_signer().unsign(token)
    except BadSignature:
        return None
    return Donation.objects.filter(reference=reference).first()


def whole(path):
    """The address with the site's name, for mail and paper."""
    return settings.SITE_URL + path


def mail_link(email, now):
    """Send the link to the donor with this address, if there is one and the mails have not been too many."""
    donation = Donation.objects.of_donor(email).trusted().first()
    if donation is None:
        return
    attempts = Attempt.objects.filter(form="gift link mail", who=digest_of(donation.email.lower()))
    if attempts.filter(at__gt=now - MAILED_WITHIN).count() >= MAILED_AT_MOST:
        return
    with transaction.atomic():
        Attempt.objects.create(form="gift link mail", who=digest_of(donation.email.lower()), at=now)
        context = {"gifts_url": whole(my_gifts_path(donation)), "days": OPEN_FOR.days}
        outbox.write("gift_link", donation.email, context)


def _gifts_signer():
    return TimestampSigner(salt="contact.my_gifts")


def _stop_signer():
    return Signer(salt="contact.stop")
