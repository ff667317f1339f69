import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from crispy_forms.layout import Div, Fieldset, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from pages.forms import LEAST, MOST, PublicForm, public_post

NOW = timezone.now()
EARLIER = NOW - timedelta(minutes=2)
WORK = [("law", "Law enforcement"), ("health", "Behavioral health")]


class ContactForm(PublicForm):
    submit_label = "Send message"

    name = forms.CharField(label="Name", help_text="As it should stand on your certificate.")
    email = forms.EmailField(label="E-mail")
    work = forms.ChoiceField(label="Your work", choices=WORK, widget=forms.RadioSelect, help_text="One of these.")
    topics = forms.MultipleChoiceField(
        label="Topics", choices=WORK, widget=forms.CheckboxSelectMultiple, required=False
    )
    message = forms.CharField(label="Message", widget=forms.Textarea, required=False)
    document = forms.FileField(label="Document", help_text="PDF, up to 5 MB.")
    agrees = forms.BooleanField(label="I agree")
    source = forms.CharField(widget=forms.HiddenInput, initial="home")


class NoteForm(PublicForm):
    note = forms.CharField()


class PlainForm(forms.Form):
    when = forms.SplitDateTimeField(label="When", help_text="Day and time.")


@public_post
def note(request):
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return HttpResponse(f"{form.cleaned_data['note']} {form.is_suspicious}")
    return HttpResponse(render_crispy_form(form))


urlpatterns = [path("note/", note)]


def handler403(request, exception):
    return HttpResponse(str(exception), status=403)


