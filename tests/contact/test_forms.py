"""The contact form: its fields, its topics, and what becomes of words and files when it comes back."""

from datetime import timedelta

import pytest
from crispy_forms.utils import render_crispy_form
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from contact.attachments import WAITING
from contact.forms import LONGEST_TEXT, MessageForm
from contact.models import Topic, WaitingFile
from tests.contact.files import PDF
from tests.contact.sending import data
from tests.factories import make_topic
from tests.pages.test_forms import Elements

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def filled(*files, now=NOW, offline=False, kept=(), **values):
    query = QueryDict(mutable=True)
    query.update(data(**values))
    query.setlist("kept", [str(key) for key in kept])
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return MessageForm(query, MultiValueDict({"files": uploads}), now=now, offline=offline)


def drawn(form):
    return Elements(render_crispy_form(form))


# Fields


def test_three_fields_are_required_without_topics():
    form = MessageForm()
    assert [name for name in form.fields_to_show if form.fields[name].required] == ["name", "email", "text"]
    assert "topic" not in form.fields


def test_browsers_can_fill_in_who_writes():
    elements = drawn(MessageForm())
    wanted = {"name": "name", "email": "email", "phone": "tel", "agency": "organization"}
    assert {name: elements.with_name(name)[0]["autocomplete"] for name in wanted} == wanted
    assert elements.with_name("email")[0]["type"] == "email"
    assert elements.with_name("phone")[0]["type"] == "tel"


def test_form_goes_to_the_contact_page_with_its_files():
    (form,) = drawn(MessageForm()).named("form")
    assert (form["action"], form["method"], form["enctype"]) == ("/contact/", "post", "multipart/form-data")


def test_files_say_what_is_taken():
    (files,) = drawn(MessageForm()).with_name("files")
    assert "multiple" in files
    assert {".pdf", ".docx", ".heic", ".jpeg"} <= set(files["accept"].split(","))
    assert files["aria-describedby"] == "id_files_helptext"
    assert (files["data-files"], files["data-bytes"]) == ("5", str(10 * 1024 * 1024))


def test_each_topic_stands_with_its_hint():
    make_topic("Training", hint="Say how many <people>.")
    make_topic("Media", position=1)
    make_topic("Old one", is_offered=False)
    html = render_crispy_form(MessageForm())
    assert "Training <small>Say how many &lt;people&gt;.</small>" in html
    assert "Old one" not in html
    assert [option["value"] for option in Elements(html).with_name("topic")] == ["training", "media"]


@pytest.mark.parametrize(("topic", "checked"), [("media", "media"), ("old-one", None), ("no-such", None), ("", None)])
def test_topic_may_be_chosen_beforehand(topic, checked):
    make_topic("Training")
    make_topic("Media")
    make_topic("Old one", is_offered=False)
    options = drawn(MessageForm(topic=topic)).with_name("topic")
    assert next((option["value"] for option in options if "checked" in option), None) == checked


@pytest.mark.parametrize("topic", ["", "no-such", "old-one"])
def test_topic_must_be_one_of_those_offered(topic):
    make_topic("Training")
    make_topic("Old one", is_offered=False)
    assert filled(topic=topic).errors == {"topic": ["Choose one of the topics."]}


def test_topics_cost_one_query(django_assert_num_queries):
    for count in (1, 3):
        while Topic.objects.count() < count:
            make_topic(f"Topic {Topic.objects.count()}")
        with django_assert_num_queries(1):
            render_crispy_form(MessageForm())


