"""The staff's task of checking crisis lines, as posted forms, and a check made in a line's own form."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from resources import checks
from resources.models import Check, CrisisLine
from tests.admin_pages import address, assert_statements
from tests.factories import make_identity, make_line

pytestmark = pytest.mark.django_db
TASK = "/admin/resources/crisisline/checks/"
TODAY = timezone.localdate()
DAY = timedelta(days=1)
QUARTER = timedelta(days=92)


def page_of(line, query=""):
    return f"/admin/resources/crisisline/{line.pk}/check/{query}"


def shown(response):
    """The page between its head and its foot, as text with its tags."""
    return unescape(response.content.decode().split('id="content-main"')[1].split('<footer id="footer"')[0])


def dialled(response):
    return re.findall(r'href="((?:tel|sms):[^"]+)"', shown(response))


def told(response):
    """The sentences on top of the page."""
    found = re.search(r'<ul class="messagelist">(.*?)</ul>', response.content.decode(), re.DOTALL)
    rows = re.findall(r"<li[^>]*>(.*?)</li>", found[1], re.DOTALL) if found else []
    return [unescape(re.sub(r"<[^>]+>", "", row)).strip() for row in rows]


def failed(line, days_ago=0, outcome="silent", **values):
    checks.record(Check(line=line, outcome=outcome, made_on=TODAY - days_ago * DAY, **values))
    return line


# One line


def test_task_leads_to_the_first_line(editor_client):
    make_line("Second", position=2)
    first = make_line("First", position=1)
    assert editor_client.get(TASK).url == page_of(first)
    assert editor_client.get(f"{TASK}?reason=never").url == page_of(first, "?reason=never")


def test_page_of_a_line_shows_what_to_dial_what_to_say_and_what_we_say(editor_client):
    make_identity(name="Test Association")
    line = make_line(
        "Kern <Line>",
        counties=["kern", "kings"],
        hours=[(day, "00:00", "23:59") for day in range(7)],
        press="1",
        text_number="741741",
        text_keyword="HOME",
        chat_url="https://example.org/chat/",
        tty="+19165550101",
        videophone="+19165550102",
        languages="English, Spanish",
        what_happens="A counselor answers.",
        caution="It moved in 2022.",
        source_date="2022",
    )

    response = editor_client.get(page_of(line))
    html = shown(response)

    assert dialled(response) == ["tel:+19165550100", "sms:741741?&body=HOME", "tel:+19165550102", "tel:+19165550101"]
    assert "Call (916) 555-0100, then press 1" in html
    assert "“This is a check by Test Association, not a call for help. Have I reached Kern <Line>?”" in html
    assert re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", html) == [
        ("Hours", f"Every day, midnight to 11:59 p.m. {timezone.localtime().tzname()}"),
        ("Languages", "English, Spanish"),
        ("Counties", "Kern, Kings"),
        ("What happens", "A counselor answers."),
        ("Visitors read", "Source of 2022, not yet dialled by us"),
        ("For staff", "It moved in 2022."),
    ]
    assert "<h1>Kern &lt;Line&gt;</h1>" in response.content.decode()
    assert response.context["title"] == "1 line left to check"


def test_number_for_emergencies_cannot_be_dialled_there(editor_client):
    line = make_line(
        "Danger",
        kind="emergency",
        phone="911",
        text_number="911",
        tty="911",
        videophone="911",
        source_url="https://example.org/source/",
        is_in_bar=True,
    )

    response = editor_client.get(page_of(line))

    assert dialled(response) == []
    assert "Never dial 911 to test it" in shown(response)
    assert '<a href="https://example.org/source/">Read the source</a>' in shown(response)
    assert re.findall(r'type="radio" name="outcome" value="(\w+)"', shown(response)) == ["right", "changed", "wrong"]

    response = editor_client.post(page_of(line), {"outcome": "silent"})
    assert response.status_code == 200
    assert Check.objects.count() == 0


def test_usual_number_is_dialled_too_while_another_stands_in(editor_client):
    line = make_line(stand_in="+19165550199")
    assert dialled(editor_client.get(page_of(line))) == ["tel:+19165550199", "tel:+19165550100"]


def test_line_without_a_number_is_reached_as_it_can_be(editor_client):
    line = make_line(phone="", videophone="+19165550102")
    assert dialled(editor_client.get(page_of(line))) == ["tel:+19165550102"]


def test_page_says_what_was_heard_last_and_by_whom(editor_client, editor):
    line = failed(make_line(), made_by=editor, note="Rang for two minutes")
    html = shown(editor_client.get(page_of(line)))
    assert f"{TODAY}: Nobody answered <q>Rang for two minutes</q> <small>editor</small>" in html

    editor.delete()
    get_user_model().objects.create_superuser("other", password="x")
    editor_client.force_login(get_user_model().objects.get())
    assert "<small>Somebody who left</small>" in shown(editor_client.get(page_of(line)))


# Saving


def test_check_is_stored_with_who_made_it_and_the_next_line_follows(editor_client, editor, client):
    make_identity()
    line, second = make_line("First", position=1), make_line("Second", position=2)

    response = editor_client.post(page_of(line), {"outcome": "right", "note": "Answered at once"}, follow=True)

    check = Check.objects.get()
    assert (check.line, check.made_on, check.made_by) == (line, TODAY, editor)
    assert (check.outcome, check.note) == ("right", "Answered at once")
    assert response.redirect_chain == [(page_of(second), 302)]
    assert told(response) == ["“First” is checked. Pages show today’s date."]
    assert "Checked by us on" in client.get("/help/").content.decode()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_edited_object(), entry.get_change_message()) == (
        editor,
        line,
        f"Added check “{TODAY}: It answers, and all we say is right”.",
    )


def test_last_line_leads_to_when_the_next_is_due(editor_client):
    line = make_line("Only")
    response = editor_client.post(page_of(line), {"outcome": "right"}, follow=True)
    assert response.redirect_chain == [(TASK, 302)]
    day = (TODAY + QUARTER).strftime("%-d, %Y")
    assert re.search(rf"The next check is due on \S+ {day}: Only\.", shown(response))
    assert dialled(response) == []


def test_skipping_goes_round(editor_client):
    one, two = make_line("One", position=1), make_line("Two", position=2)
    assert editor_client.get(page_of(one)).context["following"] == page_of(two)
    assert editor_client.get(page_of(two)).context["following"] == page_of(one)
    editor_client.post(page_of(two), {"outcome": "right"})
    assert editor_client.get(page_of(one)).context["following"] == ""


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "“Line” failed. It stands below checked lines now and is due again today. "),
        ({"is_in_bar": True}, "“Line” failed. It stays first on every page and is due again today. "),
    ],
)
@pytest.mark.parametrize("outcome", ["silent", "wrong"])
def test_line_that_fails_is_told_what_becomes_of_it(editor_client, outcome, values, says):
    line = make_line("Line", **values)

    response = editor_client.post(page_of(line), {"outcome": outcome}, follow=True)

    line.refresh_from_db()
    assert (line.checked_on, line.failed_on, line.next_check) == (None, TODAY, TODAY)
    assert told(response) == [f"{says}Give it a stand-in number or take it off in its form. Open its form"]
    assert f'<a href="{address(line)}">Open its form</a>' in unescape(response.content.decode())
    assert response.context["title"] == "These lines failed today"
    assert f'<a href="{page_of(line)}">Check it again</a>' in shown(response)


def test_emergency_number_that_fails_is_not_given_a_stand_in(editor_client):
    line = make_line("Danger", kind="emergency", is_in_bar=True)
    response = editor_client.post(page_of(line), {"outcome": "wrong"}, follow=True)
    assert told(response) == [
        "“Danger” failed. Correct what we say of it in its form; it is due again today. Open its form"
    ]


def test_nothing_typed_is_lost_where_the_outcome_is_missing(editor_client):
    line = make_line()
    response = editor_client.post(page_of(line, "?reason=never"), {"note": "Rang <twice>"})

    assert response.status_code == 200
    assert response.context["form"].errors == {"outcome": ["Tick what happened."]}
    html = shown(response)
    assert "Rang <twice></textarea>" in html
    assert f'action="{page_of(line, "?reason=never")}"' in html
    assert Check.objects.count() == 0


def test_note_that_is_too_long_comes_back_whole(editor_client):
    line, note = make_line(), "x" * 301
    response = editor_client.post(page_of(line), {"outcome": "right", "note": note})
    assert f"{note}</textarea>" in shown(response)
    assert re.search(r'value="right"[^>]* checked', shown(response))
    assert Check.objects.count() == 0


def test_day_of_a_check_cannot_be_posted(editor_client):
    line = make_line()
    editor_client.post(page_of(line), {"outcome": "right", "made_on": "2999-01-01"})
    assert Check.objects.get().made_on == TODAY


def test_line_checked_meanwhile_is_not_offered_again_and_may_be_checked_all_the_same(editor_client, editor):
    mine, theirs = make_line("Mine", position=1), make_line("Theirs", position=2)
    editor_client.get(page_of(theirs))
    failed(theirs, outcome="right")

    assert editor_client.get(page_of(mine)).context["following"] == ""
    response = editor_client.post(page_of(theirs), {"outcome": "silent"})

    assert response.url == page_of(mine)
    assert [check.outcome for check in theirs.checks.all()] == ["silent", "right"]
    theirs.refresh_from_db()
    assert (theirs.checked_on, theirs.failed_on) == (TODAY, TODAY)


def test_draft_can_be_checked_before_it_is_published(editor_client):
    line = make_line(status="draft")
    assert editor_client.get(TASK).status_code == 200
    editor_client.post(page_of(line), {"outcome": "right"})
    line.refresh_from_db()
    assert line.checked_on == TODAY


# A line that has to be corrected


def form_data(response):
    """What a browser would post of the form it was shown, unchanged."""
    html = response.content.decode().split('id="crisisline_form"')[1]
    data = {}
    for tag in re.findall(r"<input [^>]*>", html):
        values = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        kind = values.get("type", "text")
        if kind not in ("submit", "checkbox") or (kind == "checkbox" and re.search(r"\bchecked\b", tag)):
            data[values["name"]] = values.get("value", "")
    for name, text in re.findall(r'<textarea [^>]*?name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        data[name] = unescape(text)
    for name, options in re.findall(r'<select [^>]*?name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        data[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return data


def test_line_that_changed_is_checked_by_the_save_that_corrects_it(editor_client, editor):
    line, second = make_line("First", position=1), make_line("Second", position=2)

    response = editor_client.post(page_of(line, "?reason=never"), {"outcome": "changed", "note": "Closes at 5 & 6"})

    leads_to = urlsplit(response.url)
    assert leads_to.path == address(line)
    assert parse_qs(leads_to.query) == {"outcome": ["changed"], "reason": ["never"]}  # addresses stand in logs
    assert Check.objects.count() == 0

    form = editor_client.get(response.url)
    assert told(form) == ["Correct what we say and save. The check is filled in below and counts from then."]
    data = form_data(form)
    assert (data["checks-0-outcome"], data["checks-0-note"]) == ("changed", "Closes at 5 & 6")

    saved = editor_client.post(response.url, {**data, "hours": "Until 5 p.m."})

    assert saved.url == f"{TASK}?reason=never"
    assert editor_client.get(saved.url).url == page_of(second, "?reason=never")
    line.refresh_from_db()
    assert (line.hours, line.checked_on, line.next_check) == ("Until 5 p.m.", TODAY, TODAY + QUARTER)
    check = Check.objects.get()
    assert (check.outcome, check.note, check.made_by) == ("changed", "Closes at 5 & 6", editor)
    assert "Closes" not in str(dict(editor_client.session.items()))


def test_note_of_one_line_is_not_shown_in_the_form_of_another(editor_client):
    line, other = make_line("First"), make_line("Second")
    editor_client.post(page_of(line), {"outcome": "changed", "note": "Closes at 5"})
    data = form_data(editor_client.get(f"{address(other)}?outcome=changed"))
    assert (data["checks-0-outcome"], data["checks-0-note"]) == ("changed", "")


def test_form_opened_with_an_outcome_nobody_knows_is_a_form(editor_client):
    line = make_line()
    data = form_data(editor_client.get(f"{address(line)}?outcome=nonsense"))
    assert data["checks-0-outcome"] == ""


# In the line's form


def test_check_made_in_the_form_counts_the_same(editor_client, editor):
    line = make_line()
    data = form_data(editor_client.get(address(line)))

    response = editor_client.post(
        address(line), {**data, "checks-0-outcome": "silent", "checks-0-made_on": str(TODAY - DAY)}
    )

    assert response.url == "/admin/resources/crisisline/"
    line.refresh_from_db()
    assert (line.failed_on, line.next_check) == (TODAY - DAY, TODAY - DAY)
    assert Check.objects.get().made_by == editor


def test_check_of_a_day_to_come_is_refused_in_the_form(editor_client):
    line = make_line()
    data = form_data(editor_client.get(address(line)))

    response = editor_client.post(
        address(line), {**data, "checks-0-outcome": "right", "checks-0-made_on": str(TODAY + DAY)}
    )

    assert "This day is still to come. Write the day on which somebody checked." in response.content.decode()
    assert Check.objects.count() == 0


def test_form_saved_on_another_day_than_it_was_opened_makes_no_check(editor_client):
    line = make_line()
    data = form_data(editor_client.get(address(line)))
    response = editor_client.post(address(line), {**data, "checks-0-made_on": str(TODAY - DAY)})
    assert (response.status_code, Check.objects.count()) == (302, 0)


def test_next_check_may_be_set_by_hand_but_not_be_left_out(editor_client):
    line = failed(make_line(), outcome="right")
    data = form_data(editor_client.get(address(line)))

    editor_client.post(address(line), {**data, "next_check": str(TODAY + DAY)})
    line.refresh_from_db()
    assert line.next_check == TODAY + DAY

    editor_client.post(address(line), {**data, "next_check": ""})
    line.refresh_from_db()
    assert line.next_check == TODAY + QUARTER


def test_form_of_an_emergency_number_has_its_outcomes(editor_client):
    line = make_line("Danger", kind="emergency")
    html = editor_client.get(address(line)).content.decode()
    options = re.search(r'<select name="checks-0-outcome".*?</select>', html, re.DOTALL)[0]
    assert re.findall(r'value="(\w*)"', options) == ["", "right", "changed", "wrong"]


# Ways there, and who may


def test_list_and_form_lead_to_the_task(editor_client):
    line = make_line()
    assert f'<a href="{TASK}">Check the lines</a>' in editor_client.get(address(line, "changelist")).content.decode()
    assert f'<a href="{page_of(line)}">Check this line</a>' in editor_client.get(address(line)).content.decode()


def test_reasons_narrow_what_follows_and_the_rest_comes_after(editor_client):
    never = make_line("Never", position=1)
    late = failed(make_line("Late", position=2), days_ago=2)

    assert editor_client.get(f"{TASK}?reason=failed").url == page_of(late, "?reason=failed")
    assert editor_client.get(page_of(late, "?reason=failed")).context["title"] == "1 line failed"
    assert editor_client.get(f"{TASK}?reason=again").url == page_of(never)
    assert editor_client.get(f"{TASK}?reason=nonsense").url == page_of(never)

    assert re.findall(r'<li><a href="([^"]+)">(\w+) <span[^>]+>(\w+)', shown(editor_client.get(page_of(never)))) == [
        (page_of(late), "Late", "Failed")
    ]

    response = editor_client.post(page_of(late, "?reason=failed"), {"outcome": "wrong"}, follow=True)

    assert response.redirect_chain == [(f"{TASK}?reason=failed", 302)]
    assert re.findall(r"<h2[^>]*>([^<]+)", shown(response)) == ["Late"]
    assert f'<a href="{TASK}">Check the other line</a>' in shown(response)


def test_site_without_lines_says_so(editor_client):
    assert "No crisis line is published." in shown(editor_client.get(TASK))


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        ([], False),
        (["change_crisisline"], False),
        (["view_crisisline", "add_check"], False),
        (["change_crisisline", "add_check"], True),
    ],
)
def test_checks_are_for_those_who_may_record_them(client, rights, may):
    line = make_line()
    user = get_user_model().objects.create_user("new", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)

    assert client.get(page_of(line)).status_code == (200 if may else 403)
    assert client.get(TASK).status_code == (302 if may else 403)
    assert client.post(page_of(line), {"outcome": "right"}).status_code == (302 if may else 403)
    assert Check.objects.count() == int(may)
    if "change_crisisline" in rights:
        assert ("Check this line" in client.get(address(line)).content.decode()) is may


def test_strangers_sign_in_first(client):
    line = make_line()
    assert client.get(page_of(line)).url == f"/admin/login/?next={page_of(line)}"
    assert client.post(page_of(line), {"outcome": "right"}).status_code == 302
    assert Check.objects.count() == 0


def test_line_nobody_knows_is_no_page(editor_client):
    assert editor_client.get("/admin/resources/crisisline/999/check/").status_code == 404
    assert editor_client.get("/admin/resources/crisisline/nonsense/check/").status_code == 404


# What it costs


def make_many(count):
    make_identity(counties="Kern")
    for number in range(count):
        make_line(f"Never {number}", counties=["kern"], hours=[(0, "08:00", "17:00")])
        failed(make_line(f"Failed {number}"), days_ago=1)
    return CrisisLine.objects.first()


@pytest.mark.parametrize("count", [1, 3])
def test_task_costs_the_same_for_one_and_three(editor_client, django_assert_num_queries, count):
    line = make_many(count)
    ContentType.objects.get_for_model(Check)
    with django_assert_num_queries(10):
        editor_client.get(page_of(line))
    with django_assert_num_queries(5):
        editor_client.get(TASK)
    with django_assert_num_queries(20):
        editor_client.post(page_of(line), {"outcome": "right"})


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_form_cost_the_same_for_one_and_three(editor_client, django_assert_num_queries, count):
    line = make_many(count)
    assert_statements(editor_client, django_assert_num_queries, line, of_list=7, of_form=9)
