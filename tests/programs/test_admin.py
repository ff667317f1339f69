"""What staff do with the directory: its list and forms, proposals field by field, and letters that wait."""

import contextlib
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.utils import timezone
from post_office.models import Email

from programs import decisions
from programs.models import Correction, Letter, Program
from tests.admin_pages import address, assert_statements
from tests.factories import make_identity, make_program
from tests.naughty import STRINGS, spread

pytestmark = pytest.mark.django_db

LIST = "/admin/programs/program/"
ADD = "/admin/programs/program/add/"
CORRECTIONS = "/admin/programs/correction/"
LETTERS = "/admin/programs/letter/"
NOW = datetime(2027, 6, 1, 20, tzinfo=UTC)
TODAY = date(2027, 6, 1)


@pytest.fixture(autouse=True)
def _in_june(monkeypatch, settings):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.SESSION_COOKIE_AGE = 2 * 365 * 24 * 60 * 60
    make_identity(email="desk@example.org")


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def staff(client, *permissions):
    user = get_user_model().objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)


def act(client, path, action, *records):
    return client.post(path, {"action": action, "_selected_action": [record.pk for record in records]}, follow=True)


def shown(client, path, **query):
    return [str(row) for row in client.get(path, query).context["cl"].result_list]


def make_correction(program=None, **values):
    values = {"sender_name": "Ana Diaz", "sender_email": "ana@example.org", **values}
    return Correction.objects.create(program=program, **values)


def make_letter(program, **values):
    return Letter.objects.create(program=program, **{"name": "Ana", "email": "ana@example.org", "text": "?", **values})


# Programs: the list


def test_list_is_narrowed_by_county_confirmation_address_and_kind(editor_client):
    make_program("Fresh", confirmed_on=TODAY - timedelta(days=365), confirmed_by="staff", counties=("kern",))
    make_program("Old", confirmed_on=TODAY - timedelta(days=366), confirmed_by="program", counties=("kern", "yolo"))
    make_program("Never", role_email="a@b.example", kind="dispatch", status="draft")

    assert shown(editor_client, LIST, confirmed="year") == ["Fresh"]
    assert shown(editor_client, LIST, confirmed="older") == ["Old"]
    assert shown(editor_client, LIST, confirmed="never") == ["Never"]
    assert shown(editor_client, LIST, county="yolo") == ["Never", "Old"]
    assert shown(editor_client, LIST, address="yes") == ["Never"]
    assert shown(editor_client, LIST, address="no") == ["Fresh", "Old"]
    assert shown(editor_client, LIST, kind__exact="dispatch") == ["Never"]
    assert shown(editor_client, LIST, status__exact="draft") == ["Never"]
    assert shown(editor_client, LIST, q="olD") == ["Old"]
    assert shown(editor_client, LIST, confirmed="nonsense", county="atlantis") == []


def test_county_filter_offers_counties_in_use_alone(editor_client):
    make_program(counties=("yolo", "kern"))

    [offered] = [spec for spec in editor_client.get(LIST).context["cl"].filter_specs if spec.title == "county"]
    assert [words for _slug, words in offered.lookup_choices] == ["Kern", "Yolo"]


def test_list_says_how_old_a_confirmation_is(editor_client):
    make_program("Old", confirmed_on=date(2026, 1, 2), confirmed_by="program")
    make_program("Never")

    html = editor_client.get(LIST).content.decode()

    assert 'Jan 2, 2026 <span class="badge badge--draft">over a year ago</span>' in html
    assert '<span class="badge badge--over">never confirmed</span>' in html


def test_programs_are_published_and_made_drafts_from_the_list(editor_client, client):
    program = make_program(status="draft")

    assert messages_of(act(editor_client, LIST, "publish", program)) == ["1 record is published now."]
    assert Program.objects.published().exists() is True
    act(editor_client, LIST, "make_draft", program)
    assert Program.objects.published().exists() is False


