"""Fill the directory of the data folder with programs and print how long its pages take, as JSON: for `tools.scale`."""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from programs.counties import COUNTIES  # noqa: E402
from programs.models import Coverage, Program, Source  # noqa: E402
from tools.measured import measure  # noqa: E402

FEW = 20
"""Programs of one county that are the same however many there are elsewhere."""
PLACE = "kern"


def fill(count, today):
    """Put `count` published programs in place of all others: `FEW` in one county, the rest over the other ones."""
    Program.objects.all().delete()
    kinds, answers = Program.Kind.values, (True, False, None)
    others = [county.slug for county in COUNTIES if county.slug != PLACE]
    programs, coverage, sources = [], [], []
    for number in range(count):
        program = Program(
            name=f"Crisis team {number + 1}{' of the valley' if number < FEW else ''}",
            slug=f"team-{number + 1}",
            status=Program.Status.PUBLISHED,
            lead_agency=f"Behavioral Health and Police Department {number % 400 + 1}",
            kind=kinds[number % 5],
            summary="A clinician and an officer answer mental health calls together and follow up the next day. " * 3,
            serves_youth=answers[number % 3],
            works_in_jail=answers[number // 3 % 3],
            works_with_dispatch=answers[number // 9 % 3],
            is_co_response=answers[number // 27 % 3],
            is_day_and_night=answers[number // 81 % 3],
            confirmed_on=today - timedelta(days=number * 7 % 700) if number % 2 else None,
            confirmed_by=Program.ConfirmedBy.PROGRAM if number % 2 else "",
        )
        programs.append(program)
        places = [PLACE] if number < FEW else [others[number % 57], others[(number + 1) % 57]][: 1 + number % 2]
        coverage += [Coverage(program=program, county=place) for place in places]
        sources += [
            Source(program=program, title=f"Page {one}", url="https://example.org/", date="2026") for one in "12"
        ]
    Program.objects.bulk_create(programs)
    Coverage.objects.bulk_create(coverage)
    Source.objects.bulk_create(sources)


PAGES = {
    "directory": "/programs/",
    "directory, the same county": f"/programs/?county={PLACE}",
    "directory, the same words": "/programs/?q=of+the+valley",
    "directory, a kind and a fact: a full page": "/programs/?kind=dispatch&with=youth",
    "counties": "/programs/counties/",
    "county, the same programs": f"/programs/counties/{PLACE}/",
    "program": "/programs/team-7/",
    "home, with the map": "/",
    "table (CSV), all programs": "/programs/programs.csv",
    "JSON, all programs": "/programs/programs.json",
}


def main(count):
    began = time.perf_counter()
    with transaction.atomic():
        fill(count, timezone.localdate())
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, **measure(PAGES)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
