import re
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from pages.contents import arranged
from pages.models import (
    Album,
    AlbumStrip,
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
    Page,
    Person,
    PersonCard,
    PrivacyFacts,
    Question,
    Quote,
    RichText,
    Section,
    SocialLink,
    Statistic,
    Video,
)
from tests.factories import make_album, make_identity, make_page, make_person, make_photo

pytestmark = pytest.mark.django_db


def drawn(*blocks, identity=None):
    """The markup of these blocks as a page draws them."""
    identity = identity or Identity(name="Test Association", short_name="Test", mission="We test.")
    return "".join(
        render_to_string(section.template_name, {"section": section, "identity": identity, "page": None})
        for section in arranged(list(blocks)).sections
    )


def words_of(html):
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def levels(html):
    return [(int(level), words_of(text)) for level, text in re.findall(r"<h(\d)[^>]*>(.*?)</h\d>", html, re.DOTALL)]


def links(html):
    return [
        (href, words_of(text)) for href, text in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    ]


@pytest.fixture
def draft():
    return make_page("Plans", status=Page.Status.DRAFT)


def test_hero_has_the_main_heading_and_both_links():
    html = drawn(Hero(heading="Safer", link_label="Go", link_url="/a/", second_label="Learn", second_url="/b/"))

    assert levels(html) == [(1, "Safer")]
    assert links(html) == [("/a/", "Go"), ("/b/", "Learn")]


@pytest.mark.parametrize("wide", [True, False])
def test_call_beside_the_hero_is_right_below_its_heading(wide):
    html = drawn(Hero(heading="Safer", wide=wide), CallToAction(heading="Next class", link_label="Go", link_url="/a/"))

    assert levels(html) == [(1, "Safer"), (2, "Next class")]
    assert links(html) == [("/a/", "Go")]


@pytest.mark.parametrize("ground", Section.Ground.values)
@pytest.mark.parametrize("layout", Section.Layout.values)
def test_section_says_the_same_in_every_layout(layout, ground):
    section = Section(
        heading="Work", intro="What we do.", link_label="All", link_url="/all/", layout=layout, ground=ground
    )
    html = drawn(section, Card(heading="One"), RichText(text="<p>Words</p>"), CallToAction(heading="Join"))

    assert sorted(levels(html)) == [(2, "Work"), (3, "Join"), (3, "One")]
    assert links(html) == [("/all/", "All")]
    assert {"What we do.", "Words"} <= {words_of(text) for text in re.findall(r"<p[^>]*>(.*?)</p>", html, re.DOTALL)}
    assert re.findall(r'aria-labelledby="([^"]+)"', html) == re.findall(r'<h2[^>]* id="([^"]+)"', html) == ["work"]


def test_links_to_a_draft_are_left_out(draft):
    target = {"link_label": "Read the plans", "link_page": draft}
    html = drawn(
        Hero(heading="Safer", second_label="Second plans", second_page=draft, **target),
        Section(heading="Work", intro="Words", **target),
        Card(heading="Card", **target),
        CallToAction(heading="Call", **target),
        DatedRow(heading="Day", words="Ongoing", **target),
    )

    assert "plans" not in html
    assert links(html) == []


def test_day_that_is_over_says_so():
    today = timezone.localdate()
    yesterday, ahead = (drawn(DatedRow(heading="Day", date=today - timedelta(days=back))) for back in (1, 0))

    assert ("Over" in words_of(yesterday), "Over" in words_of(ahead)) == (True, False)


def test_day_stands_with_its_year_for_machines_and_people():
    html = drawn(DatedRow(heading="Class", date=date(2027, 9, 2), time="1–3 p.m.", place="Online", cost="Free"))

    assert 'datetime="2027-09-02"' in html
    assert words_of(html) == "2 Thu Sep 2027 1–3 p.m. Class Online Free"


@pytest.mark.parametrize("direction", Finding.Direction.values)
def test_finding_says_its_direction_in_words_and_its_source(direction):
    finding = Finding(
        direction=direction, text="It helps.", source="A study, 2020", source_url="https://example.org/", note="Small."
    )
    html = drawn(finding)

    assert words_of(html) == f"{finding.get_direction_display()} It helps. Small. Source: A study, 2020"
    assert links(html) == [("https://example.org/", "A study, 2020")]


