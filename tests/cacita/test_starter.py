"""Loading starter content: once, again, after staff have worked, and with mistakes in the files.

The site loaded here is a third association made of a few files: it needs no line of code.
"""

import json
from datetime import UTC, date, datetime, time

import pytest
from django.core.management import CommandError, call_command

from cacita import starter
from cacita.models import StarterRecord
from cacita.starter import files as starter_files
from events.models import Credit, Event, Series, Session
from pages.models import Album, Identity, MenuItem, Page, RichText, Section
from resources.models import Resource, Term
from tests.factories import make_page, make_picture_bytes

IDENTITY = {
    "name": "Valley Crisis Team Association",
    "short_name": "Valley CIT",
    "mission": "We train together.",
    "icon": "icon.png",
    "counties": "Kern\nTulare",
    "social_links": [{"name": "LinkedIn", "url": "https://www.linkedin.com/company/example"}],
}
ALBUMS = [
    {
        "slug": "places",
        "title": "Places",
        "photos": [{"picture": "river.png", "picture_alt": "A river", "is_illustration": True}],
    }
]
MENUS = {
    "header": [
        {"label": "Home", "page": "/"},
        {
            "label": "More",
            "children": [{"label": "About", "page": "/about/"}, {"label": "Gallery", "url": "/gallery/"}],
        },
    ]
}
HOME = {
    "path": "/",
    "title": "Home",
    "blocks": [
        {"kind": "hero", "heading": "We train together", "link_label": "About", "link_page": "/about/"},
        {"kind": "section", "heading": "Pictures"},
        {"kind": "albumstrip", "album": "places"},
    ],
}
ABOUT = {
    "path": "/about/",
    "title": "About",
    "blocks": [
        {"kind": "section", "heading": "Who {short_name} is", "ground": "tint"},
        {"kind": "richtext", "text": "<p>{name} serves {counties}.</p>"},
    ],
}
TEAM = {"path": "/about/team/", "parent": "/about/", "title": "Team", "blocks": []}
SERIES = [{"slug": "talks", "title": "Talks", "position": 10}]
EVENTS = [
    {
        "slug": "first-talk",
        "title": "First talk",
        "series": "talks",
        "format": "online",
        "audiences": ["patrol", "dispatch"],
        "time_zone": "America/Los_Angeles",
        "is_free": True,
        "sessions": [{"day": "2022-09-01", "start_time": "13:00", "end_time": "15:00"}],
        "credits": [{"board": "POST", "hours": "2"}],
    },
    {
        "slug": "second-talk",
        "title": "Second talk",
        "time_zone": "America/Los_Angeles",
        "sessions": [
            {"day": "2022-11-16", "start_time": "09:00", "end_time": "10:30"},
            {"day": "2022-11-17", "last_day": "2022-11-18"},
        ],
    },
]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def files(tmp_path, monkeypatch, db):
    """The starter folder of this test, with one association in it."""
    folder = tmp_path / "starter"
    monkeypatch.setattr(starter_files, "FOLDER", folder)
    write(folder, "valley/identity.json", IDENTITY)
    write(folder, "valley/albums.json", ALBUMS)
    write(folder, "valley/menus.json", MENUS)
    write(folder, "valley/pages/home.json", HOME)
    write(folder, "shared/pages/about.json", ABOUT)
    write(folder, "valley/pages/about-team.json", TEAM)
    for name, colour in (("icon.png", "#0b5a8c"), ("river.png", "#2e7396")):
        file = folder / "valley" / "files" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(make_picture_bytes(size=(60, 60), kind="PNG", colour=colour))
    return folder


def write(folder, name, data):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")


def everything():
    """All that was loaded, with the times of the last change."""
    models = (Identity, Album, Page, MenuItem, RichText, Section, StarterRecord)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


ALL = ["identity", "album places", "page /", "page /about/", "page /about/team/", "header menu"]


def test_load_fills_an_empty_site(files):
    summary = starter.load("valley")
    assert summary.loaded == ALL
    identity = Identity.objects.get()
    assert (identity.name, identity.county_names) == ("Valley Crisis Team Association", ["Kern", "Tulare"])
    assert [link.name for link in identity.social_links] == ["LinkedIn"]
    assert Page.objects.get(path="/about/team/").parent == Page.objects.get(path="/about/")
    assert Album.objects.get().photos.get().picture.width == 60
    more = MenuItem.objects.get(label="More")
    assert [child.href for child in more.children.all()] == ["/about/", "/gallery/"]


