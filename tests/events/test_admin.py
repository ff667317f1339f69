"""Staff's forms and lists of events: what is posted there is what is stored and what the public page shows."""

import csv
import io
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from events import export
from events.models import Event, Series, Session, SessionHours
from tests.admin_pages import address, assert_statements
from tests.factories import make_credit, make_event, make_identity, make_person, make_series, make_session

ADD = "/admin/events/event/add/"
LIST = "/admin/events/event/"
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_june(monkeypatch, settings):
    """Every view takes the present from one function; here it is a day three months before the sample event."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.SESSION_COOKIE_AGE = 365 * 24 * 60 * 60


DAY = {"day": "2027-09-02", "start_time": "13:00", "end_time": "15:00"}
POST = {"board": "POST", "certified_title": "Basic course", "number": "1234", "hours": "2", "category": "general"}


def event_data(sessions=(DAY,), credits=(), hours=None, **values):  # noqa: A002
    """What the event's form posts: its own fields and the rows of each kind; `hours=None` where none are offered."""
    data = {
        "title": "Basic course",
        "slug": "basic-course",
        "kind": "training",
        "state": "scheduled",
        "time_zone": "America/Los_Angeles",
        "format": "person",
        "county": "sacramento",
        "address": "1 Test Street",
        "registration": "none",
        "contact_email": "training@example.org",
        "status": "published",
        "picture_ppoi": "0.5x0.5",
        **values,
    }
    for prefix, rows in {"sessions": sessions, "credits": credits, "materials": (), "hours": hours}.items():
        if rows is None:
            continue
        data[f"{prefix}-TOTAL_FORMS"] = len(rows)
        data[f"{prefix}-INITIAL_FORMS"] = sum("id" in row for row in rows)
        data |= {f"{prefix}-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}
    return data


def stored(row, **values):
    return {"id": row.pk, "event": row.event_id, **values}


def errors_of(response):
    """(field, message) of every refusal in the event's form and in its rows."""
    form = response.context["adminform"].form
    forms = [form, *(row for formset in response.context["inline_admin_formsets"] for row in formset.formset.forms)]
    return [
        (row.add_prefix(field), str(message))
        for row in forms
        for field, messages in row.errors.items()
        for message in messages
    ]


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def staff(client, *permissions):
    user = get_user_model().objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)


# The form


def test_event_posted_with_session_and_credit_is_shown_on_its_page(editor_client, client):
    response = editor_client.post(ADD, event_data(credits=[POST]))

    assert (response.status_code, response.url) == (302, LIST)
    event = Event.objects.get()
    assert (event.first_start, event.boards) == (datetime(2027, 9, 2, 20, tzinfo=UTC), ("POST",))
    editor_client.logout()
    html = client.get("/events/basic-course/").content.decode()
    assert [words in html for words in ("<h1", "Basic course", "1234", 'datetime="2027-09-02T13:00:00-07:00"')] == [
        True
    ] * 4


def test_post_credit_under_another_title_is_refused_beside_it_and_nothing_is_lost(editor_client):
    data = event_data(credits=[{**POST, "certified_title": "Basic Course"}], summary="Kept.", venue="Kept Hall")

    response = editor_client.post(ADD, data)

    assert errors_of(response) == [
        (
            "credits-0-certified_title",
            "POST certified “Basic Course”, but the event is called “Basic course”. "
            "Make the two equal, letter by letter: a certified class is announced under its certified title only.",
        )
    ]
    html = response.content.decode()
    assert [words in html for words in ('value="Basic Course"', "Kept.", "Kept Hall", 'value="1234"')] == [True] * 4
    assert Event.objects.count() == 0


def test_post_credit_without_number_is_refused_for_publishing_and_kept_as_a_draft(editor_client):
    credit = {**POST, "number": ""}
    sentence = "POST wants its certification number shown wherever the class is announced. Write the number."

    assert errors_of(editor_client.post(ADD, event_data(credits=[credit]))) == [("credits-0-number", sentence)]
    response = editor_client.post(ADD, event_data(credits=[credit], status="draft"), follow=True)

    assert Event.objects.get().status == "draft"
    assert messages_of(response)[1:] == [f"Before it can be published: {sentence}"]


