"""What partners propose: stored as it was meant, told to staff, and taken over field by field."""

from datetime import UTC, datetime

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from post_office.models import Email

from programs import decisions, listing
from programs.corrections import LIMIT
from programs.forms import AdditionForm, CorrectionForm, CountiesField, TelephoneField
from programs.models import Correction, Program
from tests.factories import make_identity, make_program
from tests.naughty import STRINGS, spread
from tests.programs.filled import Filled, filled

pytestmark = pytest.mark.django_db

ADD = "/programs/tell-us/"
THANKS = "/programs/tell-us/thanks/"
SENDER = {"sender_name": "Ana Diaz", "sender_email": "ana@example.org"}
NEW = {
    "name": "Yolo Crisis Team",
    "lead_agency": "Yolo County Sheriff",
    "kind": "mobile_crisis",
    "summary": "Two clinicians drive out.",
    **SENDER,
}
FRAME = 4
"""Statements of a page's head and foot: identity, its links, menus, notices."""
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _identity(db):
    make_identity(email="desk@example.org")


def way(program):
    return f"/programs/{program.slug}/correct/"


def post(client, address, **values):
    """Open the form as a browser does, type these values and send it."""
    opened = client.get(address)
    return client.post(address.partition("?")[0], filled(opened, **values))


def mails():
    return {email.to[0]: email for email in Email.objects.all()}


# The form of a correction


def test_form_sent_as_it_stands_changes_nothing_and_says_so(client):
    program = make_program(
        summary="First line.\r\nSecond  line.",
        phone="+19165550100",
        website="https://example.org/a?",
        serves_youth=True,
        works_in_jail=False,
        training_hours="40.0",
        counties=("yolo", "los-angeles"),
        since="Teams  since 1993",
        operation="",
    )

    response = post(client, way(program), **SENDER)

    assert response.context["form"].non_field_errors() == [
        "Nothing is changed yet. Change what is wrong above, or tell us in your own words."
    ]
    assert Correction.objects.count() == 0


def test_only_changed_fields_are_stored_with_what_they_said_before(client):
    program = make_program(phone="+19165550100", serves_youth=None, counties=("yolo",), training_hours="40")

    response = post(
        client,
        way(program),
        **SENDER,
        phone="916 555 0199",
        serves_youth="true",
        counties="Yolo, Sacramento county",
        training_hours="24.5",
        operation="ended",
    )

    assert (response.status_code, response.url) == (302, THANKS)
    correction = Correction.objects.get()
    assert correction.program == program
    assert correction.before == {
        "phone": "+19165550100",
        "serves_youth": None,
        "counties": ["yolo"],
        "training_hours": "40",
        "operation": "active",
    }
    assert correction.proposed == {
        "phone": "+19165550199",
        "serves_youth": True,
        "counties": ["sacramento", "yolo"],
        "training_hours": "24.5",
        "operation": "ended",
    }
    assert (correction.sender_name, correction.sender_email, correction.state) == ("Ana Diaz", "ana@example.org", "new")
    assert correction.is_suspicious is False
    program.refresh_from_db()
    assert (program.phone, program.operation) == ("+19165550100", "active")


def test_emptied_field_is_proposed_as_empty(client):
    program = make_program(phone="+19165550100", counties=("yolo",), serves_youth=True)

    post(client, way(program), **SENDER, phone="", counties="", serves_youth="unknown")

    assert Correction.objects.get().proposed == {"phone": "", "counties": [], "serves_youth": None}


def test_words_alone_are_enough(client):
    program = make_program()

    post(client, way(program), **SENDER, words="The team was renamed.")

    correction = Correction.objects.get()
    assert (correction.words, correction.proposed, correction.before) == ("The team was renamed.", {}, {})


def test_what_staff_changed_while_the_form_was_open_is_not_proposed_back(client):
    program = make_program(phone="+19165550100", hours_of_service="By day")
    opened = client.get(way(program))
    Program.objects.update(hours_of_service="Day and night")

    client.post(way(program), filled(opened, **SENDER, phone="916 555 0199"))

    correction = Correction.objects.get()
    assert (correction.before, correction.proposed) == ({"phone": "+19165550100"}, {"phone": "+19165550199"})


