"""Timed work: what is done, how often, and that only one process at a time does it, on however many machines.

`manage.py tick` runs whatever is due. It may be called at any time, as often as one likes and in parallel.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from cacita.models import Job as Row
from pages import limits, outbox

logger = logging.getLogger("cacita.jobs")

HELD = timedelta(minutes=15)
"""How long a job belongs to the process that took it. One that died in the middle of it is replaced afterwards."""


@dataclass(frozen=True)
class Job:
    name: str
    every: timedelta
    run: Callable[[datetime], None]


JOBS = (
    Job("mail", timedelta(0), outbox.deliver),
    Job("old mail", timedelta(days=1), outbox.forget),
    Job("old attempts", timedelta(hours=1), limits.forget),
)


def tick(now, jobs=JOBS):
    """Run every job that is due at the moment `now` and return the names of those that ran.

    A job that fails is logged and tried again when it is due next; the others run all the same.
    """
    ran = []
    for job in jobs:
        if not take(job, now):
            continue
        fault = ""
        try:
            job.run(now)
        except Exception as error:
            logger.exception("Timed work failed: %s", job.name)
            fault = f"{type(error).__name__}: {error}"
        Row.objects.filter(name=job.name).update(held_until=None, next_at=now + job.every, ended=now, fault=fault)
        ran.append(job.name)
    return ran


def take(job, now):
    """Whether the job is due and nobody else has it; from now on this process has it. One statement decides."""
    Row.objects.get_or_create(name=job.name)
    due = Q(next_at=None) | Q(next_at__lte=now)
    free = Q(held_until=None) | Q(held_until__lte=now)
    return bool(Row.objects.filter(due & free, name=job.name).update(held_until=now + HELD))
