"""What the starter content of both associations must hold: the facts of their former home pages, in our own words."""

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve
from django.utils.html import strip_tags

from cacita import starter
from cacita.starter import files as starter_files
from events.models import Credit, Event, NextEvent, OngoingSeries, Series, Session, UpcomingEvents
from events.timetable import hours_text
from pages.contents import blocks_of
from pages.models import Card, DatedRow, Hero, Identity, MenuItem, NumberedItem, Page, Photo, Section
from pages.outline import faults
from pages.pictures import Pictured
from pages.prose import ProseField, term_address
from resources.models import Term

pytestmark = pytest.mark.django_db
SEED_PHRASES = frozenset((Path(__file__).parent / "seed_phrases.txt").read_text().split())
"""Digests of every run of eight words on the former home pages, line by line, titles of events left out."""
cacita = pytest.mark.parametrize("site", ["cacita"], indirect=True)
lacit = pytest.mark.parametrize("site", ["lacit"], indirect=True)
HREF = re.compile(r'href="([^"]*)"')


def blocks(kind=None):
    found = [block for page in Page.objects.order_by("path") for block in blocks_of(page)]
    return [block for block in found if kind is None or isinstance(block, kind)]


def texts(site):
    """(file, text) of every string of the site's starter files, markup taken out."""
    for owner in (starter_files.SHARED, site):
        for file in sorted((starter_files.FOLDER / owner).rglob("*.json")):
            for text in starter_files.strings_in(json.loads(file.read_text(encoding="utf-8"))):
                yield f"{owner}/{file.name}", strip_tags(text.replace("</", " </"))


def prose_of(row):
    return [getattr(row, f.name) for f in row._meta.concrete_fields if isinstance(f, ProseField)]


def links():
    """(where, address) of every link on pages and in menus."""
    for block in blocks():
        for name in ("link_href", "second_href"):
            if getattr(block, name, ""):
                yield f"{block.parent.path}, {block}", getattr(block, name)
        for html in prose_of(block):
            for href in HREF.findall(html):
                yield f"{block.parent.path}, {block}", href
    for item in MenuItem.objects.select_related("page"):
        if item.href:
            yield f"menu, {item}", item.href


def calendar():
    kinds = (Series, Event, Session, Credit)
    return [row for kind in kinds for row in kind.objects.all()]


def test_every_record_obeys_the_rules_for_staff(site):
    for row in [
        Identity.objects.get(),
        *Page.objects.all(),
        *blocks(),
        *Photo.objects.all(),
        *MenuItem.objects.all(),
        *calendar(),
    ]:
        row.full_clean(exclude=[f.name for f in row._meta.concrete_fields if not f.editable])


def test_every_link_within_the_site_leads_somewhere(site):
    paths = set(Page.objects.published().values_list("path", flat=True))
    for where, href in links():
        if not href.startswith("/"):
            continue
        address, _hash, anchor = href.partition("#")
        path = address.partition("?")[0]
        if path in paths:
            if anchor:
                anchors = [s.anchor for s in Section.objects.filter(parent__path=path)]
                assert anchor in anchors, f"{where}: {href}"
            continue
        try:
            assert resolve(path).url_name != "page", f"{where}: {href}"
        except Resolver404:
            pytest.fail(f"{where}: {href} leads nowhere")


def test_every_link_to_the_glossary_leads_to_a_term(site):
    terms = set(Term.objects.published().values_list("slug", flat=True))
    linked = {(where, href.partition("#")[2]) for where, href in links() if href.startswith(term_address(""))}
    assert {(where, slug) for where, slug in linked if slug not in terms} == set()


def test_every_link_to_another_site_is_whole(site):
    for where, href in links():
        assert href.startswith(("/", "https://", "http://")), f"{where}: {href}"


def test_every_page_can_be_reached_from_home(site):
    targets = {href for _where, href in links()}
    assert set(Page.objects.values_list("path", flat=True)) - targets <= {"/"}


