"""Files that strangers send along: how many, which of them are taken, where they lie."""

import hashlib
import os
import re
import unicodedata
import uuid
from datetime import timedelta
from pathlib import Path, PurePath
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contact.judging import judge, megabytes
from contact.models import Attachment, WaitingFile
from contact.models.messages import attachment_name, private_storage, waiting_file_name
from pages.pictures import refusal

MOST_FILES = 5
MOST_BYTES_TOGETHER = 20 * 1024 * 1024
LONGEST_NAME = 200

WAITING = timedelta(hours=1)
"""How long good files of a form that could not be taken stay, for the next try."""
MOST_BYTES_WAITING = 200 * 1024 * 1024
"""Of all such files together: whoever fills this room takes a convenience from others, not the disk."""
STRAY_AGE = timedelta(days=1)
"""How old a file without a row must be before nobody can still be storing it."""


class Part(NamedTuple):
    """A judged file on its way to being stored."""

    file: File
    name: str
    kind: str
    size: int
    key: str = ""
    """Of the file where it waits since an earlier try."""

    @classmethod
    def of(cls, row):
        return cls(row.file, row.name, row.kind, row.size, str(row.key))


# Choosing


def sort_out(uploads, waiting=()):
    """(parts to take, sentences about the others) of these uploads beside those that wait already."""
    taken, faults = [], []
    room = MOST_BYTES_TOGETHER - sum(row.size for row in waiting)
    places = max(0, MOST_FILES - len(waiting))
    for file in uploads[:places]:
        try:
            kind = judge(file)
            if file.size > room:
                raise refusal(
                    file.name,
                    _("All files together may have %s. Send this one with another message.")
                    % megabytes(MOST_BYTES_TOGETHER),
                )
        except ValidationError as fault:
            faults.append(fault)
        else:
            room -= file.size
            taken.append(Part(file, clean_name(file.name), kind, file.size))
    if more := uploads[places:]:
        faults.append(_too_many(more))
    return taken, faults


def _too_many(files):
    reason = _("At most %d files can come along.") % MOST_FILES
    if others := len(files) - 1:
        more = ngettext("The same goes for %d other file.", "The same goes for %d other files.", others) % others
        reason = f"{reason} {more}"
    return refusal(files[0].name, f"{reason} {_('Put several into one PDF, or send another message.')}")


def clean_name(name):
    """A sender's name for a file as staff read it: one line, no controls, no sign that turns the direction of text."""
    name = "".join(sign for sign in PurePath(name).name if unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp"))
    name = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", name)
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) < 10:
        return Truncator(stem).chars(LONGEST_NAME - len(ending) - 1) + dot + ending
    return name[:LONGEST_NAME] or "file"


def digest_of(file):
    """A digest of an open file's content. The file stands at its beginning afterwards."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


# Storing


def store(message, parts, scans, written):
    """Store these parts with their message, inside its transaction; `scans` says what the scanner found, one a part.

    The names of files go to `written` before they are: whoever calls this removes them if the transaction fails.
    """
    for part, scan in zip(parts, scans, strict=True):
        attachment = Attachment(
            message=message, key=uuid.uuid4(), name=part.name, kind=part.kind, size=part.size, scan=scan
        )
        written.append(attachment_name(attachment, ""))
        part.file.seek(0)
        attachment.file.save(part.name, File(part.file), save=False)
        _settle(attachment.file)
        attachment.save()
        if part.key:
            WaitingFile.objects.filter(key=part.key).delete()
            transaction.on_commit(lambda name=part.file.name: remove([name]))


def keep(parts, now):
    """Let these parts wait for the next try of their form; returns their rows, none where there is no room."""
    waiting = sum(WaitingFile.objects.values_list("size", flat=True))
    if waiting + sum(part.size for part in parts) > MOST_BYTES_WAITING:
        return []
    rows, written = [], []
    try:
        with transaction.atomic():
            for part in parts:
                row = WaitingFile(key=uuid.uuid4(), name=part.name, kind=part.kind, size=part.size, since=now)
                written.append(waiting_file_name(row, ""))
                part.file.seek(0)
                row.file.save(part.name, File(part.file), save=False)
                row.save()
                rows.append(row)
    except BaseException:
        remove(written)
        raise
    return rows


def remove(names):
    """Delete these files, and the folders of messages that are empty without them. What stays is left to `forget`."""
    storage = private_storage()
    for name in names:
        folder = name.rpartition("/")[0]
        for gone in (name, folder) if "/" in folder else (name,):
            try:
                storage.delete(gone)
            except OSError:
                continue


def _settle(stored):
    """Have the disk write a file down now: a message is promised to be here even when the power fails."""
    try:
        path = stored.path
    except NotImplementedError:  # storage on another machine promises this by itself
        return
    for place in (path, Path(path).parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def forget(now):
    """Delete files that waited for nothing, and those that a process killed in the middle of storing left behind."""
    old = WaitingFile.objects.filter(since__lte=now - WAITING)
    names = list(old.values_list("file", flat=True))
    old.delete()
    remove(names)
    storage = private_storage()
    known = {*Attachment.objects.values_list("file", flat=True), *WaitingFile.objects.values_list("file", flat=True)}
    strays = [name for name in _stored(storage) if name not in known]
    remove(name for name in strays if storage.get_modified_time(name) <= now - STRAY_AGE)


def _stored(storage):
    for folder in ("messages", "waiting"):
        if not storage.exists(folder):
            continue
        folders, files = storage.listdir(folder)
        yield from (f"{folder}/{file}" for file in files)
        for inner in folders:
            yield from (f"{folder}/{inner}/{file}" for file in storage.listdir(f"{folder}/{inner}")[1])
