"""The folder that holds all a site keeps: database, uploads, collected static files, secret key, backups."""

import os
import secrets

from django.core.exceptions import ImproperlyConfigured


def prepare(folder):
    """Make the folder, readable by its owner alone, and return its absolute path."""
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR is {folder}, and that folder cannot be made ({error.strerror}). Choose one that can be written."
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"DATA_DIR is {folder}, and it cannot be written. Choose a folder of your own.")
    return folder


def secret_key(folder):
    """The site's secret key, made at the first start and kept in a file only its owner can read (mode 600).

    Workers may start at the same moment: the first to link its file into place wins, and all read that one.
    """
    file = folder / "secret_key"
    if not file.exists():
        draft = folder / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as opened:
            opened.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()
