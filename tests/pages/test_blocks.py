"""Every kind of block, as the public meets it."""

import itertools
import re
from datetime import date

import pytest
from django.db import models
from django.template.loader import render_to_string

from pages.contents import arranged, blocks_of
from pages.models import (
    AlbumStrip,
    Block,
    CallToAction,
    Card,
    ContactFacts,
    DatedRow,
    Download,
    Finding,
    Hero,
    Identity,
    NoticeBox,
    NumberedItem,
    Person,
    PersonCard,
    Picture,
    PictureText,
    PrivacyFacts,
    Question,
    Quote,
    RichText,
    Section,
    SocialLink,
    Statistic,
    Video,
)
from pages.prose import ProseField
from tests.factories import make_album, make_block, make_identity, make_page, make_person, make_photo, make_picture_file

PROBE = "<script>alert(1)</script>"
LINK = {"link_label": "Read on", "link_url": "/training/"}


def pictured():
    return {"picture": make_picture_file(), "picture_alt": "A room with chairs"}


def make_strip():
    album = make_album()
    make_photo(album, caption="The coast")
    return {"album": album}


MINIMAL = {
    Hero: (lambda: {"heading": "Words"}, ["Words"]),
    Section: (lambda: {"heading": "Words"}, ["Words"]),
    RichText: (lambda: {"text": "<p>Words</p>"}, ["<p>Words</p>"]),
    Picture: (pictured, ['alt="A room with chairs"']),
    PictureText: (lambda: {"text": "<p>Words</p>", **pictured()}, ["<p>Words</p>", 'alt="A room with chairs"']),
    Quote: (lambda: {"text": "Words", "speaker": "The speaker"}, ["Words", "The speaker"]),
    CallToAction: (lambda: {"heading": "Words", **LINK}, ["Words", "Read on", 'href="/training/"']),
    Card: (lambda: {"heading": "Words"}, ["Words"]),
    Question: (lambda: {"question": "Words?", "answer": "<p>Yes</p>"}, ["Words?", "<p>Yes</p>"]),
    NumberedItem: (lambda: {"heading": "Words"}, ["Words"]),
    Statistic: (lambda: {"figure": "58", "label": "counties", "source": "The state"}, ["58", "counties", "The state"]),
    Finding: (
        lambda: {"direction": "against", "text": "Words", "source": "A study"},
        ["Words", "Unfavorable", "A study"],
    ),
    Download: (lambda: {"file": "documents/form.pdf", "label": "Words", "size": 2048}, ["Words", "PDF, 2.0\xa0KB"]),
    Video: (
        lambda: {"title": "Words", "url": "https://vimeo.com/123456789", **pictured()},
        ["Play “Words” from Vimeo", 'href="https://vimeo.com/123456789"'],
    ),
    PersonCard: (lambda: {"person": make_person("Test Person")}, ["Test Person", "Board"]),
    AlbumStrip: (make_strip, ["The coast"]),
    NoticeBox: (lambda: {"level": "urgent", "text": "<p>Words</p>"}, ["<p>Words</p>", "Urgent: "]),
    DatedRow: (lambda: {"words": "Ongoing", "heading": "Words"}, ["Ongoing", "Words"]),
    ContactFacts: (lambda: {"heading": "Words"}, ["Words", "office@example.org"]),
    PrivacyFacts: (dict, ["This site sets no cookie for visitors"]),
}
"""The least of each kind that a form would accept, and what a reader must find of it."""

KINDS = sorted(MINIMAL, key=lambda kind: kind.__name__)


def draw(*blocks, **facts):
    identity = Identity(**{"name": "Test Association", "email": "office@example.org", **facts})
    identity.social_links = []
    return "".join(
        render_to_string(section.template_name, {"section": section, "identity": identity})
        for section in arranged(list(blocks)).sections
    )


def levels(html):
    return [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]


def text_fields(record):
    """What an editor types without markup, as (name, most characters)."""
    return [
        (field.name, field.max_length or 1000)
        for field in record._meta.fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.FileField | ProseField)
        and not field.choices
        and field.editable
        and field.name not in ("region", "picture_ppoi")
    ]


