"""The site's settings for tests: the environment first, then a few values for speed and isolation."""

import os
import tempfile

for name in (
    "SITE_URL",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "DEBUG",
    "BEHIND_PROXY",
    "HSTS_SECONDS",
    "SITE",
    "PORT",
    "DATABASE_URL",
):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="cit-tests-")
os.environ["ENV_FILE"] = os.devnull
os.environ["SECRET_KEY"] = "for tests only, never used to serve"

from cacita.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