def test_staff_ask_those_who_may_be_asked(editor_client):
    asked = make_program("Asked", role_email="a@agency.example")
    left = [
        make_program("Without address"),
        make_program("Draft", role_email="b@agency.example", status="draft"),
        make_program("Asked of late", role_email="c@agency.example", asked_at=NOW - timedelta(days=59)),
    ]

    response = act(editor_client, LIST, "ask_whether_right", asked, *left)

    assert [email.to for email in Email.objects.all()] == [["a@agency.example"]]
    assert messages_of(response) == [
        "1 program is asked by mail.",
        "3 are not asked: they are drafts or have ended, have no role address, or were asked in the last 60 days.",
    ]
    asked.refresh_from_db()
    assert asked.asked_at == NOW


# Programs: the form


def program_data(coverage=({"county": "yolo"},), sources=(), **values):
    data = {
        "name": "Yolo Crisis Team",
        "slug": "yolo-crisis-team",
        "kind": "mobile_crisis",
        "lead_agency": "Yolo County",
        "summary": "Two clinicians drive out.",
        "operation": "active",
        "confidence": "one_source",
        "status": "published",
        **dict.fromkeys(
            ("serves_youth", "works_in_jail", "works_with_dispatch", "is_co_response", "is_day_and_night"), "unknown"
        ),
        **values,
    }
    for prefix, rows in {"coverage": coverage, "sources": sources}.items():
        data[f"{prefix}-TOTAL_FORMS"] = len(rows)
        data[f"{prefix}-INITIAL_FORMS"] = sum("id" in row for row in rows)
        data |= {f"{prefix}-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}
    return data


def test_program_posted_with_county_and_source_is_shown_on_its_page(editor_client, client):
    source = {"title": "County report", "url": "example.org/report", "date": "2026", "position": "1"}

    response = editor_client.post(ADD, program_data(sources=[source], phone="916 555 0100", serves_youth="true"))

    assert (response.status_code, response.url) == (302, LIST)
    program = Program.objects.get()
    assert (program.phone, program.serves_youth, program.works_in_jail) == ("+19165550100", True, None)
    editor_client.logout()
    html = client.get("/programs/yolo-crisis-team/").content.decode()
    words = ("Yolo Crisis Team", "Two clinicians drive out.", "County report", "https://example.org/report")
    assert [word in html for word in words] == [True] * 4


def test_stored_telephone_number_is_shown_as_people_read_it_and_stays(editor_client):
    program = make_program(phone="+19165550100")

    html = editor_client.get(address(program)).content.decode()
    editor_client.post(address(program), program_data((), phone="(916) 555-0100"))

    assert 'value="(916) 555-0100"' in html
    program.refresh_from_db()
    assert program.phone == "+19165550100"


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"confirmed_on": "2027-05-01"}, {"confirmed_by": ["Say both when it was confirmed and by whom, or neither."]}),
        ({"confirmed_by": "staff"}, {"confirmed_on": ["Say both when it was confirmed and by whom, or neither."]}),
        ({"slug": "tell-us"}, {"slug": ["“tell-us” is an address the site itself uses. Choose another."]}),
        ({"phone": "12"}, {"phone": ["“12” is no telephone number. Write it with its area code: 916 555 0100."]}),
    ],
)
def test_faults_stand_beside_their_fields(editor_client, values, errors):
    response = editor_client.post(ADD, program_data(**values))

    assert response.context["adminform"].form.errors == errors
    assert Program.objects.count() == 0


def test_program_of_no_county_is_stored_with_a_warning(editor_client):
    response = editor_client.post(ADD, program_data(coverage=()), follow=True)

    assert "It covers no county yet, so no county’s page shows it. Add one under “Where”." in messages_of(response)


def test_same_county_twice_is_refused(editor_client):
    response = editor_client.post(ADD, program_data(coverage=[{"county": "yolo"}, {"county": "yolo"}]))

    assert "Please correct the duplicate data for county" in response.content.decode()
    assert Program.objects.count() == 0


def test_right_to_change_programs_is_enough_for_their_rows(client):
    program = make_program(counties=())
    staff(client, "change_program")

    client.post(address(program), program_data([{"county": "kern", "program": program.pk}]))

    assert [str(county) for county in Program.objects.get().counties] == ["Kern"]


