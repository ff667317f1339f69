"""Runs `manage.py tick` every minute for as long as the process that started it lives. Started by gunicorn.

Each tick is a process of its own: what goes wrong in one is over with it, and between two nothing stays in memory but
this loop.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

EVERY = 60  # seconds
LOOK = 1  # seconds between two looks whether the parent is there
LONGEST = 30 * 60  # seconds after which a tick hangs; what it held is free again before
COMMAND = [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py"), "tick"]


def run(command=COMMAND, *, every=EVERY, look=LOOK, longest=LONGEST):
    """Run the command now and then every so many seconds, never twice at once, until the parent is gone.

    A command that is running then is left to finish: it may have a mail in hand.
    """
    parent = os.getppid()
    while os.getppid() == parent:
        began = time.monotonic()
        tick = start(command)
        while tick or time.monotonic() - began < every:
            time.sleep(look)
            if os.getppid() != parent:
                return
            if tick and tick.poll() is not None:
                tick = None
            if tick and time.monotonic() - began > longest:
                tick.kill()


def start(command):
    """The running command, or None where the machine cannot start one just now."""
    try:
        return subprocess.Popen(command)  # noqa: S603 - our own command
    except OSError as fault:
        sys.stderr.write(f"Timed work could not be started: {fault.strerror}\n")
        return None


if __name__ == "__main__":
    run()
