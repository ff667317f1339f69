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
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_API_BASE",
    "RECAPTCHA_PUBLIC_KEY",
    "RECAPTCHA_PRIVATE_KEY",
    "RECAPTCHA_VERSION",
    "CLAMAV_ADDRESS",
):
    os.environ.pop(name, None)
# Another database, such as PostgreSQL, is tried under a name of its own: the tests never touch the site's.
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="cit-tests-")
os.environ["ENV_FILE"] = os.devnull
# A worker that drives a browser has an event loop running; its database is asked from outside of it all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
os.environ["SECRET_KEY"] = "for tests only, never used to serve"

from cacita.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