# Corrections


def proposal(**values):
    program = make_program(phone="+19165550100", cities="Davis")
    before = {"phone": "+19165550100", "cities": "Davis"}
    proposed = {"phone": "+19165550199", "cities": "Woodland"}
    return make_correction(program, **{"before": before, "proposed": proposed, **values})


def decide(client, correction, decision, *names, **values):
    return client.post(address(correction), {"decision": decision, "take": names, **values}, follow=True)


def test_old_and_new_stand_side_by_side(editor_client):
    correction = proposal(words="We <moved>.", sender_role="Coordinator")
    Program.objects.update(cities="Davis, Winters")
    Correction.objects.update(proposed=correction.proposed | {"cities": "Davis, Woodland"})

    html = editor_client.get(address(correction)).content.decode()

    [row] = [row for row, _faults in editor_client.get(address(correction)).context["rows"] if row.name == "cities"]
    assert (row.old_words, row.new_words) == ("Davis, <del>Winters</del>", "Davis, <ins>Woodland</ins>")
    for words in (
        "We &lt;moved&gt;.",
        "Coordinator",
        "mailto:ana@example.org",
        "Davis, <del>Winters</del>",
        "Davis, <ins>Woodland</ins>",
        "Changed since then. The sender saw: Davis",
    ):
        assert words in html
    assert re.findall(r'name="take" id="take_(\w+)"', html) == ["cities", "phone"]


def test_ticked_fields_are_accepted_and_the_others_left(editor_client, editor, client):
    correction = proposal()

    response = decide(editor_client, correction, "chosen", "phone")

    assert messages_of(response) == ["What Ana Diaz proposed for “Test team” is worked in."]
    assert response.redirect_chain == [(CORRECTIONS, 302)]
    program = Program.objects.get()
    assert (program.phone, program.cities, program.confirmed_on) == ("+19165550199", "Davis", None)
    correction.refresh_from_db()
    assert (correction.state, correction.accepted) == ("done", ["phone"])
    assert (correction.decided, correction.decided_by) == (NOW, editor)
    assert Email.objects.count() == 0
    editor_client.logout()
    assert "(916) 555-0199" in client.get("/programs/test-team/").content.decode()


def test_all_fields_are_accepted_at_once_and_count_as_confirmation(editor_client):
    correction = proposal()

    decide(editor_client, correction, "all", is_confirmation="on")

    program = Program.objects.get()
    assert (program.phone, program.cities) == ("+19165550199", "Woodland")
    assert (program.confirmed_on, program.confirmed_by) == (TODAY, "program")


def test_declined_proposal_changes_nothing_and_is_told_where_staff_wish(editor_client):
    correction = proposal()

    response = decide(editor_client, correction, "decline", "phone", tells="on", words="We asked the county: {{ 7 }}.")

    assert messages_of(response) == [
        "What Ana Diaz proposed for “Test team” is declined. A mail to the sender is on its way."
    ]
    program = Program.objects.get()
    assert (program.phone, program.cities) == ("+19165550100", "Davis")
    email = Email.objects.get()
    assert (email.to, email.subject) == (["ana@example.org"], "We did not take over what you proposed")
    assert "We asked the county: {{ 7 }}." in email.message


def test_new_listing_becomes_a_draft_to_look_over(editor_client):
    proposed = {
        "name": "Yolo Crisis Team",
        "lead_agency": "Yolo County",
        "kind": "mobile_crisis",
        "summary": "Two clinicians.",
        "counties": ["yolo"],
    }
    correction = make_correction(proposed=proposed)

    response = decide(editor_client, correction, "all", tells="on")

    program = Program.objects.get()
    assert (program.slug, program.status) == ("yolo-crisis-team", "draft")
    assert response.redirect_chain == [(address(program), 302)]
    assert "The new listing is a draft: look it over, then publish it." in messages_of(response)
    assert "/programs/yolo-crisis-team/" not in Email.objects.get().message
    html = editor_client.get(address(correction)).content.decode()
    assert "taken over" in html