def test_more_hours_than_the_posted_sessions_last_are_refused(editor_client):
    response = editor_client.post(ADD, event_data(credits=[{**POST, "hours": "3"}]))

    assert errors_of(response) == [
        (
            "credits-0-hours",
            "This credit has 3 hours, but all sessions together last only 2. "
            "Correct the hours, or the times of the sessions.",
        )
    ]


def test_session_about_to_be_removed_gives_no_hours(editor_client):
    event = make_event(hours=2)
    make_session(event, day=date(2027, 9, 3), start_time=time(9), end_time=time(12))
    first, second = event.sessions.all()
    data = event_data(
        [stored(first, **DAY), stored(second, day="2027-09-03", start_time="09:00", end_time="12:00", DELETE="on")],
        [{**POST, "hours": "3"}],
    )

    assert [field for field, _text in errors_of(editor_client.post(address(event), data))] == ["credits-0-hours"]
    assert event.sessions.count() == 2


def test_hours_by_session_appear_once_there_are_sessions_and_credits(editor_client):
    event = make_event()
    prefixes = [
        [formset.formset.prefix for formset in editor_client.get(address(event)).context["inline_admin_formsets"]]
    ]
    make_credit(event)
    prefixes += [
        [formset.formset.prefix for formset in editor_client.get(address(event)).context["inline_admin_formsets"]]
    ]

    assert prefixes == [["sessions", "credits", "materials"], ["hours", "sessions", "credits", "materials"]]


def hours_row(event, **values):
    return {"session": event.sessions.get().pk, "credit": event.credits.get().pk, **values}


def test_hours_by_session_offer_this_event_alone_and_are_stored(editor_client):
    event = make_event()
    credit = make_credit(event)
    make_credit(make_event("Another course"))

    response = editor_client.get(address(event))
    empty = response.context["inline_admin_formsets"][0].formset.empty_form
    data = event_data([stored(event.sessions.get(), **DAY)], [stored(credit, **POST)], [hours_row(event, hours="1.5")])
    editor_client.post(address(event), data)

    assert [label for _number, label in empty.fields["session"].choices] == ["---------", "2027-09-02"]
    assert [label for _number, label in empty.fields["credit"].choices] == ["---------", "POST 2 h"]
    assert SessionHours.objects.get().hours == Decimal("1.5")


def test_hours_of_another_event_are_refused(editor_client):
    event, other = make_event(), make_event("Another course")
    credit = make_credit(event)
    row = {"session": other.sessions.get().pk, "credit": credit.pk, "hours": "1"}
    data = event_data([stored(event.sessions.get(), **DAY)], [stored(credit, **POST)], [row])

    assert [field for field, _text in errors_of(editor_client.post(address(event), data))] == ["hours-0-session"]


def test_more_hours_than_the_session_lasts_are_refused_beside_them(editor_client):
    event = make_event()
    credit = make_credit(event)
    data = event_data([stored(event.sessions.get(), **DAY)], [stored(credit, **POST)], [hours_row(event, hours="2.5")])

    assert errors_of(editor_client.post(address(event), data)) == [
        ("hours-0-hours", "This session gives 2.5 hours, but lasts only 2. Write fewer hours."),
        ("credits-0-hours", "The hours by session add up to 2.5, but this credit has only 2. Correct one of the two."),
    ]


def test_removing_a_session_removes_its_hours_even_when_they_were_just_changed(editor_client):
    event = make_event()
    session, credit = event.sessions.get(), make_credit(event)
    row = SessionHours.objects.create(session=session, credit=credit, hours=1)
    data = event_data(
        [stored(session, **DAY, DELETE="on")],
        [stored(credit, **POST)],
        [{**hours_row(event, hours="2"), "id": row.pk}],
    )

    assert editor_client.post(address(event), data).status_code == 302
    assert (Session.objects.count(), SessionHours.objects.count()) == (0, 0)


