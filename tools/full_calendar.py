"""Fill the calendar of the data folder with events and print how long its pages take, as JSON: for `tools.scale`."""

import json
import sys
import time
from datetime import time as clock
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from events.models import Credit, Event, Session  # noqa: E402
from programs import counties  # noqa: E402
from tools.measured import measure  # noqa: E402

FEW = 20
UPCOMING = 300


def fill(count, now):
    """Put `count` published events with two sessions and one credit each in place of all others.

    The first `FEW` are in the coming month, the next ones up to `UPCOMING` in the eleven months after it, the others
    over the nine years before the present month.
    """
    Event.objects.all().delete()
    month = (now.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    after = (month + timedelta(days=32)).replace(day=1)
    past = now.date().replace(day=1) - timedelta(days=4)
    boards, audiences, formats = Credit.Board.values, Event.Audience.values, ("person", "person", "online", "hybrid")
    events, sessions, ledger = [], [], []
    for number in range(count):
        if number < FEW:
            day = month + timedelta(days=number % 27)
        elif number < UPCOMING:
            day = after + timedelta(days=number * 7 % 330)
        else:
            day = past - timedelta(days=number * 13 % 3_285)
        event = Event(
            title=f"Crisis intervention course {number + 1}{' with role play' if number < FEW else ''}",
            slug=f"course-{number + 1}",
            status=Event.Status.PUBLISHED,
            time_zone="America/Los_Angeles",
            summary="Two mornings on calming a crisis with words, with practice in small groups and time to ask.",
            body="<p>What we practice, how, and what to bring.</p>" * 5,
            audiences=audiences[number % 7 :][:2],
            format=formats[number % 4],
            venue="Training Center",
            address="100 Example Street",
            county=counties.COUNTIES[number * 11 % 58].slug,
            is_free=number % 3 == 0,
            price_cents=None if number % 3 == 0 else 5_000 + number % 50 * 100,
            boards=[boards[number % 5]],
        )
        for later in range(2):
            session = Session(event=event, day=day + timedelta(days=later), start_time=clock(9), end_time=clock(13))
            session.starts, session.ends = session.moments()
            sessions.append(session)
        event.first_start, event.last_end = sessions[-2].starts, sessions[-1].ends
        events.append(event)
        ledger.append(Credit(event=event, board=boards[number % 5], number="1234-00001-27", hours=Decimal(8)))
    Event.objects.bulk_create(events)
    Session.objects.bulk_create(sessions)
    Credit.objects.bulk_create(ledger)
    return month


def pages(month):
    return {
        "home": "/",
        "list": "/events/",
        "list, the same 20 events searched": "/events/?q=role+play",
        "month": f"/events/calendar/{month:%Y/%m}/",
        "event": "/events/course-7/",
        "calendar feed, at most 1,000 sessions": "/events/feed.ics",
        "news feed, at most 1,000 events": "/events/feed.rss",
    }


def main(count):
    began = time.perf_counter()
    with transaction.atomic():
        month = fill(count, timezone.now())
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, **measure(pages(month))}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
