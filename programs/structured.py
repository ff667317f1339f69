"""A program as search engines read it: https://schema.org/Service. What the listing does not say is left out.

Its type is not the narrower GovernmentService: some programs are run by associations, and a lead agency's name does
not say which it is.
"""


def data_of(program, *, site_url):
    """The facts, or None for a program that has ended: nobody shall find it as one that helps."""
    if program.has_ended:
        return None
    address = site_url + program.get_absolute_url()
    data = {
        "@type": "Service",
        "@id": f"{address}#program",
        "name": program.name,
        "serviceType": str(program.get_kind_display()),
        "description": program.summary,
        "url": address,
        "sameAs": program.website,
        "provider": {"@type": "Organization", "name": program.lead_agency},
        "areaServed": [
            {"@type": "AdministrativeArea", "name": f"{county} County, California"} for county in program.counties
        ],
        "availableChannel": channel_of(program),
    }
    return {name: value for name, value in data.items() if value}


def channel_of(program):
    """How it is reached by telephone, if that is known."""
    if not program.phone:
        return None
    return {
        "@type": "ServiceChannel",
        "servicePhone": {"@type": "ContactPoint", "telephone": program.phone},
    }
