import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from pages.crisis import CrisisNumber, crisis_numbers, first_number, last_resort
from pages.models import Identity
from programs.counties import BY_SLUG
from resources import lines
from resources.models import CrisisLine
from tests.factories import make_identity, make_line

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def render(text, **context):
    return Template("{% load lines phones %}" + text).render(Context(context))


def board():
    return lines.load_board(NOW, TODAY)


def names(rows):
    return [row.line.name for row in rows]


# Which lines, and in which order


def test_checked_lines_come_before_those_whose_check_is_due_or_missing():
    make_line("Never", position=1)
    make_line("Late", position=2, checked_on=date(2026, 1, 1), next_check=date(2026, 4, 1))
    make_line("Second", position=4, checked_on=TODAY, next_check=date(2027, 2, 1))
    make_line("First", position=3, checked_on=TODAY, next_check=date(2027, 2, 1))

    assert names(board().others) == ["First", "Second", "Never", "Late"]


def test_lines_stand_under_everybody_they_are_for_with_one_anchor():
    make_line("Youth", who=["teen", "family"])
    make_line("Veterans", who=["veteran"])
    make_line("Spanish", who=["spanish"])
    make_line("Any")

    found = board()

    assert [(group.key, names(group.rows)) for group in found.groups] == [
        ("veteran", ["Veterans"]),
        ("teen", ["Youth"]),
        ("family", ["Youth"]),
    ]
    assert [row.anchor for group in found.groups for row in group.rows] == ["veterans", "youth", ""]
    assert (names(found.spanish), names(found.others)) == (["Spanish"], ["Any"])


def test_lines_of_the_bar_stand_first_alone_whatever_their_checks():
    make_line("Danger", position=20, is_in_bar=True, checked_on=TODAY, next_check=date(2027, 2, 1))
    make_line("Lifeline", position=10, is_in_bar=True)

    found = board()

    assert [line.name for line in found.first] == ["Lifeline", "Danger"]
    assert (found.groups, found.others) == ([], [])


def test_lines_of_counties_and_drafts_are_not_for_everybody():
    make_line("Kern", counties=["kern"])
    make_line("Draft", status=CrisisLine.Status.DRAFT)
    make_line("Later", publish_from=NOW + timedelta(hours=1))
    make_line("Shown")

    assert names(board().others) == ["Shown"]


def test_empty_site_falls_back_on_the_numbers_of_last_resort():
    first = board().first

    assert [(line.number, line.text_number, line.is_emergency) for line in first] == [
        (number.number, number.text_number, number.is_emergency) for number in last_resort()
    ]
    assert [(words, len(found)) for words, found in board().checks] == [("Not yet dialled by us", len(first))]


def test_checks_of_the_first_lines_are_said_once_where_they_agree():
    read = {"is_in_bar": True, "read_on": date(2026, 11, 22)}
    make_line("One", position=1, **read)
    make_line("Two", position=2, is_in_bar=True, checked_on=TODAY, next_check=date(2027, 2, 1))
    make_line("Three", position=3, **read)

    assert [[line.name for line in found] for _words, found in board().checks] == [["One", "Three"], ["Two"]]


def test_county_has_its_own_lines_alone():
    make_line("Kern", counties=["kern", "kings"])
    make_line("Fresno", counties=["fresno"])
    make_line("Nation")
    make_line("Draft", counties=["kern"], status=CrisisLine.Status.DRAFT)

    assert [line.name for line in lines.load_local("kern", NOW, TODAY)] == ["Kern"]


def test_first_published_follows_the_order_asked_for():
    make_line("B", slug="b")
    make_line("A", slug="a", status=CrisisLine.Status.DRAFT)
    make_line("C", slug="c")

    assert lines.first_published(("a", "c", "b"), NOW).slug == "c"
    assert lines.first_published(("a", "x"), NOW) is None


@pytest.mark.parametrize(("count", "queries"), [(1, 2), (30, 2)])
def test_board_costs_the_same_for_one_and_thirty(django_assert_num_queries, count, queries):
    for number in range(count):
        make_line(f"Line {number}", who=["teen"], hours=[(0, "08:00", "17:00")])
    with django_assert_num_queries(queries):
        found = board()
        assert len([row.line.opening_hours.all()[0] for row in found.groups[0].rows]) == count


