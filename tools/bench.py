"""Print the figures the site is held to: bytes, requests, statements, start, memory, speed, Lighthouse, scale.

Starts CACITA's site in an empty folder. Absolute times wander from machine to machine; bytes and counts do not.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.live import environment, free_port, running_site, wait_for
from tools import scale

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/", "/what-is-cit/", "/training/", "/gallery/", "/resources/", "/resources/glossary/")
PICTURES = ("Image",)
LIGHTHOUSE = "lighthouse@12"
CATEGORIES = "performance,accessibility,best-practices,seo"


def line(name, figure, target=""):
    print(f"  {name:<52} {figure:>22}   {target}")


def wire(chromium, site):
    """Bytes over the wire of each page, opened in a browser with an empty cache and then once more."""
    print("\nOver the wire (headers included), cold cache")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for path in PAGES:
            context = browser.new_context(viewport={"width": 360, "height": 640})
            page = context.new_page()
            cold, pictures, scripts = load(context, page, site.url + path)
            again, _, _ = load(context, page, site.url + path)
            target = "≤ 20,000 in ≤ 4" if path == "/" else "≤ 60,000 in ≤ 6"
            line(f"{path} without photos", f"{sum(cold):,} in {len(cold)}", target)
            line(f"{path} photos", f"{sum(pictures):,} in {len(pictures)}")
            line(f"{path} scripts", f"{sum(scripts):,} in {len(scripts)}", "≤ 3,000")
            line(f"{path} second view", f"{sum(again):,} in {len(again)}", "≤ 1 request")
            context.close()
        browser.close()


def load(context, page, url):
    """(bytes of each answer without pictures, of each picture, of each script) while the page loads."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds, sizes = {}, {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(url, wait_until="networkidle")
    fetched = [
        (kinds[key]["type"], kinds[key]["response"]["url"], size)
        for key, size in sizes.items()
        if key in kinds and size
    ]
    is_photo = [kind in PICTURES and "/media/" in address for kind, address, _size in fetched]
    others = [size for (_kind, _address, size), photo in zip(fetched, is_photo, strict=True) if not photo]
    photos = [size for (_kind, _address, size), photo in zip(fetched, is_photo, strict=True) if photo]
    scripts = [size for kind, _address, size in fetched if kind == "Script"]
    session.detach()
    return others, photos, scripts


def statements(site):
    """Database statements of one uncached view of each page, counted by Django itself."""
    print("\nDatabase statements, uncached")
    program = (
        "import django, json, sys; django.setup()\n"
        "from django.db import connection\nfrom django.test import Client\n"
        "from django.test.utils import CaptureQueriesContext\n"
        "connection.features.supports_json_field\n"  # asked for once in the life of a process
        "counts = {}\n"
        "for path in sys.argv[1:]:\n"
        "    with CaptureQueriesContext(connection) as seen: Client().get(path, headers={'host': 'localhost'})\n"
        "    counts[path] = len(seen)\n"
        "print(json.dumps(counts))"
    )
    values = environment(site.folder, DJANGO_SETTINGS_MODULE="cacita.settings")
    answer = subprocess.run(
        [sys.executable, "-c", program, *PAGES], cwd=ROOT, env=values, capture_output=True, text=True, check=True
    )
    for path, count in json.loads(answer.stdout).items():
        line(path, count, "≤ 12" if path == "/" else "≤ 8 for lists and details")


def speed(site, seconds=4, connections=8):
    """Requests a second of each page, uncached, on kept-alive connections."""
    print(f"\nRequests a second, uncached, {connections} connections")
    for path in PAGES:
        counts = []

        def ask(path=path, counts=counts):
            address = urlsplit(site.url)
            connection = HTTPConnection(address.hostname, address.port)
            until, count = time.monotonic() + seconds, 0
            while time.monotonic() < until:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                connection.getresponse().read()
                count += 1
            connection.close()
            counts.append(count)

        threads = [threading.Thread(target=ask) for _number in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        line(path, f"{sum(counts) / seconds:,.0f}")


def memory(site):
    """Proportional memory of the master and its workers, after the load above."""
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children")
    if not children.exists():
        return
    pids = [site.process.pid, *map(int, children.read_text().split())]
    kib = 0
    for pid in pids:
        for entry in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if entry.startswith("Pss:"):
                kib += int(entry.split()[1])
    print("\nMemory after load")
    line(f"master and {len(pids) - 1} workers, PSS", f"{kib / 1024:.0f} MiB", "≤ 110 MiB")


def start(folder):
    """Seconds from the start of gunicorn alone to the first answered request, everything prepared."""
    print("\nStart, everything prepared")
    for name, command in {
        "make run's command to the first answer": ["manage.py", "serve"],
        "gunicorn alone to the first answer": ["-m", "gunicorn", "cacita.wsgi", "-c", "python:cacita.gunicorn_conf"],
    }.items():
        port = free_port()
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(folder, PORT=port),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while True:
            try:
                connection = HTTPConnection("127.0.0.1", port)
                connection.request("GET", "/")
                status = connection.getresponse().status
                connection.close()
                break
            except OSError:
                time.sleep(0.01)
        line(name, f"{time.monotonic() - began:.2f} s ({status})", "≤ 5 s" if "make" in name else "≤ 0.8 s")
        process.terminate()
        process.wait(30)


def lighthouse(chromium, site):
    """Lighthouse's four mobile scores of home and What is CIT, where npm is at hand."""
    print("\nLighthouse, mobile")
    if not shutil.which("npx"):
        line("not measured", "npx is missing")
        return
    for path in ("/", "/what-is-cit/"):
        answer = subprocess.run(
            [
                *("npx", "--yes", LIGHTHOUSE, site.url + path, "--quiet", "--output=json", "--output-path=stdout"),
                f"--only-categories={CATEGORIES}",
                "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking",
            ],
            env={**os.environ, "CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if answer.returncode:
            line(path, "failed")
            print(answer.stderr[-600:])
            continue
        report = json.loads(answer.stdout)
        scores = " / ".join(f"{100 * kind['score']:.0f}" for kind in report["categories"].values())
        audits = report["audits"]
        shown = {
            name: audits[key]["displayValue"]
            for name, key in {
                "LCP": "largest-contentful-paint",
                "TBT": "total-blocking-time",
                "CLS": "cumulative-layout-shift",
            }.items()
        }
        line(path, scores, "100 / 100 / 100 / 100")
        line("", ", ".join(f"{name} {value}" for name, value in shown.items()), "LCP ≤ 900 ms, TBT 0, CLS 0")
        for key, audit in audits.items():
            if audit["score"] is not None and audit["score"] < 1 and audit["scoreDisplayMode"] in ("binary", "numeric"):
                line("", f"below 1: {key}")


def main():
    chromium = os.environ.get("CHROMIUM")
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        with running_site("cacita", Path(folder)) as site:
            print("First start in an empty folder")
            line("prepared and answering", f"{time.monotonic() - began:.1f} s")
            wait_for(site)
            if chromium:
                wire(chromium, site)
            statements(site)
            speed(site)
            memory(site)
            if chromium:
                lighthouse(chromium, site)
        start(site.folder)
        scale.compare(site.folder)


if __name__ == "__main__":
    main()
