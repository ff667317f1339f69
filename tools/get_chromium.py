"""Print the path of a Chromium for the browser tests; where none can be had, nothing but a loud line beside it.

Order: the one `CHROMIUM` names, one on the machine, Playwright's own, Debian's package (as root).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first draws no window, menus and tabs that nobody sees: the same tests take a third less time."""


def on_this_machine():
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    return next((path for path in candidates if path and Path(path).exists()), None)


def from_playwright():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a second to import, and rarely needed

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        quietly(sys.executable, "-m", "playwright", "install", "chromium")
    return path if Path(path).exists() else None


def from_debian():
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quietly("apt-get", "update", "-qq")
    for package in ("chromium-headless-shell", "chromium"):
        quietly("apt-get", "install", "-y", "-qq", package, "fonts-liberation")
        if found := on_this_machine():
            return found
    return None


def quietly(*command):
    subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


if __name__ == "__main__":
    found = on_this_machine() or from_playwright() or from_debian()
    if not found:
        print("NO CHROMIUM was found and none could be installed: the browser tests are skipped.", file=sys.stderr)
    print(found or "")
