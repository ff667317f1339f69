"""Compare the calendar's pages with 20 events and with 20,000 of 40,000 sessions, the directory's with 72 and 5,000.

`python -m tools.scale` prepares a scratch site; `make bench` uses the one it has. What a page shows of the month
or county measured is the same in both, so the difference is what the rest of the table costs. The list, the feeds and
the files show more where there is more: 20 rows and a full page, 40 sessions and a full feed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.live import environment

ROOT = Path(__file__).resolve().parent.parent
FILLERS = {
    "tools.full_calendar": ("The calendar", "events", 20, 20_000),
    "tools.full_directory": ("The directory", "programs", 72, 5_000),
}
"""{module: (what it fills, with what, few, many)}."""
TARGET = 1.25


def compare(prepared):
    """Print statements, median milliseconds of processor time and their ratio for copies of a prepared data folder."""
    for module, (whole, things, few, many) in FILLERS.items():
        print(f"\n{whole} with {few} and with {many:,} {things}: statements, median CPU ms, ratio")
        show(*(measured(prepared, module, count) for count in (few, many)))


def measured(prepared, module, count):
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "site"
        shutil.copytree(prepared, copy)
        answer = subprocess.run(
            [sys.executable, "-m", module, str(count)],
            cwd=ROOT,
            env=environment(copy, DJANGO_SETTINGS_MODULE="cacita.settings"),
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            sys.exit(answer.stderr[-2_000:])
        return json.loads(answer.stdout)


def show(few, many):
    print(f"  {'filled in':<52} {many.pop('seconds'):>20.1f} s   ≤ 30 s")
    few.pop("seconds")
    for name, (statements, milliseconds) in many.items():
        figure = f"{few[name][0]} → {statements}, {few[name][1]:.1f} → {milliseconds:.1f}"
        print(f"  {name:<52} {figure:>22}   {milliseconds / few[name][1]:.2f}")
    print(f"  {'target for pages that show the same':<52} {'the same statements':>22}   ≤ {TARGET}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        prepare = [sys.executable, "manage.py", "serve", "--prepare-only"]
        subprocess.run(prepare, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.DEVNULL)
        compare(folder)


if __name__ == "__main__":
    main()
