"""What an entry of the library and a term of the glossary must be, and what is stored of a file."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from resources.models import Resource, Term
from tests.factories import make_resource, make_term
from tests.pages.test_documents import BAD, DOCX, PDF

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 6, 1, 19, tzinfo=UTC)


def faults(record):
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    return refused.value.message_dict


def titles(resources):
    return [resource.title for resource in resources]


def test_only_research_has_a_finding():
    law = make_resource("A law", kind="law")
    law.finding = "for"
    assert faults(law)["finding"] == ["Only research has a finding. Choose none, or change the kind."]
    with pytest.raises(IntegrityError), transaction.atomic():
        law.save()
    make_resource("A study", finding="against").full_clean()


def test_published_entry_leads_somewhere():
    lost = Resource(
        title="Lost",
        slug="lost",
        kind="guide",
        topics=["training"],
        audiences=["everyone"],
        summary="?",
        status="published",
    )
    assert faults(lost)["url"] == ["Give an address, a file or a DOI before you publish it."]
    with pytest.raises(IntegrityError), transaction.atomic():
        lost.save()
    lost.status = "draft"
    lost.full_clean()
    lost.save()


@pytest.mark.parametrize(
    ("values", "href"),
    [
        ({"url": "https://example.org/a", "doi": "10.1000/182"}, "https://example.org/a"),
        ({"url": "", "doi": "10.1000/182"}, "https://doi.org/10.1000/182"),
    ],
)
def test_link_is_the_publishers_page_before_the_doi(values, href):
    assert make_resource(**values).href == href


@pytest.mark.parametrize("doi", ["https://doi.org/10.1000/182", "doi:10.1000/182", "10.1000", "10.1000/a b", "182"])
def test_doi_stands_alone(doi):
    assert faults(Resource(doi=doi))["doi"] == ["Write the DOI alone: 10.1000/182."]


@pytest.mark.parametrize("date", ["2022", "2022-08", "2022-08-31", ""])
def test_date_of_a_source_may_be_rough(date):
    make_resource(source_date=date).full_clean()


@pytest.mark.parametrize("date", ["August", "2022-8", "22", "2022-08-31\n"])
def test_date_of_a_source_has_one_form(date):
    assert "source_date" in faults(Term(source_date=date))


def test_address_of_the_glossary_is_not_an_entrys():
    fault = faults(Resource(slug="glossary"))["slug"]
    assert fault == ["“glossary” is an address the site itself uses. Choose another."]


@pytest.mark.parametrize("slug", ["main", "consent", "letter-a", "footer-1", "glossary-q"])
def test_place_of_a_term_is_not_one_that_the_page_uses(slug):
    assert faults(Term(slug=slug))["slug"] == [f"“{slug}” is a place the page itself uses. Choose another."]


def test_addresses_of_entries_and_terms():
    assert make_resource("Test study").get_absolute_url() == "/resources/test-study/"
    assert make_term("Warm line").get_absolute_url() == "/resources/glossary/#warm-line"


def test_newest_come_first_and_undated_last():
    for title, year in (("B", None), ("C", 2010), ("D", 2020), ("A", 2010)):
        make_resource(title, year=year)
    make_resource("First of its year", year=2010, position=1)
    assert titles(Resource.objects.newest()) == ["D", "First of its year", "A", "C", "B"]


def test_order_of_titles_is_that_of_the_language():
    make_resource("alpha", title_es="Zeta")
    make_resource("Beta")
    assert titles(Resource.objects.by_title()) == ["alpha", "Beta"]
    with override("es"):
        assert titles(Resource.objects.by_title()) == ["Beta", "alpha"]


def test_entry_for_everyone_is_for_each_reader():
    make_resource("All", audiences=["everyone"])
    make_resource("Officers", audiences=["officers", "agencies"])
    make_resource("Families", audiences=["families"])
    assert titles(Resource.objects.useful_to("officers").order_by("title")) == ["All", "Officers"]
    assert titles(Resource.objects.useful_to("everyone")) == ["All"]


def test_topics_are_any_of_those_asked_for():
    make_resource("One", topics=["training", "stigma"])
    make_resource("Two", topics=["holds"])
    make_resource("Three", topics=["families"])
    assert titles(Resource.objects.about("stigma", "holds").order_by("title")) == ["One", "Two"]


def test_search_text_is_folded_in_both_languages():
    resource = make_resource("Crisis", title_es="Policía", summary="Ñandú", authors="Ibáñez J", citation="Penal Code 1")
    assert {"crisis", "policia", "nandu", "ibanez", "penal"} <= set(resource.search_text.split())
    resource.title_es = ""
    resource.save()
    assert "policia" not in resource.search_text


def test_spanish_older_than_the_english_is_known(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    resource = make_resource(summary_es="Resumen")
    assert resource.spanish_is_old is False
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    resource.design = "survey"
    resource.save()
    assert resource.spanish_is_old is True


# Files


def test_file_is_stored_under_a_name_made_of_its_content(monkeypatch, client):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    guide = make_resource("Guide", kind="guide", url="", file=ContentFile(PDF, name="Mi guía (1).PDF"))
    assert re.fullmatch(r"documents/2027/06/mi-guia-1-[0-9a-f]{16}\.pdf", guide.file.name)
    assert (guide.size, guide.extension, guide.href) == (len(PDF), "PDF", guide.file.url)
    other = make_resource("Other", kind="guide", url="", file=ContentFile(PDF + b"\n%%EOF", name="Mi guía (1).PDF"))
    assert other.file.name != guide.file.name


def test_file_is_given_out_to_be_saved_and_runs_nothing(client):
    guide = make_resource("Guide", kind="guide", file=ContentFile(DOCX, name="plan.docx"))
    response = client.get(guide.file.url)
    assert b"".join(response.streaming_content) == DOCX
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("kind", BAD)
def test_file_that_is_not_what_its_name_says_is_refused_on_every_way_in(kind):
    name, content, message = BAD[kind]
    with pytest.raises(ValidationError) as refused:
        make_resource("Guide", kind="guide", file=ContentFile(content, name=name))
    assert message in refused.value.messages[0]
    assert not Resource.objects.exists()


def test_link_has_no_file_to_tell_of():
    resource = make_resource()
    assert (resource.extension, resource.size) == ("", 0)


# Terms


def test_terms_point_one_way():
    lps = make_term("LPS Act")
    hold = make_term("5150", see_also=[lps])
    assert list(hold.see_also.all()) == [lps]
    assert list(lps.see_also.all()) == []