@pytest.mark.parametrize("seen", ["", "nonsense", "another program"])
def test_form_without_what_was_seen_is_compared_with_the_listing_as_it_is(client, seen):
    program, other = make_program(phone="+19165550100"), make_program("Other", phone="+12135550100")
    if seen == "another program":
        seen = filled(client.get(way(other)))["seen"]

    post(client, way(program), **SENDER, seen=seen, phone="916 555 0199")

    assert Correction.objects.get().before == {"phone": "+19165550100"}


def test_forged_snapshot_is_not_read(client):
    program = make_program()
    forged = signing.dumps([program.pk, {"name": "Forged"}], key="another key", salt="programs.forms.seen")

    post(client, way(program), **SENDER, seen=forged, name="New name")

    assert Correction.objects.get().before == {"name": "Test team"}


def test_role_address_is_never_filled_in_and_always_proposed(client):
    program = make_program(role_email="team@agency.example")

    page = client.get(way(program)).content.decode()
    post(client, way(program), **SENDER, role_email="team@agency.example")

    assert "team@agency.example" not in page
    assert Correction.objects.get().proposed == {"role_email": "team@agency.example"}
    assert "team@agency.example" not in str(Correction.objects.get().before)


def test_no_mail_to_the_sender_tells_the_role_address(client, editor):
    program = make_program(role_email="hidden@agency.example")

    post(client, way(program), **SENDER, role_email="new@agency.example", since="2001")
    correction = Correction.objects.get()
    decisions.accept(correction, ["since"], by=editor, now=NOW)
    correction.refresh_from_db()
    decisions.tell(correction, "")

    messages = [email.message for email in Email.objects.all()]
    assert [("new@agency.example" in words, "hidden@agency.example" in words) for words in messages] == [
        (True, False)
    ] * 3


def test_faults_stand_beside_their_fields_and_everything_typed_stays(client):
    program = make_program()

    response = post(
        client,
        way(program),
        sender_name="Ana",
        sender_email="nobody",
        counties="Yolo, Sacramneto",
        phone="12",
        training_hours="0.1",
        name="",
        words="A long letter",
    )

    assert response.context["form"].errors == {
        "sender_email": ["Enter a valid email address."],
        "counties": ["“Sacramneto” is no county of California. Did you mean Sacramento?"],
        "phone": ["“12” is no telephone number. Write it with its area code: 916 555 0100."],
        "training_hours": ["Ensure this value is greater than or equal to 0.5."],
        "name": ["This field is required."],
    }
    html = response.content.decode()
    assert [words in html for words in ("A long letter", 'value="Yolo, Sacramneto"', 'value="0.1"')] == [True] * 3
    assert Correction.objects.count() == 0


@pytest.mark.parametrize("values", [{"status": "draft"}, {"publish_until": NOW.replace(year=2020)}])
def test_draft_and_withdrawn_program_have_no_form(client, values):
    program = make_program(**values)

    assert (client.get(way(program)).status_code, client.post(way(program), SENDER).status_code) == (404, 404)


# A new listing


def test_new_listing_is_stored_without_what_was_left_empty(client):
    response = post(client, ADD, **NEW, counties="Yolo", serves_youth="false", role_email="crisis@yolo.example")

    assert (response.status_code, response.url) == (302, THANKS)
    correction = Correction.objects.get()
    assert (correction.program, correction.before, correction.is_addition) == (None, {}, True)
    assert correction.proposed == {
        "name": "Yolo Crisis Team",
        "lead_agency": "Yolo County Sheriff",
        "kind": "mobile_crisis",
        "counties": ["yolo"],
        "summary": "Two clinicians drive out.",
        "operation": "active",
        "serves_youth": False,
        "role_email": "crisis@yolo.example",
    }
    assert Program.objects.count() == 0
    assert "Thank you, it has arrived" in client.get(THANKS).content.decode()


@pytest.mark.parametrize(("county", "words"), [("san-mateo", "San Mateo"), ("atlantis", ""), ("<script>", "")])
def test_county_of_the_address_is_filled_in(client, county, words):
    assert filled(client.get(ADD, {"county": county}))["counties"] == words