def test_every_page_is_published_and_described(site):
    assert Page.objects.exclude(status="published").count() == 0
    descriptions = list(Page.objects.values_list("description", flat=True))
    titles = list(Page.objects.values_list("title", flat=True))
    assert all(descriptions)
    assert len(set(descriptions)) == len(descriptions)
    assert len(set(titles)) == len(titles)


def test_every_picture_has_words(site):
    pictures = [block for block in blocks(Pictured) if block.picture] + list(Photo.objects.all())
    assert len(pictures) > 6
    assert [str(picture) for picture in pictures if not picture.picture_alt] == []
    assert Photo.objects.filter(is_illustration=False).count() == 0


def test_headings_keep_their_order(site):
    for page in Page.objects.all():
        assert [fault.message for fault in faults(blocks_of(page))] == [], page.path


def test_unknown_facts_stay_empty(site):
    identity = Identity.objects.get()
    assert (identity.address, identity.phone, identity.email, identity.ein) == ("", "", "", "")
    assert [link.name for link in identity.social_links] == ["Present website"]


def test_no_sentence_is_taken_from_the_former_page(site):
    titles = {*Event.objects.values_list("title", flat=True), *Series.objects.values_list("title", flat=True)}
    for file, text in texts(site):
        if text in titles:
            continue
        words = re.findall(r"[a-z0-9]+", text.lower().replace("’", "'").replace("'", ""))
        runs = (" ".join(words[start : start + 8]) for start in range(len(words) - 7))
        taken = [run for run in runs if hashlib.sha256(run.encode()).hexdigest()[:12] in SEED_PHRASES]
        assert taken == [], file


def test_typing_errors_of_the_former_page_are_mended(site):
    for file, text in texts(site):
        assert "approches" not in text.lower(), file
        assert text.count("(") == text.count(")"), f"{file}: {text}"


@cacita
def test_cacita_opens_with_training_and_programs(site):
    hero = Hero.objects.get()
    assert (hero.link_label, hero.link_href) == ("Find training", "/training/")
    assert (hero.second_label, hero.second_href) == ("Start a program", "/start-a-program/")


@cacita
def test_cacita_has_its_five_purposes_on_home_and_about(site):
    for path in ("/", "/about/"):
        assert NumberedItem.objects.filter(parent__path=path).count() == 5


@cacita
def test_cacita_has_the_sessions_of_2022_with_the_zone_in_force(site):
    events = Event.objects.order_by("first_start")
    assert [(event.title, event.format, str(event.series or "")) for event in events] == [
        ("Crisis Cops: Law Enforcement Approaches to Mental Health", "online", ""),
        (
            "School Threat Protocol and the Psychiatric Emergency Response Team’s (PERT) Response to School Threats",
            "",
            "First Responders Training Series",
        ),
        ("Gun Violence Restraining Orders and Red Flag Laws", "", "First Responders Training Series"),
        (
            "The Collaboration between the Law Enforcement Coordinating Committee (LECC), the Joint Terrorism Task "
            "Force (JTTF) and PERT while Responding to Threats",
            "",
            "First Responders Training Series",
        ),
    ]
    assert [(event.first_start.isoformat(), event.last_end.isoformat()) for event in events] == [
        ("2022-09-01T20:00:00+00:00", "2022-09-01T22:00:00+00:00"),
        ("2022-09-14T16:00:00+00:00", "2022-09-14T17:30:00+00:00"),
        ("2022-10-05T16:00:00+00:00", "2022-10-05T17:30:00+00:00"),
        ("2022-11-16T17:00:00+00:00", "2022-11-16T18:30:00+00:00"),
    ]
    assert [hours_text(event.sessions.get()) for event in events] == [
        "1–3 p.m. PDT",
        "9–10:30 a.m. PDT",
        "9–10:30 a.m. PDT",
        "9–10:30 a.m. PST",
    ]


@cacita
def test_cacita_invents_nothing_about_its_sessions(site):
    for event in Event.objects.all():
        assert (event.is_free, event.time_zone, event.status) == (True, "America/Los_Angeles", "published")
        assert (event.venue, event.address, event.county, event.contact_name, event.price_note, event.registration) == (
            "",
        ) * 6
        assert (event.audiences, event.boards, event.capacity, event.date_is_sample) == ((), (), None, False)


