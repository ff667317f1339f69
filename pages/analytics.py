"""The analytics services staff may choose from: which script they need, from which host, after consent."""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
SITE = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Service:
    """One service. `{host}` and `{site}` in `script` and `attributes` are filled from the identity's fields."""

    name: str
    script: str
    attributes: dict
    host: str = ""
    """The host every customer uses; empty where each customer has one of their own."""


SERVICES = {
    "plausible": Service("Plausible", "https://{host}/js/script.js", {"data-domain": "{site}"}, "plausible.io"),
    "goatcounter": Service("GoatCounter", "https://{host}/count.js", {"data-goatcounter": "https://{host}/count"}),
    "umami": Service("Umami", "https://{host}/script.js", {"data-website-id": "{site}"}),
}
CHOICES = [(key, service.name) for key, service in SERVICES.items()]


def faults(key, site, host):
    """What is wrong with the three fields, by name of the field."""
    errors = {}
    service = SERVICES.get(key)
    if service is None:
        return errors
    if not service.host and not host:
        errors["analytics_host"] = _("%(service)s runs on a host of its own for each site. Write it here.") % {
            "service": service.name
        }
    if host and not HOST.fullmatch(host):
        errors["analytics_host"] = _("Write the host alone, for example stats.example.org.")
    if any("{site}" in value for value in service.attributes.values()) and not SITE.fullmatch(site):
        errors["analytics_site"] = _("Write the name or number the service gave you: letters, digits, dot, dash.")
    return errors


def describe(key, site, host):
    """The chosen service with the identity's values filled in, or None when none is chosen."""
    service = SERVICES.get(key)
    if service is None:
        return None
    values = {"host": host or service.host, "site": site}
    return replace(
        service,
        host=values["host"],
        script=service.script.format(**values),
        attributes={name: value.format(**values) for name, value in service.attributes.items()},
    )
