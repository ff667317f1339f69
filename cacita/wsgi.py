"""The door through which gunicorn reaches the site."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cacita.settings")
django.setup(set_prefix=False)

from cacita import urls  # noqa: E402, F401 - all views, once in the master: workers share what it has loaded
from cacita.requests import ReadableHandler  # noqa: E402 - reads the settings

application = ReadableHandler()
