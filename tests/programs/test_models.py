from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from programs.models import Coverage, Program, ProgramList, Source
from tests.factories import make_page, make_program

pytestmark = pytest.mark.django_db

TODAY = date(2027, 6, 1)


def names(programs):
    return sorted(programs.values_list("name", flat=True))


def test_programs_are_found_by_the_counties_they_cover():
    make_program("Both", counties=("kern", "inyo"))
    make_program("Kern only", counties=("kern",))
    make_program("Far", counties=("napa",))
    assert names(Program.objects.covering("kern")) == ["Both", "Kern only"]
    assert names(Program.objects.covering("kern", "inyo", "napa")) == ["Both", "Far", "Kern only"]
    assert names(Program.objects.in_region("north-coast")) == ["Far"]
    assert names(Program.objects.in_region("atlantis")) == []


def test_ended_program_is_not_running_and_one_nobody_knows_of_is():
    make_program("Over", operation="ended")
    make_program("Pilot", operation="pilot")
    make_program("Who knows", operation="")
    assert names(Program.objects.running()) == ["Pilot", "Who knows"]
    assert [program.name for program in Program.objects.ended_last()] == ["Pilot", "Who knows", "Over"]
    assert [program.has_ended for program in Program.objects.ended_last()] == [False, False, True]


@pytest.mark.parametrize(
    ("day", "is_fresh"), [(None, False), (date(2026, 6, 1), True), (date(2026, 5, 31), False), (TODAY, True)]
)
def test_confirmation_counts_for_a_year(day, is_fresh):
    assert Program(confirmed_on=day).is_fresh(TODAY) is is_fresh


def test_confirmation_needs_day_and_person():
    program = make_program()
    for values in ({"confirmed_on": TODAY}, {"confirmed_by": "staff"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Program.objects.filter(pk=program.pk).update(**values)
        program = Program.objects.get()
        for name, value in values.items():
            setattr(program, name, value)
        with pytest.raises(ValidationError, match="Say both when it was confirmed and by whom"):
            program.clean()


@pytest.mark.parametrize("slug", ["counties", "tell-us"])
def test_address_of_the_site_itself_is_refused(slug):
    with pytest.raises(ValidationError, match="an address the site itself uses"):
        Program(name="Team", slug=slug, lead_agency="A", kind="dispatch", summary="S").full_clean()


def test_county_is_covered_once():
    program = make_program(counties=("kern",))
    with pytest.raises(IntegrityError), transaction.atomic():
        Coverage.objects.create(program=program, county="kern")
    with pytest.raises(ValidationError, match="stands here twice"):
        Coverage(program=program, county="kern").full_clean()


def test_counties_come_by_name():
    program = make_program(counties=("yolo", "el-dorado", "kern"))
    assert [str(county) for county in program.counties] == ["El Dorado", "Kern", "Yolo"]


def test_phone_is_stored_as_it_is_dialed():
    assert make_program(phone="(562) 435-6711").phone == "+15624356711"


def test_source_may_be_on_paper():
    Source(program=make_program(), title="A leaflet", date="2025").full_clean()


# The block


@pytest.fixture
def directory():
    make_program("Ride", kind="co_responder", counties=("kern",))
    make_program("Van", kind="mobile_crisis", counties=("inyo", "kern"))
    make_program("Desk", kind="dispatch", counties=("napa",))
    make_program("Over", counties=("kern",), operation="ended")
    make_program("Draft", counties=("kern",), status="draft")


@pytest.mark.parametrize(
    ("values", "shown", "query"),
    [
        ({}, ["Desk", "Ride", "Van"], ""),
        ({"county": "kern"}, ["Ride", "Van"], "county=kern"),
        ({"area": "north-coast"}, ["Desk"], "county=north-coast"),
        ({"county": "kern", "program_kind": "mobile_crisis"}, ["Van"], "county=kern&kind=mobile_crisis"),
    ],
)
@pytest.mark.usefixtures("directory")
def test_list_holds_what_its_choices_admit(values, shown, query):
    block = ProgramList(**values)
    assert names(block.programs(None)) == shown
    assert block.query == query


def test_list_takes_a_county_or_a_region():
    block = ProgramList(parent=make_page(), county="kern", area="north-coast")
    with pytest.raises(ValidationError, match="not both"):
        block.clean()
