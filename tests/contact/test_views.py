"""The contact page: what it shows, whom it refuses, and that it never loses what was typed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from contact.models import ContactForm, Message, Topic, WaitingFile
from pages.models import Attempt, Mail
from tests.contact.files import PDF
from tests.contact.sending import ADDRESS, WORDS, data, send
from tests.factories import make_block, make_identity, make_page, make_topic
from tests.naughty import MARKUP, spread
from tests.pages.test_forms import FOREIGN, Elements
from tests.pages.test_naughty import Markup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_private(private):
    pass


def page(response):
    return Elements(response.content.decode())


def typed(response):
    """What the form holds that an answer shows."""
    elements = page(response)
    words = {name: elements.with_name(name)[0].get("value", "") for name in ("name", "email", "phone", "agency")}
    return words | {"text": response.context["form"]["text"].value()}


def markup_of(response):
    """(elements by number, what in them could run); what stands in a field is no address."""
    markup = Markup(response.content.decode())
    return markup.counts, [found for found in markup.alive if found[1] != "value"]


HONEST = {name: value for name, value in WORDS.items() if name != "more_words"}


# The page


def test_page_works_on_an_empty_database(client):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert [response.context["form"].fields_to_show] == [["name", "email", "phone", "agency", "text", "files"]]
    assert response.cookies == {}
    assert send(client).status_code == 303
    assert Message.objects.get().topic is None


def test_crisis_note_stands_above_the_form_with_the_numbers(client):
    words = client.get(ADDRESS).content.decode()
    main = words[words.index("<main") :]
    note = main.index("In crisis? This form is not watched.")
    assert note < main.index('href="tel:988"') < main.index("<form")
    assert main.index('href="sms:988"') < main.index("<form")


def test_page_shows_the_other_ways_to_reach_the_association(client):
    make_identity(email="office@example.org", phone="+1 916 555 0100", address="1 Test Street\nSacramento")
    words = client.get(ADDRESS).content.decode()
    aside = words[words.index("<aside") : words.index("</aside>")]
    for fact in ("Other ways to reach us", "mailto:office@example.org", "tel:+19165550100", "1 Test Street<br>"):
        assert fact in aside


def test_page_without_facts_has_no_empty_card(client):
    make_identity()
    assert "<aside" not in client.get(ADDRESS).content.decode()


def test_link_may_choose_the_topic(client):
    make_topic("Training")
    make_topic("Media", hint="Name your deadline.")
    response = client.get(ADDRESS, {"topic": "media"})
    chosen = [box["value"] for box in page(response).with_name("topic") if "checked" in box]
    assert chosen == ["media"]
    assert "Name your deadline." in response.content.decode()
    assert '<meta name="robots" content="noindex, follow">' in response.content.decode()
    assert [box for box in page(client.get(ADDRESS)).with_name("topic") if "checked" in box] == []


def test_page_costs_the_same_with_many_topics(client, django_assert_num_queries):
    make_identity()
    for count in (1, 3):
        while Topic.objects.count() < count:
            make_topic(f"Topic {Topic.objects.count()}")
        with django_assert_num_queries(5):
            client.get(ADDRESS)


def test_only_looking_and_sending_are_allowed(client):
    assert client.put(ADDRESS).status_code == 405
    assert client.post("/contact/thanks/M-222222/").status_code == 405
    assert client.head(ADDRESS).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN[:3], ids=str)
def test_form_from_another_site_is_refused(headers):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ADDRESS, data(), headers=headers).status_code == 403
    assert strict.post(ADDRESS, data(), headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert Message.objects.count() == 1


# The block


def test_block_draws_the_form_with_its_topic_and_ids_of_its_own(client):
    make_topic("Training")
    media = make_topic("Media")
    about = make_page("About")
    first, second = make_block(ContactForm, about, topic=media), make_block(ContactForm, about)
    response = client.get("/about/")
    elements = page(response)
    assert [form["action"] for form in elements.named("form")] == [ADDRESS, ADDRESS]
    assert len(set(elements.ids)) == len(elements.ids)
    assert {f"contact-{first.pk}-name", f"contact-{second.pk}-name"} <= set(elements.ids)
    assert [box["value"] for box in elements.with_name("topic") if "checked" in box] == ["media"]
    assert response.content.decode().count("In crisis? This form is not watched.") == 2
    assert response.cookies == {}


# The thanks


def test_thanks_show_the_code_and_nothing_of_the_message(client):
    send(client)
    message = Message.objects.get()
    words = client.get(f"/contact/thanks/{message.reference}/").content.decode()
    assert message.reference in words
    assert '<meta name="robots" content="noindex">' in words
    for private in ("Jane", "example.org", "next course", "Police"):
        assert private not in words


def test_thanks_do_not_tell_whether_there_is_such_a_message(client, django_assert_num_queries):
    send(client)
    reference = Message.objects.get().reference
    real = client.get(f"/contact/thanks/{reference}/")
    other = client.get("/contact/thanks/M-222222/")
    assert (real.status_code, other.status_code) == (200, 200)
    assert real.content.decode().replace(reference, "M-222222") == other.content.decode()


@pytest.mark.parametrize("code", ["M-22222", "M-2222222", "D-222222", "M-22222O", "m-222222", "<script>"])
def test_what_is_no_code_is_no_page(client, code):
    assert client.get(f"/contact/thanks/{code}/").status_code == 404


# What stands against a message


def test_refused_form_keeps_everything_typed_and_leads_to_the_faults(client):
    make_topic("Training")
    values = data(email="jane@", phone="1", topic="training")
    response = client.post(ADDRESS, values)
    assert response.status_code == 200
    assert typed(response) == {**HONEST, "email": "jane@", "phone": "1"}
    assert [box["value"] for box in page(response).with_name("topic") if "checked" in box] == ["training"]
    assert '<a href="#id_email">E-mail: Enter a valid email address.</a>' in response.content.decode()
    assert Message.objects.count() == 0


def test_bad_file_is_named_with_its_reason_and_everything_typed_stays(client):
    files = [SimpleUploadedFile("Jane.pdf", PDF), SimpleUploadedFile("setup.exe", b"MZ")]
    response = send(client, files=files)
    assert response.status_code == 200
    assert typed(response) == HONEST
    (fault,) = response.context["form"].errors["files"]
    assert fault.startswith("We cannot use “setup.exe”. Only these kinds are taken: pdf, docx")
    assert [row.name for row in WaitingFile.objects.all()] == ["Jane.pdf"]
    assert send(client, kept=[str(WaitingFile.objects.get().key)]).status_code == 303
    assert [one.name for one in Message.objects.get().attachments.all()] == ["Jane.pdf"]


def test_sixty_files_are_answered_in_words(client):
    files = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(60)]
    response = send(client, files=files)
    assert response.status_code == 200
    assert "The same goes for 54 other files." in response.content.decode()
    assert typed(response) == HONEST


def test_three_hundred_files_are_refused_before_they_are_read(client):
    files = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(300)]
    response = send(client, files=files)
    assert response.status_code == 413
    assert "Go back and send it in parts" in response.content.decode()
    assert (Message.objects.count(), WaitingFile.objects.count()) == (0, 0)


def test_three_hundred_megabytes_are_refused_by_their_announcement(client):
    response = client.generic(
        "POST", ADDRESS, b"", CONTENT_TYPE="multipart/form-data; boundary=a", CONTENT_LENGTH="300000000"
    )
    assert response.status_code == 413
    assert Message.objects.count() == 0


def test_file_without_room_on_our_disk_is_said_and_everything_typed_stays(client, settings):
    settings.FILE_UPLOAD_TEMP_DIR = "/no-such-folder"
    response = send(client, files=[SimpleUploadedFile("a.pdf", PDF)])
    assert response.status_code == 503
    assert typed(response) == HONEST
    assert response.context["form"].errors["files"][0].startswith("We cannot use “a.pdf”. We could not store it")


def test_sixth_message_from_one_address_waits_ten_minutes(client):
    for number in range(5):
        assert send(client, text=f"Message {number}").status_code == 303
    response = send(client, text="Message 6")
    assert response.status_code == 429
    assert "This form was sent too often. What you wrote is still here" in response.content.decode()
    assert typed(response) == {**HONEST, "text": "Message 6"}
    assert Message.objects.count() == 5
    assert client.post(ADDRESS, data(), REMOTE_ADDR="192.0.2.7").status_code == 303
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert send(client, text="Message 6").status_code == 303


def test_twenty_first_message_of_a_day_from_one_address_waits(client):
    send(client)
    attempt = Attempt.objects.get()
    attempt.at -= timedelta(hours=3)
    Attempt.objects.bulk_create(Attempt(form=attempt.form, who=attempt.who, at=attempt.at) for _number in range(19))
    assert send(client, text="One more").status_code == 429


def test_three_hundred_messages_an_hour_are_enough_for_everybody(client):
    now = timezone.now()
    Attempt.objects.bulk_create(Attempt(form="contact", who=str(number), at=now) for number in range(299))
    assert send(client).status_code == 303
    assert client.post(ADDRESS, data(text="One more"), REMOTE_ADDR="192.0.2.7").status_code == 429


def test_form_with_a_fault_counts_as_no_message(client):
    for _number in range(9):
        send(client, name="")
    assert Attempt.objects.count() == 0
    assert send(client).status_code == 303


def test_files_of_somebody_who_must_wait_wait_too(client):
    for number in range(5):
        send(client, text=f"Message {number}")
    send(client, text="Message 6", files=[SimpleUploadedFile("a.pdf", PDF)])
    assert [row.name for row in WaitingFile.objects.all()] == ["a.pdf"]


# Without a database


@pytest.fixture
def no_database():
    """A function that takes the database away for as long as it is used as a context."""

    def refuse(execute, sql, params, many, context):
        raise OperationalError("The connection is lost.")

    return lambda: connection.execute_wrapper(refuse)


def test_database_that_is_away_keeps_everything_typed(client, no_database):
    make_identity()
    make_topic("Training")
    values = data(topic="training")
    with no_database():
        response = client.post(ADDRESS, values)
    assert response.status_code == 503
    assert typed(response) == HONEST
    words = response.content.decode()
    assert "We could not store your message just now, and it was not sent." in words
    assert 'href="tel:988"' in words
    assert Message.objects.count() == 0
    again = {field["name"]: field.get("value", "") for field in page(response).named("input") if field.get("name")}
    del again["files"]
    assert client.post(ADDRESS, {**again, "text": values["text"]}).status_code == 303
    message = Message.objects.get()
    assert (message.topic.slug, message.suspicion, message.email) == ("training", [], "jane@example.org")


def test_database_that_goes_away_in_the_middle_keeps_everything_typed(client, monkeypatch, no_database):
    values = data()

    def away(form):
        raise OperationalError("The connection is lost.")

    monkeypatch.setattr("contact.messages.receive", away)
    response = client.post(ADDRESS, {**values, "files": [SimpleUploadedFile("a.pdf", PDF)]})
    assert response.status_code == 503
    assert typed(response) == HONEST
    assert response.context["form"].errors["files"] == ["Choose your files again: we could not keep them."]


def test_log_says_what_broke_and_nothing_of_what_was_written(client, monkeypatch, caplog):
    def refuse(form):
        raise OperationalError(f"No room in the table.\nDETAIL: Failing row contains ({form.cleaned_data['name']})")

    monkeypatch.setattr("contact.messages.receive", refuse)
    send(client)
    logged = [record.getMessage() for record in caplog.records if record.name == "cacita.contact"]
    assert logged == ["A message could not be stored. OperationalError: No room in the table."]
    assert "Jane" not in caplog.text


# Naughty strings

FIELDS = ("name", "email", "phone", "agency", "topic", "text", "stamp", "more_words", "kept")


def test_no_string_breaks_the_form_or_becomes_markup(client):
    """Another string in each field, beside a fault, so that the page shows them all again."""
    make_topic("Training")
    plain, alive = markup_of(client.post(ADDRESS, {**data(), **dict.fromkeys(FIELDS, "plain")}))
    differing = {}
    for values in spread(FIELDS):
        response = client.post(ADDRESS, {**data(), **values})
        assert response.status_code == 200, values
        found, running = markup_of(response)
        if set(found) - set(plain) or running != alive:
            differing[str(values)] = running or set(found) ^ set(plain)
    assert differing == {}
    assert Message.objects.count() == 0


def test_no_string_breaks_what_is_stored_and_mailed(client):
    make_identity(email="office@example.org")
    statuses = []
    for number, words in enumerate(spread(("name", "agency", "phone", "text"))):
        name = " ".join(words["name"].replace("\0", "").split())[:100] or "a"
        text = words["text"][:9000] or "a"
        values = {"name": name, "agency": words["agency"][:150], "phone": words["phone"][:40], "text": text}
        response = client.post(ADDRESS, data(**values), REMOTE_ADDR=f"192.0.2.{number}")
        assert response.status_code in (200, 303), words
        statuses.append(response.status_code)
    assert statuses.count(303) == Message.objects.count() > 0.8 * len(statuses)
    told = Message.objects.filter(suspicion=[]).count()
    assert Mail.objects.count() == 2 * told
    assert all("\n" not in mail.subject and "\r" not in mail.subject for mail in Mail.objects.all())


def test_no_name_of_a_file_becomes_markup_or_breaks_the_form(client):
    plain = markup_of(send(client, files=[SimpleUploadedFile("plain.exe", b"a")]))
    for words in [*MARKUP, "../../etc/passwd", "a\\..\\b", "CON", "x" * 900, '"; filename="b.pdf']:
        # Browsers write quotes in a file's name like this: https://html.spec.whatwg.org/#multipart-form-data
        name = words.replace("/", "").replace("\\", "").replace('"', "%22")[:200] + ".exe"
        response = send(client, files=[SimpleUploadedFile(name, b"a")])
        assert response.status_code in (200, 400), words
        if response.status_code == 200:
            assert markup_of(response) == plain, words


def test_no_string_breaks_the_page_as_a_parameter(client):
    make_topic("Training")
    plain = markup_of(client.get(ADDRESS, {"topic": "plain"}))
    for words in spread(("topic", "x")):
        response = client.get(ADDRESS, words)
        assert response.status_code in (200, 400), words
        if response.status_code == 200:
            assert markup_of(response) == plain, words
