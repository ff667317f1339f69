"""What staff do with the library and the glossary."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pages.models import RichText
from resources.models import Resource, Term
from tests.admin_pages import address, assert_statements
from tests.factories import make_block, make_identity, make_page, make_resource, make_term
from tests.pages.test_documents import PDF

pytestmark = pytest.mark.django_db

RESOURCES = "/admin/resources/resource/"
TERMS = "/admin/resources/term/"
NOW = datetime(2027, 6, 1, 20, tzinfo=UTC)
TODAY = date(2027, 6, 1)


@pytest.fixture(autouse=True)
def _in_june(monkeypatch, settings):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.SESSION_COOKIE_AGE = 2 * 365 * 24 * 60 * 60
    make_identity(name="Test Association")


def shown(client, path, **query):
    return [str(row) for row in client.get(path, query).context["cl"].result_list]


def resource_data(**values):
    return {
        "title": "What officers learn",
        "slug": "what-officers-learn",
        "kind": "research",
        "topics": ["training", "stigma"],
        "audiences": ["officers"],
        "summary": "They knew more.",
        "finding": "for",
        "language": "en",
        "url": "https://example.org/paper",
        "status": "published",
        "position": "100",
        **values,
    }


def faults_of(response):
    return dict(response.context["adminform"].form.errors)


def test_list_is_narrowed_and_searched(editor_client):
    make_resource("Fresh", checked_on=TODAY - timedelta(days=365))
    make_resource("Old", checked_on=TODAY - timedelta(days=366), authors="Diaz A")
    make_resource("Never", kind="law", topics=["holds"], audiences=["everyone"], citation="Penal Code 1")
    make_resource("Own", kind="guide", url="", file=ContentFile(PDF, name="a.pdf"), language="es")

    assert shown(editor_client, RESOURCES, link="fresh") == ["Fresh"]
    assert shown(editor_client, RESOURCES, link="old") == ["Old"]
    assert shown(editor_client, RESOURCES, link="never") == ["Never"]
    assert shown(editor_client, RESOURCES, link="file") == ["Own"]
    assert shown(editor_client, RESOURCES, topic="holds") == ["Never"]
    assert shown(editor_client, RESOURCES, audience="officers") == ["Fresh", "Never", "Old", "Own"]
    assert shown(editor_client, RESOURCES, audience="families") == ["Never"]
    assert shown(editor_client, RESOURCES, kind__exact="law") == ["Never"]
    assert shown(editor_client, RESOURCES, finding__exact="for") == ["Fresh", "Old"]
    assert shown(editor_client, RESOURCES, language__exact="es") == ["Own"]
    assert shown(editor_client, RESOURCES, q="diaz") == ["Old"]
    assert shown(editor_client, RESOURCES, q="Penal") == ["Never"]


def test_list_says_how_old_a_look_at_the_link_is(editor_client):
    make_resource("Old", checked_on=date(2025, 1, 1), authors="Diaz A", year=2014)
    make_resource("Never", kind="law")
    make_resource("Own", kind="guide", file=ContentFile(PDF, name="a.pdf"))
    html = editor_client.get(RESOURCES).content.decode()
    assert '<span class="badge badge--draft">over a year ago</span>' in html
    assert '<span class="badge badge--over">never opened</span>' in html
    assert '<td class="field-link">PDF</td>' in html
    assert 'Old <small class="row-more">Diaz A 2014</small>' in html
    assert 'Research <small class="row-more">Found a benefit</small>' in html


def test_staff_note_that_they_opened_links(editor_client):
    one, other = make_resource("One"), make_resource("Other")
    data = {"action": "note_opened", "_selected_action": [one.pk]}
    response = editor_client.post(RESOURCES, data, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Noted. Readers see the day beside the link."]
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.checked_on, other.checked_on) == (TODAY, None)
    assert "We last opened the link on June 1, 2027." in editor_client.get(one.get_absolute_url()).content.decode()


def test_entry_is_written_and_read_on_the_public_page(editor_client):
    response = editor_client.post(f"{RESOURCES}add/", resource_data())
    assert response.status_code == 302
    html = editor_client.get("/resources/what-officers-learn/").content.decode()
    assert "They knew more." in html
    assert Resource.objects.get().topics == ("training", "stigma")


def test_file_is_uploaded_and_read(editor_client):
    upload = SimpleUploadedFile("plan.pdf", PDF)
    response = editor_client.post(f"{RESOURCES}add/", resource_data(kind="guide", finding="", url="", file=upload))
    assert response.status_code == 302
    answer = editor_client.get(Resource.objects.get().href)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"kind": "law"}, "finding", "Only research has a finding. Choose none, or change the kind."),
        ({"url": ""}, "url", "Give an address, a file or a DOI before you publish it."),
        ({"doi": "182"}, "doi", "Write the DOI alone: 10.1000/182."),
        ({"slug": "glossary"}, "slug", "“glossary” is an address the site itself uses. Choose another."),
        ({"topics": []}, "topics", "This field is required."),
    ],
)
def test_fault_is_said_beside_its_field(editor_client, values, field, message):
    response = editor_client.post(f"{RESOURCES}add/", resource_data(**values))
    assert faults_of(response)[field] == [message]
    assert not Resource.objects.exists()


def test_file_that_pretends_is_refused_beside_its_field(editor_client):
    upload = SimpleUploadedFile("plan.pdf", b"<html><script>alert(1)</script>")
    response = editor_client.post(f"{RESOURCES}add/", resource_data(file=upload))
    assert "it is no PDF file" in faults_of(response)["file"][0]


def test_form_leads_to_the_document(editor_client):
    resource = make_resource(url="https://example.org/paper")
    html = editor_client.get(address(resource)).content.decode()
    assert re.search(r'<a href="https://example.org/paper" target="_blank" rel="noopener">Open the document', html)
    draft = make_resource("Draft", url="", status="draft")
    assert "There is no address yet." in editor_client.get(address(draft)).content.decode()


def test_term_is_written_with_those_it_points_to(editor_client):
    lps = make_term("LPS Act")
    data = {"term": "5150", "slug": "5150", "definition": "A hold.", "category": "law", "status": "published"}
    response = editor_client.post(f"{TERMS}add/", data | {"see_also": [lps.pk]})
    assert response.status_code == 302
    assert list(Term.objects.get(slug="5150").see_also.all()) == [lps]
    assert "A hold." in editor_client.get("/resources/glossary/").content.decode()


def test_term_gives_its_address_and_says_who_links_to_it(editor_client):
    term = make_term("Warm line")
    page = make_page("About")
    assert "No page links to it yet." in editor_client.get(address(term)).content.decode()
    make_block(RichText, page, text='<p><a href="/resources/glossary/#warm-line">Warm line</a></p>')
    html = editor_client.get(address(term)).content.decode()
    assert '<code class="to-copy">/resources/glossary/#warm-line</code>' in html
    assert '<a href="/about/">About</a>' in html


@pytest.fixture
def linked():
    """A term that a page links to."""
    term = make_term("Warm line")
    make_block(RichText, make_page("About"), text='<p><a href="/resources/glossary/#warm-line">Warm line</a></p>')
    return term


@pytest.mark.parametrize(
    ("changes", "is_kept"),
    [
        ({"definition": "Another sentence."}, True),
        ({"slug": "warmline"}, False),
        ({"status": "draft"}, False),
        ({"publish_until_0": "2027-07-01", "publish_until_1": "12:00"}, False),
    ],
)
def test_term_that_a_page_links_to_keeps_its_place(editor_client, linked, changes, is_kept):
    data = {name: getattr(linked, name) for name in ("term", "slug", "definition", "category", "status")}
    response = editor_client.post(address(linked), data | changes)
    assert (response.status_code == 302) == is_kept
    words = "Change the pages first that link to this term: About (/about/)."
    assert (words in response.content.decode()) != is_kept


def test_term_that_a_page_links_to_is_neither_deleted_nor_made_a_draft(editor_client, linked):
    free = make_term("Free")
    html = editor_client.post(address(linked, "delete"), {"post": "yes"}).content.decode()
    assert "About (/about/)" in html
    chosen = {"_selected_action": [linked.pk, free.pk]}
    editor_client.post(TERMS, chosen | {"action": "delete_selected", "post": "yes"})
    html = editor_client.post(TERMS, chosen | {"action": "make_draft"}, follow=True).content.decode()
    assert "Pages link to these terms, so they stay published: Warm line." in html
    assert dict(Term.objects.values_list("slug", "status")) == {"warm-line": "published", "free": "draft"}


def test_link_from_a_spanish_address_is_checked_too(linked):
    field = RichText(parent_id=1, text='<p><a href="/es/resources/glossary/#nowhere">Words</a></p>')
    with pytest.raises(ValidationError, match="no term “nowhere”"):
        field.clean_fields(exclude=["parent", "region", "ordering"])


def test_term_does_not_point_to_itself(editor_client):
    term, other = make_term("One"), make_term("Two")
    html = editor_client.get(address(term)).content.decode()
    assert re.findall(r'name="see_also" value="(\d+)"', html) == [str(other.pk)]


def test_terms_are_searched(editor_client):
    make_term("LPS Act", expansion="Lanterman")
    make_term("5150", category="law", legal_section="Code 5150")
    assert 'LPS Act <small class="row-more">Lanterman</small>' in editor_client.get(TERMS).content.decode()
    assert shown(editor_client, TERMS, q="lanterman") == ["LPS Act"]
    assert shown(editor_client, TERMS, q="code") == ["5150"]
    assert shown(editor_client, TERMS, category__exact="law") == ["5150"]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_forms_cost_the_same_for_one_and_three(editor_client, count, django_assert_num_queries):
    resources = [make_resource(f"Study {number}") for number in range(count)]
    terms = [make_term(f"Term {number}") for number in range(count)]
    assert_statements(editor_client, django_assert_num_queries, resources[0], of_list=7, of_form=5)
    assert_statements(editor_client, django_assert_num_queries, terms[0], of_list=7, of_form=8)
