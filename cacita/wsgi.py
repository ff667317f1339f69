"""The door through which gunicorn reaches the site."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cacita.settings")
django.setup(set_prefix=False)

from cacita.requests import ReadableHandler  # noqa: E402 - reads the settings

application = ReadableHandler()