def test_new_listing_that_may_be_here_already_says_so(editor_client):
    make_program("Same phone", phone="+19165550100")
    make_program("YOLO crisis team")
    make_program("Another")
    correction = make_correction(proposed={"name": "Yolo Crisis Team", "phone": "+19165550100"})

    alike = editor_client.get(address(correction)).context["alike"]

    assert [name for name, _address in alike] == ["Same phone", "YOLO crisis team"]


def test_fault_stands_beside_its_field_and_ticks_and_words_stay(editor_client):
    correction = proposal(proposed={"phone": "soon", "cities": "Woodland"})

    response = decide(editor_client, correction, "chosen", "phone", "cities", words="Kept words", tells="on")

    html = response.content.decode()
    sentence = "“soon” is no telephone number. Write it with its area code: 916 555 0100."
    assert f'<ul class="errorlist" id="fault_phone"><li>{sentence}</li></ul>' in html
    assert html.count(" checked") == 3
    assert "Kept words" in html
    assert Program.objects.get().cities == "Davis"
    assert Email.objects.count() == 0


def test_fault_of_a_field_that_was_not_proposed_is_named(editor_client):
    correction = proposal()
    Program.objects.update(summary="")

    response = decide(editor_client, correction, "all")

    assert response.context["whole"] == ["What it does: This field cannot be blank."]
    assert Program.objects.get().phone == "+19165550100"


def test_new_listing_without_a_needed_field_names_it(editor_client):
    correction = make_correction(proposed={"name": "Yolo Crisis Team", "kind": "dispatch"})

    response = decide(editor_client, correction, "chosen", "kind")

    faults = {row.name: said for row, said in response.context["rows"]}
    assert faults == {"name": ["This field cannot be blank."], "kind": []}
    assert Program.objects.count() == 0


@pytest.mark.parametrize(
    ("decision", "names", "errors"),
    [
        ("chosen", [], {"take": ["Nothing is ticked. Tick what shall be taken over, or decline it."]}),
        ("chosen", ["status"], {"take": ["Select a valid choice. status is not one of the available choices."]}),
        ("", ["phone"], {"decision": ["This field is required."]}),
        ("nonsense", ["phone"], {"decision": ["Select a valid choice. nonsense is not one of the available choices."]}),
    ],
)
def test_decision_that_makes_no_sense_changes_nothing(editor_client, decision, names, errors):
    correction = proposal()

    response = decide(editor_client, correction, decision, *names)

    assert response.context["form"].errors == errors
    correction.refresh_from_db()
    assert (correction.state, Program.objects.get().phone) == ("new", "+19165550100")


def test_words_alone_are_worked_in_by_hand(editor_client):
    correction = make_correction(make_program(), words="The team was renamed.")

    html = editor_client.get(address(correction)).content.decode()
    decide(editor_client, correction, "chosen", tells="on")

    assert "I have worked it in" in html
    correction.refresh_from_db()
    assert correction.state == "done"
    assert "We worked it in." in Email.objects.get().message


def test_second_decision_is_refused_and_shows_the_first(editor_client, editor):
    correction = proposal()
    decide(editor_client, correction, "decline")

    response = decide(editor_client, correction, "all")

    assert messages_of(response) == ["Somebody decided on “Test team” in the meantime; this is what was done."]
    html = response.content.decode()
    assert Program.objects.get().phone == "+19165550100"
    assert ("editor" in html, 'name="decision"' in html, html.count(">left</span>")) == (True, False, 2)


def test_decision_stands_in_the_history_of_both(editor_client):
    correction = proposal()
    decide(editor_client, correction, "chosen", "phone")

    said = {entry.content_type.model: entry.get_change_message() for entry in LogEntry.objects.all()}
    assert said == {"program": "Changed Public phone.", "correction": "Changed state."}