def test_price_is_written_in_dollars(editor_client):
    editor_client.post(ADD, event_data(price_cents="49.50"))
    event = Event.objects.get()

    assert event.price_cents == 4950
    assert 'name="price_cents" value="49.50"' in editor_client.get(address(event)).content.decode()


def test_free_event_with_a_price_is_refused(editor_client):
    response = editor_client.post(ADD, event_data(price_cents="49.50", is_free="on"))

    assert errors_of(response) == [("__all__", "A free event has no price. Untick “free” or empty the price.")]


def test_warnings_are_said_after_a_save(editor_client):
    response = editor_client.post(ADD, event_data(sessions=(), county="", capacity="40"), follow=True)

    assert messages_of(response)[1:] == [
        "It has no session, so no calendar shows a date. Add one as soon as the date is known.",
        "It has a number of seats, but no registration that could fill them. Say how people register.",
        "No county is chosen, so people who look for a class near them miss it. Choose one.",
    ]


def test_late_publication_of_a_post_class_is_said_when_it_is_published_and_not_again(editor_client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 8, 30, 12, tzinfo=UTC))
    sentence = (
        "It becomes public 3 days before it begins. POST must receive the course presentation request at least "
        "30 days ahead (Regulation 1055). Make sure yours was received in time."
    )
    first = editor_client.post(ADD, event_data(credits=[POST]), follow=True)
    event = Event.objects.get()
    data = event_data(
        [stored(event.sessions.get(), **DAY)], [stored(event.credits.get(), **POST)], summary="A new one."
    )

    second = editor_client.post(address(event), data, follow=True)

    assert (messages_of(first)[1:], messages_of(second)[1:]) == ([sentence], [])


def test_form_of_a_draft_says_what_stands_against_publishing(editor_client):
    event = make_event(starts=None, status="draft", format="online", contact_email="training@example.org")
    make_credit(event, number="")

    html = editor_client.get(address(event)).content.decode()

    advice = re.search(r'<div class="advice">(.*?)</div>', html, re.DOTALL)[1]
    assert re.findall(r"<(?:h2|li)>(.*?)</", advice) == [
        "Before this can be published",
        "POST wants its certification number shown wherever the class is announced. Write the number.",
        "Worth a second look before publishing",
        "It has no session, so no calendar shows a date. Add one as soon as the date is known.",
    ]


def test_form_of_a_published_event_says_nothing_of_publishing(editor_client):
    assert 'class="advice"' not in editor_client.get(address(make_event(starts=None))).content.decode()


def test_new_zone_keeps_the_times_on_the_clock(editor_client):
    event = make_event()
    data = event_data([stored(event.sessions.get(), **DAY)], time_zone="America/New_York")

    editor_client.post(address(event), data)

    event.refresh_from_db()
    assert event.first_start == event.sessions.get().starts == datetime(2027, 9, 2, 17, tzinfo=UTC)


def test_new_zone_in_which_clocks_skip_a_session_is_refused_beside_it(editor_client):
    event = make_event(starts=(2027, 3, 14, 2, 30), time_zone="America/Phoenix")
    row = {"day": "2027-03-14", "start_time": "02:30", "end_time": "04:30"}
    data = event_data([stored(event.sessions.get(), **row)], time_zone="America/Los_Angeles")

    assert errors_of(editor_client.post(address(event), data)) == [
        (
            "sessions-0-start_time",
            "Clocks jump over this time on that day, when daylight time begins. Choose one an hour later.",
        )
    ]


def test_new_date_is_no_sample_any_more_and_this_is_said(editor_client):
    event = make_event(date_is_sample=True)
    moved = {**DAY, "day": "2027-09-09"}
    data = event_data([stored(event.sessions.get(), **moved)], date_is_sample="on")

    response = editor_client.post(address(event), data, follow=True)

    event.refresh_from_db()
    assert not event.date_is_sample
    assert "You changed the date, so it no longer counts as a sample." in messages_of(response)


