"""Timed work: run when it is due, by one process at a time."""

import logging
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from post_office.models import STATUS

from cacita import jobs
from cacita.jobs import HELD, JOBS, Job
from cacita.models import Job as Row
from pages.models import Mail
from tests.factories import make_mail
from tests.live import environment
from tests.mail_server import mail_server

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def do_nothing(now):
    pass


def make_job(run=do_nothing, every=HOUR, name="test"):
    return Job(name, every, run)


@pytest.mark.django_db
class TestRun:
    def test_job_runs_when_it_is_due_and_knows_the_time(self):
        moments = []
        job = make_job(moments.append)
        assert [jobs.run(job, now) for now in (NOW, NOW + SECOND, NOW + HOUR - SECOND, NOW + HOUR)] == [
            True,
            False,
            False,
            True,
        ]
        assert moments == [NOW, NOW + HOUR]
        row = Row.objects.get()
        assert (row.held_until, row.next_at, row.ended, row.fault) == (None, NOW + 2 * HOUR, NOW + HOUR, "")

    def test_job_without_a_pause_runs_at_every_tick(self):
        job = make_job(every=timedelta(0))
        assert [jobs.run(job, NOW), jobs.run(job, NOW)] == [True, True]

    def test_job_that_somebody_has_is_left_alone_until_it_is_free_again(self):
        job = make_job(every=timedelta(0))
        assert jobs.take(job, NOW)
        assert not jobs.take(job, NOW + HELD - SECOND)
        assert not jobs.run(job, NOW + HELD - SECOND)
        assert jobs.run(job, NOW + HELD)

    def test_job_that_was_taken_over_stays_with_its_new_owner(self):
        """Somebody who was paused for longer than the job is held, and then goes on."""
        job = make_job(lambda now: jobs.take(job, now + HELD), every=timedelta(0))
        jobs.run(job, NOW)
        assert Row.objects.get().held_until == NOW + 2 * HELD

    def test_job_that_fails_is_tried_again_soon_and_lets_others_run(self):
        def fail(now):
            raise ZeroDivisionError("Jane's message")

        ran = []
        work = [make_job(fail, name="bad"), make_job(ran.append, name="good")]
        assert jobs.tick(lambda: NOW, work) == ["bad", "good"]
        assert ran == [NOW]
        row = Row.objects.get(name="bad")
        assert (row.fault, row.next_at, row.held_until, row.ended) == (
            "ZeroDivisionError: Jane's message",
            NOW + jobs.AGAIN,
            None,
            None,
        )
        work[0] = make_job(name="bad")
        assert jobs.tick(lambda: NOW + jobs.AGAIN, work) == ["bad"]
        assert Row.objects.get(name="bad").fault == ""

    def test_fault_is_logged_once_by_its_place_without_its_words(self, caplog):
        words = "Jane's message"

        def fail(now):
            raise ZeroDivisionError(words)

        for hours in range(3):
            jobs.run(make_job(fail), NOW + hours * HOUR)
        (record,) = caplog.records
        assert record.levelno == logging.ERROR
        assert "Timed work fails: test, with ZeroDivisionError in" in caplog.text
        assert "in fail" in caplog.text
        assert "Jane" not in caplog.text

    def test_job_that_is_told_to_stop_gives_itself_back_and_stays_due(self):
        def be_stopped(now):
            raise SystemExit

        with pytest.raises(SystemExit):
            jobs.run(make_job(be_stopped), NOW)
        row = Row.objects.get()
        assert (row.held_until, row.next_at) == (None, None)
        assert jobs.run(make_job(), NOW)

    def test_each_job_of_a_tick_asks_anew_what_time_it_is(self):
        times = iter([NOW, NOW + HELD])
        moments = []
        jobs.tick(times.__next__, [make_job(moments.append, name="long"), make_job(moments.append, name="next")])
        assert moments == [NOW, NOW + HELD]

    def test_jobs_of_the_site_have_names_of_their_own_and_run(self):
        assert len({job.name for job in JOBS}) == len(JOBS)
        assert jobs.tick(lambda: NOW) == [job.name for job in JOBS]
        assert list(Row.objects.exclude(fault="").values_list("name", "fault")) == []


@pytest.mark.parametrize("is_known", [False, True])
def test_of_many_at_once_one_takes_the_job(shared_database, is_known):
    """Threads with connections of their own; also the very first time, when the job has no row yet."""
    if is_known:
        Row.objects.create(name="test")
    start = threading.Barrier(8)
    taken = []

    def run():
        start.wait()
        try:
            taken.append(bool(jobs.take(make_job(), NOW)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken) == {True: 1, False: 7}


# Real processes that send real mail


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture
def tick(shared_database, server, tmp_path):
    """Starts `manage.py tick`; the processes that still run at the end are ended."""
    with ExitStack() as stack:

        def start():
            process = subprocess.Popen(
                [sys.executable, "manage.py", "tick", "--verbosity", "2"],
                cwd=ROOT,
                env=environment(tmp_path / "data", DATABASE_URL=shared_database, EMAIL_URL=server.url),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield start


def make_mails(count):
    """So many mails, and the addresses they go to."""
    addresses = [f"{number:02}@example.org" for number in range(count)]
    for address in addresses:
        make_mail(to=[address])
    return addresses


def free(job):
    """As if the time were over that a job and a mail belong to whoever took them."""
    Row.objects.filter(name=job).update(held_until=timezone.now())
    Mail.objects.waiting().update(scheduled_time=None)


def test_ticks_in_parallel_send_each_mail_once(tick, server):
    addresses = make_mails(50)
    processes = [tick() for _ in range(4)]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert server.recipients == addresses
    assert set(Mail.objects.values_list("status", flat=True)) == {STATUS.sent}
    assert all(line.startswith("Done: ") for line in said), said
    assert Row.objects.get(name="mail").held_until is None


def test_tick_that_is_told_to_stop_finishes_the_mail_in_hand_and_gives_the_job_back(tick, server):
    addresses = make_mails(3)
    server.delay = 1
    stopped = tick()
    assert server.busy.wait(60)
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(60) == 0
    assert server.recipients == addresses[:1]
    assert Mail.objects.sent().count() == 1
    server.delay = 0
    assert tick().wait(60) == 0
    assert server.recipients == addresses


def test_tick_that_is_killed_is_replaced_when_its_time_is_over(tick, server):
    addresses = make_mails(3)
    server.delay = 1
    killed = tick()
    assert server.busy.wait(60)
    killed.kill()
    killed.wait(60)
    server.delay = 0
    assert tick().wait(60) == 0
    assert Mail.objects.waiting().count() == 3
    free("mail")
    assert tick().wait(60) == 0
    assert server.recipients == addresses