# What is said of a check


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"checked_on": date(2026, 11, 3), "next_check": date(2027, 2, 3)}, "Checked by us on Nov. 3, 2026"),
        (
            {"checked_on": date(2026, 3, 3), "next_check": date(2026, 6, 3)},
            "Last checked by us on March 3, 2026; the next check is overdue",
        ),
        ({"source_date": "2022-08-31"}, "Source of Aug. 31, 2022, not yet dialled by us"),
        ({"source_date": "2022-08"}, "Source of August 2022, not yet dialled by us"),
        ({"source_date": "2022"}, "Source of 2022, not yet dialled by us"),
        ({"source_date": "08/31/2022"}, "Source of 08/31/2022, not yet dialled by us"),
        ({"source_date": "2022-13"}, "Source of 2022-13, not yet dialled by us"),
        ({"read_on": date(2026, 11, 22)}, "Source read on Nov. 22, 2026, not yet dialled by us"),
        ({}, "Not yet dialled by us"),
    ],
)
def test_check_is_said_with_its_date(values, words):
    assert lines.checked_words(CrisisLine(**values), TODAY) == words


# One record, every label and link


@pytest.mark.parametrize(
    ("tag", "values", "link"),
    [
        ("call_link", {"phone": "988"}, '<a href="tel:988">Call 988</a>'),
        ("call_link", {"phone": "988", "press": "1"}, '<a href="tel:988">Call 988, then press 1</a>'),
        ("call_link", {}, '<a href="tel:+19165550100">Call (916) 555-0100</a>'),
        (
            "call_link",
            {"phone": "988", "stand_in": "+19165550199"},
            '<a href="tel:+19165550199">Call (916) 555-0199</a>',
        ),
        ("call_link", {"phone": "", "text_number": "988"}, ""),
        ("text_link", {"text_number": "988"}, '<a href="sms:988">Text 988</a>'),
        (
            "text_link",
            {"text_number": "741741", "text_keyword": "HOME"},
            '<a href="sms:741741?&amp;body=HOME">Text HOME to 741741</a>',
        ),
        (
            "text_link",
            {"text_number": "+19165550100"},
            '<a href="sms:+19165550100">Text (916) 555-0100</a>',
        ),
        ("text_link", {}, ""),
        (
            "chat_link",
            {"chat_url": "https://example.org/?a=1&b=2"},
            '<a href="https://example.org/?a=1&amp;b=2">Chat online</a>',
        ),
        ("chat_link", {}, ""),
        (
            "video_link",
            {"videophone": "+19165550100"},
            '<a href="tel:+19165550100">Videophone: (916) 555-0100</a>',
        ),
        ("video_link", {}, ""),
        ("tty_link", {"tty": "+19165550100"}, '<a href="tel:+19165550100">TTY: (916) 555-0100</a>'),
        ("tty_link", {}, ""),
        ("website_link", {"website": "https://example.org/"}, '<a href="https://example.org/">Website</a>'),
        ("website_link", {}, ""),
    ],
)
def test_link_is_drawn_from_the_record(tag, values, link):
    assert render(f"{{% {tag} line %}}", line=make_line(**values)) == link


def test_word_to_text_cannot_leave_its_place():
    line = CrisisLine(text_number="741741", text_keyword='"><b>&')
    assert render("{% text_link line %}", line=line) == (
        '<a href="sms:741741?&amp;body=%22%3E%3Cb%3E%26">Text &quot;&gt;&lt;b&gt;&amp; to 741741</a>'
    )


def test_link_may_look_like_a_button():
    assert render('{% call_link line "button" %}', line=make_line(phone="988")) == (
        '<a class="button" href="tel:988">Call 988</a>'
    )


def test_number_on_its_own_is_its_label():
    assert render("{% phone_link number %}", number="+19165550100") == '<a href="tel:+19165550100">(916) 555-0100</a>'
    assert render("{% phone_link number %}", number="") == ""


# The bar of every page


def bar(client, page="/"):
    html = client.get(page).content.decode().split('<header class="masthead">')[0]
    return re.findall(r'<li><a href="((?:tel|sms):[^"]+)">([^<]+)', html)


def test_saving_a_line_changes_the_bar_of_every_page(client):
    make_identity()
    make_line("Lifeline", position=1, phone="988", text_number="988", is_in_bar=True)
    make_line("Other", position=2)

    assert bar(client) == [("tel:988", "Call 988"), ("sms:988", "Text 988")]


