"""The directory as a table: out and in without a change, and never in with a fault."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pages.spreadsheets import harmless
from programs import tables, uploads
from programs.models import Coverage, Program
from tests.factories import make_identity, make_program
from tests.naughty import STRINGS

pytestmark = pytest.mark.django_db

IMPORT = "/admin/programs/program/import/"
EXPORT = "/admin/programs/program/export/"
LIST = "/admin/programs/program/"
NEEDED = "name,lead_agency,kind,summary"
ROW = "Yolo Crisis Team,Yolo County,mobile_crisis,Two clinicians."


@pytest.fixture(autouse=True)
def _own_private(private):
    pass


def whole_program(name="Whole team", **values):
    """A program with something in every field."""
    program = make_program(
        name,
        counties=("yolo", "los-angeles"),
        **{
            "cities": "Davis, Woodland",
            "summary": "First line.\nSecond “line”, with a comma;\tand a tab.",
            "since": "Teams since 1993",
            "operation": "pilot",
            "operation_note": "three-year pilot",
            "how_to_reach": "=HYPERLINK(1)",
            "phone": "+442071838750",
            "website": "https://example.org/a?",
            "role_email": "team@agency.example",
            "serves_youth": True,
            "works_in_jail": False,
            "hours_of_service": "'-by day",
            "training_hours": "40.5",
            "training_for": "''=dispatchers",
            "confidence": "confirmed",
            "caution": "-look",
            "confirmed_on": date(2027, 5, 1),
            "confirmed_by": "staff",
            **values,
        },
    )
    program.sources.create(title="Report | with a bar", url="https://example.org/report", date="2026-05", position=1)
    program.sources.create(title="A paper", position=2)
    return program


def stored():
    return [tables.values(program) for program in Program.objects.order_by("slug")]


def exported():
    return tables.export(Program.objects.order_by("slug"))


def faults_of(content):
    return [(fault.row, fault.column, fault.sentence) for fault in tables.plan(content.encode()).faults]


# Out, and in again


def test_export_has_a_row_a_program_and_runs_no_formula():
    whole_program()

    content = exported()

    assert content.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert tuple(row) == tables.COLUMNS
    assert row["counties"] == "Los Angeles, Yolo"
    assert (row["serves_youth"], row["works_in_jail"], row["is_co_response"]) == ("yes", "no", "")
    assert (row["training_hours"], row["confirmed_on"], row["status"]) == ("40.5", "2027-05-01", "published")
    assert row["sources"] == "https://example.org/report | 2026-05 | Report | with a bar\n |  | A paper"
    assert [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []


def test_what_was_exported_comes_in_without_a_change():
    whole_program()
    make_program("Plain")
    make_program("Unknown", operation="", counties=(), status="draft")

    plan = tables.plan(exported())

    assert (plan.new, plan.changed, plan.unchanged, plan.faults) == ([], [], 3, [])


def test_every_program_comes_back_as_it_was_on_an_empty_site():
    whole_program()
    make_program("Plain")
    before, content = stored(), exported()
    Program.objects.all().delete()

    plan = tables.plan(content)
    tables.apply(plan)

    assert (len(plan.new), stored()) == (2, before)
    assert Program.objects.get(slug="whole-team").training_hours == 40.5


def test_every_string_comes_back_as_it_was():
    """Strings past all forms, in a line, a text and a source."""
    for place, words in enumerate(words for words in STRINGS if "\0" not in words):
        program = make_program(
            f"Team {place}", slug=f"team-{place}", since=words[:80], summary=f"a{words[:900]}", caution=words[:900]
        )
        program.sources.create(title=words[:200].strip() or "-", url="https://example.org/")

    plan = tables.plan(exported())

    assert ([change.lines for change in plan.changed], plan.new, plan.faults) == ([], [], [])


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "''", "'a", "a", "", "-", "'-", "+1", "@a", "'@"])
def test_apostrophe_before_a_formula_is_told_from_one_that_was_there(text):
    written = harmless(tables.guarded(text))

    assert written.startswith(("=", "+", "-", "@")) is False
    assert tables.unguarded(written) == text


# What a table would do


def test_row_changes_only_what_its_columns_say():
    program = make_program(cities="Davis", phone="+19165550100")

    plan = tables.plan(b'slug,phone,counties\ntest-team,916 555 0199,"Kern, Yolo county"\n')

    [change] = plan.changed
    assert change.lines == [
        ("Public phone", "(916) 555-0100", "(916) 555-0199"),
        ("Counties", "Yolo", "Kern, Yolo"),
    ]
    assert Program.objects.get().phone == "+19165550100"
    tables.apply(plan)
    program = Program.objects.get()
    assert (program.phone, program.cities) == ("+19165550199", "Davis")
    assert [str(county) for county in program.counties] == ["Kern", "Yolo"]


def test_empty_cell_empties_its_field_but_not_status_and_confidence():
    whole_program()

    tables.apply(
        tables.plan(
            b"slug,phone,serves_youth,counties,sources,training_hours,status,confidence,confirmed_on,confirmed_by\n"
            b"whole-team,,,,,,,,,\n"
        )
    )

    program = Program.objects.get()
    assert (program.phone, program.serves_youth, program.training_hours, program.confirmed_on) == ("", None, None, None)
    assert (program.counties, program.sources.count()) == ([], 0)
    assert (program.status, program.confidence) == ("published", "confirmed")


def test_row_without_a_known_slug_is_a_new_draft():
    make_program("Yolo Crisis")
    table = f"slug,{NEEDED},counties,sources\n,{ROW},Yolo,https://example.org/ | | Report\nkern-team,K,L,Dispatch,S,,\n"

    plan = tables.plan(table.encode())
    tables.apply(plan)

    assert [change.values["slug"] for change in plan.new] == ["yolo-crisis-team", "kern-team"]
    program, other = Program.objects.get(slug="yolo-crisis-team"), Program.objects.get(slug="kern-team")
    assert (program.status, other.kind, other.confidence) == ("draft", "dispatch", "one_source")
    assert [(source.title, source.date) for source in program.sources.all()] == [("Report", "")]
    assert Coverage.objects.filter(program=program).get().county == "yolo"


def test_slug_made_of_a_name_keeps_out_of_the_way_of_rows_below():
    table = f"slug,{NEEDED}\n,Kern Team,K,dispatch,S\nkern-team,Other,K,dispatch,S\n"

    plan = tables.plan(table.encode())

    assert [change.values["slug"] for change in plan.new] == ["kern-team-2", "kern-team"]


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), (" YES ", True), ("no", False), ("0", False), ("true", True), ("", None)]
)
def test_facts_are_read_however_they_are_written(text, value):
    make_program(serves_youth=not value)

    tables.apply(tables.plan(f"slug,serves_youth\ntest-team,{text}\n".encode()))

    assert Program.objects.get().serves_youth is value


@pytest.mark.parametrize("text", ["Co-responder team", "co_responder", "CO-RESPONDER TEAM"])
def test_choice_is_read_as_its_code_or_its_words(text):
    make_program(kind="dispatch")

    assert tables.plan(f"slug,kind\ntest-team,{text}\n".encode()).changed[0].values == {"kind": "co_responder"}


@pytest.mark.parametrize("text", ["2027-05-01", "5/1/2027", "05/01/27"])
def test_date_is_read_as_spreadsheets_write_it(text):
    make_program()

    plan = tables.plan(f"slug,confirmed_on,confirmed_by\ntest-team,{text},program\n".encode())

    assert plan.changed[0].values == {"confirmed_on": "2027-05-01", "confirmed_by": "program"}


def test_each_bad_cell_is_named_by_row_and_column():
    make_program()
    make_program("Twice")
    table = (
        "slug,name,lead_agency,kind,summary,counties,phone,website,serves_youth,training_hours,confirmed_on,sources,role_email\n"
        "test-team,,A,fire,S,Yollo,12,nonsense,maybe,0.1,2027-02-30,a line,nobody\n"
        "\n"
        "twice,Twice,A,dispatch,S,,,,,,,,\n"
        "twice,Twice,A,dispatch,S,,,,,,,,\n"
        "tell-us,N,A,dispatch,S,,,,,,,,\n"
        ",Twice,A,dispatch,S,,,,,,,,\n"
        ",New,,,,,,,,,,,\n"
        ",New,A,dispatch,S,,,,,,2027-05-01,,\n"
        "Bad slug!,B,A,dispatch,S,,,,,,,,,one too many\n"
    )

    assert faults_of(table) == [
        (2, "name", "This field is required."),
        (2, "kind", "Write one of: cit_training, co_responder, mobile_crisis, dispatch, diversion."),
        (2, "counties", "“Yollo” is no county of California. Did you mean Yolo?"),
        (2, "phone", "“12” is no telephone number. Write it with its area code: 916 555 0100."),
        (2, "website", "Enter a valid URL."),
        (2, "serves_youth", "Write “yes” or “no”, or leave it empty."),
        (2, "confirmed_on", "Enter a valid date."),
        (2, "sources", "Write each source on a line of its own, as: address | date | title. The date may be empty."),
        (2, "role_email", "Enter a valid email address."),
        (2, "training_hours", "Ensure this value is greater than or equal to 0.5."),
        (5, "slug", "The same program stands in row 4 already."),
        (6, "slug", "“tell-us” is an address the site itself uses. Choose another."),
        (7, "name", "A program of this name is here already. To change it, write “twice” as its slug."),
        (8, "lead_agency", "This field is required."),
        (8, "kind", "This field is required."),
        (8, "summary", "This field is required."),
        (9, "name", "A new program of this name stands in row 8 already."),
        (9, "confirmed_by", "Say both when it was confirmed and by whom, or neither."),
        (10, "", "This row does not have as many cells as there are headings. Is a comma outside of quotes?"),
        (
            10,
            "slug",
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
        ),
    ]
    assert tables.plan(table.encode()).faults[2].cell == "Yollo"


def test_row_that_ends_early_empties_nothing():
    make_program(cities="Davis")

    sentence = "This row does not have as many cells as there are headings. Is a comma outside of quotes?"
    assert faults_of("slug,name,cities\ntest-team,Other\n") == [(2, "", sentence)]


def test_new_program_needs_its_columns():
    assert faults_of("name,summary\nNew,S\n") == [
        (2, "lead_agency", "A new program needs this column."),
        (2, "kind", "A new program needs this column."),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. Its first row must name the columns."),
        (b"\xef\xbb\xbf\n\n", "The file is empty. Its first row must name the columns."),
        (
            "slug,cities\na,Cañada\n".encode("latin-1"),
            "The file is not in UTF-8, so some letters cannot be read. Save it as “CSV UTF-8” and send it again.",
        ),
        (
            "slug,cities\n".encode("utf-16"),
            "The file is not in UTF-8, so some letters cannot be read. Save it as “CSV UTF-8” and send it again.",
        ),
        (
            b"PK\x03\x04",
            "This is a workbook. Save it as “CSV UTF-8 (comma delimited)” in your spreadsheet, and send that file.",
        ),
        (b"slug,fone\n", "The column “fone” is unknown. Did you mean “phone”?"),
        (b"slug,phone,phone\n", "The column “phone” is there twice."),
        (
            b"phone,cities\n",
            "The table needs a column “slug” or “name”, or nobody knows which program a row means.",
        ),
        (b'slug,name\n"a"b,c\n', "The file is no table that can be read: ',' expected after '\"'."),
        (b'slug,name\n"a', "The file is no table that can be read: unexpected end of data."),
        (b"slug\n" + b"a\n" * 10_001, "The file has more than 10,000 rows. Send it in parts."),
        (b"slug\n" + b"a" * tables.MOST_BYTES, "The file is larger than 5 MB. Send it in parts."),
    ],
)
def test_file_that_is_no_such_table_is_refused_in_words(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        tables.plan(content)

    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_of_any_spreadsheet_are_read(mark, separator, end):
    make_program()
    rows = [("Slug ", " CITIES", ""), ("test-team", "Cañada, “East”", "")]
    text = end.join(separator.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows)

    [change] = tables.plan(mark + text.encode()).changed

    assert change.values == {"cities": "Cañada, “East”"}


def test_no_string_breaks_a_cell():
    make_program()
    for words in STRINGS:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([tables.COLUMNS, [words] * len(tables.COLUMNS)])
        writer.writerow(["test-team", *[words] * (len(tables.COLUMNS) - 1)])
        assert tables.plan(text.getvalue().encode()).changed == [], words


@pytest.mark.parametrize("number", [1, 3])
def test_plan_asks_the_same_questions_for_one_row_and_three(django_assert_num_queries, number):
    for place in range(number):
        whole_program(f"Team {place}")
    content = exported()

    with django_assert_num_queries(3):
        assert tables.plan(content).unchanged == number


def test_many_rows_are_compared_and_stored():
    rows = "".join(f",Team {place},A,dispatch,S,Yolo,916 555 0100,yes\n" for place in range(300))
    content = f"slug,{NEEDED},counties,phone,serves_youth\n{rows}".encode()

    plan = tables.plan(content)
    tables.apply(plan)
    again = tables.plan(exported())

    assert (len(plan.new), again.unchanged, Program.objects.count()) == (300, 300, 300)


# In the admin


def upload(client, text, **data):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile("programs.csv", content), **data})


def accept(client, response):
    data = {"ticket": response.context["ticket"], "plan": response.context["plan"].digest}
    return client.post(IMPORT, data, follow=True)


def kept():
    storage = storages["private"]
    return storage.listdir(uploads.FOLDER)[1] if storage.exists(uploads.FOLDER) else []


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture(autouse=True)
def _identity(db):
    make_identity()


def test_table_is_shown_first_and_stored_once_accepted(editor_client):
    make_program(cities="Davis")
    table = f"slug,{NEEDED},cities\ntest-team,Test team,Test Police Department,co_responder,New <words>,\n,{ROW},\n"

    seen = upload(editor_client, table)

    html = seen.content.decode()
    assert "1 program is new" in html
    assert "1 program is changed" in html
    assert "New &lt;words&gt;" in html
    assert "Row 3: Yolo Crisis Team" in html
    assert [(program.name, program.cities) for program in Program.objects.all()] == [("Test team", "Davis")]
    done = accept(editor_client, seen)
    assert messages_of(done) == ["1 program is new, 1 is changed."]
    assert done.redirect_chain == [(LIST, 302)]
    assert [(program.name, program.cities) for program in Program.objects.all()] == [
        ("Test team", ""),
        ("Yolo Crisis Team", ""),
    ]
    assert (
        sorted(str(entry) for entry in LogEntry.objects.all())
        == [
            "Added row of a table “”.",
            "Changed “Test team” — Changed by a table.",
        ]
        or LogEntry.objects.count() == 2
    )
    assert kept() == []


def test_table_with_a_fault_names_it_and_offers_nothing_to_accept(editor_client):
    make_program()

    response = upload(editor_client, "slug,counties,cities\ntest-team,Yollo,Davis\n")

    html = response.content.decode()
    assert "1 cell cannot be taken" in html
    assert "Row 2, counties" in html
    assert "Did you mean Yolo?" in html
    assert (response.context["ticket"], 'name="ticket"' in html, kept()) == ("", False, [])
    assert Program.objects.get().cities == ""


def test_export_sent_back_says_that_nothing_changes(editor_client):
    whole_program()

    response = upload(editor_client, editor_client.get(EXPORT).content)

    assert "The table says what the directory says already: 1 row, no change." in response.content.decode()
    assert response.context["ticket"] == ""


def test_directory_changed_meanwhile_is_looked_at_once_more(editor_client):
    program = make_program(cities="Davis")
    seen = upload(editor_client, "slug,cities\ntest-team,Woodland\n")
    Program.objects.update(cities="Winters")

    again = accept(editor_client, seen)

    assert messages_of(again) == ["The directory was changed in the meantime. Look once more at what would be done."]
    program.refresh_from_db()
    assert program.cities == "Winters"
    accept(editor_client, again)
    program.refresh_from_db()
    assert program.cities == "Woodland"


def test_program_deleted_meanwhile_turns_the_change_into_a_fault(editor_client):
    make_program()
    seen = upload(editor_client, "slug,cities\ntest-team,Woodland\n")
    Program.objects.all().delete()

    again = accept(editor_client, seen)

    assert len(again.context["plan"].faults) == 4
    assert Program.objects.count() == 0


@pytest.mark.parametrize("ticket", ["", "forged", "used", "old", "somebody else's"])
def test_ticket_that_is_not_good_stores_nothing(editor_client, client, monkeypatch, ticket):
    make_program()
    seen = upload(editor_client, "slug,cities\ntest-team,Woodland\n")
    data = {"ticket": seen.context["ticket"], "plan": seen.context["plan"].digest}
    if ticket == "used":
        uploads.take(data["ticket"], get_user_model().objects.get())
    elif ticket == "old":
        monkeypatch.setattr(uploads, "WAITS", timedelta(seconds=-1))
    elif ticket == "somebody else's":
        client.force_login(get_user_model().objects.create_superuser("other"))
    else:
        data["ticket"] = ticket

    response = client.post(IMPORT, data, follow=True)

    assert messages_of(response) == ["The file is no longer here: choose it once more."]
    assert Program.objects.get().cities == ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "This field is required."),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "The submitted file is empty."),
        ({"file": SimpleUploadedFile("a.csv", b"fone\n")}, "The column “fone” is unknown. Did you mean “phone”?"),
    ],
)
def test_file_that_is_no_table_is_refused_beside_the_field(editor_client, data, sentence):
    response = editor_client.post(IMPORT, data)

    assert response.context["form"].errors == {"file": [sentence]}


def test_export_gives_all_programs_or_those_chosen(editor_client):
    program = make_program()
    make_program("Draft", status="draft")

    whole = editor_client.get(EXPORT)
    data = {"action": "export_csv", "_selected_action": [program.pk]}
    chosen = editor_client.post(LIST, data)

    assert whole["Content-Type"] == "text/csv; charset=utf-8"
    assert whole["Content-Disposition"] == f'attachment; filename="programs-{timezone.localdate()}.csv"'
    rows = [list(csv.DictReader(io.StringIO(r.content.decode("utf-8-sig"), newline=""))) for r in (whole, chosen)]
    assert [[row["slug"] for row in table] for table in rows] == [["draft", "test-team"], ["test-team"]]


@pytest.mark.parametrize(
    ("permissions", "statuses"),
    [
        ([], (403, 403)),
        (["view_program"], (403, 200)),
        (["change_program"], (403, 200)),
        (["add_program"], (403, 403)),
        (["add_program", "change_program"], (200, 200)),
    ],
)
def test_importing_needs_the_rights_to_add_and_change(client, permissions, statuses):
    user = get_user_model().objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)

    assert (client.get(IMPORT).status_code, client.get(EXPORT).status_code) == statuses
    if statuses[1] == 200:
        assert (IMPORT in client.get(LIST).content.decode()) is (statuses[0] == 200)


def test_tables_nobody_accepted_are_forgotten(editor):
    uploads.keep(b"slug\n", editor)
    now = datetime.now(UTC)

    uploads.forget(now + timedelta(minutes=119))
    assert len(kept()) == 1
    uploads.forget(now + timedelta(minutes=121))
    assert kept() == []
