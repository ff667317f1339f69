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
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"


def run():
    parent = os.getppid()
    while True:
        began = time.monotonic()
        subprocess.run([sys.executable, str(MANAGE), "tick"], check=False)  # noqa: S603 - our own command
        while time.monotonic() - began < EVERY:
            time.sleep(LOOK)
            if os.getppid() != parent:
                return


if __name__ == "__main__":
    run()
