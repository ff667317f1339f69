"""Timed work: what is done, how often, and that only one process at a time does it, on however many machines.

`manage.py tick` runs whatever is due. It may be called at any time, as often as one likes and in parallel.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from cacita.models import Job as Row
from contact import attachments, giving, reconciling, retention, statements
from pages import limits, outbox
from programs import confirmations, decisions, letters, uploads
from resources import reminders

logger = logging.getLogger("cacita.jobs")

HELD = timedelta(minutes=15)
"""How long a job belongs to the process that took it. One that died in the middle of it is replaced afterwards."""
AGAIN = timedelta(minutes=10)
"""When a job that failed is tried again, unless it is due before."""


@dataclass(frozen=True)
class Job:
    """A piece of work. `run` receives the moment at which it begins, and bears being run twice or broken off."""

    name: str
    every: timedelta
    run: Callable[[datetime], None]


JOBS = (
    Job("mail", timedelta(0), outbox.deliver),
    Job("old mail", timedelta(days=1), outbox.forget),
    Job("old attempts", timedelta(hours=1), limits.forget),
    Job("old messages", timedelta(days=1), retention.forget),
    Job("files that waited", timedelta(hours=1), attachments.forget),
    Job("pledges", timedelta(days=1), giving.tend),
    Job("gifts by card", timedelta(days=1), reconciling.reconcile_lately),
    Job("year-end statements", timedelta(days=1), statements.send),
    Job("old letters", timedelta(days=1), letters.forget),
    Job("old proposals", timedelta(days=1), decisions.forget),
    Job("tables never accepted", timedelta(hours=1), uploads.forget),
    Job("listings still right", timedelta(days=1), confirmations.ask_those_due),
    Job("crisis lines to check", timedelta(days=1), reminders.remind),
)


def tick(clock=timezone.now, jobs=JOBS):
    """Run every job that is due and return the names of those that ran. `clock` says what time it is.

    A job that fails is logged and tried again; the others run all the same.
    """
    return [job.name for job in jobs if run(job, clock())]


def run(job, now):
    """Run the job if it is due at the moment `now` and nobody else has it; whether it ran."""
    row = take(job, now)
    if not row:
        return False
    outcome = {}
    try:
        job.run(now)
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
        if fault != row.fault:
            # The words of an error may quote what people wrote: they stay in the database, the log gets the place.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("Timed work fails: %s, with %s in\n%s", job.name, type(error).__name__, place)
        outcome = {"next_at": now + min(job.every, AGAIN), "fault": fault}
    else:
        outcome = {"next_at": now + job.every, "fault": "", "ended": now}
    finally:
        # Whoever has replaced us meanwhile keeps the job; where we were told to stop, it stays due.
        Row.objects.filter(pk=row.pk, held_until=row.held_until).update(held_until=None, **outcome)
    return True


def take(job, now):
    """The job's row if it is due and nobody else has it; from now on this process has it. One statement decides."""
    row, _created = Row.objects.get_or_create(name=job.name)
    due = Q(next_at=None) | Q(next_at__lte=now)
    free = Q(held_until=None) | Q(held_until__lte=now)
    row.held_until = now + HELD
    taken = Row.objects.filter(due & free, pk=row.pk).update(held_until=row.held_until)
    return row if taken else None
