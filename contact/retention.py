"""Nothing is kept longer than its purpose: a message for a year, its attachments for 90 days, unless staff keep it.

What is deleted is gone everywhere: rows, files on the disk, the mails of our answers, and the names in the staff's
log. A file leaves the disk before its row forgets it: a run that is cut off between the two is finished by the next
one, and no file is left behind that nothing knows of.
"""

import logging

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from contact.models import Attachment, Message
from contact.models.messages import ATTACHMENTS_KEPT, MESSAGES_KEPT
from pages.models import Mail

logger = logging.getLogger("cacita.retention")

AT_ONCE = 100


def forget(now):
    """Delete what is past its time at the moment `now`, in batches. What fails is logged and tried the next day."""
    old = Attachment.objects.exclude(file="").filter(message__is_kept=False, message__sent__lte=now - ATTACHMENTS_KEPT)
    for numbers in _batches(old):
        delete_files(Attachment.objects.filter(pk__in=numbers, message__is_kept=False).select_related("message"))
    for numbers in _batches(Message.objects.past_retention(now)):
        delete(Message.objects.past_retention(now).filter(pk__in=numbers))
    _log_of_messages().filter(action_time__lte=now - MESSAGES_KEPT).delete()


def delete(messages):
    """Delete these messages and all that belongs to them, and return how many; one whose files cannot go stays.

    A mail that is not sent yet still goes out. Who deleted a message by hand stays in the staff's log for a year.
    """
    numbers = list(messages.values_list("pk", flat=True))
    delete_files(Attachment.objects.exclude(file="").filter(message__in=numbers).select_related("message"))
    with transaction.atomic():
        gone = Message.objects.filter(pk__in=numbers).exclude(attachments__in=Attachment.objects.exclude(file=""))
        gone = list(gone.values_list("pk", flat=True))
        mails = Mail.objects.filter(pk__in=list(_mails_of(gone)))
        (mails.sent() | mails.failed()).delete()
        history = _log_of_messages().exclude(action_flag=DELETION)
        history.filter(object_id__in=[str(number) for number in gone]).delete()
        Message.objects.filter(pk__in=gone).delete()
    return len(gone)


def delete_files(attachments):
    """Delete the files of these attachments; their rows stay and say so."""
    for attachment in attachments:
        storage, name = attachment.file.storage, attachment.file.name
        try:
            storage.delete(name)
        except OSError:
            logger.exception("The file of an attachment of message %s stays on the disk.", attachment.message.reference)
            continue
        Attachment.objects.filter(pk=attachment.pk).update(file="")
        _delete_folder(storage, name.rpartition("/")[0])


def _delete_folder(storage, folder):
    """An empty folder still tells the reference of a message. One with other files in it stays."""
    try:
        storage.delete(folder)
    except OSError:
        return


def _mails_of(numbers):
    return Message.objects.filter(pk__in=numbers, answers__email__isnull=False).values_list("answers__email", flat=True)


def _log_of_messages():
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Message))


def _batches(rows):
    numbers = list(rows.values_list("pk", flat=True))
    return [numbers[first : first + AT_ONCE] for first in range(0, len(numbers), AT_ONCE)]