@pytest.mark.parametrize(
    ("name", "given", "cleaned"),
    [
        ("name", "  Jane\r\nBcc: all@example.org  ", "Jane Bcc: all@example.org"),
        ("name", "Jane\x1b[31m\u2028Doe", "Jane [31m Doe"),
        ("agency", "a\tb\x0bc", "a b c"),
        ("text", "one\r\ntwo\rthree\n\n\x07four\t5", "one\ntwo\nthree\n\nfour\t5"),
        ("text", "سلام\u200dx 👩‍👩‍👧", "سلام\u200dx 👩‍👩‍👧"),
    ],
)
def test_controls_go_and_words_stay(name, given, cleaned):
    form = filled(**{name: given})
    assert form.is_valid()
    assert form.cleaned_data[name] == cleaned


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("name", " ", "This field is required."),
        ("name", "a" * 121, "Ensure this value has at most 120 characters (it has 121)."),
        ("name", "a\x00b", "Null characters are not allowed."),
        ("email", "jane@", "Enter a valid email address."),
        ("email", "jane@example.org\r\nBcc: all@example.org", "Enter a valid email address."),
        ("text", "", "This field is required."),
        ("text", "a" * (LONGEST_TEXT + 1), "Ensure this value has at most 10000 characters (it has 10001)."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(name, value, reason):
    assert filled(**{name: value}).errors == {name: [reason]}


def test_phone_is_kept_as_it_was_typed():
    form = filled(phone="916 555 0100 ext. 12")
    assert form.is_valid()
    assert form.cleaned_data["phone"] == "916 555 0100 ext. 12"


# The same again


def test_form_sent_twice_is_one_sending_and_any_change_makes_another():
    first = filled(("a.pdf", PDF))
    stamp = first.data["stamp"]
    assert filled(("a.pdf", PDF), stamp=stamp).sending == first.sending
    others = [
        filled(("a.pdf", PDF), stamp=stamp, text="Other words"),
        filled(("a.pdf", PDF), stamp=first.stamp_of(NOW - timedelta(minutes=9))),
        filled(("a.pdf", PDF + b" "), stamp=stamp),
        filled(("b.pdf", PDF), stamp=stamp),
        filled(stamp=stamp),
    ]
    assert len({first.sending, *(form.sending for form in others)}) == 6


def test_same_words_in_other_letters_have_one_digest():
    first, same = filled(), filled(email="JANE@example.org", text="when  is the next course?\r\n\r\nWe are TWELVE.")
    others = [filled(text="Something else"), filled(email="joe@example.org"), filled(("a.pdf", PDF))]
    assert all(form.is_valid() for form in (first, same, *others))
    assert first.digest == same.digest
    assert len({first.digest, *(form.digest for form in others)}) == 4


# Files of a form that comes back


def test_good_files_wait_and_are_offered_ticked(private):
    form = filled(("Jane.pdf", PDF), ("b.exe", b"MZ"), name="")
    assert not form.is_valid()
    form.keep_files()
    (row,) = WaitingFile.objects.all()
    elements = drawn(form)
    (box,) = elements.with_name("kept")
    assert (box["value"], "checked" in box, box["type"]) == (str(row.key), True, "checkbox")
    html = render_crispy_form(form)
    assert f"Jane.pdf ({len(PDF)}\N{NO-BREAK SPACE}bytes)" in html
    assert "We cannot use “b.exe”" in html
    assert html.index("Jane.pdf") < html.index('name="files"')


def test_next_try_brings_the_files_that_are_still_ticked(private):
    form = filled(("a.pdf", PDF), ("b.pdf", PDF), name="")
    form.is_valid()
    form.keep_files()
    first, second = WaitingFile.objects.all()
    again = filled(("c.pdf", PDF), kept=[second.key])
    assert again.is_valid()
    assert [row.name for row in again.waiting] == ["b.pdf"]
    assert [part.name for part in again.parts] == ["c.pdf"]
    assert first.name == "a.pdf"


def test_files_that_came_before_and_new_ones_wait_together(private):
    form = filled(("a.pdf", PDF), name="")
    form.is_valid()
    form.keep_files()
    again = filled(("b.pdf", PDF), name="", kept=[WaitingFile.objects.get().key])
    assert not again.is_valid()
    again.keep_files()
    assert [row.name for row in again.waiting] == ["a.pdf", "b.pdf"]
    assert len([box for box in drawn(again).with_name("kept") if "checked" in box]) == 2


def test_files_that_waited_too_long_are_missed_aloud(private):
    form = filled(("a.pdf", PDF), name="", now=NOW - WAITING)
    form.is_valid()
    form.keep_files()
    again = filled(kept=[WaitingFile.objects.get().key])
    assert again.errors == {"files": ["A file you sent before was kept for an hour only and is gone. Choose it again."]}
    assert drawn(again).with_name("kept") == []


def test_made_up_keys_bring_nothing():
    form = filled(kept=["", "1", "../secret_key", "<script>"])
    assert form.is_valid()
    assert form.waiting == []


def test_form_says_so_where_files_cannot_wait(private, monkeypatch):
    monkeypatch.setattr("contact.attachments.MOST_BYTES_WAITING", 1)
    form = filled(("a.pdf", PDF), name="")
    form.is_valid()
    form.keep_files()
    assert form.errors["files"] == ["Choose your files again: we could not keep them."]


def test_form_without_a_database_carries_on_what_was_chosen(django_assert_num_queries):
    make_topic("Training")
    values = data()
    key = "12345678-1234-4234-8234-123456789abc"
    with django_assert_num_queries(0):
        form = MessageForm(QueryDict(f"kept={key}&topic=training&stamp={values['stamp']}"), offline=True)
        elements = drawn(form)
    assert [(box["type"], box["value"]) for box in elements.with_name("kept")] == [("hidden", key)]
    assert [(box["type"], box["value"]) for box in elements.with_name("topic")] == [("hidden", "training")]
    assert elements.with_name("stamp")[0]["value"] == values["stamp"]
