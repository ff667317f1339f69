"""The directory as files: the fields they promise, and nothing that is for staff."""

import csv
import io
import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.utils import timezone

from pages.spreadsheets import STARTS_FORMULA
from programs.downloads import COLUMNS
from programs.models import Program
from tests.factories import make_identity, make_program

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 6, 1, 19, tzinfo=UTC)
CSV, JSON = "/programs/programs.csv", "/programs/programs.json"


@pytest.fixture(autouse=True)
def _site(db, monkeypatch, settings):
    settings.SITE_URL = "https://www.example.org"
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_identity(name="Test Association", short_name="TA")


@pytest.fixture
def riders():
    """A program of which all is known."""
    program = make_program(
        "Riders",
        counties=("kern", "inyo"),
        lead_agency="Sheriff",
        cities="Taft",
        since="1996",
        operation="pilot",
        operation_note="Three-year pilot",
        how_to_reach="Ask the dispatcher",
        phone="5624356711",
        website="https://riders.example.org/",
        role_email="desk@agency.example",
        serves_youth=True,
        works_in_jail=False,
        hours_of_service="Weekdays",
        training_hours=40,
        training_for="Officers",
        confidence="confirmed",
        caution="Budget may end.",
        confirmed_on=date(2027, 5, 1),
        confirmed_by="program",
    )
    program.sources.create(title="Report", url="https://example.org/report", date="2018-11")
    program.sources.create(title="Leaflet")
    Program.objects.update(updated=NOW)
    return program


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_table_holds_the_documented_fields(client, riders):
    response = client.get(CSV)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="programs.csv"'
    assert rows(response) == [
        {
            "slug": "riders",
            "name": "Riders",
            "lead_agency": "Sheriff",
            "kind": "co_responder",
            "counties": "Inyo; Kern",
            "county_fips": "06027; 06029",
            "cities": "Taft",
            "summary": "An officer and a clinician go together.",
            "since": "1996",
            "operation": "pilot",
            "operation_note": "Three-year pilot",
            "how_to_reach": "Ask the dispatcher",
            "phone": "(562) 435-6711",
            "website": "https://riders.example.org/",
            "serves_youth": "yes",
            "works_in_jail": "no",
            "works_with_dispatch": "",
            "is_co_response": "",
            "is_day_and_night": "",
            "hours_of_service": "Weekdays",
            "training_hours": "40",
            "training_for": "Officers",
            "confidence": "confirmed",
            "confirmed_on": "2027-05-01",
            "confirmed_by": "program",
            "sources": "https://example.org/report",
            "last_changed": "2027-06-01T19:00:00Z",
            "page": "https://www.example.org/programs/riders/",
        }
    ]


def test_page_documents_every_field_of_the_table(client, riders):
    html = client.get("/programs/").content.decode()
    assert [name for name in rows(client.get(CSV))[0] if f"<code>{name}</code>" not in html] == []
    assert html.count("<code>") == len(COLUMNS)
    assert "You may copy, use and pass on this list without asking." in html
    assert "The publisher is Test Association." in html


