"""Every setting of the site, read from the environment here and nowhere else.

Each variable has a default that suits one small machine: SQLite and files in `DATA_DIR`, mail in the log, no
third party. `.env.example` and the README's table list them all.
"""

import mimetypes
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cacita import data_folder

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# Variables of the environment win over the file.
environ.Env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))


def whole_number(name, default, *, least, most):
    text = env.str(name, default=str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} is “{text}”; write a number from {least} to {most}.")
    return int(text)


DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = data_folder.prepare(Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))))
# Secrets are read plainly: environ would take a value that begins with $ as the name of another variable.
SECRET_KEY = os.environ.get("SECRET_KEY") or data_folder.secret_key(DATA_DIR)

# For `manage.py serve`: which starter content the first start loads, and where gunicorn listens.
STARTER_SITE = env.str("SITE", default="cacita")
HOST = env.str("HOST", default="127.0.0.1")
PORT = whole_number("PORT", 8000, least=1, most=65535)
WORKERS = whole_number("WEB_CONCURRENCY", 2, least=1, most=64)
# Whether serving also runs the timed work every minute; say no where a timer of the machine does.
TICKS = env.bool("TICKS", default=True)
# The first staff user; without a password one is made and printed once.
FIRST_USER = {
    "username": os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin",
    "email": os.environ.get("DJANGO_SUPERUSER_EMAIL") or "",
    "password": os.environ.get("DJANGO_SUPERUSER_PASSWORD") or "",
}

# The public address of the site. An https address turns transport security on.
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
try:
    _site = urlsplit(SITE_URL)
    _readable = _site.scheme in ("http", "https") and _site.hostname and _site.port != 0
except ValueError:
    _readable = False
if not _readable or f"{_site.scheme}://{_site.netloc}" != SITE_URL:
    raise ImproperlyConfigured(f"SITE_URL is “{SITE_URL}”; write a whole address such as https://www.example.org.")
ALLOWED_HOSTS = [_site.hostname, "localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += [host.strip() for host in env.str("ALLOWED_HOSTS", default="").split(",") if host.strip()]
SECURE = _site.scheme == "https"


# Apps

INSTALLED_APPS = [
    "cacita.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "content_editor",
    "django_prose_editor",
    "imagefield",
    "crispy_forms",
    "csp",
    "post_office",
    "cacita.apps.ProjectConfig",
    "events",
    "contact",
    "resources",
    "programs",
    "pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_http_compression.middleware.HttpCompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "cacita.content_policy.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "pages.languages.LanguageMiddleware",
    "cacita.requests.RefuseUnreadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pages.middleware.IdentityMiddleware",
]

ROOT_URLCONF = "cacita.urls"
WSGI_APPLICATION = "cacita.wsgi.application"


# Templates and forms

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pages.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

CRISPY_TEMPLATE_PACK = "forms"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["forms"]
CRISPY_FAIL_SILENTLY = False


# Database

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'site.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if not DATABASES["default"].get("ENGINE"):
    raise ImproperlyConfigured("DATABASE_URL cannot be read; write one such as postgres://user:password@host/name.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue instead of failing, and an acknowledged row survives a power cut: https://sqlite.org/pragma.html
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }


# Files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cacita.stylesheet.StylesheetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # What people send us and what we send them: no address leads here, only views that ask who wants it.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private", "base_url": None, "file_permissions_mode": 0o600},
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o640
# An album of some hundred pictures or a page of as many rows is one form; each has about ten fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
mimetypes.add_type("text/javascript", ".js")

IMAGEFIELD_BIN_DEPTH = 2


# Language and time. The identity's time zone is used for pages; this one for the rest.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "cacita.formats"
USE_I18N = True
TIME_ZONE = "America/Los_Angeles"
USE_TZ = True


# Mail

_mail = env.email_url("EMAIL_URL", default="consolemail://")
if _mail["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend":
    _mail["EMAIL_BACKEND"] = "pages.mail_log.EmailBackend"
vars().update(_mail)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 30  # seconds
# Mail waits in the database; pages.outbox sends it and decides when to try again.
POST_OFFICE = {"FILE_STORAGE": "private"}


# Gifts by card, only with both keys. `contact.payments` is the one module that uses them.

STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY") or ""
STRIPE_WEBHOOK_SECRET = os.environ.get("STRIPE_WEBHOOK_SECRET") or ""
if bool(STRIPE_SECRET_KEY) != bool(STRIPE_WEBHOOK_SECRET):
    raise ImproperlyConfigured(
        "Set both STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to take gifts by card, or neither."
    )
# A stand-in of the provider, for tests and to try things out. The key must not travel unencrypted any further.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="")
if STRIPE_API_BASE and not re.fullmatch(r"http://(127\.0\.0\.1|localhost):\d{1,5}", STRIPE_API_BASE):
    raise ImproperlyConfigured(
        f"STRIPE_API_BASE is “{STRIPE_API_BASE}”; write an address of this machine such as http://127.0.0.1:8900."
    )


# Spam and viruses. The captcha only with both keys; `contact.captcha` and `contact.scanner` are the modules that ask.

RECAPTCHA_PUBLIC_KEY = os.environ.get("RECAPTCHA_PUBLIC_KEY") or ""
RECAPTCHA_PRIVATE_KEY = os.environ.get("RECAPTCHA_PRIVATE_KEY") or ""
RECAPTCHA_VERSION = env.str("RECAPTCHA_VERSION", default="v2")
RECAPTCHA_VERIFY_REQUEST_TIMEOUT = 3  # seconds
if bool(RECAPTCHA_PUBLIC_KEY) != bool(RECAPTCHA_PRIVATE_KEY):
    raise ImproperlyConfigured("Set both RECAPTCHA_PUBLIC_KEY and RECAPTCHA_PRIVATE_KEY to use a captcha, or neither.")
if RECAPTCHA_VERSION not in ("v2", "v3"):
    raise ImproperlyConfigured(f"RECAPTCHA_VERSION is “{RECAPTCHA_VERSION}”; write v2 or v3, as the keys were made.")
if RECAPTCHA_PUBLIC_KEY:
    # Without keys its own check would stop every command.
    INSTALLED_APPS.append("django_recaptcha")
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")
if CLAMAV_ADDRESS and not re.fullmatch(r"/.+|[^/\s]+:\d{1,5}", CLAMAV_ADDRESS):
    raise ImproperlyConfigured(
        f"CLAMAV_ADDRESS is “{CLAMAV_ADDRESS}”; write a socket such as /run/clamav/clamd.ctl, or a host and port."
    )


# Passwords and sessions

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds
CSRF_FAILURE_VIEW = "cacita.errors.csrf_failure"


# Headers

SECURE_SSL_REDIRECT = SECURE
TWO_YEARS = 63_072_000  # seconds
SECURE_HSTS_SECONDS = whole_number("HSTS_SECONDS", TWO_YEARS if SECURE else 0, least=0, most=TWO_YEARS)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {
    name: [] for name in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "upgrade-insecure-requests": SECURE,
    }
}


# Log: one line each to standard error, no personal data

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "cacita": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        # Below that it logs whole answers of the provider, donors included.
        "stripe": {"level": "WARNING"},
    },
}
