from datetime import date

import pytest
from django.http import QueryDict

from programs import lists
from programs.filters import Filters
from programs.models import Program
from tests.factories import make_program

pytestmark = pytest.mark.django_db

TODAY = date(2027, 6, 1)


@pytest.fixture
def directory():
    """Six programs that differ in what the filters ask about."""
    make_program("Academy", kind="cit_training", counties=("kern",), works_in_jail=True, lead_agency="Sheriff")
    make_program("Riders", kind="co_responder", counties=("kern", "inyo"), serves_youth=True, is_co_response=True)
    make_program("Van", kind="mobile_crisis", counties=("fresno",), serves_youth=True, is_day_and_night=True)
    make_program("Desk", kind="dispatch", counties=("yolo",), works_with_dispatch=True, serves_youth=False)
    make_program("Fresh", counties=("yolo",), confirmed_on=date(2026, 6, 1), confirmed_by="staff", cities="Davis")
    make_program(
        "Stale", counties=("napa",), confirmed_on=date(2026, 5, 31), confirmed_by="staff", summary="Peers ride"
    )


def found(query):
    programs = Filters(QueryDict(query), TODAY).narrow(Program.objects.all())
    return sorted(programs.values_list("name", flat=True))


def survey(query):
    return lists.survey(Program.objects.all(), Filters(QueryDict(query), TODAY))


def counted(query):
    return {
        facet.name: {choice.value: choice.count for choice in facet.choices if choice.count}
        for facet in survey(query).facets
    }


ALL = ["Academy", "Desk", "Fresh", "Riders", "Stale", "Van"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ALL),
        ("county=kern", ["Academy", "Riders"]),
        ("county=inyo", ["Riders"]),
        ("county=southern-san-joaquin-valley", ["Academy", "Riders", "Van"]),
        ("kind=dispatch", ["Desk"]),
        ("kind=dispatch&kind=cit_training", ["Academy", "Desk"]),
        ("with=youth", ["Riders", "Van"]),
        ("with=youth&with=day-and-night", ["Van"]),
        ("with=jail", ["Academy"]),
        ("with=dispatch", ["Desk"]),
        ("with=co-response", ["Riders"]),
        ("confirmed=1", ["Fresh"]),
        ("q=sheriff", ["Academy"]),
        ("q=davis", ["Fresh"]),
        ("q=peers+stale", ["Stale"]),
        ("q=sheriff+davis", []),
        ("county=kern&with=youth&kind=co_responder&q=rid", ["Riders"]),
        ("county=kern&kind=dispatch", []),
    ],
)
@pytest.mark.usefixtures("directory")
def test_filters_admit_the_same_programs_as_they_count(query, names):
    assert found(query) == names
    assert survey(query).total == len(names)


@pytest.mark.parametrize("query", ["", "with=youth", "county=kern", "kind=dispatch&county=yolo", "q=e"])
@pytest.mark.usefixtures("directory")
def test_every_count_is_what_its_choice_gives(query):
    chosen = Filters(QueryDict(query), TODAY).chosen
    counts = counted(query)
    assert "county" in counts
    for name, values in counts.items():
        for value, count in values.items():
            others = {key: [*kept] for key, kept in chosen.items() if key != name or name == "with"}
            others.setdefault(name, []).append(value)
            data = QueryDict(mutable=True)
            for key, kept in others.items():
                data.setlist(key, list(dict.fromkeys(kept)))
            data["q"] = QueryDict(query).get("q", "")
            assert (name, value, len(found(data.urlencode()))) == (name, value, count)


@pytest.mark.usefixtures("directory")
def test_regions_are_offered_where_a_county_holds_something_and_are_not_counted():
    place = survey("").facets[0]
    ((_regions, regions), (_counties, counties)) = place.groups
    assert [(one.value, one.count) for one in regions] == [
        ("north-coast", None),
        ("southern-san-joaquin-valley", None),
        ("superior-california", None),
    ]
    assert {one.value: one.count for one in counties} == {"fresno": 1, "inyo": 1, "kern": 2, "napa": 1, "yolo": 2}


@pytest.mark.usefixtures("directory")
def test_map_counts_every_county_whatever_place_is_chosen():
    assert survey("county=kern&with=youth").by_county == {"kern": 1, "inyo": 1, "fresno": 1}


def test_choice_nobody_answers_to_is_left_out():
    make_program("Plain")
    assert list(counted("")) == ["county", "kind"]
    make_program("Told", serves_youth=True)
    assert counted("")["with"] == {"youth": 1}
    assert [choice.value for facet in survey("").facets if facet.name == "with" for choice in facet.choices] == [
        "youth"
    ]


def test_directory_without_programs_has_no_filters():
    assert counted("") == {}
    assert survey("").total == survey("").known == 0


@pytest.mark.parametrize(
    "query",
    [
        "county=atlantis",
        "kind=%27+OR+1%3D1--",
        "with=youth%2C",
        "confirmed=yes",
        "county=%F0%9F%98%80",
        "kind=" + "x" * 5000,
    ],
)
@pytest.mark.usefixtures("directory")
def test_value_nobody_knows_is_ignored_and_said(query):
    filters = Filters(QueryDict(query), TODAY)
    assert (filters.ignored, bool(filters), filters.query) == (True, False, "")
    assert found(query) == ALL


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", '"', "\x00x", "(", "💥", "a" * 5000, " " * 50])
@pytest.mark.usefixtures("directory")
def test_any_search_is_harmless(words):
    data = QueryDict(mutable=True)
    data["q"] = words
    filters = Filters(data, TODAY)
    assert len(filters.words) <= 100
    assert list(filters.narrow(Program.objects.filter(name="Nobody"))) == []
    assert found("q=%25") == []  # a percent sign is no wildcard


def test_query_keeps_the_choices_in_one_order_and_changes_place_alone():
    one = Filters(QueryDict("q=a+b&with=jail&with=youth&kind=dispatch&county=kern&county=yolo&page=3"), TODAY)
    assert one.query == "county=kern&kind=dispatch&with=youth&with=jail&q=a+b"
    assert one.query_anywhere == "kind=dispatch&with=youth&with=jail&q=a+b"
    assert one.chips()[0] == (
        "Central Coast",
        "county=central-coast&kind=dispatch&with=youth&with=jail&q=a+b",
        False,
    )
    assert one.labels == ["Kern", "Dispatch", "Serves youth", "Works in the jail", "“a b”"]


@pytest.mark.parametrize("count", [1, 3])
def test_survey_costs_two_statements(count, django_assert_num_queries):
    for number in range(count):
        make_program(f"Team {number}", counties=("kern", "yolo"), serves_youth=True)
    with django_assert_num_queries(2):
        assert survey("county=kern&with=youth&q=team").total == count