def test_sample_date_stays_one_while_it_is_not_changed(editor_client):
    event = make_event(date_is_sample=True)

    editor_client.post(address(event), event_data([stored(event.sessions.get(), **DAY)], date_is_sample="on"))

    event.refresh_from_db()
    assert event.date_is_sample


def test_address_the_site_uses_itself_is_refused(editor_client):
    assert errors_of(editor_client.post(ADD, event_data(slug="past"))) == [
        ("slug", "“past” is an address the site itself uses. Choose another.")
    ]


def test_presenters_are_ticked_by_name(editor_client):
    person = make_person()

    editor_client.post(ADD, event_data(presenters=[person.pk]))

    assert list(Event.objects.get().presenters.all()) == [person]


def test_draft_has_a_link_to_its_preview(editor_client):
    event = make_event(status="draft")

    html = editor_client.get(address(event)).content.decode()

    assert '<a href="/events/basic-course/" class="viewsitelink">View on site</a>' in html


def test_rows_stand_in_the_part_of_the_form_they_belong_to(editor_client):
    event = make_event()
    make_credit(event)

    html = editor_client.get(address(event)).content.decode()

    parts = re.findall(r'<h2 id="([\w-]+)-heading"', html)
    assert parts == [
        "fieldset-0-1",
        "sessions",
        "fieldset-0-2",
        "fieldset-0-3",
        "credits",
        "hours",
        "materials",
        "fieldset-0-7",
        "fieldset-0-8",
    ]


# The list


def action(client, name, *events):
    data = {"action": name, "_selected_action": [event.pk for event in events]}
    return client.post(LIST, data, follow=True)


def test_publishing_from_the_list_refuses_what_the_form_refuses(editor_client):
    good = make_event("Good course", status="draft", contact_email="a@example.org", county="yolo", address="1 Street")
    bad = make_event("Bad course", status="draft")
    make_credit(bad, certified_title="Another title")

    response = action(editor_client, "publish", good, bad)

    assert messages_of(response) == [
        "“Bad course” stays a draft. POST certified “Another title”, but the event is called “Bad course”. "
        "Make the two equal, letter by letter: a certified class is announced under its certified title only.",
        "1 record is published now.",
    ]
    assert dict(Event.objects.values_list("title", "status")) == {"Good course": "published", "Bad course": "draft"}


def test_publishing_from_the_list_warns_by_name(editor_client):
    event = make_event(starts=None, status="draft", format="online", contact_email="a@example.org")

    assert messages_of(action(editor_client, "publish", event)) == [
        "1 record is published now.",
        "“Basic course”: It has no session, so no calendar shows a date. Add one as soon as the date is known.",
    ]


def test_drafting_from_the_list_hides_the_event(editor_client, client):
    event = make_event()

    action(editor_client, "make_draft", event)
    editor_client.logout()

    assert client.get("/events/basic-course/").status_code == 404


def test_confirming_the_date_ends_the_sample(editor_client):
    event, other = make_event(date_is_sample=True), make_event("Another course")

    response = action(editor_client, "confirm_date", event, other)

    assert messages_of(response) == ["1 date is confirmed now."]
    assert list(Event.objects.filter(date_is_sample=True)) == []


def test_list_shows_state_date_credit_and_seats(editor_client):
    event = make_event(
        date_is_sample=True, capacity=40, county="yolo", state="cancelled", state_reason="Flood.", series=make_series()
    )
    make_credit(event)

    html = editor_client.get(LIST).content.decode()

    row = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    cells = [
        re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh] class=\"field-[^>]*>(.*?)</t[dh]>", row)
    ]
    assert cells == [
        "Basic course First Responders",
        "Published Cancelled",
        "Thu Sep 2, 2027 1 p.m. PDT sample date",
        "Yolo In person",
        "POST",
        "40 seats",
    ]