@cacita
def test_cacita_has_two_ongoing_series(site):
    assert list(Series.objects.ongoing().values_list("title", flat=True)) == [
        "First Responders Training Series",
        "Crisis Intervention Team (CIT) Program Spotlight Series",
    ]


@cacita
def test_cacita_home_draws_on_the_calendar(site):
    assert NextEvent.objects.filter(parent__path="/").count() == 1
    assert [block.count for block in UpcomingEvents.objects.filter(parent__path="/")] == [5]
    assert OngoingSeries.objects.filter(parent__path="/").count() == 1
    assert DatedRow.objects.count() == 0


@lacit
def test_lacit_header_has_the_nine_entries_in_their_order(site):
    items = MenuItem.objects.filter(menu="header", parent=None).select_related("page")
    assert [(item.label, item.href) for item in items] == [
        ("Home", "/"),
        ("About Us", "/about/"),
        ("LA CIT Spokesperson", "/spokesperson/"),
        ("LA CIT Programs", "/la-cit-programs/"),
        ("What Is CIT", "/what-is-cit/"),
        ("Training", "/training/"),
        ("Events", "/events/"),
        ("Donate", "/donate/"),
        ("Crisis Resources", "/help/"),
    ]


def test_menus_lead_to_the_library_and_the_glossary(site):
    for menu in MenuItem.Menu:
        hrefs = set(MenuItem.objects.filter(menu=menu).values_list("url", flat=True))
        assert {"/resources/", "/resources/glossary/"} <= hrefs, menu


@lacit
def test_lacit_opens_with_get_involved_and_learn_more(site):
    hero = Hero.objects.get()
    assert (hero.link_label, hero.second_label, hero.wide) == ("Get Involved", "Learn More", True)
    assert blocks_of(Page.objects.get(path="/"))[1]._meta.label == "events.NextEvent"


@lacit
def test_lacit_has_a_basic_course_as_a_draft_alone(site):
    course = Event.objects.get()
    assert (course.status, course.date_is_sample, course.boards) == ("draft", True, ("POST",))
    assert [session.day.weekday() for session in course.sessions.all()] == [0, 1, 2, 3, 4]
    credit = course.credits.get()
    assert (credit.hours, credit.number, credit.certified_title) == (40, "", "")
    assert Event.objects.published().count() == 0


@lacit
def test_lacit_has_seven_benefits_with_two_points_each(site):
    cards = Card.objects.filter(parent__path="/")
    assert [(card.text.count("<li>"), bool(card.drawing)) for card in cards] == [(2, True)] * 7


@lacit
def test_lacit_copyright_line_names_the_present_year(site, monkeypatch):
    monkeypatch.setattr("pages.models.identity.timezone.localdate", lambda: date(2031, 1, 1))
    assert Identity.objects.get().copyright == "Copyright © 2031 LA CIT – All Rights Reserved."


def test_home_costs_few_statements(site, client, django_assert_num_queries):
    starter.load(site, dates="next")
    with django_assert_num_queries({"cacita": 11, "lacit": 11}[site]):
        assert client.get("/").status_code == 200


def test_moved_dates_keep_weekday_hours_and_distances(site):
    """Loads the dates anew within the transaction of this test."""
    printed = [(session.pk, session.day, session.start_time) for session in Session.objects.order_by("pk")]
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    starter.load(site, dates="next", now=now)
    moved = [(session.pk, session.day, session.start_time) for session in Session.objects.order_by("pk")]
    distances = {new[1] - old[1] for old, new in zip(printed, moved, strict=True)}
    assert [(pk, clock) for pk, _day, clock in moved] == [(pk, clock) for pk, _day, clock in printed]
    assert len(distances) == 1
    assert distances.pop().days % 7 == 0
    first = min(event.first_start for event in Event.objects.all())
    assert timedelta(weeks=3) <= first - now < timedelta(weeks=4)
    assert not Event.objects.filter(date_is_sample=False).exists()
