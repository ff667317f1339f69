from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict

from events import lists
from events.filters import Filters
from events.models import Event
from tests.factories import make_credit, make_event, make_series

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 8, 1, 12, tzinfo=UTC)
LA = "America/Los_Angeles"


@pytest.fixture
def calendar():
    """Six events that differ in what the filters ask about."""
    series = make_series("Street Medicine")
    make_credit(make_event("Academy", county="kern", audiences=["patrol", "dispatch"]))
    make_event("Webinar", format="online", audiences=["health"], is_free=True, summary="About de-escalation")
    make_event("Hybrid", county="fresno", format="hybrid", audiences=["patrol"], is_free=True, series=series)
    make_event("Moved", county="orange", state="online", state_reason="Rain")
    make_event("Unknown", format="")
    make_credit(make_event("Coast", county="san-luis-obispo", audiences=["families"]), board="STC")


def found(query):
    events = Filters(QueryDict(query)).narrow(Event.objects.upcoming(NOW))
    return sorted(events.values_list("title", flat=True))


def facets(query):
    filters = Filters(QueryDict(query))
    batches = lists.survey(Event.objects.upcoming(NOW).filter(filters.fits_words()), NOW, LA).batches
    counted = {
        facet.name: {choice.value: choice.count for choice in facet.choices if choice.count}
        for facet in filters.facets(batches)
    }
    return counted, filters.total(batches)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Academy", "Coast", "Hybrid", "Moved", "Unknown", "Webinar"]),
        ("county=kern", ["Academy"]),
        ("county=orange", ["Moved"]),
        ("county=southern-san-joaquin-valley", ["Academy", "Hybrid"]),
        ("format=person", ["Academy", "Coast", "Hybrid"]),
        ("format=online", ["Hybrid", "Moved", "Webinar"]),
        ("format=unknown", ["Unknown"]),
        ("format=online&format=unknown", ["Hybrid", "Moved", "Unknown", "Webinar"]),
        ("audience=patrol", ["Academy", "Hybrid"]),
        ("audience=patrol&audience=health", ["Academy", "Hybrid", "Webinar"]),
        ("board=POST", ["Academy"]),
        ("board=POST&board=STC", ["Academy", "Coast"]),
        ("free=1", ["Hybrid", "Webinar"]),
        ("q=academy", ["Academy"]),
        ("q=de-escalation", ["Webinar"]),
        ("q=medicine+hybrid", ["Hybrid"]),
        ("q=medicine+academy", []),
        ("audience=patrol&free=1", ["Hybrid"]),
        ("county=kern&audience=patrol&board=POST&format=person&q=acad", ["Academy"]),
        ("county=kern&free=1", []),
    ],
)
@pytest.mark.usefixtures("calendar")
def test_filters_admit_the_same_events_as_they_count(query, titles):
    assert found(query) == titles
    assert facets(query)[1] == len(titles)


@pytest.mark.usefixtures("calendar")
def test_choices_count_beside_the_other_filters():
    counted, total = facets("audience=patrol&free=1")
    assert total == 1
    assert counted["audience"] == {"patrol": 1, "health": 1}  # all that are free
    assert counted["free"] == {"1": 1}  # of those for patrol
    assert counted["format"] == {"person": 1, "online": 1}
    assert counted["county"] == {"southern-san-joaquin-valley": 1, "fresno": 1}
    assert counted["board"] == {}


@pytest.mark.usefixtures("calendar")
def test_every_count_is_what_its_choice_gives():
    counted, _total = facets("free=1")
    others = {name: values for name, values in counted.items() if name != "free"}
    for name, values in others.items():
        for value, count in values.items():
            assert (name, value, len(found(f"free=1&{name}={value}"))) == (name, value, count)


def test_facet_nobody_answers_to_is_left_out():
    make_event("Plain", format="online")
    assert list(facets("")[0]) == ["format"]
    assert list(facets("board=POST")[0]) == ["format", "board"]


@pytest.mark.parametrize(
    "query",
    [
        "county=atlantis",
        "format=%27+OR+1%3D1--",
        "audience=patrol%2C",
        "board=post",
        "free=yes",
        "county=%F0%9F%98%80",
        "audience=" + "x" * 5000,
    ],
)
@pytest.mark.usefixtures("calendar")
def test_value_nobody_knows_is_ignored_and_said(query):
    filters = Filters(QueryDict(query))
    assert (filters.ignored, bool(filters), filters.query) == (True, False, "")
    assert len(found(query)) == 6


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", '"', "%00x", "%FF", "(", "💥", "a" * 5000, " " * 50])
@pytest.mark.usefixtures("calendar")
def test_any_search_is_harmless(words):
    query = QueryDict(mutable=True)
    query["q"] = words
    filters = Filters(query)
    assert len(filters.words) <= 100
    assert list(filters.narrow(Event.objects.filter(title="Nobody"))) == []
    assert found("q=%25") == []  # a percent sign is no wildcard


@pytest.mark.usefixtures("calendar")
def test_series_in_draft_does_not_answer_a_search():
    make_event("Hidden behind", series=make_series("Secret plans", status="draft"))
    assert found("q=secret") == []
    assert found("q=hidden") == ["Hidden behind"]


def test_query_keeps_the_choices_in_one_order():
    one = Filters(QueryDict("q=a+b&free=1&audience=health&audience=patrol&county=kern&page=3&utm=x"))
    other = Filters(QueryDict("county=kern&audience=patrol&audience=health&q=%20a%20%20b&free=1"))
    assert one.query == other.query == "county=kern&audience=patrol&audience=health&free=1&q=a+b"
    assert parse_qs(one.query)["audience"] == ["patrol", "health"]
    assert one.labels == ["Kern", "Patrol", "Behavioral health", "Free", "“a b”"]


def test_one_county_is_taken():
    assert Filters(QueryDict("county=kern&county=fresno")).chosen["county"] == ["fresno"]


# What the calendar holds


def test_survey_is_one_statement_for_counts_and_years(django_assert_num_queries, calendar):
    make_event("Old", (2022, 1, 5, 9, 0))
    make_event("Older", (2019, 12, 31, 23, 0))  # already 2020 in UTC
    make_event("Draft of then", (2021, 5, 5, 9, 0), status="draft")
    with django_assert_num_queries(1):
        survey = lists.survey(Event.objects.upcoming(NOW), NOW, LA)
    assert sum(batch.count for batch in survey.batches) == 6
    assert survey.past_years == lists.past_years(NOW, LA) == [2022, 2019]
    assert [event.title for event in lists.past_in(2019, NOW, LA)] == ["Older"]