def test_mail_to_the_sender_is_offered_unless_a_program_seems_to_have_written(editor_client):
    for is_suspicious in (False, True):
        correction = make_correction(proposed={"name": "A"}, is_suspicious=is_suspicious)
        form = editor_client.get(address(correction)).context["form"]
        assert form["tells"].value() is not is_suspicious


@pytest.mark.parametrize("permissions", [["view_correction"], ["change_correction"], ["change_program"]])
def test_deciding_needs_the_rights_to_both(client, permissions):
    correction = proposal()
    staff(client, *permissions)

    assert client.post(address(correction), {"decision": "all"}).status_code == 403
    assert 'name="decision"' not in client.get(address(correction)).content.decode()
    assert Program.objects.get().phone == "+19165550100"


def test_deciding_on_a_new_listing_needs_the_right_to_add(client):
    correction = make_correction(proposed={"name": "A"})
    staff(client, "change_correction", "change_program")

    assert client.post(address(correction), {"decision": "all"}).status_code == 403


def test_strangers_are_asked_to_sign_in(client):
    for path in (address(proposal()), CORRECTIONS, LETTERS, LIST, f"{LIST}import/", f"{LIST}export/"):
        assert client.get(path).url.startswith("/admin/login/")


def test_proposal_that_is_gone_leads_to_the_start_page(editor_client):
    assert editor_client.get(f"{CORRECTIONS}77/change/").status_code == 302


def test_list_of_proposals_is_narrowed_and_says_what_they_are(editor_client):
    program = make_program()
    make_correction(program, before={"phone": "", "name": "Test team"}, proposed={"phone": "988", "name": "New"})
    make_correction(proposed={"name": "Brand new"}, is_suspicious=True)
    make_correction(program, words="Only words", state="done")

    html = editor_client.get(CORRECTIONS).content.decode()

    assert [words in html for words in ("Name, Public phone", "New listing", "A message", "suspicious")] == [True] * 4
    assert shown(editor_client, CORRECTIONS, what="addition") == ["Brand new"]
    assert shown(editor_client, CORRECTIONS, what="correction") == ["Test team", "Test team"]
    assert shown(editor_client, CORRECTIONS, state__exact="new", suspicious="no") == ["Test team"]
    assert editor_client.get(f"{CORRECTIONS}add/").status_code == 403


def test_no_string_breaks_a_decision(editor_client, editor):
    """What a stranger proposed in any string is shown to staff, and stored where they accept it."""
    names = ("name", "cities", "summary", "since")
    fields = (*names, "website", "phone", "before", "words", "sender_role", "answer")
    strings = [words for words in STRINGS if "\0" not in words]
    for turn, words in enumerate(spread(fields, strings)):
        program = make_program(f"Team {turn}")
        said = {name: words[name][:1000] for name in (*names, "website", "phone")} | {"training_for": "x" * 999}
        before = dict.fromkeys(said, words["before"])
        role = words["sender_role"][:120]
        correction = make_correction(program, before=before, proposed=said, words=words["words"], sender_role=role)
        answer = words["answer"][:4000]
        response = editor_client.post(address(correction), {"decision": "all", "words": answer, "tells": "on"})
        assert (words, response.status_code) == (words, 200)
        assert "<script>alert" not in response.content.decode()
        with contextlib.suppress(ValidationError):
            decisions.accept(correction, names, by=editor, now=NOW)


# Letters


@pytest.mark.parametrize("way", ["list", "form"])
def test_suspicious_letter_is_handed_on(editor_client, way):
    letter = make_letter(make_program(role_email="team@agency.example"), is_suspicious=True)
    old = make_letter(letter.program, handed_on=NOW)

    if way == "list":
        response = act(editor_client, LETTERS, "hand_on", letter, old)
        assert messages_of(response) == ["1 letter is handed on."]
    else:
        assert "_hand_on" in editor_client.get(address(letter)).content.decode()
        response = editor_client.post(address(letter), {"_hand_on": "1"}, follow=True)
        assert messages_of(response) == ["The letter from Ana is handed on."]

    assert [email.to for email in Email.objects.all()] == [["team@agency.example"]]
    letter.refresh_from_db()
    assert letter.handed_on == NOW
    assert "_hand_on" not in editor_client.get(address(letter)).content.decode()
    assert LogEntry.objects.get().get_change_message() == "Changed handed on."