def test_list_shows_the_next_session_of_several_and_the_day_of_a_past_event(editor_client, monkeypatch):
    event = make_event()
    make_session(event, day=date(2027, 12, 6))
    make_event("Past course", starts=(2027, 9, 2, 13, 0))
    make_event("Some day", starts=None)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 11, 1, tzinfo=UTC))

    html = editor_client.get(LIST).content.decode()

    assert re.findall(r'<td class="field-date[^>]*>(.*?)</td>', html) == [
        "No date",
        "Mon Dec 6, 2027",
        "Thu Sep 2, 2027",
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("when=upcoming", ["Ahead"]),
        ("when=past", ["Over"]),
        ("when=none", ["Some day"]),
        ("county=yolo", ["Ahead"]),
        ("board=STC", ["Over"]),
        ("status__exact=draft", ["Some day"]),
        ("date_is_sample__exact=1", ["Over"]),
        ("q=flyer", ["Ahead"]),
        ("first_start__year=2026", ["Over"]),
    ],
)
def test_list_can_be_narrowed(editor_client, query, titles):
    make_event("Ahead", county="yolo", summary="See the flyer.")
    make_credit(make_event("Over", starts=(2026, 9, 2, 13, 0), date_is_sample=True), board="STC")
    make_event("Some day", starts=None, status="draft")

    rows = editor_client.get(f"{LIST}?{query}").context["cl"].result_list

    assert [event.title for event in rows] == titles


def test_county_filter_offers_the_counties_of_events(editor_client):
    make_event(county="yolo")

    html = editor_client.get(LIST).content.decode()

    assert [f"?county={slug}" in html for slug in ("yolo", "alameda")] == [True, False]


def test_events_are_deleted_one_at_a_time(editor_client):
    make_event()

    assert "delete_selected" not in editor_client.get(LIST).content.decode()


def test_export_reads_back_as_it_was_stored_and_runs_no_formula(editor_client):
    event = make_event(
        title='=HYPERLINK("https://evil.example")',
        slug="basic-course",
        venue="Hall, “Blue”\nside door",
        address="+1 Street",
        price_cents=4950,
        capacity=40,
        county="yolo",
        audiences=["patrol", "dispatch"],
        contact_name="@desk",
        contact_phone="-",
    )
    make_credit(event, board="STC", number="77")
    make_event("Not chosen")

    response = action(editor_client, "export_csv", event)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="events-2027-06-01.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert row == {
        "Title": '\'=HYPERLINK("https://evil.example")',
        "Address of the page": "http://127.0.0.1:8000/events/basic-course/",
        "Status": "Published",
        "State": "Scheduled",
        "Reason": "",
        "Kind": "Training",
        "Series": "",
        "Begins": "2027-09-02 13:00",
        "Ends": "2027-09-02 15:00",
        "Time zone": "America/Los_Angeles",
        "Sample date": "no",
        "Sessions": "1",
        "Format": "In person",
        "Venue": "Hall, “Blue”\nside door",
        "Address": "'+1 Street",
        "County": "Yolo",
        "For whom": "Patrol, Dispatch",
        "Credit": "STC 2 h 77",
        "Price in dollars": "49.50",
        "Price in words": "",
        "Registration": "Not needed",
        "Where to register": "",
        "Register until": "",
        "Seats": "40",
        "Contact": "'@desk",
        "Contact’s e-mail": "",
        "Contact’s phone": "'-",
    }


# Cancel, postpone, reinstate


@pytest.mark.parametrize(("name", "state"), [("cancel", "cancelled"), ("postpone", "postponed")])
def test_event_is_cancelled_or_postponed_with_its_reason(editor_client, client, name, state):
    event = make_event()
    sequence = event.sequence

    response = editor_client.post(address(event, name), {"state_reason": "The room is flooded."}, follow=True)

    event.refresh_from_db()
    assert (event.state, event.state_reason, event.sequence) == (state, "The room is flooded.", sequence + 1)
    assert messages_of(response) == [f"“Basic course” is {state} now, and its page says so."]
    assert response.redirect_chain == [(address(event), 302)]
    editor_client.logout()
    assert "The room is flooded." in client.get("/events/basic-course/").content.decode()


