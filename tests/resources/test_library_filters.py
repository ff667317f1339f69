import pytest
from django.http import QueryDict

from resources.library import evidence, survey
from resources.library_filters import Filters
from resources.models import Resource
from tests.factories import make_resource
from tests.naughty import STRINGS

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """Six entries that differ in what the filters ask about."""
    make_resource("Trial", year=2019, topics=["training"], audiences=["officers"], authors="Ibáñez J")
    make_resource("Review", year=2014, topics=["training", "diversion"], audiences=["researchers"], finding="mixed")
    make_resource("Count", year=2010, topics=["diversion"], audiences=["researchers"], finding="against")
    make_resource("Academy act", kind="law", year=2015, topics=["training"], citation="Penal Code 13515.26")
    make_resource("Leaflet", kind="family", topics=["families"], audiences=["everyone"], title_es="Folleto: policía")
    make_resource("Manual", kind="guide", year=2020, topics=["building"], audiences=["agencies"], doi="10.1000/182")


def filters_of(query):
    return Filters(QueryDict(query))


def found(query):
    return sorted(filters_of(query).narrow(Resource.objects.all()).values_list("title", flat=True))


def counted(query):
    """{filter: {value: count}} of all that is offered, the kinds of the chips included."""
    filters = filters_of(query)
    seen = survey(Resource.objects.all(), filters)
    kinds = {QueryDict(query)["kind"]: count for _words, count, query, _chosen in seen.chips[1:]}
    return {"kind": kinds} | {
        facet.name: {choice.value: choice.count for choice in facet.choices if choice.count} for facet in seen.facets
    }


ALL = ["Academy act", "Count", "Leaflet", "Manual", "Review", "Trial"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ALL),
        ("kind=law", ["Academy act"]),
        ("kind=law&kind=guide", ["Academy act"]),
        ("topic=training", ["Academy act", "Review", "Trial"]),
        ("topic=building&topic=families", ["Leaflet", "Manual"]),
        ("audience=researchers", ["Count", "Leaflet", "Review"]),
        ("audience=everyone", ["Leaflet"]),
        ("finding=mixed", ["Review"]),
        ("finding=mixed&finding=against", ["Count", "Review"]),
        ("from=2015", ["Academy act", "Manual", "Trial"]),
        ("to=2014", ["Count", "Review"]),
        ("from=2014&to=2015", ["Academy act", "Review"]),
        ("from=2020&to=2010", []),
        ("q=ibanez", ["Trial"]),
        ("q=POLICIA", ["Leaflet"]),
        ("q=Polic%C3%ADa", ["Leaflet"]),
        ("q=13515.26", ["Academy act"]),
        ("q=10.1000", ["Manual"]),
        ("q=code+academy", ["Academy act"]),
        ("q=code+leaflet", []),
        ("topic=training&audience=officers&finding=for&from=2019&q=trial", ["Trial"]),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_filters_admit_the_same_entries_as_they_count(query, titles):
    assert found(query) == titles
    assert survey(Resource.objects.all(), filters_of(query)).total == len(titles)


@pytest.mark.parametrize("query", ["", "topic=training", "kind=research", "finding=mixed&from=2012", "q=e"])
@pytest.mark.usefixtures("shelf")
def test_every_count_is_what_its_choice_gives(query):
    counts = counted(query)
    assert "topic" in counts
    for name, values in counts.items():
        for value, count in values.items():
            data = QueryDict(query, mutable=True)
            data.setlist(name, [value])
            assert (name, value, len(found(data.urlencode()))) == (name, value, count)


@pytest.mark.usefixtures("shelf")
def test_choice_that_would_give_nothing_is_not_offered_unless_it_was_made():
    assert "holds" not in counted("")["topic"]
    offered = survey(Resource.objects.all(), filters_of("topic=holds")).facets
    assert [choice.value for choice in offered[0].choices if choice.is_chosen] == ["holds"]


