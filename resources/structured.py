"""The library and the glossary as search engines read them: https://schema.org. What is not said is left out."""

from urllib.parse import urljoin

from django.urls import reverse

from resources.models import Resource

TYPES = {Resource.Kind.RESEARCH: "ScholarlyArticle", Resource.Kind.LAW: "Legislation"}
"""By kind; a file of our own among the others is a DigitalDocument, a link a CreativeWork."""


def resource_data(resource, *, site_url):
    """The document an entry is about. Its authors are one text, which says how to credit them, not who is who."""
    address = site_url + resource.get_absolute_url()
    data = {
        "@type": TYPES.get(resource.kind, "DigitalDocument" if resource.file else "CreativeWork"),
        "@id": f"{address}#document",
        "name": resource.title,
        "description": resource.summary,
        "url": resource.url or address,
        "mainEntityOfPage": address,
        "sameAs": resource.doi_url,
        "identifier": resource.doi and {"@type": "PropertyValue", "propertyID": "DOI", "value": resource.doi},
        "legislationIdentifier": resource.citation if resource.kind == Resource.Kind.LAW else "",
        "creditText": resource.authors,
        **publisher_data(resource),
        "datePublished": str(resource.year or ""),
        "inLanguage": ["en", "es"] if resource.language == Resource.Language.BOTH else resource.language,
        "keywords": ", ".join(resource.get_topics_display()),
        "encoding": file_data(resource, site_url),
    }
    return {name: value for name, value in data.items() if value}


def publisher_data(resource):
    """The body that published it, or the issue a paper stands in."""
    if not resource.publisher:
        return {}
    if resource.kind == Resource.Kind.RESEARCH:
        return {"isPartOf": {"@type": "PublicationIssue", "name": resource.publisher}}
    return {"publisher": {"@type": "Organization", "name": resource.publisher}}


def file_data(resource, site_url):
    """Our own file, if the entry has one."""
    if not resource.file:
        return None
    address = urljoin(site_url, resource.file.url)
    return {"@type": "MediaObject", "contentUrl": address, "contentSize": f"{resource.size} B"}


def glossary_data(terms, *, site_url, name):
    """The glossary as a set of defined terms."""
    address = site_url + reverse("library:glossary")
    return {
        "@type": "DefinedTermSet",
        "@id": f"{address}#terms",
        "name": name,
        "url": address,
        "hasDefinedTerm": [term_data(term, site_url) for term in terms],
    }


def term_data(term, site_url):
    address = site_url + term.get_absolute_url()
    data = {
        "@type": "DefinedTerm",
        "@id": address,
        "name": term.said("term").text,
        "alternateName": term.said("expansion").text,
        "description": term.said("definition").text,
    }
    return {name: value for name, value in data.items() if value}
