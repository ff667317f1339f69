"""The clock of timed work: a small process that lives as long as the one that started it."""

import subprocess
import sys
from pathlib import Path

import pytest

from cacita import ticker

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {code!r}], start_new_session=True)
sys.stdin.read()
"""
CLOCK = """
import sys
from cacita import ticker
ticker.run([sys.executable, "-c", {tick!r}], every={every}, look=0.01, longest=0.5)
"""


@pytest.fixture
def clock():
    """Starts a clock with this code as its tick, below a parent that waits to be killed, and gives the parent.

    What the ticks print comes out of the parent's output, which ends when the last of them all is gone.
    """
    parents = []

    def start(tick, every=0):
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT.format(code=CLOCK.format(tick=tick, every=every))],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        parents.append(parent)
        return parent

    yield start
    for parent in parents:
        parent.kill()
        parent.communicate(timeout=30)


def test_clock_ticks_on_after_a_tick_that_fails(clock):
    parent = clock("print('tick', flush=True); raise SystemExit(1)")
    assert [parent.stdout.readline() for _ in range(3)] == ["tick\n"] * 3


def test_clock_ends_with_a_parent_that_was_killed(clock):
    """Also in the long time between two ticks."""
    parent = clock("print('tick', flush=True)", every=600)
    assert parent.stdout.readline() == "tick\n"
    parent.kill()
    assert parent.communicate(timeout=30) == ("", None)


def test_clock_lets_the_last_tick_finish(clock):
    parent = clock("import time; print('begun', flush=True); time.sleep(0.2); print('done', flush=True)")
    assert parent.stdout.readline() == "begun\n"
    parent.kill()
    said, _trouble = parent.communicate(timeout=30)
    assert said.splitlines()[-1] == "done"


def test_clock_ends_a_tick_that_hangs(clock):
    parent = clock("import time; print('begun', flush=True); time.sleep(3); print('done', flush=True)")
    assert [parent.stdout.readline() for _ in range(2)] == ["begun\n"] * 2


def test_clock_goes_on_where_a_tick_cannot_be_started(monkeypatch, capsys):
    def fail(command):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(ticker.subprocess, "Popen", fail)
    assert ticker.start(["tick"]) is None
    assert capsys.readouterr().err == "Timed work could not be started: Cannot allocate memory\n"
