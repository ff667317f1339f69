"""Reads every page a visitor can reach by links, as a browser without scripts would."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import unquote, urljoin, urlsplit

from django.urls import resolve

from pages.languages import in_language

FURTHER = re.compile(r"page=\d+")
"""The query of a further page of a list, in its own order and without a filter."""
MOST_PAPERS = 12
"""Papers are drawn for whoever asks, and those of all counties are alike: a few stand for them."""
MOST_FRAMED = 30
"""A page without Spanish is the same below `/es/`, in a Spanish frame: those that are found first stand for all."""
MOST_ALIKE = 5
"""Of the pages that one view draws in one language, the longest stand for all."""
SITEMAP = "/sitemap.xml"
SPANISH_ROOMS = ("/es/help/", "/es/resources/")


@dataclass
class Document(HTMLParser):
    """What the whole-site tests ask of a page's markup."""

    titles: list = field(default_factory=list)
    headings: list = field(default_factory=list)
    """Levels of the headings in order."""
    links: list = field(default_factory=list)
    ids: list = field(default_factory=list)
    resources: list = field(default_factory=list)
    """Addresses the browser fetches by itself."""
    images: list = field(default_factory=list)
    """Attributes of every `img`."""
    inline: list = field(default_factory=list)
    """Style attributes, event handlers and scripts in the page."""
    metas: dict = field(default_factory=dict)
    canonical: str = ""
    alternates: dict = field(default_factory=dict)
    """Addresses of the page by language."""
    languages: list = field(default_factory=list)
    """`lang` of the page, then of its main part where that differs."""

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self._open = []

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self._open.append(tag)
        if tag == "title" and "svg" not in self._open:
            self.titles.append("")
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "img":
            self.images.append(values)
        elif tag == "meta":
            self.metas[values.get("name") or values.get("property", "")] = values.get("content", "")
        elif tag == "link":
            self._link(values)
        elif tag in ("html", "main") and "lang" in values:
            self.languages.append(values["lang"])
        elif tag == "script" and "src" not in values and values.get("type") not in ("application/ld+json", "importmap"):
            self.inline.append("script")
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        self.resources += [values[name] for name in ("src", "poster", "data") if name in values]
        self.resources += [part.split()[0] for part in values.get("srcset", "").split(",") if part.strip()]
        if "id" in values:
            self.ids.append(values["id"])

    def _link(self, values):
        if values.get("rel") == "canonical":
            self.canonical = values["href"]
        elif values.get("rel") == "alternate" and "hreflang" in values:
            self.alternates[values["hreflang"]] = values["href"]
        elif "href" in values and values.get("rel") in ("stylesheet", "icon", "preload", "modulepreload", "manifest"):
            self.resources.append(values["href"])

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.titles[-1] += data


@dataclass
class Answer:
    path: str
    status: int
    headers: dict
    body: bytes
    document: Document | None = None


def fetch(site_url, path, method="GET", **headers):
    """One request without following a redirect. Header names come back in lower case."""
    host = urlsplit(site_url)
    connection = HTTPConnection(host.hostname, host.port, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        answer = Answer(path, response.status, {name.lower(): value for name, value in response.getheaders()}, body)
    finally:
        connection.close()
    if answer.headers.get("content-type", "").startswith("text/html") and "content-encoding" not in answer.headers:
        answer.document = Document()
        answer.document.feed(body.decode())
    return answer


def walk(site_url, start="/"):
    """Every page reachable from `start` within the site: `{path: Answer}`.

    Of all queries it follows the further pages of a list alone: what stands on them has no other link.
    """
    found, waiting = {}, [start]
    while waiting:
        path = waiting.pop(0)
        if path in found or is_one_too_many(path, found):
            continue
        found[path] = fetch(site_url, path)
        if found[path].document:
            for link in found[path].document.links:
                target = urlsplit(urljoin(f"{site_url}{path}", link))
                if f"{target.scheme}://{target.netloc}" == site_url:
                    page = f"?{target.query}" if FURTHER.fullmatch(target.query) else ""
                    waiting.append(unquote(target.path) + page)
    return found


def is_one_too_many(path, found):
    """Whether enough pages like this one were found already."""
    return (is_paper(path) and sum(map(is_paper, found)) >= MOST_PAPERS) or (
        is_framed(path) and sum(map(is_framed, found)) >= MOST_FRAMED
    )


def is_paper(path):
    return path.endswith(".pdf")


def is_framed(path):
    """Whether the page is an English one in a Spanish frame."""
    return path.startswith("/es/") and not path.startswith(SPANISH_ROOMS)


def longest(walked):
    """Paths of the longest pages of each view and language, and of every page that staff wrote."""
    kinds = defaultdict(list)
    for path, answer in walked.items():
        # The same English page in a Spanish frame is looked at once, on the home page.
        if answer.document and (answer.document.languages != ["es", "en"] or path == "/es/"):
            view = resolve(in_language(path.partition("?")[0], "en")).view_name
            kinds[path if view == "page" else (view, answer.document.languages[0])].append(path)
    by_length = (sorted(paths, key=lambda path: -len(walked[path].body)) for paths in kinds.values())
    return [path for paths in by_length for path in paths[:MOST_ALIKE]]