def test_load_fills_in_the_names_of_the_association(files):
    starter.load("valley")
    assert Section.objects.get(parent__path="/about/").heading == "Who Valley CIT is"
    assert RichText.objects.get().text == "<p>Valley Crisis Team Association serves Kern and Tulare Counties.</p>"


def test_load_twice_changes_nothing(files):
    starter.load("valley")
    before = everything()
    summary = starter.load("valley")
    assert summary.unchanged == ALL
    assert summary.loaded == summary.updated == summary.edited == []
    assert everything() == before


def test_load_of_a_newer_starter_updates_what_nobody_touched(files):
    starter.load("valley")
    photo = Album.objects.get().photos.get()
    write(files, "valley/albums.json", [ALBUMS[0] | {"title": "Places we know"}])
    summary = starter.load("valley")
    assert summary.updated == ["album places"]
    assert Album.objects.get().title == "Places we know"
    again = Album.objects.get().photos.get()
    assert (again.pk, again.picture.name) == (photo.pk, photo.picture.name)


def test_load_of_a_newer_starter_removes_blocks_that_are_no_longer_in_it(files):
    starter.load("valley")
    write(files, "shared/pages/about.json", ABOUT | {"blocks": ABOUT["blocks"][:1]})
    starter.load("valley")
    assert RichText.objects.count() == 0
    assert Page.objects.get(path="/about/").block_kinds == ["pages.section"]


def test_load_keeps_a_page_whose_block_was_edited(files):
    starter.load("valley")
    RichText.objects.update(text="<p>Our own words.</p>")
    write(files, "shared/pages/about.json", ABOUT | {"title": "Newer"})
    summary = starter.load("valley")
    assert summary.edited == ["page /about/"]
    assert Page.objects.get(path="/about/").title == "About"
    assert RichText.objects.get().text == "<p>Our own words.</p>"


def test_load_keeps_an_edited_page_that_has_moved(files):
    starter.load("valley")
    page = Page.objects.get(path="/about/team/")
    page.slug = "people"
    page.save()
    assert starter.load("valley").edited == ["page /about/team/"]
    assert not Page.objects.filter(path="/about/team/").exists()


def test_load_keeps_an_edited_menu_and_identity(files):
    starter.load("valley")
    MenuItem.objects.filter(label="Gallery").delete()
    Identity.objects.update(phone="+1 661 555 0100")
    assert starter.load("valley").edited == ["identity", "header menu"]
    assert Identity.objects.get().phone == "+1 661 555 0100"


def test_load_takes_line_ends_of_a_browser_for_unchanged(files):
    starter.load("valley")
    Identity.objects.update(counties="Kern\r\nTulare")
    assert starter.load("valley").edited == []


def test_load_leaves_alone_what_staff_made_before(files):
    make_page("About us", slug="about")
    summary = starter.load("valley")
    assert summary.edited == ["page /about/"]
    assert Page.objects.get(path="/about/").title == "About us"


def test_load_leaves_deleted_what_staff_deleted(files):
    starter.load("valley")
    Page.objects.get(path="/about/team/").delete()
    summary = starter.load("valley")
    assert summary.deleted == ["page /about/team/"]
    assert not Page.objects.filter(path="/about/team/").exists()


def test_load_leaves_out_a_new_page_below_a_deleted_one(files):
    starter.load("valley")
    Page.objects.get(path="/about/team/").delete()
    write(
        files,
        "valley/pages/about-team-press.json",
        {"path": "/about/team/press/", "parent": "/about/team/", "title": "P"},
    )
    write(files, "valley/pages/new.json", {"path": "/new/", "title": "New"})
    summary = starter.load("valley")
    assert (summary.loaded, summary.waiting) == (["page /new/"], ["page /about/team/press/"])


def test_overwrite_replaces_edits_and_brings_back_what_was_deleted(files):
    starter.load("valley")
    Page.objects.get(path="/about/team/").delete()
    RichText.objects.update(text="<p>Our own words.</p>")
    MenuItem.objects.all().delete()
    number = Page.objects.get(path="/about/").pk
    summary = starter.load("valley", overwrite=True)
    assert summary.loaded == ["page /about/team/"]
    assert summary.updated == ["page /about/", "header menu"]
    assert Page.objects.get(path="/about/").pk == number
    assert RichText.objects.get().text == "<p>Valley Crisis Team Association serves Kern and Tulare Counties.</p>"
    assert starter.load("valley").unchanged == ALL


