"""Print the path of ical.js for the tests that read our calendars with it; print nothing where it cannot be had.

Order: the one `ICALJS` names, the one kept in the virtual environment, npm's package (never its scripts).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "2.2.1"
FOLDER = Path(sys.prefix) / "icaljs"
READER = FOLDER / "node_modules/ical.js/dist/ical.js"


def from_npm():
    npm = shutil.which("npm")
    if not npm:
        return None
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
    try:
        subprocess.run(
            [*command, "--prefix", str(FOLDER), f"ical.js@{VERSION}"],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
    except subprocess.TimeoutExpired:
        return None
    return READER if READER.exists() else None


def find():
    if not shutil.which("node"):
        return None
    named = os.environ.get("ICALJS")
    if named and Path(named).exists():
        return named
    return READER if READER.exists() else from_npm()


if __name__ == "__main__":
    print(find() or "")