def test_new_listing_without_its_needed_fields_is_refused(client):
    response = post(client, ADD, **SENDER)

    assert set(response.context["form"].errors) == {"name", "lead_agency", "kind", "summary"}


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("", []),
        ("Yolo", ["yolo"]),
        ("los angeles COUNTY; yolo,, Yolo\nKern", ["kern", "los-angeles", "yolo"]),
        ("san-mateo", ["san-mateo"]),
    ],
)
def test_counties_are_read_however_they_are_written(typed, slugs):
    assert CountiesField(required=False).clean(typed) == slugs


def test_unknown_county_without_a_likeness_says_how_to_write(db):
    form = AdditionForm({**NEW, "counties": "Xqz"})

    assert form.errors["counties"] == [
        "“Xqz” is no county of California. Write names of counties with commas, such as Yolo, San Mateo."
    ]


@pytest.mark.parametrize("number", ["+19165550100", "988", "+442071838750", ""])
def test_telephone_number_shown_is_read_back_as_it_was(number):
    field = TelephoneField(required=False)

    assert field.clean(field.prepare_value(number)) == number


# What happens to what is sent


def test_staff_and_sender_get_a_mail_with_old_and_new(client):
    program = make_program(phone="+19165550100", how_to_reach="Call & ask")

    post(client, way(program), **SENDER, phone="916 555 0199", words="Moved <today> & found.", how_to_reach="")

    correction = Correction.objects.get()
    to_staff, to_sender = mails()["desk@example.org"], mails()["ana@example.org"]
    assert to_staff.subject == "A correction to “Test team”"
    assert to_staff.headers == {"Reply-To": "ana@example.org"}
    assert f"http://127.0.0.1:8000/admin/programs/correction/{correction.pk}/change/" in to_staff.message
    assert to_sender.subject == "We have what you sent to Test’s directory"
    assert to_sender.headers == {"Reply-To": "desk@example.org"}
    for message in (to_staff.message, to_sender.message):
        assert "\nPublic phone\n  now: (916) 555-0100\n  proposed: (916) 555-0199\n" in message
        assert "\nHow to reach it\n  now: Call & ask\n  proposed: nothing\n" in message
        assert "Moved <today> & found." in message
        assert "\n\n\n" not in message
    assert "/admin/" not in to_sender.message


def test_new_listing_is_told_to_staff_and_sender(client):
    post(client, ADD, **NEW)

    assert mails()["desk@example.org"].subject == "A new listing for the directory"
    assert "\nLead agency\n  Yolo County Sheriff\n" in mails()["ana@example.org"].message


def test_association_without_an_address_still_stores(client):
    make_identity(email="")

    post(client, ADD, **NEW)

    assert (Correction.objects.count(), list(mails())) == (1, ["ana@example.org"])


@pytest.mark.parametrize("values", [{"more_words": "cheap pills"}, {"stamp": "forged"}])
def test_what_a_program_sent_is_stored_and_marked_and_mails_nobody(client, values):
    response = post(client, ADD, **NEW, **values)

    assert response.url == THANKS
    assert Correction.objects.get().is_suspicious is True
    assert mails() == {}


def test_form_sent_too_often_is_refused_with_everything_typed(client):
    most = LIMIT.each[0][0]
    for _time in range(most):
        assert post(client, ADD, **NEW).status_code == 302

    response = post(client, ADD, **NEW)

    assert (response.status_code, Correction.objects.count()) == (429, most)
    assert "This form was sent too often." in response.content.decode()
    assert 'value="Yolo Crisis Team"' in response.content.decode()


