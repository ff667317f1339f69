"""Checks that `manage.py check --deploy` adds for a site on the public network."""

from django.conf import settings
from django.core import checks
from django.core.checks import Tags, register


@register(Tags.security, deploy=True)
def site_url_is_public(app_configs, **kwargs):
    if settings.SECURE:
        return []
    return [
        checks.Warning(
            f"SITE_URL is {settings.SITE_URL}: canonical addresses and mails point there, and nothing is encrypted.",
            hint="Set SITE_URL to the public https address.",
            id="cacita.W001",
        )
    ]