def test_stand_in_replaces_the_number_everywhere_in_one_save(client):
    make_identity()
    line = make_line("Lifeline", phone="988", is_in_bar=True)
    pages = ("/", "/help/", "/help/kern/", "/help/which-number/danger-unsure/")
    assert all(b'"tel:988"' in client.get(page).content for page in pages)

    line.stand_in = "+19165550199"
    line.save()

    for page in pages:
        html = client.get(page).content.decode()
        assert '"tel:988"' not in html, page
        assert '<a href="tel:+19165550199">Call (916) 555-0199</a>' in html, page


@pytest.mark.parametrize("change", ["draft", "out of the bar", "deleted", "all changed", "all deleted"])
def test_line_leaves_the_bar_when_it_is_no_longer_for_everybody(client, change):
    make_identity()
    make_line("Kept", position=1, phone="988", is_in_bar=True)
    line = make_line("Gone", position=2, is_in_bar=True)
    assert len(bar(client)) == 2

    if change == "draft":
        line.status = CrisisLine.Status.DRAFT
        line.save()
    elif change == "out of the bar":
        line.is_in_bar = False
        line.save()
    elif change == "deleted":
        line.delete()
    elif change == "all changed":
        CrisisLine.objects.filter(pk=line.pk).update(status=CrisisLine.Status.DRAFT)
    else:
        CrisisLine.objects.filter(pk=line.pk).delete()

    assert bar(client) == [("tel:988", "Call 988")]


def test_line_shown_for_a_while_leaves_the_bar_by_itself():
    identity = make_identity()
    now = timezone.now()
    make_line("Now", phone="988", is_in_bar=True)
    make_line("Soon", phone="211", is_in_bar=True, publish_from=now + timedelta(hours=1))
    make_line("Over", phone="711", is_in_bar=True, publish_until=now + timedelta(hours=2))
    identity.refresh_from_db()

    def shown(moment):
        return sorted(number.number for number in crisis_numbers(identity, moment))

    assert shown(now) == ["711", "988"]
    assert shown(now + timedelta(hours=1)) == ["211", "711", "988"]
    assert shown(now + timedelta(hours=2)) == ["211", "988"]


def test_bar_without_lines_holds_the_numbers_of_last_resort(client):
    make_identity()
    make_line("Lifeline", phone="211", is_in_bar=True).delete()

    assert bar(client) == [("tel:988", "Call 988"), ("sms:988", "Text 988"), ("tel:911", "Call 911")]


def test_identity_saved_by_staff_keeps_the_bar():
    make_identity()
    make_line("Lifeline", phone="988", is_in_bar=True)
    identity = Identity.load()
    identity.mission = "We still test."
    identity.save()

    assert [number["number"] for number in Identity.load().crisis_numbers] == ["988"]


def test_number_to_talk_and_number_for_danger_are_always_there():
    only = (CrisisNumber("211"),)
    assert first_number(only, is_emergency=False).number == "211"
    assert first_number(only, is_emergency=True) == last_resort()[1]


def test_line_leads_to_the_page_that_shows_it():
    assert make_line("Nation").get_absolute_url() == "/help/#nation"
    assert make_line("Kern", counties=["kern"]).get_absolute_url() == "/help/kern/#kern"


# The card of other pages


def card(county, identity):
    numbers = crisis_numbers(identity, NOW)
    return render("{% county_lines county %}", county=county, crisis_numbers=numbers)


def test_card_of_a_county_shows_its_lines():
    make_line("Kern line", counties=["kern"], checked_on=timezone.localdate())
    html = card(BY_SLUG["kern"], make_identity())

    assert '<a class="button button--block" href="tel:+19165550100">Call (916) 555-0100</a>' in html
    assert "Day and night · Checked by us on" in " ".join(html.split())
    assert 'href="/help/kern/"' in html
    assert "tel:988" not in html


def test_card_of_a_county_without_lines_says_so_and_shows_the_numbers_for_everybody():
    html = card(BY_SLUG["alpine"], make_identity())

    assert "We know of no checked number for Alpine County yet." in html
    assert '<a href="tel:988">Call 988</a>' in html


def test_english_words_are_marked_in_a_spanish_page():
    line = make_line("Test Line", name_es="Línea de prueba", what_for="To talk.")
    with translation.override("es"):
        assert render('{{ line|said:"name" }}', line=line) == "Línea de prueba"
        assert render('{{ line|said:"what_for" }}', line=line) == '<span lang="en">To talk.</span>'