def test_own_page_wins_over_a_shared_one(files):
    write(files, "valley/pages/about.json", ABOUT | {"title": "About the valley"})
    starter.load("valley")
    assert Page.objects.get(path="/about/").title == "About the valley"


def test_load_refuses_an_unknown_site(files):
    with pytest.raises(starter.StarterError) as caught:
        starter.load("mountain")
    assert str(caught.value) == "There is no starter content for “mountain”. Choose one of: valley."


def test_load_refuses_to_mix_two_associations(files):
    write(files, "coast/identity.json", IDENTITY | {"name": "Coast"})
    starter.load("valley")
    with pytest.raises(starter.StarterError, match="was started with the content of valley"):
        starter.load("coast", overwrite=True)
    assert Identity.objects.get().name == "Valley Crisis Team Association"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("valley/pages/home.json", "{", "valley/pages/home.json is not valid JSON: Expecting property name"),
        ("valley/pages/home.json", HOME | {"path": "/start/"}, "belongs in a file named start.json"),
        ("valley/pages/home.json", HOME | {"titel": "x"}, "page /: unknown key “titel”. Choose one of: status,"),
        (
            "valley/pages/home.json",
            HOME | {"blocks": [{"kind": "heroe"}]},
            "page /, block 1 (heroe): unknown kind. Choose one of: hero, section, richtext,",
        ),
        (
            "valley/pages/home.json",
            HOME | {"blocks": [{"kind": "section", "heading": "A", "ground": "sand"}]},
            "page /, block 1 (section), ground: “sand” is no choice. Choose one of: paper, tint, band.",
        ),
        (
            "valley/pages/home.json",
            HOME | {"blocks": [{"kind": "hero", "heading": "A", "link_label": "B", "link_page": "/b/"}]},
            "link_page: there is no page “/b/”. Choose one of: /, /about/, /about/team/.",
        ),
        (
            "valley/pages/home.json",
            HOME | {"blocks": [{"kind": "section", "heading": "A", "link_label": "B"}]},
            "page /, block 1 (section), link_page: Choose the page this link leads to, or write an address below.",
        ),
        (
            "valley/pages/home.json",
            HOME | {"blocks": [{"kind": "picture", "picture": "sea.png"}]},
            "no file “sea.png” in files/. Choose one of: icon.png, river.png.",
        ),
        ("valley/pages/home.json", HOME | {"title": "{town}"}, "unknown word {town}. Choose one of: name, short_name,"),
        ("valley/pages/about-team.json", TEAM | {"parent": None}, "its parent must be the page /about/, by its path"),
        ("valley/menus.json", {"side": []}, "menus.json, side: unknown menu. Choose one of: header, footer."),
        ("valley/identity.json", IDENTITY | {"brand": "#ffffff"}, "valley/identity.json, brand: Too little contrast"),
        ("valley/identity.json", {"name": "Valley"}, "valley/identity.json: “short_name” is missing."),
    ],
)
def test_load_names_the_mistake_in_a_file_and_stores_nothing(files, name, data, message):
    write(files, name, data)
    with pytest.raises(starter.StarterError) as caught:
        starter.load("valley")
    assert message in str(caught.value)
    assert Identity.objects.count() == Page.objects.count() == StarterRecord.objects.count() == 0


# Series and events


@pytest.fixture
def calendar(files):
    """The same association with two events, one of them in a series."""
    write(files, "valley/series.json", SERIES)
    write(files, "valley/events.json", EVENTS)
    return files


def days():
    return [(session.event.slug, session.day, session.last_day) for session in Session.objects.order_by("day")]


PRINTED = [
    ("first-talk", date(2022, 9, 1), None),
    ("second-talk", date(2022, 11, 16), None),
    ("second-talk", date(2022, 11, 17), date(2022, 11, 18)),
]
MOVED = [
    ("first-talk", date(2026, 12, 17), None),
    ("second-talk", date(2027, 3, 3), None),
    ("second-talk", date(2027, 3, 4), date(2027, 3, 5)),
]
"""The printed days 224 weeks later: the first Thursday three weeks or more after November 22, 2026."""


def test_load_brings_series_and_events_with_their_parts(calendar):
    summary = starter.load("valley", dates="as-printed", now=NOW)
    assert summary.loaded[2:5] == ["series talks", "event first-talk", "event second-talk"]
    event = Event.objects.get(slug="first-talk")
    assert (event.series, event.status, event.format) == (Series.objects.get(), "published", "online")
    assert event.audiences == ("patrol", "dispatch")
    assert (event.credits.get().board, event.credits.get().number, event.boards) == ("POST", "", ("POST",))
    assert event.first_start == datetime(2022, 9, 1, 20, tzinfo=UTC)
    assert event.last_end == datetime(2022, 9, 1, 22, tzinfo=UTC)