def test_every_kind_is_tested_here():
    assert set(MINIMAL) == {kind for kind in Block.kinds() if kind._meta.app_label == "pages"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_kind_asked_together_with_another_has_all_its_values(kind):
    page, target = make_page(), make_page("Target")
    values = MINIMAL[kind][0]()
    if "link_page" in kind.related:
        values |= {"link_label": "Read on", "link_page": target, "link_url": ""}
    stored = kind.objects.get(pk=make_block(kind, page, **values).pk)
    make_block(DatedRow if kind is RichText else RichText, page, ordering=90)
    page.refresh_from_db()
    block = blocks_of(page)[0]
    assert (type(block), block._state.adding) == (kind, False)
    assert {f.attname: getattr(block, f.attname) for f in kind._meta.concrete_fields} == {
        f.attname: getattr(stored, f.attname) for f in kind._meta.concrete_fields
    }
    assert [getattr(block, name) for name in kind.related] == [getattr(stored, name) for name in kind.related]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_kind_shows_its_words(client, kind):
    make_values, words = MINIMAL[kind]
    page = make_page("About")
    identity = Identity(name="Test Association", short_name="Test", mission="M", email="office@example.org")
    identity.save()
    block = make_block(kind, page, **make_values())
    block.full_clean(exclude=["picture", "file"])
    response = client.get("/about/")
    html = response.content.decode().split("<main")[1].split("</main>")[0]
    assert response.status_code == 200
    assert [word for word in words if word not in html] == []
    assert levels(html).count(1) == 1
    assert re.findall(r"<(h[1-6]|ul|ol|dl|p|a|figcaption)\b[^>]*>\s*</\1>", html) == []


@pytest.mark.django_db
@pytest.mark.parametrize("opener", [None, Section, Hero])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.opens_section])
def test_kind_skips_no_level(kind, opener):
    above = [opener(heading="Above")] if opener else []
    html = draw(*above, kind(**MINIMAL[kind][0]()))
    found = [1, *levels(html)]
    assert [pair for pair in itertools.pairwise(found) if pair[1] > pair[0] + 1] == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_markup_typed_into_a_plain_field_is_shown_as_typed(kind):
    block = make_block(kind, make_page(), **MINIMAL[kind][0]())
    typed = 0
    for name, most in text_fields(block):
        if name.endswith("url") or name in ("words", "figure") or most < len(PROBE):
            continue
        setattr(block, name, PROBE)
        typed += 1
    if isinstance(block, PersonCard):
        block.person.name = block.person.role = PROBE
    if isinstance(block, AlbumStrip):
        block.album.photos.update(caption=PROBE, picture_alt=PROBE)
    html = draw(block, name=PROBE, address=PROBE)
    assert PROBE not in html
    assert "&lt;script&gt;" in html or not typed


@pytest.mark.django_db
def test_markup_in_rich_text_is_sanitised_on_the_way_in():
    page = make_page()
    block = make_block(RichText, page, text=f"<p onclick='x()'>Words{PROBE}</p><img src=x onerror=x()>")
    assert draw(block).count("<script") == 0
    assert "<p>Words</p>" in draw(block)


# Kinds with a choice of their own


def hero_with_call(**values):
    return draw(Hero(heading="Opening", **values), CallToAction(heading="Next", label="Soon", **LINK))


def test_call_to_action_beside_an_opening_is_a_ticket():
    assert 'class="ticket"' in hero_with_call()
    assert 'class="nextstrip"' in hero_with_call(wide=True)
    assert 'class="invite"' in draw(Section(heading="S"), CallToAction(heading="Next", **LINK))


def test_opening_is_the_heading_of_the_page():
    assert levels(hero_with_call()) == [1, 2]


@pytest.mark.django_db
def test_link_to_a_draft_is_not_drawn():
    draft = make_page("Plan", status="draft")
    html = draw(Section(heading="S"), CallToAction(heading="Next", link_label="Read on", link_page=draft))
    assert "Read on" not in html
    assert "<a " not in html


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        ({"ground": "paper"}, 'class="section"'),
        ({"ground": "tint"}, 'class="section section--tint"'),
        ({"ground": "band"}, 'class="section section--band"'),
        ({"layout": "aside"}, 'class="wrap leaf"'),
        ({"layout": "cells"}, 'class="benefits"'),
    ],
)
@pytest.mark.django_db
def test_section_takes_its_ground_and_layout(values, mark):
    html = draw(Section(heading="The heading", **values), Card(heading="A card"))
    assert mark in html
    assert 'aria-labelledby="the-heading"' in html
    assert '<h2 id="the-heading">The heading</h2>' in html
    assert levels(html) == [2, 3]


def test_cells_keep_what_is_no_card_below_the_grid():
    html = draw(Section(heading="S", layout="cells"), Card(heading="A card"), RichText(text="<p>Words</p>"))
    assert html.count('class="benefits__cell"') == 1
    assert html.index("A card") < html.index("</ul>") < html.index("<p>Words</p>")


def test_band_with_nothing_below_closes_the_page():
    html = draw(Section(heading="Together", ground="band", intro="Join us.", **LINK))
    assert 'class="button button--accent" href="/training/"' in html
    assert 'class="statement"' in html


@pytest.mark.parametrize(
    ("direction", "words"),
    [("for", "Favorable"), ("mixed", "Mixed"), ("against", "Unfavorable"), ("context", "Context")],
)
def test_finding_says_its_direction_in_words(direction, words):
    html = draw(Finding(direction=direction, text="T", source="S"))
    assert f'<p class="finding__direction">{words}</p>' in html