def test_event_is_not_cancelled_without_a_reason_or_by_a_link(editor_client):
    event = make_event()

    opened = editor_client.get(address(event, "cancel"))
    refused = editor_client.post(address(event, "cancel"), {"state_reason": " "})

    assert opened.status_code == 200
    assert refused.context["form"].errors == {
        "state_reason": ["Say why in a sentence; everybody who planned to come will read it."]
    }
    event.refresh_from_db()
    assert event.state == "scheduled"


def test_event_is_reinstated_and_its_reason_is_gone(editor_client):
    event = make_event(state="postponed", state_reason="The room is flooded.")

    editor_client.post(address(event, "reinstate"))

    event.refresh_from_db()
    assert (event.state, event.state_reason) == ("scheduled", "")


def test_cancelling_stands_in_the_history(editor_client):
    event = make_event()
    editor_client.post(address(event, "cancel"), {"state_reason": "The room is flooded."})

    assert "Changed state and reason." in editor_client.get(address(event, "history")).content.decode()


def test_tools_are_those_that_make_sense(editor_client):
    event = make_event()
    named = [[str(words) for words, _address in editor_client.get(address(event)).context["tools"]]]
    event.state, event.state_reason = "cancelled", "The room is flooded."
    event.save()
    named += [[str(words) for words, _address in editor_client.get(address(event)).context["tools"]]]

    assert named == [["Repeat this class", "Postpone", "Cancel the event"], ["Repeat this class", "Reinstate"]]


# Repeat


def test_repeat_shows_the_dates_before_it_makes_anything(editor_client):
    event = make_event()
    query = {"way": "monthly", "place": "2", "weekday": "2", "first": "2027-10-01", "count": "2"}

    response = editor_client.get(address(event, "repeat"), query)

    assert [(iso, words) for iso, words, _taken in response.context["days"]] == [
        ("2027-10-13", "Wednesday, October 13, 2027"),
        ("2027-11-10", "Wednesday, November 10, 2027"),
    ]
    assert Event.objects.count() == 1


def test_repeat_makes_drafts_and_lists_them(editor_client):
    event = make_event()

    response = editor_client.post(address(event, "repeat"), {"day": ["2027-10-07", "2027-10-14"]}, follow=True)

    assert messages_of(response) == ["2 drafts are made. Look them over, then publish them."]
    assert [(row.slug, row.status) for row in response.context["cl"].result_list] == [
        ("basic-course-2027-10-14", "draft"),
        ("basic-course-2027-10-07", "draft"),
    ]


def test_class_is_repeated_and_published_in_six_clicks(editor_client, client):
    """The tool, “show the dates”, “make 1 draft”, the status, its choice, “save”: journey J6 allows no more."""
    event = make_event()
    form = editor_client.get(address(event)).content.decode()
    assert f'<a href="{address(event, "repeat")}">Repeat this class</a>' in form  # 1
    shown = editor_client.get(address(event, "repeat"), {"way": "dates", "dates": "2028-09-07"})  # 2
    assert 'value="Make 1 draft"' in shown.content.decode()
    made = editor_client.post(  # 3
        address(event, "repeat"), {"day": [iso for iso, _words, _taken in shown.context["days"]]}, follow=True
    )
    copy = Event.objects.exclude(pk=event.pk).get()
    assert made.redirect_chain == [(address(copy), 302)]
    data = event_data(  # 4, 5: the status
        [stored(copy.sessions.get(), day="2028-09-07", start_time="13:00", end_time="15:00")],
        slug=copy.slug,
        status="published",
    )
    editor_client.post(address(copy), data)  # 6
    editor_client.logout()

    assert 'datetime="2028-09-07T13:00:00-07:00"' in client.get("/events/basic-course-2028-09-07/").content.decode()


