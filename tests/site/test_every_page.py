"""Promises that hold on every page of both starter sites, read over HTTP as a visitor gets them."""

import itertools
import re
import sqlite3
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.site.walk import SITEMAP, fetch, longest

pytestmark = pytest.mark.site
FEWEST_PAGES = 15
"""Fewer would mean that the walk has lost its way, not that all is well."""

EMPTY = "data:,"
"""An icon that keeps browsers from asking for one."""


@pytest.fixture(scope="module")
def documents(walked):
    assert len(walked) >= FEWEST_PAGES, sorted(walked)
    return {path: answer.document for path, answer in walked.items() if answer.document}


def test_every_link_leads_to_a_page(walked):
    assert {path: answer.status for path, answer in walked.items() if answer.status != 200} == {}


def test_every_anchor_exists(live_site, documents):
    dead = []
    for path, document in documents.items():
        for link in document.links:
            address, anchor = urldefrag(urljoin(f"{live_site.url}{path}", link))
            target = documents.get(urlsplit(address).path) if address.startswith(live_site.url) else None
            if anchor and target and anchor not in target.ids:
                dead.append((path, link))
    assert dead == []


def test_every_page_has_one_main_heading_and_no_jump_below_it(documents):
    for path, document in documents.items():
        levels = document.headings
        body = levels[levels.index(1) :]
        assert levels.count(1) == 1, path
        assert [pair for pair in itertools.pairwise(body) if pair[1] > pair[0] + 1] == [], path


def test_titles_are_unique(documents):
    """In each language; the steps of a way through questions are not for search engines and may share one."""
    titles = [document.titles for document in documents.values()]
    assert [title for title in titles if len(title) != 1 or not title[0].strip()] == []
    for is_spanish in (False, True):
        listed = [
            document.titles[0]
            for path, document in documents.items()
            if path.startswith("/es/") == is_spanish and "noindex" not in document.metas.get("robots", "")
        ]
        assert sorted(listed) == sorted(set(listed))


def test_every_page_says_where_it_belongs(live_site, documents):
    """The further pages of a list belong to the list."""
    for path, document in documents.items():
        # A page without Spanish is the English one in a Spanish frame.
        own = path if document.languages != ["es", "en"] else path.removeprefix("/es")
        address = f"{live_site.url}{own.partition('?')[0]}"
        assert document.canonical == address
        assert document.metas["og:url"] == address
        assert document.metas["description"].strip(), path
        assert document.metas["og:image"].startswith(live_site.url), path


def test_pages_in_both_languages_name_each_other(live_site, documents):
    assert any(document.alternates for document in documents.values())
    for path, document in documents.items():
        bare = "/" + path.partition("?")[0].removeprefix("/es/").removeprefix("/")
        twins = {"x-default": bare, "en": bare, "es": f"/es{bare}"}
        if document.languages in (["en"], ["es"]) and document.alternates:
            assert document.alternates == {name: f"{live_site.url}{twin}" for name, twin in twins.items()}, path
            assert set(twins.values()) <= set(documents), path
        else:
            assert (path, document.alternates) == (path, {})


def test_language_is_that_of_the_address_and_of_the_words(documents):
    for path, document in documents.items():
        is_spanish = path.startswith("/es/")
        speaks = path.startswith(("/es/help/", "/es/resources/"))
        assert (path, document.languages) == (path, ["es"] if speaks else ["es", "en"] if is_spanish else ["en"])


def test_ids_are_unique_on_each_page(documents):
    for path, document in documents.items():
        assert sorted(document.ids) == sorted(set(document.ids)), path


def test_no_page_asks_another_host_for_anything(live_site, documents):
    foreign = [
        (path, address)
        for path, document in documents.items()
        for address in document.resources
        if not urljoin(f"{live_site.url}{path}", address).startswith(live_site.url) and address != EMPTY
    ]
    assert foreign == []


def test_no_page_carries_inline_style_or_script(documents):
    assert {path: document.inline for path, document in documents.items() if document.inline} == {}


def test_no_page_sets_a_cookie_or_varies_by_one(walked):
    assert [path for path, answer in walked.items() if "set-cookie" in answer.headers] == []
    assert [path for path, answer in walked.items() if "cookie" in answer.headers.get("vary", "").lower()] == []


def test_every_picture_has_words_and_a_size(documents):
    for path, document in documents.items():
        for image in document.images:
            assert {"alt", "width", "height"} <= set(image), (path, image)


def test_only_the_first_picture_of_a_page_loads_at_once(documents):
    for path, document in documents.items():
        loading = [image.get("loading", "eager") for image in document.images]
        assert loading[1:] == ["lazy"] * len(loading[1:]), path


def test_crisis_numbers_come_first_on_every_page(documents):
    for path, document in documents.items():
        after = document.links[document.links.index("#main") + 1 :]
        assert after[0] == "tel:988", path
        assert {"sms:988", "tel:911"} <= set(after[:5]), path


def test_every_resource_is_there(live_site, documents):
    resources = {
        urlsplit(urljoin(f"{live_site.url}{path}", address)).path
        for path, document in documents.items()
        for address in document.resources
        if address != EMPTY
    }
    assert {path: fetch(live_site.url, path).status for path in resources} == dict.fromkeys(resources, 200)


def test_the_sitemap_lists_pages_that_were_walked(live_site, walked):
    sitemap = walked[SITEMAP].body.decode()
    addresses = {part.split("</loc>")[0] for part in sitemap.split("<loc>")[1:]}
    assert addresses <= {f"{live_site.url}{path}" for path in walked}
    assert f"{live_site.url}/what-is-cit/" in addresses


def test_a_draft_is_nowhere(live_site, walked):
    """Makes a published page a draft in the running site's database, and puts it back."""
    database = sqlite3.connect(live_site.folder / "site.sqlite3", timeout=20)

    def set_status(status):
        with database:
            database.execute("UPDATE pages_page SET status = ? WHERE path = '/training/'", [status])

    assert fetch(live_site.url, "/training/").status == 200
    set_status("draft")
    try:
        assert fetch(live_site.url, "/training/").status == 404
        leading = [path for path in longest(walked) if b"/training/" in walked[path].body and path != "/training/"]
        assert len(leading) > FEWEST_PAGES
        leaks = [path for path in leading if re.search(rb'"(/es)?/training/["<]', fetch(live_site.url, path).body)]
        assert leaks == []
        assert b"/training/" not in fetch(live_site.url, "/sitemap.xml").body
    finally:
        set_status("published")
        database.close()


def test_pages_are_compressed(live_site):
    for encoding in ("br", "gzip"):
        answer = fetch(live_site.url, "/", **{"Accept-Encoding": encoding})
        assert answer.headers["content-encoding"] == encoding


def test_head_answers_as_get_without_a_body_and_logs_nothing(live_site):
    logged = live_site.log.read_text()
    for path in ("/", "/favicon.ico", "/no-such-page/"):
        asked, got = fetch(live_site.url, path, method="HEAD"), fetch(live_site.url, path)
        assert (asked.status, asked.body) == (got.status, b"")
        assert asked.headers["content-length"] == str(len(got.body))
    assert live_site.log.read_text() == logged


def test_unchanged_page_is_not_sent_again(live_site):
    """A page without a form, which would carry the second of its making."""
    first = fetch(live_site.url, "/what-is-cit/", **{"Accept-Encoding": "gzip"})
    again = fetch(live_site.url, "/what-is-cit/", **{"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