@pytest.mark.parametrize(
    ("day", "over"), [(date(2026, 11, 21), True), (date(2026, 11, 22), False), (date(2026, 11, 23), False)]
)
def test_row_is_over_on_the_day_after(monkeypatch, day, over):
    monkeypatch.setattr("pages.models.blocks.timezone.localdate", lambda: date(2026, 11, 22))
    html = draw(Section(heading="S"), DatedRow(date=day, heading="A class"))
    assert f'datetime="{day}"' in html
    assert ("timetable__past" in html, ">Over<" in html) == (over, over)


def test_row_without_facts_has_no_empty_places():
    html = draw(Section(heading="S"), DatedRow(words="Ongoing", heading="A class"))
    assert re.findall(r'class="(timetable__(?:time|where|cost|series))"', html) == []


def test_people_who_are_not_published_are_left_out():
    people = [Person(name=f"{status} person", status=status) for status in ("draft", "published")]
    html = draw(Section(heading="S"), *(PersonCard(person=person) for person in people))
    assert "draft person" not in html
    assert html.count('class="person"') == 1


def test_press_reaches_a_person_by_what_is_given():
    person = Person(name="Spokesperson", status="published", media_phone="(213) 555-0100")
    html = draw(PersonCard(person=person))
    assert '<a href="tel:2135550100">(213) 555-0100</a>' in html
    assert "mailto:" not in html


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "leads_on"), [(2, False), (1, True)])
def test_album_strip_leads_to_the_pictures_it_leaves_out(count, leads_on):
    album = make_album()
    make_photo(album)
    make_photo(album)
    html = draw(AlbumStrip(album=album, count=count))
    assert html.count("<img ") == count
    assert ("All pictures of “Coast”" in html) is leads_on


def test_contact_facts_without_facts_draw_nothing():
    html = draw(ContactFacts(heading="Reach us"), email="")
    assert "Reach us" not in html
    assert "<dl" not in html


def test_contact_facts_show_what_there_is():
    html = draw(ContactFacts(), address="1 Test Street\nTest City", phone="(213) 555-0100", ein="12-3456789")
    assert "1 Test Street<br>Test City" in html
    assert '<a href="tel:2135550100">(213) 555-0100</a>' in html
    assert '<a href="mailto:office@example.org">office@example.org</a>' in html
    assert "12-3456789" in html


def test_statement_without_an_address_names_its_source_in_text():
    assert "Source: The state" in draw(Statistic(figure="58", label="counties", source="The state"))
    assert '<a href="https://example.org/a">The state</a>' in draw(
        Statistic(figure="58", label="counties", source="The state", source_url="https://example.org/a")
    )


# The same words in every form


@pytest.mark.parametrize("ground", Section.Ground.values)
@pytest.mark.parametrize("layout", Section.Layout.values)
def test_section_says_the_same_in_every_layout(layout, ground):
    section = Section(heading="Work", intro="What we do.", layout=layout, ground=ground, **LINK)
    html = draw(section, Card(heading="A card"), RichText(text="<p>Words</p>"), CallToAction(heading="Join"))
    assert sorted(levels(html)) == [2, 3, 3]
    assert re.findall(r'<a [^>]*href="([^"]+)"', html) == ["/training/"]
    assert [words for words in ("What we do.", "Words", "A card", "Join") if html.count(words) != 1] == []
    assert re.findall(r'aria-labelledby="([^"]+)"', html) == re.findall(r'<h2[^>]* id="([^"]+)"', html) == ["work"]


@pytest.mark.django_db
def test_no_kind_links_to_a_draft():
    target = {"link_label": "Read the plans", "link_page": make_page("Plans", status="draft")}
    html = draw(
        Hero(heading="Safer", second_label="Second plans", second_page=target["link_page"], **target),
        Section(heading="Work", intro="Words", **target),
        Card(heading="Card", **target),
        DatedRow(heading="Day", words="Ongoing", **target),
    )
    assert "plans" not in html
    assert "<a " not in html


@pytest.mark.django_db
def test_contact_facts_lead_to_profiles_elsewhere():
    identity = make_identity(email="")
    SocialLink.objects.create(identity=identity, name="LinkedIn", url="https://example.org/cit")
    (section,) = arranged([ContactFacts()]).sections
    html = render_to_string(section.template_name, {"section": section, "identity": identity})
    assert '<a href="https://example.org/cit" rel="me">' in html
    assert re.findall(r"<dt>(.*?)</dt>", html) == ["LinkedIn"]


def test_privacy_facts_follow_the_settings():
    plain = draw(PrivacyFacts())
    counted = draw(PrivacyFacts(), analytics_service="plausible", analytics_site="example.org")
    assert ("No page asks another company for anything" in plain, "Plausible" in plain) == (True, False)
    assert ("Plausible (plausible.io)" in counted, "Global Privacy Control" in counted) == (True, True)
    assert "No page asks another company for anything" not in counted
    assert ["Staff who sign in" in html for html in (plain, counted)] == [True, True]