def test_load_as_printed_keeps_every_day(calendar):
    starter.load("valley", dates="as-printed", now=NOW)
    assert days() == PRINTED
    assert not Event.objects.filter(date_is_sample=True).exists()


def test_load_moves_all_days_by_the_fewest_whole_weeks(calendar):
    starter.load("valley", dates="next", now=NOW)
    assert days() == MOVED
    assert [day.weekday() for _slug, day, _last in MOVED] == [day.weekday() for _slug, day, _last in PRINTED]
    assert {session.start_time for session in Session.objects.all()} == {time(13), time(9), None}
    assert Event.objects.filter(date_is_sample=True).count() == 2


def test_load_keeps_the_local_time_across_a_clock_change(calendar):
    starter.load("valley", dates="next", now=NOW)
    assert Event.objects.get(slug="first-talk").first_start == datetime(2026, 12, 17, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 26, 21, tzinfo=UTC), date(2026, 12, 17)),
        (datetime(2026, 11, 26, 21, 1, tzinfo=UTC), date(2026, 12, 24)),
    ],
)
def test_load_leaves_three_weeks_before_the_first_day(calendar, now, day):
    starter.load("valley", dates="next", now=now)
    assert Session.objects.order_by("day").first().day == day


def test_load_leaves_days_that_are_to_come_as_they_are(calendar):
    starter.load("valley", dates="next", now=datetime(2022, 8, 1, tzinfo=UTC))
    assert days() == PRINTED
    assert not Event.objects.filter(date_is_sample=True).exists()


@pytest.mark.parametrize("dates", ["next", None])
def test_load_on_a_later_day_does_not_move_again(calendar, dates):
    starter.load("valley", now=NOW)
    before = [everything(), list(Event.objects.values()), list(Session.objects.values())]
    summary = starter.load("valley", dates=dates, now=NEXT_YEAR)
    assert summary.unchanged == [*ALL[:2], "series talks", "event first-talk", "event second-talk", *ALL[2:]]
    assert [everything(), list(Event.objects.values()), list(Session.objects.values())] == before


def test_load_of_a_newer_starter_keeps_the_moved_days(calendar):
    starter.load("valley", now=NOW)
    uids = set(Session.objects.values_list("uid", flat=True))
    later_event = {"slug": "third-talk", "title": "Third", "sessions": [{"day": "2022-11-21"}]}
    write(calendar, "valley/events.json", [EVENTS[0] | {"title": "The first talk"}, EVENTS[1], later_event])
    summary = starter.load("valley", now=NEXT_YEAR)
    assert (summary.updated, summary.loaded) == (["event first-talk"], ["event third-talk"])
    assert days() == [*MOVED, ("third-talk", date(2027, 3, 8), None)]
    assert uids < set(Session.objects.values_list("uid", flat=True))


def test_load_turns_moved_days_into_printed_ones_only_when_told(calendar):
    starter.load("valley", now=NOW)
    summary = starter.load("valley", dates="as-printed", now=NEXT_YEAR)
    assert summary.updated == ["event first-talk", "event second-talk"]
    assert days() == PRINTED
    assert not Event.objects.filter(date_is_sample=True).exists()
    assert starter.load("valley", now=NEXT_YEAR).updated == []


def test_load_keeps_an_event_whose_date_was_confirmed(calendar):
    starter.load("valley", now=NOW)
    Event.objects.filter(slug="first-talk").update(date_is_sample=False)
    summary = starter.load("valley", dates="as-printed", now=NOW)
    assert (summary.edited, summary.updated) == (["event first-talk"], ["event second-talk"])
    assert days()[-1] == MOVED[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.sessions.update(end_time=time(16)),
        lambda event: event.credits.update(number="1234"),
        lambda event: event.credits.all().delete(),
        lambda event: Event.objects.filter(pk=event.pk).update(venue="The hall"),
    ],
)
def test_load_keeps_an_edited_event(calendar, change):
    starter.load("valley", now=NOW)
    change(Event.objects.get(slug="first-talk"))
    assert starter.load("valley", now=NOW).edited == ["event first-talk"]


