"""How files of the contact form come in, before anybody has judged them."""

from io import BytesIO

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class LeftOut(UploadedFile):
    """A file of which only name and size are known: too large, one too many, or our disk was full (`is_lost`)."""

    def __init__(self, name, content_type, size, is_lost):
        super().__init__(BytesIO(), name, content_type, size)
        self.is_lost = is_lost


class Receiver(FileUploadHandler):
    """Takes files in on disk, never in memory, and no more of them than a form may have.

    The rest is read to its end and forgotten, so that the form can name it and everything typed stays.
    """

    def __init__(self, request, most_files, most_bytes):
        super().__init__(request)
        self.most_files = most_files
        self.most_bytes = most_bytes
        self.opened = 0
        self.file = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0
        self.is_lost = False
        self.file = None
        if self.opened < self.most_files:
            self.opened += 1
            self._try(self._open)

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.file and self.received > self.most_bytes:
            self._drop()
        elif self.file:
            self._try(lambda: self.file.write(raw_data))

    def file_complete(self, file_size):
        if self.file:
            self._try(lambda: self.file.seek(0))
        if self.file:
            complete, self.file = self.file, None
            complete.size = file_size
            return complete
        return LeftOut(self.file_name, self.content_type, file_size, self.is_lost)

    def upload_interrupted(self):
        self._drop()

    def _open(self):
        self.file = TemporaryUploadedFile(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    def _try(self, step):
        """Do something that a full disk may forbid."""
        try:
            step()
        except OSError:
            self.is_lost = True
            self._drop()

    def _drop(self):
        file, self.file = self.file, None
        if file:
            try:
                file.close()
            except OSError:  # what was still to be written has no room either
                return