def test_statistic_has_its_source():
    html = drawn(Statistic(figure="40 hours", label="in the course", source="A report"))

    assert words_of(html) == "in the course 40 hours Source: A report"


def test_quote_names_who_said_it_and_where():
    html = drawn(Quote(text="It works.", speaker="A speaker", source="A paper", source_url="https://example.org/"))

    assert "<blockquote" in html
    assert links(html) == [("https://example.org/", "A paper")]


def test_questions_open_without_a_script():
    html = drawn(Question(question="Why?", answer="<p>Because.</p>"), Question(question="How?", answer="<p>So.</p>"))

    assert [words_of(text) for text in re.findall(r"<details.*?</details>", html, re.DOTALL)] == [
        "Why? Because.",
        "How? So.",
    ]


def test_numbered_items_are_one_ordered_list():
    html = drawn(NumberedItem(heading="One"), NumberedItem(heading="Two"))

    assert (html.count("<ol"), html.count("<li")) == (1, 2)


def test_download_says_its_kind_and_size():
    html = words_of(drawn(Download(label="Agenda", file="documents/agenda.pdf", size=204800)))

    assert html.replace("\xa0", " ") == "Agenda PDF, 200.0 KB"


def test_video_is_a_plain_link_until_somebody_plays_it():
    html = drawn(Video(title="A talk", url="https://www.youtube.com/watch?v=abcdefghijk", transcript_url="/talk/"))

    assert [href for href, _words in links(html)] == ["https://www.youtube.com/watch?v=abcdefghijk", "/talk/"]
    assert 'data-player="https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"' in html
    assert 'data-title="A talk"' in html
    assert "<iframe" not in html


def test_person_who_is_not_published_is_left_out():
    hidden = make_person("Hidden Person", status=Person.Status.DRAFT)
    html = drawn(PersonCard(person=hidden), PersonCard(person=make_person("Shown Person", role="Chair")))

    assert words_of(html) == "Shown Person Chair"


def test_album_strip_shows_the_first_pictures_of_a_published_album():
    album = make_album()
    for number in (1, 2, 3):
        make_photo(album, caption=f"Picture {number}", position=number)
    html = drawn(AlbumStrip(album=album, count=2))

    assert [words for _href, words in links(html) if words.startswith("Picture")] == ["Picture 1", "Picture 2"]


def test_album_strip_of_a_draft_is_left_out():
    album = make_album(status=Album.Status.DRAFT)
    make_photo(album, caption="Hidden picture")

    assert drawn(AlbumStrip(album=album)) == ""


@pytest.mark.parametrize("level", NoticeBox.Level.values)
def test_notice_says_its_level_in_words(level):
    notice = NoticeBox(level=level, text="<p>Closed on Monday.</p>")

    assert words_of(drawn(notice)) == f"{notice.get_level_display()}: Closed on Monday."


def test_contact_facts_are_those_of_the_identity():
    identity = make_identity(
        address="1 Main St\nSacramento", phone="+1 (916) 555-0100", email="a@example.org", ein="12-3456789"
    )
    SocialLink.objects.create(identity=identity, name="LinkedIn", url="https://example.org/cit")
    html = drawn(ContactFacts(heading="Reach us"), identity=identity)

    assert links(html)[:2] == [("tel:+19165550100", "+1 (916) 555-0100"), ("mailto:a@example.org", "a@example.org")]
    assert links(html)[2][0] == "https://example.org/cit"
    assert {"1 Main St Sacramento", "12-3456789"} <= {
        words_of(text) for text in re.findall(r"<dd>(.*?)</dd>", html, re.DOTALL)
    }


def test_contact_facts_not_entered_yet_draw_nothing():
    assert words_of(drawn(ContactFacts(heading="Reach us"))) == ""


def test_privacy_facts_follow_the_settings():
    plain = words_of(drawn(PrivacyFacts()))
    counted = words_of(
        drawn(PrivacyFacts(), identity=Identity(analytics_service="plausible", analytics_site="example.org"))
    )

    assert ("No page asks another company for anything" in plain, "Plausible" in plain) == (True, False)
    assert ("Plausible (plausible.io)" in counted, "Global Privacy Control" in counted) == (True, True)
    assert "No page asks another company for anything" not in counted
    assert "Staff who sign in" in plain
    assert "Staff who sign in" in counted