def test_load_does_not_take_a_new_zone_of_the_identity_for_an_edit(calendar):
    starter.load("valley", now=NOW)
    Identity.objects.update(time_zone="America/Denver")
    assert starter.load("valley", now=NOW).edited == ["identity"]


def test_load_leaves_an_event_out_whose_series_staff_deleted(calendar):
    starter.load("valley", now=NOW)
    Series.objects.all().delete()
    Event.objects.filter(slug="first-talk").delete()
    summary = starter.load("valley", now=NOW)
    assert summary.deleted == ["series talks", "event first-talk"]
    new = {"slug": "new-talk", "title": "New", "series": "talks"}
    write(calendar, "valley/events.json", [*EVENTS, new])
    assert starter.load("valley", now=NOW).waiting == ["event new-talk"]


def test_load_finds_a_series_whose_address_staff_changed(calendar):
    starter.load("valley", now=NOW)
    Series.objects.update(slug="evenings")
    write(calendar, "valley/events.json", [EVENTS[0] | {"title": "The first talk"}, EVENTS[1]])
    assert starter.load("valley", now=NOW).updated == ["event first-talk"]
    assert Event.objects.get(slug="first-talk").series == Series.objects.get(slug="evenings")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"audiences": ["patrol", "pilots"]}, "events.json, first-talk, audiences: “pilots” is no choice."),
        ({"series": "walks"}, "events.json, first-talk, series: there is no series “walks”. Choose one of: talks."),
        ({"sessions": [{"day": "soon"}]}, "events.json, first-talk: a session’s “day” must be a day such as"),
        (
            {"sessions": [{"day": "2022-09-01", "start_time": "13:00"}]},
            "events.json, first-talk, session 1, end_time: Give both a start and an end, or neither for a whole day.",
        ),
        ({"credits": [{"board": "NASA", "hours": 1}]}, "first-talk, credit 1, board: “NASA” is no choice."),
        ({"slug": "calendar"}, "events.json, calendar, slug: “calendar” is an address the site itself uses."),
    ],
)
def test_load_names_the_mistake_in_an_event_and_stores_nothing(calendar, values, message):
    write(calendar, "valley/events.json", [EVENTS[0] | values])
    with pytest.raises(starter.StarterError) as caught:
        starter.load("valley", now=NOW)
    assert message in str(caught.value)
    assert Event.objects.count() == Session.objects.count() == Credit.objects.count() == Identity.objects.count() == 0


# The command


def test_command_takes_the_dates(calendar, capsys):
    call_command("load_starter", "valley", "--dates", "as-printed")
    assert days() == PRINTED
    with pytest.raises(CommandError, match="invalid choice: 'soon'"):
        call_command("load_starter", "valley", "--dates", "soon")


STUDY = {
    "slug": "a-study",
    "title": "A study",
    "kind": "research",
    "topics": ["training", "holds"],
    "audiences": ["everyone"],
    "year": 2014,
    "summary": "They knew more.",
    "summary_es": "Sabían más.",
    "finding": "mixed",
    "url": "https://example.org/study",
    "source_date": "2014-11",
    "read_on": "2026-11-22",
}
TERMS = [
    {"slug": "5150", "term": "5150", "definition": "A hold.", "category": "law", "see_also": ["lps-act", "csu"]},
    {"slug": "csu", "term": "CSU", "definition": "A place.", "category": "response", "read_on": "2026-11-22"},
    {"slug": "lps-act", "term": "LPS Act", "definition": "A law.", "category": "law", "see_also": ["5150"]},
]
EXPLAINED = ABOUT | {
    "blocks": [
        ABOUT["blocks"][0],
        {"kind": "richtext", "text": '<p>A <a href="/resources/glossary/#5150">hold</a>.</p>'},
        {"kind": "resources.termbox", "term": "csu"},
    ]
}


@pytest.fixture
def library(files):
    """The association with an entry of the library, three terms and a page that leads to two of them."""
    write(files, "shared/library.json", [STUDY])
    write(files, "shared/glossary.json", TERMS)
    write(files, "shared/pages/about.json", EXPLAINED)
    return files


LIBRARY = ["resource a-study", "term 5150", "term csu", "term lps-act"]


def test_load_brings_the_library_and_the_glossary(library):
    summary = starter.load("valley")
    assert [key for key in summary.loaded if key in LIBRARY] == LIBRARY
    study = Resource.objects.published().get()
    assert (study.topics, study.finding, study.read_on) == (("training", "holds"), "mixed", date(2026, 11, 22))
    assert [term.slug for term in Term.objects.published().get(slug="5150").see_also.order_by("slug")] == [
        "csu",
        "lps-act",
    ]
    assert Page.objects.get(path="/about/").resources_termbox_set.get().term.slug == "csu"


