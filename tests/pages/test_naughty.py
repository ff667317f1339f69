"""Naughty strings in what staff write: nothing breaks, and nothing of them becomes markup on any page."""

from html.parser import HTMLParser

import pytest

from pages.models import (
    Album,
    Card,
    Hero,
    Identity,
    MenuItem,
    Notice,
    NumberedItem,
    Page,
    Person,
    Question,
    Quote,
    RichText,
    Section,
    Statistic,
)
from tests.factories import make_album, make_identity, make_menu_item, make_notice, make_page, make_person, make_photo
from tests.naughty import MARKUP, STRINGS, TEMPLATES, spread
from tests.pages.test_admin import ADD_PAGE, page_data

pytestmark = pytest.mark.django_db

OF_PROSE = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4"}
KINDS = [
    (Hero, ("heading", "lead")),
    (Section, ("heading", "intro")),
    (RichText, ("text",)),
    (Quote, ("text", "speaker", "source")),
    (Card, ("heading", "text")),
    (NumberedItem, ("heading", "text")),
    (Statistic, ("figure", "label", "source")),
    (Question, ("question", "answer")),
]


class Markup(HTMLParser):
    """How many elements of each kind a page has, and what in it could run."""

    def __init__(self, page):
        super().__init__()
        self.counts = {}
        self.alive = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        for name, value in attrs:
            address = "".join(sign for sign in value or "" if sign > " ").lower()
            if name.startswith("on") or name == "style" or address.startswith(("javascript:", "vbscript:", "data:")):
                self.alive.append((tag, name, value))
            if tag != "a" and name in ("src", "href", "srcset", "action") and address.startswith(("//", "/\\")):
                self.alive.append((tag, name, value))


def markup_of(response):
    """The page without what a `ProseField` may add: the rest must not depend on the words."""
    assert response.status_code in (200, 404)
    markup = Markup(response.content.decode())
    return {tag: count for tag, count in markup.counts.items() if tag not in OF_PROSE}, markup.alive


def written(words):
    """A page whose every text is these words, stored past all forms, with everything else that shows words."""
    page = make_page(words[:120], slug="words", lead=words[:300], description=words[:200])
    for place, (kind, names) in enumerate(KINDS):
        limits = {name: kind._meta.get_field(name).max_length for name in names}
        kind.objects.create(parent=page, ordering=place, **{name: words[:most] for name, most in limits.items()})


def frame(words):
    Identity.objects.update(name=words[:120], short_name=words[:30], mission=words[:250], counties="", address="a")
    make_menu_item(words[:40], url="/about/")
    make_notice(words[:200])
    make_person(words[:100], role=words[:120])
    album = make_album(words[:100], summary=words[:250], slug="album")
    return make_photo(album, picture_alt=words[:120], caption=words[:200], credit=words[:100])


def clear():
    for model in (Page, MenuItem, Notice, Person, Album):
        model.objects.all().delete()


def test_words_never_become_markup(editor_client):
    """Every page written in plain words is compared with the same page in each string: it has the same elements."""
    make_identity()
    before, changed = {}, {}
    for words in ["plain", *MARKUP, *TEMPLATES]:
        clear()
        photo = frame(words)
        written(words)
        for name, address in {
            "page": "/words/",
            "photo": photo.get_absolute_url(),
            "missing": "/no-such-page/",
            "list": "/admin/pages/menuitem/",
        }.items():
            elements, alive = markup_of(editor_client.get(address))
            if (set(elements), alive) != before.setdefault(name, (set(elements), alive)):
                changed[words, name] = alive or set(elements) ^ before[name][0]
    assert changed == {}


NAMES = ("title", "slug", "position", "publish_from_0", "parent", "status")


def test_no_string_breaks_the_form_of_a_page(editor_client):
    """Twelve strings a form, in all fields of a text and a section; a refusal is an answer too."""
    for turn, start in enumerate(range(0, len(STRINGS), 12)):
        blocks = []
        for words in STRINGS[start : start + 12]:
            link = {"link_url": words, "link_label": words, "link_page": words}
            blocks.append((RichText, {"text": words}))
            blocks.append((Section, {"heading": words, "intro": words, "ground": words, "layout": words, **link}))
        data = page_data(*blocks, **{NAMES[turn % len(NAMES)]: words})
        assert (words, editor_client.post(ADD_PAGE, data).status_code) == (words, 200)


OTHERS = ("p", "o", "status__exact", "_to_field", "_changelist_filters")


def test_no_string_breaks_a_list_as_a_parameter(editor_client):
    for turn, query in enumerate(spread(("q", "other"))):
        query[OTHERS[turn % len(OTHERS)]] = query.pop("other")
        answer = editor_client.get("/admin/pages/page/", query)
        assert answer.status_code in (200, 302, 400), query
