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


@register(Tags.security, deploy=True)
def https_ends_somewhere(app_configs, **kwargs):
    """The site itself speaks plain http: without a proxy's word for it no request ever counts as secure."""
    if not settings.SECURE or settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        checks.Error(
            f"SITE_URL is {settings.SITE_URL} and BEHIND_PROXY is off: every request is led to https, again and again.",
            hint="Put a proxy with TLS in front that sets X-Forwarded-Proto itself, and set BEHIND_PROXY=1.",
            id="cacita.E001",
        )
    ]