def test_load_of_the_same_library_changes_nothing(library):
    starter.load("valley")
    assert starter.load("valley").unchanged == sorted([*ALL, *LIBRARY], key=[ALL[0], ALL[1], *LIBRARY, *ALL[2:]].index)


def test_load_keeps_a_term_that_staff_pointed_elsewhere(library):
    starter.load("valley")
    Term.objects.get(slug="csu").see_also.add(Term.objects.get(slug="5150"))
    Resource.objects.update(checked_on=date(2027, 1, 1))
    assert starter.load("valley").edited == ["resource a-study", "term csu"]


def test_load_takes_over_other_terms_to_see(library):
    starter.load("valley")
    write(library, "shared/glossary.json", [TERMS[0] | {"see_also": ["csu"]}, *TERMS[1:]])
    assert starter.load("valley").updated == ["term 5150"]
    assert [term.slug for term in Term.objects.get(slug="5150").see_also.all()] == ["csu"]


def test_load_leaves_out_what_leads_to_a_term_that_staff_deleted(library):
    starter.load("valley")
    Term.objects.get(slug="5150").delete()
    write(library, "shared/glossary.json", [*TERMS[:2], TERMS[2] | {"definition": "Another law."}])
    write(library, "shared/pages/about.json", EXPLAINED | {"title": "About the valley"})
    summary = starter.load("valley")
    assert summary.deleted == ["term 5150"]
    assert summary.edited == ["term lps-act"]  # it no longer points to the one that is gone
    assert summary.waiting == ["page /about/"]


@pytest.mark.parametrize("change", [{"status": "draft"}, {"publish_until": datetime(2020, 1, 1, tzinfo=UTC)}])
def test_load_leaves_out_a_page_that_leads_to_a_term_nobody_sees(library, change):
    starter.load("valley")
    Term.objects.filter(slug="5150").update(**change)
    write(library, "shared/pages/about.json", EXPLAINED | {"title": "About the valley"})
    summary = starter.load("valley")
    assert (summary.edited, summary.waiting) == (["term 5150"], ["page /about/"])
    assert Page.objects.get(path="/about/").title == "About"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("library.json", [STUDY | {"kind": "novel"}], "library.json, a-study, kind: “novel” is no choice."),
        ("library.json", [STUDY | {"kind": "law"}], "library.json, a-study, finding: Only research has a finding."),
        ("library.json", [STUDY | {"url": ""}], "library.json, a-study, url: Give an address, a file or a DOI"),
        ("glossary.json", [TERMS[0]], "glossary.json, 5150, see also: there is no glossary term “lps-act”."),
        ("glossary.json", TERMS[1:2], "page /about/, block 2 (richtext), text: The link “hold” leads to"),
    ],
)
def test_mistake_in_the_library_is_named(library, name, data, message):
    write(library, f"shared/{name}", data)
    with pytest.raises(starter.StarterError) as refused:
        starter.load("valley")
    assert message in str(refused.value)
    assert not Resource.objects.exists()


def test_command_says_what_it_did(files, capsys):
    call_command("load_starter", "valley")
    assert capsys.readouterr().out == "Starter content of valley: 6 loaded, 0 updated, 0 unchanged.\n"
    RichText.objects.update(text="<p>Our own words.</p>")
    Page.objects.get(path="/about/team/").delete()
    call_command("load_starter", "valley")
    assert capsys.readouterr().out.splitlines() == [
        "Starter content of valley: 0 loaded, 0 updated, 4 unchanged.",
        "Left as staff edited them: page /about/.",
        "Left deleted, as staff wished: page /about/team/.",
        "With --overwrite the starter content replaces what staff did.",
    ]


def test_command_fails_for_an_unknown_site(files):
    with pytest.raises(CommandError, match="Choose one of: valley"):
        call_command("load_starter", "mountain")


@pytest.mark.parametrize(
    ("counties", "words"),
    [
        ("", "California"),
        ("Los Angeles", "Los Angeles County"),
        ("Kern\nTulare", "Kern and Tulare Counties"),
        ("Kern\nKings\nTulare", "Kern, Kings and Tulare Counties"),
    ],
)
def test_counties_in_words(counties, words):
    assert starter_files.counties_in_words(counties) == words