class Elements(HTMLParser):
    """Every element of a page as (name, attributes), in order."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, tag):
        return [attrs for name, attrs in self.found if name == tag]

    def with_name(self, name):
        return [attrs for _tag, attrs in self.found if attrs.get("name") == name]

    @property
    def ids(self):
        return [attrs["id"] for _tag, attrs in self.found if "id" in attrs]


def draw(form):
    return Elements(render_crispy_form(form))


def sent(form_class=NoteForm, *, made=EARLIER, now=NOW, **data):
    return form_class({"stamp": form_class().stamp_of(made), **data}, now=now)


# The template pack


def test_every_control_has_a_label_of_its_own():
    elements = draw(ContactForm())
    labels = [attrs["for"] for attrs in elements.named("label")]
    controls = [
        attrs["id"]
        for tag, attrs in elements.found
        if tag in ("input", "textarea", "select") and attrs.get("type") != "hidden"
    ]
    assert sorted(labels) == sorted(controls)
    assert len(set(elements.ids)) == len(elements.ids)


def test_help_is_tied_to_its_control():
    elements = draw(ContactForm())
    assert elements.with_name("name")[0]["aria-describedby"] == "id_name_helptext"
    assert elements.with_name("document")[0]["aria-describedby"] == "id_document_helptext"
    assert [a.get("aria-describedby") for a in elements.named("fieldset")] == ["id_work_helptext", None]


@pytest.mark.parametrize("form", [ContactForm, PlainForm])
def test_every_described_by_points_at_an_element_after_errors(form):
    elements = draw(form({}))
    targets = " ".join(a["aria-describedby"] for _tag, a in elements.found if "aria-describedby" in a).split()
    assert targets
    assert set(targets) <= set(elements.ids)
    assert [id_ for id_ in elements.ids if id_.endswith("_error") and id_ not in targets] == []


def test_only_optional_fields_are_marked():
    html = render_crispy_form(ContactForm())
    assert re.findall(r"(\w+) <small>\(optional\)</small>", html) == ["Topics", "Message"]


def test_groups_of_choices_stand_in_a_fieldset_with_a_legend():
    elements = draw(ContactForm())
    assert len(elements.named("fieldset")) == len(elements.named("legend")) == 2
    assert [a["id"] for a in elements.with_name("work")] == ["id_work_0", "id_work_1"]


def test_controls_carry_our_class_and_choices_do_not():
    elements = draw(ContactForm())
    assert [elements.with_name(name)[0].get("class") for name in ("name", "message", "document", "work", "agrees")] == [
        "input",
        "input",
        "input",
        None,
        None,
    ]


def test_class_of_a_widget_is_kept():
    form = NoteForm()
    form.fields["note"].widget.attrs["class"] = "input--short"
    assert draw(form).with_name("note")[0]["class"] == "input input--short"


def test_form_leaves_checking_to_the_server_and_sends_files():
    (form,) = draw(ContactForm()).named("form")
    assert form == {"class": "form", "method": "post", "enctype": "multipart/form-data", "novalidate": None}


def test_form_without_faults_has_no_summary_and_no_script():
    html = render_crispy_form(ContactForm())
    assert "summary" not in html
    assert "<script" not in html


def test_summary_comes_first_and_links_to_every_fault():
    form = sent(ContactForm, email="nobody")
    html = render_crispy_form(form)
    elements = Elements(html)
    assert elements.found[1] == ("div", {"class": "summary", "role": "alert", "tabindex": "-1", "autofocus": None})
    targets = [a["href"] for a in elements.named("a")]
    assert targets == ["#id_name", "#id_email", "#id_work_0", "#id_document", "#id_agrees"]
    assert {target[1:] for target in targets} <= set(elements.ids)
    assert re.findall(r'<a href="[^"]+">([^<]+)</a>', html)[:2] == [
        "Name: This field is required.",
        "E-mail: Enter a valid email address.",
    ]
    assert "6 things to correct" in html  # the sixth is the hidden field without a value
    assert elements.named("script") == [{"type": "module", "src": "/static/js/error-summary.js"}]


def test_summary_counts_a_single_fault():
    assert "One thing to correct" in render_crispy_form(sent())


def test_faults_of_the_whole_form_and_of_hidden_fields_stand_in_the_summary_without_a_link():
    form = sent(ContactForm)
    form.add_error(None, "Too many <forms> today.")
    html = render_crispy_form(form)
    assert "<li>Too many &lt;forms&gt; today.</li>" in html
    assert "<li>This field is required.</li>" in html


def test_faulty_control_is_marked_invalid_and_keeps_what_was_typed():
    (email,) = draw(sent(ContactForm, email='"><script>')).with_name("email")
    assert email["aria-invalid"] == "true"
    assert email["value"] == '"><script>'


def test_form_for_staff_keeps_its_token_and_buttons():
    form = PlainForm()
    html = render_crispy_form(form, context={"csrf_token": "abc"})
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="abc">' in html
    assert len(Elements(html).named("legend")) == 1


def test_layout_objects_of_crispy_are_drawn_with_our_classes():
    class Arranged(NoteForm):
        other = forms.CharField()

        @property
        def fields_to_show(self):
            return [Fieldset("Words", "note"), Div("other", css_class="row"), Submit("save", "Save")]

    html = render_crispy_form(Arranged())
    elements = Elements(html)
    assert elements.named("fieldset")[0]["class"] == "form__group"
    assert "<legend>Words</legend>" in html
    assert [a["class"] for a in elements.named("button")] == ["button", "button"]
    assert elements.named("button")[0]["value"] == "Save"


def test_misspelt_field_in_a_layout_is_loud():
    class Misspelt(NoteForm):
        @property
        def fields_to_show(self):
            return ["nota"]

    with pytest.raises(Exception, match="Could not resolve form field 'nota'"):
        render_crispy_form(Misspelt())


# The protection


def test_trap_is_hidden_by_a_class_and_out_of_reach():
    html = render_crispy_form(NoteForm())
    (trap,) = Elements(html).with_name("more_words")
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    assert re.search(r'<div class="visually-hidden" aria-hidden="true">\s*<label for="id_more_words">Leave this', html)
    assert "style=" not in html


def test_honest_form_is_valid_and_not_suspicious():
    form = sent(note="Hello")
    assert form.is_valid()
    assert form.is_suspicious is False


@pytest.mark.parametrize(
    "data",
    [
        {"more_words": "cheap pills"},
        {"stamp": ""},
        {"stamp": "1700000000:forged"},
        {"stamp": ContactForm().stamp_of(EARLIER)},
        {"stamp": NoteForm().stamp_of(NOW - LEAST + timedelta(seconds=1))},
        {"stamp": NoteForm().stamp_of(NOW + timedelta(hours=1))},
    ],
    ids=["trap filled", "no stamp", "forged", "stamp of another form", "too fast", "from the future"],
)
def test_form_of_a_program_is_kept_but_suspicious(data):
    form = sent(note="Hello", **data)
    assert form.is_valid()
    assert form.is_suspicious is True
    assert form.cleaned_data["note"] == "Hello"


@pytest.mark.parametrize("age", [LEAST, MOST])
def test_form_at_either_limit_is_not_suspicious(age):
    now = NOW.replace(microsecond=0)
    form = sent(note="Hello", made=now - age, now=now)
    assert form.is_valid()
    assert form.is_suspicious is False


def test_stale_form_comes_back_with_everything_typed_and_can_be_sent_at_once():
    stale = sent(note="A long letter", made=NOW - MOST - timedelta(seconds=1))
    assert not stale.is_valid()
    elements = draw(stale)
    assert stale.errors == {
        "stamp": [
            "This form was open for more than a day. What you wrote is still here: please send it once more.",
        ]
    }
    assert elements.with_name("note")[0]["value"] == "A long letter"
    again = NoteForm({"note": "A long letter", "stamp": elements.with_name("stamp")[0]["value"]}, now=NOW)
    assert again.is_valid()
    assert again.is_suspicious is False


def test_form_with_a_fault_keeps_its_first_stamp():
    form = sent(note="")
    assert draw(form).with_name("stamp")[0]["value"] == NoteForm().stamp_of(EARLIER)


def test_form_with_a_prefix_is_protected_too():
    data = {"a-note": "Hello", "a-stamp": NoteForm().stamp_of(EARLIER), "a-more_words": "x"}
    form = NoteForm(data, now=NOW, prefix="a")
    assert form.is_valid()
    assert form.is_suspicious is True


# The view's guard

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict_client(settings):
    settings.ROOT_URLCONF = __name__
    settings.SITE_URL = "https://www.example.org"
    return Client(enforce_csrf_checks=True)


OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://testserver"},
    {"Origin": "https://www.example.org"},
    {"Origin": "https://WWW.example.org"},
    {"Referer": "http://testserver/note/"},
]
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:8000"},
    {"Origin": "http://testserver@evil.example"},
    {"Origin": "https://evil.example", "Referer": "http://testserver/note/"},
    {"Referer": "https://evil.example/?http://testserver/"},
    {"Referer": "http://[broken"},
]


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_form_from_this_site_is_taken(strict_client, headers):
    response = strict_client.post("/note/", {"note": "Hello", "stamp": NoteForm().stamp_of(EARLIER)}, headers=headers)
    assert response.status_code == 200
    assert response.text == "Hello False"
    assert response.cookies == {}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_form_from_another_site_is_refused_in_words(strict_client, headers):
    response = strict_client.post("/note/", {"note": "Hello"}, headers=headers)
    assert response.status_code == 403
    assert response.text == "The form was sent from another site. Open it on this site and send it from there."
    assert response.cookies == {}


def test_page_with_a_form_may_be_opened_from_anywhere_and_sets_no_cookie(strict_client):
    response = strict_client.get("/note/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert response.cookies == {}
    assert response.get("Vary") in (None, "Accept-Encoding")
    assert "csrfmiddlewaretoken" not in response.text