@pytest.mark.usefixtures("shelf")
def test_chips_are_links_to_each_kind_beside_the_other_choices():
    chips = survey(Resource.objects.all(), filters_of("kind=law&topic=training&from=2010&sort=title")).chips
    assert chips == [
        ("All kinds", 3, "topic=training&from=2010&sort=title", False),
        ("Research", 2, "kind=research&topic=training&from=2010&sort=title", False),
        ("Law", 1, "kind=law&topic=training&from=2010&sort=title", True),
    ]


@pytest.mark.usefixtures("shelf")
def test_order_is_newest_first_or_by_title():
    by_title = list(filters_of("sort=title").narrow(Resource.objects.all()).values_list("title", flat=True))
    newest = list(filters_of("").narrow(Resource.objects.all()).values_list("title", flat=True))
    assert by_title == ALL
    assert newest == ["Manual", "Trial", "Academy act", "Review", "Count", "Leaflet"]
    assert filters_of("sort=title&kind=law").orders() == [
        ("Newest first", "kind=law", False),
        ("By title", "kind=law&sort=title", True),
    ]


def test_form_keeps_what_links_chose():
    assert filters_of("kind=law&topic=holds&sort=title").kept == [("kind", "law"), ("sort", "title")]
    assert filters_of("topic=holds&sort=pages").kept == []


def test_choices_are_told_in_words():
    filters = filters_of("kind=research&topic=holds&finding=against&from=2010&to=2020&q=a++b")
    assert filters.labels == ["Research", "Involuntary holds", "Found no benefit", "“a b”", "since 2010", "until 2020"]
    assert filters.query == "kind=research&topic=holds&finding=against&q=a+b&from=2010&to=2020"


@pytest.mark.parametrize(
    "query",
    [
        "kind=novel",
        "topic=training%2C",
        "finding=%27+OR+1%3D1--",
        "audience=" + "x" * 5000,
        "from=20",
        "to=20155",
        "from=%D9%A2%D9%A0%D9%A1%D9%A0",
        "from=-201",
        "to=1e10",
        "from=0000",
        "to=9999",
    ],
)
@pytest.mark.usefixtures("shelf")
def test_value_nobody_knows_is_ignored_and_said(query):
    filters = filters_of(query)
    assert (filters.ignored, bool(filters), filters.query) == (True, False, "")
    assert found(query) == ALL


@pytest.mark.usefixtures("shelf")
def test_any_search_is_harmless():
    for words in STRINGS:
        data = QueryDict(mutable=True)
        data.update(dict.fromkeys(("q", "kind", "topic", "audience", "finding", "from", "to", "sort"), words))
        filters = Filters(data)
        assert len(filters.words) <= 100
        assert set(filters.narrow(Resource.objects.all()).values_list("title", flat=True)) <= set(ALL)
    assert found("q=%25") == []  # a percent sign is no wildcard


def test_evidence_counts_every_published_study_once():
    make_resource("One")
    make_resource("Two")
    make_resource("Three", finding="mixed")
    make_resource("Draft", finding="against", status="draft")
    make_resource("Law", kind="law")
    seen = evidence(Resource.objects.published())
    assert (seen.total, [(one.finding, one.words, one.count) for one in seen.findings]) == (
        3,
        [("for", "Found a benefit", 2), ("mixed", "Mixed findings", 1), ("against", "Found no benefit", 0)],
    )


def test_library_without_a_study_has_no_evidence():
    make_resource("Law", kind="law")
    assert evidence(Resource.objects.published()) is None


@pytest.mark.parametrize("count", [1, 30])
def test_survey_costs_one_statement(count, django_assert_num_queries):
    for number in range(count):
        make_resource(f"Study {number}")
    with django_assert_num_queries(1):
        assert survey(Resource.objects.all(), filters_of("topic=training&from=2000&q=study")).total == 0
    with django_assert_num_queries(1):
        assert evidence(Resource.objects.all()).total == count