def test_repeat_refuses_a_time_the_clocks_skip(editor_client):
    event = make_event(starts=(2027, 3, 7, 2, 30))

    for response in (
        editor_client.get(address(event, "repeat"), {"way": "dates", "dates": "2027-03-14"}),
        editor_client.post(address(event, "repeat"), {"day": ["2027-03-14"]}),
    ):
        assert response.context["faults"] == [
            "On Sunday, March 14, 2027 clocks jump over a time of the session of Sunday, March 14, 2027, "
            "when daylight time begins. Choose another date."
        ]
        assert response.context["days"] == []
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"way": "dates", "dates": "9 March"}, {"dates": ["“9 March” is no date. Write one a line, as 2027-09-02."]}),
        ({"way": "dates", "dates": " "}, {"dates": ["Write at least one date."]}),
        (
            {"way": "weekly"},
            {"every": ["Write a number of weeks."], "first": ["Choose the first date."]}
            | {"count": ["Say how many copies, or until when."]},
        ),
        (
            {"way": "monthly", "place": "2", "weekday": "2", "first": "2027-10-01"},
            {"count": ["Say how many copies, or until when."]},
        ),
        (
            {"way": "weekly", "every": "1", "first": "2027-10-01", "count": "61"},
            {"count": ["Ensure this value is less than or equal to 60."]},
        ),
    ],
)
def test_repeat_says_beside_the_field_what_is_missing(editor_client, query, errors):
    event = make_event()

    assert editor_client.get(address(event, "repeat"), query).context["form"].errors == errors


def test_repeat_takes_american_dates_once_each_and_in_order(editor_client):
    event = make_event()
    query = {"way": "dates", "dates": "10/14/2027\n2027-10-07\n\n2027-10-14"}

    days = editor_client.get(address(event, "repeat"), query).context["days"]

    assert [iso for iso, _words, _taken in days] == ["2027-10-07", "2027-10-14"]


def test_repeat_marks_a_day_on_which_the_class_stands_already(editor_client):
    event = make_event()
    make_event(starts=(2027, 10, 7, 13, 0), slug="another")
    query = {"way": "weekly", "every": "1", "first": "2027-09-30", "until": "2027-10-07"}

    days = editor_client.get(address(event, "repeat"), query).context["days"]

    assert [(iso, is_taken) for iso, _words, is_taken in days] == [("2027-09-30", False), ("2027-10-07", True)]


def test_repeat_offers_the_weekday_of_the_event_from_now_on(editor_client):
    event = make_event(starts=(2026, 9, 10, 13, 0))

    initial = editor_client.get(address(event, "repeat")).context["form"].initial

    assert (initial["place"], initial["weekday"], initial["first"]) == (2, 3, date(2027, 6, 3))


def test_repeat_of_an_event_without_sessions_says_what_to_do(editor_client):
    response = editor_client.get(address(make_event(starts=None), "repeat"))

    assert (response.context["form"], response.context["faults"]) == (
        None,
        ["This event has no session that could be moved. Add its dates first."],
    )


def test_repeat_with_a_broken_date_says_so(editor_client):
    response = editor_client.post(address(make_event(), "repeat"), {"day": ["soon"]})

    assert response.context["faults"] == ["One of the dates could not be read. Choose them once more."]


# Who may


TOOLS = ["cancel", "postpone", "reinstate", "repeat"]


@pytest.mark.parametrize("tool", TOOLS)
def test_tools_are_closed_to_those_who_may_only_look(client, db, tool):
    event = make_event()
    staff(client, "view_event")

    assert client.get(address(event)).context["tools"] == []
    assert client.get(address(event, tool)).status_code == 403
    assert client.post(address(event, tool), {"state_reason": "No.", "day": "2027-10-07"}).status_code == 403
    assert list(Event.objects.values_list("state", "state_reason")) == [("scheduled", "")]


