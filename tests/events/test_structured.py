import json
import re
from datetime import UTC, date, datetime, time

import pytest
from django.conf import settings
from django.template import Context, Template

from events import structured
from events.models import Event
from pages.models import Person
from tests.factories import make_event, make_identity, make_person, make_picture_file, make_session

NOW = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)
ADDRESS = "https://www.example.org/events/basic-course/"

pytestmark = pytest.mark.django_db


def read(event, now=NOW):
    """What a search engine reads from the element."""
    context = {"event": event, "identity": make_identity(), "site_url": "https://www.example.org", "now": now}
    markup = Template("{% load event_data %}{% event_data event %}").render(Context(context))
    if not markup:
        return None
    (text,) = re.fullmatch(r'<script type="application/ld\+json">([^<>]*)</script>', markup).groups()
    return json.loads(text)


def test_event_tells_what_search_engines_require():
    event = make_event(
        summary="Two hours on first words.",
        venue="Range House",
        address="1 Range Road, Chico",
        county="butte",
        price_cents=5050,
        registration_url="https://register.example.org/1",
        registration_until=datetime(2027, 8, 26, 7, 0, tzinfo=UTC),
        capacity=30,
    )
    assert read(event) == {
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "@id": f"{ADDRESS}#event",
        "name": "Basic course",
        "description": "Two hours on first words.",
        "url": ADDRESS,
        "startDate": "2027-09-02T13:00:00-07:00",
        "endDate": "2027-09-02T15:00:00-07:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": "Range House", "address": "1 Range Road, Chico"},
        "maximumAttendeeCapacity": 30,
        "offers": {
            "@type": "Offer",
            "price": "50.50",
            "priceCurrency": "USD",
            "availability": "https://schema.org/InStock",
            "url": "https://register.example.org/1",
            "validThrough": "2027-08-26T00:00:00-07:00",
        },
        "organizer": {
            "@type": "Organization",
            "@id": "https://www.example.org/#organization",
            "name": "Test Association",
            "url": "https://www.example.org/",
        },
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Event.Kind.TRAINING, "EducationEvent"),
        (Event.Kind.WEBINAR, "EducationEvent"),
        (Event.Kind.CONFERENCE, "Event"),
        (Event.Kind.MEETING, "Event"),
        (Event.Kind.SPOTLIGHT, "Event"),
    ],
)
def test_training_and_webinar_are_education(kind, expected):
    assert read(make_event(kind=kind))["@type"] == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Event.State.POSTPONED, "EventPostponed"),
        (Event.State.CANCELLED, "EventCancelled"),
        (Event.State.MOVED_ONLINE, "EventMovedOnline"),
    ],
)
def test_state_is_told(state, expected):
    assert read(make_event(state=state))["eventStatus"] == f"https://schema.org/{expected}"


ONLINE = {"@type": "VirtualLocation", "url": ADDRESS}
HALL = {"@type": "Place", "name": "Hall", "address": "Hall"}


@pytest.mark.parametrize(
    ("values", "mode", "location"),
    [
        ({"format": "online"}, "Online", ONLINE),
        ({"format": "hybrid", "venue": "Hall"}, "Mixed", [HALL, ONLINE]),
        ({"format": "person", "venue": "Hall"}, "Offline", HALL),
        ({"format": "person", "venue": "Hall", "state": "online"}, "Online", ONLINE),
        (
            {"format": "person", "county": "kern"},
            "Offline",
            {"@type": "Place", "name": "Kern County, California", "address": "Kern County, California"},
        ),
        ({"format": "person"}, "Offline", None),
        ({"format": ""}, None, None),
    ],
)
def test_place_fits_the_format(values, mode, location):
    data = read(make_event(**values))
    assert data.get("eventAttendanceMode") == (mode and f"https://schema.org/{mode}EventAttendanceMode")
    assert data.get("location") == location


def test_link_to_join_stays_out():
    event = make_event(format="online", join_url="https://meet.example.org/secret")
    assert "secret" not in json.dumps(read(event))


def test_whole_days_are_dates_and_the_last_one_counts():
    event = make_event(starts=None)
    make_session(event, day=date(2027, 9, 2), last_day=date(2027, 9, 4))
    data = read(event)
    assert (data["startDate"], data["endDate"]) == ("2027-09-02", "2027-09-04")


def test_offsets_are_those_of_each_day():
    event = make_event(starts=(2027, 11, 6, 9, 0), time_zone="America/New_York")
    make_session(event, day=date(2027, 11, 8), start_time=time(9), end_time=time(11))
    data = read(event)
    assert (data["startDate"], data["endDate"]) == ("2027-11-06T09:00:00-04:00", "2027-11-08T11:00:00-05:00")


def test_several_sessions_are_events_of_their_own():
    event = make_event(venue="Hall")
    make_session(event, day=date(2027, 9, 3), start_time=time(9), end_time=time(11), title="Practice", place="Range")
    parts = read(event)["subEvent"]
    assert [(part["@type"], part["name"], part["startDate"], part["location"]["name"]) for part in parts] == [
        ("EducationEvent", "Basic course", "2027-09-02T13:00:00-07:00", "Hall"),
        ("EducationEvent", "Basic course: Practice", "2027-09-03T09:00:00-07:00", "Range"),
    ]


def test_one_session_has_no_parts():
    assert "subEvent" not in read(make_event())


def test_presenters_are_performers_once_they_are_published():
    event = make_event()
    event.presenters.set([make_person("Shown"), make_person("Hidden", status=Person.Status.DRAFT)])
    assert read(event)["performer"] == [{"@type": "Person", "name": "Shown"}]


def test_picture_is_a_whole_address():
    event = make_event(picture=make_picture_file(size=(1600, 1200)), picture_alt="A room")
    images = read(event)["image"]
    assert images
    assert all(image.startswith(f"https://www.example.org{settings.MEDIA_URL}") for image in images)


def test_free_event_costs_nothing():
    data = read(make_event(is_free=True))
    assert data["isAccessibleForFree"] is True
    assert (data["offers"]["price"], data["offers"]["url"]) == ("0.00", ADDRESS)


@pytest.mark.parametrize("values", [{}, {"price_note": "Ask your agency."}])
def test_price_nobody_knows_is_no_offer(values):
    assert "offers" not in read(make_event(**values))


@pytest.mark.parametrize(
    ("values", "now"),
    [
        ({"state": Event.State.CANCELLED}, NOW),
        ({"state": Event.State.POSTPONED}, NOW),
        ({"registration_until": NOW}, NOW),
        ({}, datetime(2027, 9, 3, tzinfo=UTC)),
    ],
)
def test_seats_one_cannot_have_are_not_offered(values, now):
    assert "availability" not in read(make_event(is_free=True, **values), now)["offers"]


@pytest.mark.parametrize("values", [{"starts": None}, {"date_is_sample": True}])
def test_event_without_a_true_date_tells_nothing(values):
    assert read(make_event(**values)) is None


def test_nothing_in_a_value_ends_the_element():
    title = "</script><script>alert(1)</script> & “words”"
    assert read(make_event(title, slug="basic-course"))["name"] == title


def test_event_is_told_in_two_statements(django_assert_num_queries):
    make_session(make_event(), day=date(2027, 9, 3))
    event, identity = Event.objects.get(), make_identity()
    with django_assert_num_queries(2):
        structured.data_of(event, identity=identity, site_url="https://www.example.org", now=NOW)
