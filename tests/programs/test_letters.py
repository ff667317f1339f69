"""Letters to a program: they arrive, nobody learns the address, and suspicious ones wait."""

from datetime import UTC, datetime, timedelta

import pytest
from post_office.models import Email

from programs import letters
from programs.forms import LetterForm
from programs.models import Letter
from tests.factories import make_identity, make_program
from tests.naughty import STRINGS, spread
from tests.programs.filled import filled

pytestmark = pytest.mark.django_db

HIDDEN = "team@agency.example"
WRITTEN = {"name": "Ana Diaz", "email": "ana@example.org", "text": "Do you train <dispatchers> & nurses?"}
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
FRAME = 4
"""Statements of a page's head and foot."""


@pytest.fixture
def program(db):
    make_identity(email="desk@example.org")
    return make_program(role_email=HIDDEN)


def way(program):
    return f"/programs/{program.slug}/write/"


def post(client, program, **values):
    return client.post(way(program), filled(client.get(way(program)), **{**WRITTEN, **values}))


def make_letter(program, **values):
    return Letter.objects.create(program=program, **{**WRITTEN, **values})


def test_letter_is_stored_and_mailed_with_an_answer_to_its_writer(client, program):
    response = post(client, program)

    assert (response.status_code, response.url) == (302, "/programs/test-team/write/thanks/")
    letter = Letter.objects.get()
    assert (letter.program, letter.name, letter.email, letter.text) == (program, *WRITTEN.values())
    assert (letter.is_suspicious, letter.handed_on is not None) == (False, True)
    email = Email.objects.get()
    assert (email.to, email.headers) == ([HIDDEN], {"Reply-To": "ana@example.org"})
    assert email.subject == "A message for “Test team” through Test’s directory"
    assert "\n\nDo you train <dispatchers> & nurses?\n\n" in email.message
    assert "http://127.0.0.1:8000/programs/test-team/" in email.message
    assert "“Test team”" in client.get(response.url).content.decode()


@pytest.mark.parametrize("values", [{"role_email": ""}, {"status": "draft"}, {"publish_until": NOW.replace(year=2020)}])
def test_program_nobody_can_write_to_has_no_form(client, values):
    program = make_program(**{"role_email": HIDDEN, **values})

    for address in (way(program), f"{way(program)}thanks/", "/programs/nobody/write/"):
        assert client.get(address).status_code == 404
    assert client.post(way(program), WRITTEN).status_code == 404
    assert Letter.objects.count() == 0


def test_address_stands_on_no_public_page_and_in_no_header(client, program):
    faulty = client.post(way(program), {**WRITTEN, "email": "nobody"})
    sent = post(client, program)
    pages = [
        client.get(address)
        for address in (
            way(program),
            sent.url,
            "/programs/",
            "/programs/programs.csv",
            "/programs/programs.json",
            "/programs/counties/yolo/",
            "/programs/test-team/",
            "/programs/test-team/correct/",
            "/sitemap.xml",
        )
    ]

    for response in (*pages, faulty, sent):
        assert response.status_code in (200, 302), response.request
        assert HIDDEN not in response.content.decode() + str(response.headers), response.request


@pytest.mark.parametrize("values", [{"more_words": "cheap pills"}, {"stamp": "forged"}])
def test_suspicious_letter_is_stored_and_waits(client, program, values):
    response = post(client, program, **values)

    assert response.url == "/programs/test-team/write/thanks/"
    letter = Letter.objects.get()
    assert (letter.is_suspicious, letter.handed_on, Email.objects.count()) == (True, None, 0)


def test_faults_stand_beside_their_fields_and_everything_typed_stays(client, program):
    response = post(client, program, email="nobody", name="")

    assert response.context["form"].errors == {
        "name": ["This field is required."],
        "email": ["Enter a valid email address."],
    }
    assert "Do you train &lt;dispatchers&gt; &amp; nurses?" in response.content.decode()
    assert Letter.objects.count() == 0


def test_letters_sent_too_often_are_refused_with_everything_typed(client, program):
    most = letters.LIMIT.each[0][0]
    for _time in range(most):
        assert post(client, program).status_code == 302

    response = post(client, program)

    assert (response.status_code, Letter.objects.count()) == (429, most)
    assert "This form was sent too often." in response.content.decode()
    assert 'value="Ana Diaz"' in response.content.decode()


def test_form_of_another_site_is_refused(client, program):
    response = client.post(way(program), WRITTEN, headers={"Origin": "https://evil.example"})

    assert (response.status_code, Letter.objects.count()) == (403, 0)


def test_page_sets_no_cookie(client, program, django_assert_num_queries):
    client.get(way(program))
    with django_assert_num_queries(FRAME + 1):
        response = client.get(way(program))

    assert dict(response.cookies) == {}
    assert "Cookie" not in response.get("Vary", "")


def test_letter_is_handed_on_once(program):
    letter = make_letter(program, is_suspicious=True)

    assert [letters.hand_on(letter, NOW), letters.hand_on(letter, NOW)] == [True, False]
    assert Email.objects.count() == 1
    letter.refresh_from_db()
    assert letter.handed_on == NOW


def test_letter_to_a_program_without_an_address_stays(program):
    letter = make_letter(program, is_suspicious=True)
    program.role_email = ""
    program.save()
    letter.refresh_from_db()

    assert letters.hand_on(letter, NOW) is False
    letter.refresh_from_db()
    assert (letter.handed_on, Email.objects.count()) == (None, 0)


def test_letters_are_forgotten_after_a_year(program):
    for days in (364, 365, 366):
        letter = make_letter(program, name=str(days))
        Letter.objects.filter(pk=letter.pk).update(sent=NOW - timedelta(days=days))

    letters.forget(NOW)

    assert [letter.name for letter in Letter.objects.all()] == ["364"]


def test_every_string_arrives_as_it_was_typed(client, program, monkeypatch):
    monkeypatch.setattr("pages.limits.refusal", lambda *given: "")
    opened = client.get(way(program))
    for words in spread(("name", "email", "text")):
        assert LetterForm(words | {"email": f"{words['email']} "}).is_valid() is False, words
    for words in spread(("name", "text"), [words for words in STRINGS if "\0" not in words and words.strip()]):
        said = {"name": f"a{words['name'][:119]}", "email": "ana@example.org", "text": words["text"][:4000]}
        assert client.post(way(program), filled(opened, **said)).status_code == 302, words
        letter = Letter.objects.first()
        assert (letter.name, letter.text) == (" ".join(said["name"].split()), said["text"].strip())
        email = Email.objects.last()
        assert (email.to, email.headers) == ([HIDDEN], {"Reply-To": "ana@example.org"})
        assert f"\n\n{letter.text}\n\n" in email.message
        assert email.email_message().message().get_all("Reply-To") == ["ana@example.org"]