@pytest.mark.parametrize("tool", TOOLS)
def test_tools_ask_strangers_to_sign_in(client, db, tool):
    event = make_event()

    assert client.post(address(event, tool), {"state_reason": "No."}).url.startswith("/admin/login/")
    assert Event.objects.get().state == "scheduled"


def test_repeating_needs_the_right_to_add(client, db):
    event = make_event()
    staff(client, "change_event")

    assert client.post(address(event, "repeat"), {"day": "2027-10-07"}).status_code == 403
    assert client.post(address(event, "cancel"), {"state_reason": "Flood."}).status_code == 302


@pytest.mark.parametrize("tool", TOOLS)
def test_tool_of_no_event_is_not_found(editor_client, tool):
    assert editor_client.get(f"/admin/events/event/77/{tool}/").status_code == 404


def test_right_to_change_events_is_enough_to_change_their_rows(client, db):
    event = make_event()
    staff(client, "change_event")
    data = event_data([stored(event.sessions.get(), **DAY)], [POST])

    assert client.post(address(event), data).status_code == 302
    assert event.credits.get().number == "1234"


def test_right_to_view_events_lets_export_and_changes_nothing(client, db):
    event = make_event()
    make_credit(event)
    staff(client, "view_event")

    assert client.get(address(event)).status_code == 200
    assert client.post(address(event), event_data(title="Mine")).status_code == 403
    assert [name for name, _label in client.get(LIST).context["action_form"].fields["action"].choices] == [
        "",
        "export_csv",
    ]


@pytest.mark.parametrize("model", [Event, Series])
def test_admin_is_closed_to_staff_without_rights(client, db, model):
    staff(client)

    assert client.get(reverse(f"admin:events_{model._meta.model_name}_changelist")).status_code == 403


# Series


def test_series_list_counts_its_events(editor_client):
    series = make_series()
    make_event(series=series)
    make_event("Another course", series=series)
    make_series("Empty")

    rows = editor_client.get(address(series, "changelist")).context["cl"].result_list

    assert {row.title: row.event_count for row in rows} == {"First Responders": 2, "Empty": 0}


def test_series_posted_is_shown_on_its_page(editor_client, client):
    data = {"title": "Dispatch", "slug": "dispatch", "position": 0, "is_ongoing": "on", "status": "published"}

    editor_client.post("/admin/events/series/add/", data)

    assert "Dispatch" in client.get("/events/series/dispatch/").content.decode()


# Queries


def fill(number):
    """`number` events of one month with as many rows each, and as many series and people to choose from."""
    make_identity()
    for place in range(number):
        series = make_series(f"Series {place}")
        event = make_event(f"Course {place}", county="yolo", series=series, status="draft")
        for _row in range(number - 1):
            make_session(event, day=date(2027, 9, 3 + _row), start_time=time(9), end_time=time(10))
        for board in ("POST", "STC", "BRN")[:number]:
            credit = make_credit(event, board=board, hours=Decimal(2))
            for session in event.sessions.all():
                SessionHours.objects.create(credit=credit, session=session, hours=Decimal("0.5"))
            event.materials.create(label="Handout", url="https://example.org/")
        event.presenters.add(make_person(f"Person {place}"))


QUERIES = {Event: (11, 20), Series: (7, 5)}
"""Statements of the list and of the form of one record."""


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("model", QUERIES)
def test_lists_and_forms_ask_the_same_questions_for_one_row_and_three(
    editor_client, django_assert_num_queries, model, number
):
    fill(number)
    assert_statements(editor_client, django_assert_num_queries, model.objects.first(), *QUERIES[model])


def test_export_asks_the_same_questions_for_one_event_and_three(db, django_assert_num_queries):
    for number in (1, 3):
        Event.objects.all().delete()
        Series.objects.all().delete()
        fill(number)
        events = Event.objects.select_related("series").prefetch_related(*export.TO_EXPORT)
        with django_assert_num_queries(3):
            assert len(export.table(events).splitlines()) == number + 1
