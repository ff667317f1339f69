"""Tables that staff sent and have not accepted yet: kept for two hours in the private storage."""

from datetime import timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.crypto import get_random_string

FOLDER = "tables"
WAITS = timedelta(hours=2)


def keep(content, user):
    """Keep these bytes and return the ticket for which this user gets them back, once."""
    name = storages["private"].save(f"{FOLDER}/{get_random_string(32)}.csv", ContentFile(content))
    return signing.dumps([user.pk, name], salt=__name__)


def take(ticket, user):
    """The bytes that were kept, or None where the ticket is not good, too old, used up, or somebody else's."""
    try:
        number, name = signing.loads(ticket, salt=__name__, max_age=WAITS)
    except signing.BadSignature:
        return None
    storage = storages["private"]
    if number != user.pk or not storage.exists(name):
        return None
    with storage.open(name) as file:
        content = file.read()
    storage.delete(name)
    return content


def forget(now):
    """Delete the files nobody came back for."""
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return
    for name in storage.listdir(FOLDER)[1]:
        kept = f"{FOLDER}/{name}"
        if storage.get_modified_time(kept) <= now - WAITS:
            storage.delete(kept)