def test_form_of_another_site_is_refused(client):
    program = make_program()

    for address in (ADD, way(program)):
        response = client.post(address, NEW, headers={"Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 403
    assert Correction.objects.count() == 0


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(ADD).status_code == 405
    assert getattr(client, method)(way(make_program())).status_code == 405


def test_pages_set_no_cookie_and_ask_for_no_session(client, django_assert_num_queries):
    program = make_program()
    client.get(way(program))

    with django_assert_num_queries(FRAME + 2):  # the program and its counties
        response = client.get(way(program))
    with django_assert_num_queries(FRAME):
        second = client.get(ADD)

    assert (dict(response.cookies), dict(second.cookies)) == ({}, {})
    assert "Cookie" not in response.get("Vary", "")


def test_no_string_breaks_a_field():
    """Another string in each field: they are taken or refused, and shown again as they were typed."""
    program = make_program()
    names = sorted({*AdditionForm.base_fields, *listing.PUBLIC})
    texts = ("summary", "since", "words", "sender_role", "cities")
    for said in (*spread(names), *spread(texts)):
        values = said | {"kind": "nothing like this"}
        for form in (AdditionForm(values), CorrectionForm(values, program=program)):
            assert form.is_valid() is False, said
            assert all(str(form[name]) for name in form.fields), said
            seen = Filled(f"<form>{''.join(str(form[name]) for name in texts)}</form>").data
            kept = {name: said[name] for name in texts if not {"\r", "\0"} & set(said[name])}
            assert {name: seen[name] for name in kept} == kept


def test_every_string_is_stored_as_it_was_typed_and_written_to_staff(client, monkeypatch):
    monkeypatch.setattr("pages.limits.refusal", lambda *given: "")
    opened = client.get(ADD)
    longest = {"sender_role": 120, "since": 80, "summary": 900, "words": 4000}
    for words in spread(tuple(longest), [words for words in STRINGS if "\0" not in words]):
        said = {name: words[name][:length] for name, length in longest.items()}
        said["summary"] = f"a{said['summary']}"
        response = client.post(ADD, filled(opened, **{**NEW, **said}))
        assert (words, response.status_code) == (words, 302)
        correction = Correction.objects.first()
        assert correction.proposed.get("since", "") == " ".join(said["since"].split())
        assert correction.words == said["words"].strip()
        email = Email.objects.filter(to="desk@example.org").last()
        assert email.subject == "A new listing for the directory"
        assert f"\nWhat it does\n  {correction.proposed['summary']}\n" in email.message


# Decisions


def make_correction(program=None, **values):
    return Correction.objects.create(
        **{"program": program, "sender_name": "Ana", "sender_email": "ana@example.org", **values}
    )


def test_accepted_fields_are_stored_and_the_others_are_left(editor):
    program = make_program(phone="+19165550100", cities="Davis")
    correction = make_correction(
        program,
        before={"phone": "+19165550100", "cities": "Davis", "counties": ["yolo"], "training_hours": None},
        proposed={"phone": "+19165550199", "cities": "", "counties": ["kern", "yolo"], "training_hours": "24"},
    )

    decisions.accept(correction, ["phone", "counties", "training_hours"], by=editor, now=NOW)

    program.refresh_from_db()
    correction.refresh_from_db()
    assert (program.phone, program.cities, program.training_hours) == ("+19165550199", "Davis", 24)
    assert [str(county) for county in program.counties] == ["Kern", "Yolo"]
    assert (program.confirmed_on, program.confirmed_by) == (None, "")
    assert (correction.state, correction.accepted) == ("done", ["phone", "counties", "training_hours"])
    assert (correction.decided, correction.decided_by) == (NOW, editor)


def test_acceptance_counts_as_confirmation_where_staff_say_so(editor):
    program = make_program()
    correction = make_correction(program, before={"cities": ""}, proposed={"cities": "Davis"})

    decisions.accept(correction, ["cities"], by=editor, now=NOW, is_confirmation=True)

    program.refresh_from_db()
    assert (str(program.confirmed_on), program.confirmed_by) == ("2027-06-01", "program")


def test_accepted_new_listing_becomes_a_draft(editor):
    make_program("Yolo Crisis Team")
    proposed = {**{name: NEW[name] for name in ("name", "lead_agency", "kind", "summary")}, "counties": ["yolo"]}
    correction = make_correction(proposed=proposed)

    program = decisions.accept(correction, list(proposed), by=editor, now=NOW)

    assert (program.slug, program.status, program.kind) == ("yolo-crisis-team-2", "draft", "mobile_crisis")
    assert [str(county) for county in program.counties] == ["Yolo"]
    correction.refresh_from_db()
    assert (correction.program, correction.is_addition) == (program, True)


@pytest.mark.parametrize(("name", "slug"), [("Counties", "counties-2"), ("…", "program"), ("a " * 80, "a-" * 37 + "a")])
def test_slug_of_a_new_listing_is_free_and_fits(name, slug):
    assert listing.free_slug(name, []) == slug


def test_faulty_acceptance_names_the_field_and_changes_nothing(editor):
    program = make_program(phone="+19165550100")
    correction = make_correction(
        program, before={"phone": ""}, proposed={"phone": "soon", "cities": "Davis", "name": "x" * 161}
    )

    with pytest.raises(ValidationError) as refusal:
        decisions.accept(correction, ["phone", "cities", "name"], by=editor, now=NOW)

    assert decisions.faults_by_field(refusal.value) == (
        {
            "phone": ["“soon” is no telephone number. Write it with its area code: 916 555 0100."],
            "name": ["Ensure this value has at most 160 characters (it has 161)."],
        },
        [],
    )
    program.refresh_from_db()
    correction.refresh_from_db()
    assert (program.cities, correction.state) == ("", "new")


def test_nobody_decides_twice(editor):
    program = make_program()
    correction = make_correction(program, before={"cities": ""}, proposed={"cities": "Davis"})
    decisions.decline(correction, by=editor, now=NOW)

    for decide in (
        lambda: decisions.accept(correction, ["cities"], by=editor, now=NOW),
        lambda: decisions.decline(correction, by=editor, now=NOW),
    ):
        with pytest.raises(decisions.DecidedAlreadyError):
            decide()
    program.refresh_from_db()
    assert program.cities == ""


def test_comparison_shows_what_changed_since_and_what_is_so_already():
    program = make_program(phone="+19165550100", cities="Davis", since="1999")
    correction = make_correction(
        program,
        before={"phone": "+12135550100", "cities": "", "since": "1999"},
        proposed={"since": "2001", "cities": "Davis", "phone": "", "role_email": "a@b.example"},
    )

    rows = decisions.compare(correction)

    assert [(row.name, row.before, row.now, row.proposed) for row in rows] == [
        ("cities", "", "Davis", "Davis"),
        ("since", "1999", "1999", "2001"),
        ("phone", "(213) 555-0100", "(916) 555-0100", ""),
        ("role_email", "", "", "a@b.example"),
    ]
    assert [(row.is_changed_since, row.is_so_already) for row in rows] == [
        (True, True),
        (False, False),
        (True, False),
        (False, False),
    ]


def test_words_that_go_and_come_are_marked_and_nothing_becomes_markup():
    program = make_program(summary="Two <b>officers</b> & a clinician")
    correction = make_correction(program, proposed={"summary": "Two <b>deputies</b> & a clinician"})

    [row] = decisions.compare(correction)

    assert row.old_words == "Two &lt;b&gt;<del>officers</del>&lt;/b&gt; &amp; a clinician"
    assert row.new_words == "Two &lt;b&gt;<ins>deputies</ins>&lt;/b&gt; &amp; a clinician"


@pytest.mark.parametrize(
    ("accepted", "state", "said"),
    [
        (["cities"], "done", "We took over:\n\nCities\n  Davis\n\nWe left as it was:\n\nSince\n  2001\n\nMany thanks."),
        ([], "declined", "We decided not to change the directory.\n\nMany thanks."),
    ],
)
def test_sender_is_told_what_was_done(accepted, state, said):
    program = make_program(cities="Davis")
    correction = make_correction(program, proposed={"cities": "Davis", "since": "2001"}, accepted=accepted, state=state)

    email = decisions.tell(correction, "Many thanks.")

    assert (email.to, email.headers) == (["ana@example.org"], {"Reply-To": "desk@example.org"})
    assert said in email.message
    assert "http://127.0.0.1:8000/programs/test-team/" in email.message
    assert "\n\n\n" not in email.message


def test_sender_of_a_draft_is_given_no_address_that_nobody_can_open():
    correction = make_correction(make_program(status="draft"), state="done")

    message = decisions.tell(correction, "").message

    assert "We worked it in." in message
    assert "/programs/" not in message
