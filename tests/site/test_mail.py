"""What people send to the running site reaches the mail server, whatever becomes of that meanwhile."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.core.signing import Signer

from tests.live import ROOT, environment, running_site
from tests.mail_server import mail_server
from tests.site.walk import fetch

pytestmark = pytest.mark.site
KEY = "a key for tests alone"
PATIENCE = 60  # seconds
NOBODY = "550 5.1.1 Nobody of that name"


@pytest.fixture
def folder(prepared, tmp_path):
    """A folder of this test's own, whose `data` is prepared."""
    shutil.copytree(prepared, tmp_path / "data")
    return tmp_path


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture
def site(folder, server):
    """A site that believes whom its proxy names, so that a test can write as many people."""
    with running_site("cacita", folder, SECRET_KEY=KEY, BEHIND_PROXY="1", EMAIL_URL=server.url) as site:
        yield site


def manage(folder, *arguments, **values):
    """Run a command of the site; what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder, SECRET_KEY=KEY, **values),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def tick(site, server):
    return manage(site.folder, "tick", "--verbosity", "2", EMAIL_URL=server.url)


def rows(site, statement):
    with closing(sqlite3.connect(site.folder / "site.sqlite3", timeout=20)) as database:
        return database.execute(statement).fetchall()


def until(holds):
    """Wait until this is true."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.05)