def test_json_has_the_shape_of_the_specification(client, riders):
    answer = client.get(JSON).json()
    (service,) = answer.pop("contents")
    assert answer == {
        "title": "CIT and crisis response programs in California",
        "publisher": {"name": "Test Association", "url": "https://www.example.org/"},
        "terms": answer["terms"],
        "date": "2027-06-01",
        "specification": "https://github.com/openreferral/specification/releases/tag/v3.1",
        "total_items": 1,
        "total_pages": 1,
        "page_number": 1,
        "size": 1,
        "first_page": True,
        "last_page": True,
        "empty": False,
    }
    assert answer["terms"].startswith("You may copy")
    ids = [service.pop("id")]
    for part in ("phones", "service_areas", "attributes"):
        ids += [one.pop("id") for one in service[part]]
    ids.append(service["organization"].pop("id"))
    assert len({UUID(text) for text in ids}) == len(ids)
    assert service == {
        "name": "Riders",
        "description": "An officer and a clinician go together.",
        "url": "https://riders.example.org/",
        "status": "active",
        "application_process": "Ask the dispatcher",
        "eligibility_description": "Officers",
        "assured_date": "2027-05-01",
        "last_modified": "2027-06-01T19:00:00.000Z",
        "organization": {"name": "Sheriff", "description": ""},
        "phones": [{"number": "+15624356711", "type": "voice"}],
        "service_areas": [
            {"name": "Inyo County, California", "description": "Taft", "x_fips": "06027"},
            {"name": "Kern County, California", "description": "Taft", "x_fips": "06029"},
        ],
        "attributes": [
            {"link_entity": "service", "link_type": "kind", "label": "kind", "value": "co_responder"},
            {"link_entity": "service", "link_type": "training_hours", "label": "training hours", "value": "40"},
            {"link_entity": "service", "link_type": "serves_youth", "label": "serves youth", "value": "yes"},
            {"link_entity": "service", "link_type": "works_in_jail", "label": "works in the jail", "value": "no"},
        ],
        "sources": [
            {"title": "Report", "url": "https://example.org/report", "date": "2018-11"},
            {"title": "Leaflet", "url": "", "date": ""},
        ],
        "x_page": "https://www.example.org/programs/riders/",
        "x_since": "1996",
        "x_operation": "pilot",
        "x_operation_note": "Three-year pilot",
        "x_hours_of_service": "Weekdays",
        "x_confidence": "confirmed",
        "x_confirmed_by": "program",
    }


def test_json_leaves_out_what_nobody_told(client):
    make_program("Riders", operation="")
    (service,) = client.get(JSON).json()["contents"]
    assert {"url", "phones", "sources", "assured_date", "x_operation"} & set(service) == set()
    assert service["status"] == "active"


def test_json_of_an_empty_directory_says_so(client):
    answer = client.get(JSON).json()
    assert (answer["empty"], answer["contents"], answer["date"]) == (True, [], None)


@pytest.mark.usefixtures("riders")
@pytest.mark.parametrize("path", [CSV, JSON])
def test_nothing_for_staff_leaves_the_house(client, path):
    make_program("Secret draft", status="draft")
    make_program("Over and gone", operation="ended")
    text = client.get(path).content.decode()
    assert "Riders" in text
    for word in ("desk@agency.example", "Budget may end", "Secret draft", "Over and gone"):
        assert word not in text


@pytest.mark.parametrize("query", ["county=kern", "kind=dispatch", "with=youth", "q=rid", "county=inland-empire"])
def test_files_take_the_filters_of_the_page(client, riders, query):
    make_program("Desk", kind="dispatch")
    page = client.get(f"/programs/?{query}").content.decode()
    names = [row["name"] for row in rows(client.get(f"{CSV}?{query}"))]
    assert names == [service["name"] for service in client.get(f"{JSON}?{query}").json()["contents"]]
    assert len(names) < 2
    assert [name for name in names if f">{name}</a>" not in page] == []
    assert f'href="/programs/programs.csv?{query}"' in page


@pytest.mark.parametrize("sign", STARTS_FORMULA)
def test_no_cell_of_the_table_is_a_formula(client, sign):
    make_program(
        f"{sign}cmd", slug="x", lead_agency=f"{sign}A", summary=f"{sign}B", cities=f"{sign}C", how_to_reach=f"{sign}D"
    )
    cells = [cell for row in rows(client.get(CSV)) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(STARTS_FORMULA)] == []
    assert f"'{sign}cmd" in cells


@pytest.mark.usefixtures("riders")
@pytest.mark.parametrize("path", [CSV, JSON])
def test_reader_that_has_the_file_gets_none_again_until_it_changes(client, path):
    first = client.get(path)
    assert first["Cache-Control"] == "public, max-age=900"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    Program.objects.update(name="Riders again")
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", [CSV, JSON])
def test_files_take_no_post(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", [CSV, JSON])
def test_files_cost_the_same_for_many_programs(client, path, count, django_assert_num_queries):
    for number in range(count):
        make_program(f"Team {number}", counties=("kern", "inyo")).sources.create(title="R", url="https://example.org/")
    with django_assert_num_queries(4):
        content = client.get(path).content.decode()
    assert content.count("/programs/team-") == count


def test_json_is_one_line_of_text_that_any_reader_takes(client):
    make_program("Équipe “Niño”", slug="nino")
    assert json.loads(client.get(JSON).content.decode("utf-8"))["contents"][0]["name"] == "Équipe “Niño”"
