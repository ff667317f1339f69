"""The directory both associations start with: facts from public sources, and nothing that nobody said."""

import re
from collections import Counter

import pytest
from django.db import transaction

from cacita import starter
from pages.models import Page
from programs.models import Program, ProgramList, Source

pytestmark = pytest.mark.django_db


def test_directory_holds_72_programs_in_34_counties(site):
    programs = list(Program.objects.published().running().prefetch_related("coverage"))
    assert len(programs) == 72
    assert [program.slug for program in programs if len(program.counties) != 1] == []
    assert len({county for program in programs for county in program.counties}) == 34
    assert Counter(program.kind for program in programs) == {
        "mobile_crisis": 35,
        "co_responder": 21,
        "cit_training": 11,
        "dispatch": 3,
        "diversion": 2,
    }
    assert Counter(program.confidence for program in programs) == {"confirmed": 37, "one_source": 35}


def test_every_program_obeys_the_rules_for_staff_and_has_a_source(site):
    for program in Program.objects.prefetch_related("coverage", "sources"):
        program.full_clean()
        assert len(program.sources.all()) > 0, program.slug
        for part in (*program.coverage.all(), *program.sources.all()):
            part.full_clean()
        assert (program.confidence == "confirmed") <= (len(program.sources.all()) > 1), program.slug


def test_nothing_is_called_confirmed_that_nobody_confirmed(site):
    assert Program.objects.exclude(confirmed_on=None).count() == 0
    assert Program.objects.exclude(role_email="").count() == 0


def test_facts_are_claimed_only_where_the_listing_says_them(site):
    assert Program.objects.exclude(serves_youth=None).count() == 0
    assert Program.objects.exclude(works_in_jail=None).count() == 0
    hours = re.compile(r"24/7|round.the.clock|at all hours|at any hour|day (and|or) night|covers nights", re.IGNORECASE)
    for program in Program.objects.all():
        said = f"{program.summary} {program.since}"
        assert not program.is_day_and_night or hours.search(said), program.slug
        assert not program.is_co_response or program.kind == "co_responder", program.slug
        assert not program.works_with_dispatch or program.kind == "dispatch", program.slug
        length = "" if program.training_hours is None else f"{program.training_hours:.0f}"
        assert length in f"{program.name} {said}", program.slug


def test_numbers_are_kept_to_the_digit(site):
    phones = dict(Program.objects.exclude(phone="").values_list("slug", "phone"))
    assert len(phones) == 17
    assert phones["la-acr"] == "+18008547771"
    assert phones["santacruz-mcrt"] == "+18009522335"
    assert phones["long-beach-ccr"] == "+15624356711"


def test_what_staff_should_check_is_kept_for_them(site):
    cautions = Program.objects.exclude(caution="")
    assert cautions.filter(caution__contains="Click the website before you rely on it").count() == 48
    assert "18-month pilot from July 2023" in Program.objects.get(slug="long-beach-ccr").caution


def test_pilots_are_called_pilots(site):
    pilots = Program.objects.filter(operation="pilot").order_by("slug").values_list("slug", "operation_note")
    assert dict(pilots)["long-beach-ccr"] == ""
    assert sorted(note for _slug, note in pilots) == [
        "",
        "Pilot at launch",
        "Pilot at launch",
        "Three-year pilot from 2022",
    ]


def test_one_listing_rests_on_paper(site):
    assert list(Source.objects.filter(url="").values_list("program__slug", "title")) == [
        ("la-cit-nonprofit", "LA CIT home page")
    ]


def test_loading_again_changes_nothing_and_leaves_alone_what_staff_edited(site):
    with transaction.atomic():
        Program.objects.filter(slug="kern-met").update(summary="Edited")
        Program.objects.get(slug="kern-mcr").coverage.create(county="inyo")
        summary = starter.load(site, dates="as-printed")
        assert [key for key in summary.edited if key.startswith("program ")] == ["program kern-met", "program kern-mcr"]
        assert summary.loaded == summary.updated == summary.deleted == []
        assert len([key for key in summary.unchanged if key.startswith("program ")]) == 70
        transaction.set_rollback(True)


def test_home_of_cacita_counts_the_counties(site, client):
    html = client.get("/").content.decode()
    assert ("34 of 58 counties have a program we know of" in html) is (site == "cacita")


def test_lacit_shows_its_own_county_by_agency(site, client):
    if site == "cacita":
        assert ProgramList.objects.count() == 0
        return
    block = ProgramList.objects.get()
    assert (block.parent.path, block.county, block.grouping) == ("/la-cit-programs/", "los-angeles", "agency")
    html = client.get("/la-cit-programs/").content.decode()
    assert html.count('class="timetable__head"') == 11
    assert html.index("Burbank Police Department with") < html.index("Pasadena Police Department with")


def test_directory_stands_where_its_address_says(site, client):
    assert not Page.objects.filter(path="/programs/").exists()
    html = client.get("/programs/").content.decode()
    assert "72 programs in 34 of 58 counties." in " ".join(html.split())
