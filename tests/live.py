"""A whole site as a visitor meets it: `manage.py serve` on a port and in a data folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a password for tests alone"
START_SECONDS = 180
PREPARED = "cacita"
"""The site of which `prepare` makes a data folder."""


@dataclass
class LiveSite:
    name: str
    url: str
    folder: Path
    process: subprocess.Popen
    log: Path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder, **values):
    """The environment of a start on a fresh machine: nothing of the caller's but what a shell needs, and no timed work
    that would come in between where a test does not ask for it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {name: str(value) for name, value in values.items()}
    return {**kept, "DATA_DIR": str(folder), "ENV_FILE": os.devnull, "TICKS": "0", **given}


def prepare(folder):
    """Make the data folder of a site of its own, as the first start leaves it, to be copied for others."""
    subprocess.run(
        [sys.executable, "manage.py", "serve", "--prepare-only"],
        cwd=ROOT,
        env=environment(folder, SITE=PREPARED, DJANGO_SUPERUSER_PASSWORD=PASSWORD),
        check=True,
        capture_output=True,
    )
    return folder


@contextmanager
def running_site(name, folder, prepared=None, **values):
    """Start the site `name`, wait until it answers, and stop it afterwards; soon, with what `prepare` made."""
    if prepared:
        shutil.copytree(prepared, folder / "data")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = folder / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment(folder / "data", SITE=name, PORT=port, DJANGO_SUPERUSER_PASSWORD=PASSWORD, **values),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    site = LiveSite(name, url, folder / "data", process, log)
    try:
        wait_for(site)
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(site):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if site.process.poll() is not None:
            break
        try:
            with urlopen(f"{site.url}/healthz/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The site {site.name} did not start:\n{site.log.read_text()}")


def run_in_shell(site, code):
    """Change what a running site holds, as its staff could, from a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=environment(site.folder),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
