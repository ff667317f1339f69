"""Print the path of ical.js for the tests that read our calendars with it; print nothing where it cannot be had.

Order: the one `ICALJS` names, the one kept in the virtual environment, npm's package (never its scripts).
"""

import os
import shutil
from pathlib import Path

from tools.npm import fetch

VERSION = "2.2.1"


def find():
    if not shutil.which("node"):
        return None
    named = os.environ.get("ICALJS")
    if named and Path(named).exists():
        return named
    folder = fetch("ical.js", VERSION)
    return folder / "dist" / "ical.js" if folder else None


if __name__ == "__main__":
    print(find() or "")