@pytest.mark.parametrize("way", ["list", "form"])
def test_letter_to_a_program_without_address_waits_and_staff_are_told(editor_client, way):
    letter = make_letter(make_program(), is_suspicious=True)

    if way == "list":
        response = act(editor_client, LETTERS, "hand_on", letter)
    else:
        response = editor_client.post(address(letter), {"_hand_on": "1"}, follow=True)

    text = "“Test team” has no role address any more: give it one, then hand the letter on."
    assert messages_of(response)[0] == text
    letter.refresh_from_db()
    assert (letter.handed_on, Email.objects.count(), LogEntry.objects.count()) == (None, 0, 0)


def test_letter_is_shown_and_cannot_be_changed(editor_client):
    letter = make_letter(make_program(), text="Do you <train>?")

    html = editor_client.get(address(letter)).content.decode()
    editor_client.post(address(letter), {"text": "Other words", "name": "Mallory"})

    letter.refresh_from_db()
    assert (letter.text, letter.name) == ("Do you <train>?", "Ana")
    assert "Do you &lt;train&gt;?" in html
    assert editor_client.get(f"{LETTERS}add/").status_code == 403


def test_letters_are_narrowed_to_those_that_wait(editor_client):
    program = make_program()
    make_letter(program, name="Waiting", is_suspicious=True)
    make_letter(program, name="Gone", handed_on=NOW)

    assert shown(editor_client, LETTERS, standing="waiting") == ["Waiting → Test team"]
    assert shown(editor_client, LETTERS, standing="handed_on") == ["Gone → Test team"]


def test_right_to_view_letters_hands_none_on(client):
    letter = make_letter(make_program(role_email="team@agency.example"), is_suspicious=True)
    staff(client, "view_letter")

    assert "_hand_on" not in client.get(address(letter)).content.decode()
    assert client.post(address(letter), {"_hand_on": "1"}).status_code == 403
    assert Email.objects.count() == 0


# The start page


def test_start_page_tells_what_waits(editor_client):
    make_correction(proposed={"name": "A"})
    make_correction(proposed={"name": "B"}, is_suspicious=True)
    make_correction(proposed={"name": "C"}, state="done")
    program = make_program()
    for name in ("Ana", "Ben"):
        make_letter(program, name=name, is_suspicious=True)
    make_letter(program, handed_on=NOW)

    waiting = editor_client.get("/admin/").context["waiting"]

    assert [(words, count) for words, count, _address in waiting] == [
        ("proposal for the directory", 1),
        ("suspicious proposal to look at", 1),
        ("letters to programs wait for you", 2),
    ]
    assert [len(shown(editor_client, address)) for _words, _count, address in waiting] == [1, 1, 2]


def test_start_page_tells_nothing_to_staff_without_rights(client):
    make_correction(proposed={"name": "A"})
    make_letter(make_program(), is_suspicious=True)
    staff(client, "view_program")

    assert client.get("/admin/").context["waiting"] == []


# Queries


def fill(number):
    for place in range(number):
        program = make_program(f"Team {place}", counties=("yolo", "kern", "lake")[:number], role_email="a@b.example")
        for _row in range(number):
            program.sources.create(title="Report", url="https://example.org/")
        names = ("counties", "name", "phone")[:number]
        make_correction(program, before=dict.fromkeys(names), proposed=dict.fromkeys(names, "a"))
        make_letter(program)


QUERIES = {Program: (9, 9), Correction: (7, 6), Letter: (7, 6)}
"""Statements of the list and of the form of one record."""


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("model", QUERIES)
def test_lists_and_forms_ask_the_same_questions_for_one_row_and_three(
    editor_client, django_assert_num_queries, model, number
):
    fill(number)
    assert_statements(editor_client, django_assert_num_queries, model.objects.first(), *QUERIES[model])