def children(pid):
    """(number, command) of the processes below this one that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                command = (entry / "cmdline").read_bytes().decode().replace("\0", " ")
            except OSError:
                continue
            if int(parent) == pid and state != "Z":
                found.append((int(entry.name), command))
    return found


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class People:
    """Visitors who fill in the contact form."""

    def __init__(self, site):
        self.site = site
        page = fetch(site.url, "/contact/").body.decode()
        self.topic = re.search(r'name="topic" value="([\w-]+)"', page)[1]
        self.stamp = Signer(key=KEY, salt="contact.forms.MessageForm").sign(str(int(time.time()) - 60))
        self.opener = build_opener(NoRedirect)
        self.seconds = []

    def write(self, number):
        """One of them sends a message; the status of the answer, None where there was none."""
        fields = {
            "name": f"Visitor {number}",
            "email": f"{number:03}@example.org",
            "topic": self.topic,
            "text": f"This is message {number}.",
            "stamp": self.stamp,
        }
        request = Request(
            f"{self.site.url}/contact/",
            urlencode(fields).encode(),
            {"X-Forwarded-For": f"2001:db8:0:{number:x}::1", "Sec-Fetch-Site": "same-origin"},
        )
        began = time.monotonic()
        try:
            status = self.opener.open(request, timeout=PATIENCE).status
        except OSError as answer:
            status = getattr(answer, "code", None)
        self.seconds.append(time.monotonic() - began)
        return status


def test_what_was_sent_while_the_mail_server_was_down_is_delivered_once_when_it_is_back(site, server):
    server.stop()
    people = People(site)
    assert Counter(people.write(number) for number in range(60)) == {303: 60}
    assert sorted(people.seconds)[57] < 1
    for _ in range(3):
        assert "The mail server cannot be used now" in tick(site, server)
    written = sorted(address for (address,) in rows(site, 'SELECT "to" FROM post_office_email'))
    assert {f"{number:03}@example.org" for number in range(60)} <= set(written)
    assert rows(site, "SELECT DISTINCT status, number_of_retries FROM post_office_email") == [(2, 0)]

    server.start()
    began = time.monotonic()
    assert "Done: mail" in tick(site, server)
    seconds = time.monotonic() - began
    tick(site, server)

    assert server.recipients == written
    assert len({mail.message["Message-ID"] for mail in server.taken}) == len(written)
    assert seconds < 4 * 60  # with the minute until the next tick, 5 minutes
    assert rows(site, "SELECT DISTINCT status FROM post_office_email") == [(0,)]


def test_slow_server_and_one_bad_address_hold_up_neither_pages_nor_other_mail(site, server):
    people = People(site)
    server.refused["003@example.org"] = NOBODY
    server.delay = 0.3
    for number in range(6):
        assert people.write(number) == 303
    ticking = threading.Thread(target=tick, args=(site, server))
    ticking.start()
    assert server.busy.wait(PATIENCE)
    people.seconds = []
    answers = []
    while ticking.is_alive():
        began = time.monotonic()
        answers.append(fetch(site.url, "/contact/").status)
        people.seconds.append(time.monotonic() - began)
        answers.append(people.write(100 + len(answers)))
    ticking.join()
    assert set(answers) == {200, 303}
    assert sorted(people.seconds)[len(people.seconds) * 95 // 100] < 1
    server.delay = 0
    tick(site, server)
    written = sorted(address for (address,) in rows(site, 'SELECT "to" FROM post_office_email'))
    assert server.recipients == [address for address in written if address != "003@example.org"]
    assert rows(
        site,
        'SELECT mail."to", mail.status, log.message FROM post_office_email AS mail '
        "JOIN post_office_log AS log ON log.email_id = mail.id WHERE mail.status != 0",
    ) == [("003@example.org", 1, f"003@example.org: {NOBODY}")]


@needs_proc
def test_whoever_was_thanked_is_in_the_database_though_workers_were_killed(site):
    """Fewer than the form takes from all people together within an hour."""
    people = People(site)
    posts = range(120)
    answers = {}

    def send(numbers):
        for number in numbers:
            answers[number] = people.write(number)

    threads = [threading.Thread(target=send, args=(posts[begin::6],)) for begin in range(6)]
    for thread in threads:
        thread.start()
    for enough in (15, 40, 65, 90):
        until(lambda least=enough: len(answers) >= least)
        for worker, _command in children(site.process.pid):
            os.kill(worker, signal.SIGKILL)
    for thread in threads:
        thread.join()
    thanked = {f"{number:03}@example.org" for number, status in answers.items() if status == 303}
    stored = Counter(address for (address,) in rows(site, "SELECT email FROM contact_message"))
    mailed = Counter(address for (address,) in rows(site, 'SELECT "to" FROM post_office_email'))
    assert set(answers.values()) <= {303, None}
    assert len(thanked) > 50
    assert thanked <= set(stored)
    assert {(stored[address], mailed[address]) for address in stored} == {(1, 1)}
    assert rows(site, "PRAGMA integrity_check") == [("ok",)]


# The clock that gunicorn starts


def ticker_of(site):
    return [pid for pid, command in children(site.process.pid) if "cacita.ticker" in command]


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


WAITING = """
from tests.factories import make_mail
make_mail(message="Waiting since before the start.")
"""


@needs_proc
def test_site_ticks_by_itself_and_prints_mail_to_its_log(folder):
    manage(folder / "data", "shell", "--no-imports", "-c", WAITING)
    with running_site("cacita", folder, SECRET_KEY=KEY, TICKS="1") as site:
        (ticker,) = ticker_of(site)
        until(lambda: "Waiting since before the start." in site.log.read_text())
        until(lambda: rows(site, "SELECT status FROM post_office_email") == [(0,)])
    until(lambda: not runs(ticker))
    assert "Traceback" not in site.log.read_text()


@needs_proc
def test_clock_ends_with_a_site_that_was_killed(folder):
    with running_site("cacita", folder, SECRET_KEY=KEY, TICKS="1") as site:
        (ticker,) = ticker_of(site)
        site.process.kill()
        until(lambda: not runs(ticker))


@needs_proc
def test_site_without_ticks_has_no_clock(folder):
    with running_site("cacita", folder, SECRET_KEY=KEY, TICKS="0") as site:
        assert len(children(site.process.pid)) >= 1
        assert ticker_of(site) == []
        assert rows(site, "SELECT * FROM cacita_job") == []
