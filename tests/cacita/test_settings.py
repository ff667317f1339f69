import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cacita import data_folder

ROOT = Path(__file__).resolve().parents[2]
REPORT = """
import json
import django
from django.conf import settings
from django.core import checks
from django.db import connection
from django.test import Client

django.setup()
with connection.cursor() as cursor:
    pragmas = {}
    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        cursor.execute(f"PRAGMA {name}")
        pragmas[name] = cursor.fetchone()[0]
plain = Client(headers={"host": "www.example.org"}).get("/robots.txt")
secure = Client(headers={"host": "www.example.org"}).get("/robots.txt", secure=True)
behind = Client(headers={"host": "www.example.org", "x-forwarded-proto": "https"}).get("/robots.txt")
print(json.dumps({
    "pragmas": pragmas,
    "transaction_mode": connection.transaction_mode,
    "warnings": [str(warning) for warning in checks.run_checks(include_deployment_checks=True)],
    "plain": [plain.status_code, plain.get("Location")],
    "behind proxy": behind.status_code,
    "secure": [secure.status_code, dict(secure.headers)],
    "secure cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "http only": settings.SESSION_COOKIE_HTTPONLY,
    "debug": settings.DEBUG,
}))
"""


def start(*command, data, **environ):
    """A fresh interpreter that sees nothing of our environment but the path."""
    environ = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DATA_DIR": str(data), **environ}
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def report(data, **environ):
    running = start("-c", REPORT, data=data, DJANGO_SETTINGS_MODULE="cacita.settings", **environ)
    output, trouble = running.communicate(timeout=60)
    assert running.returncode == 0, trouble
    return json.loads(output)


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """The settings of a site on the public network, as a fresh process sees them."""
    return report(tmp_path_factory.mktemp("public"), SITE_URL="https://www.example.org")


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The settings of a site on one's own machine behind a proxy, without an https address."""
    return report(
        tmp_path_factory.mktemp("local"), SITE_URL="http://www.example.org", BEHIND_PROXY="1", HSTS_SECONDS="0"
    )


def test_https_address_leads_visitors_to_it(public):
    assert public["plain"] == [301, "https://www.example.org/robots.txt"]


def test_https_address_turns_transport_security_on(public):
    status, headers = public["secure"]
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]
    assert public["secure cookies"] == [True, True]
    assert public["http only"] is True


def test_header_of_a_proxy_counts_only_behind_one(public, local):
    assert public["behind proxy"] == 301
    assert local["behind proxy"] == 200


def test_http_address_needs_no_transport_security(local):
    assert local["plain"] == [200, None]
    status, headers = local["secure"]
    assert status == 200
    assert "Strict-Transport-Security" not in headers
    assert "upgrade-insecure-requests" not in headers["Content-Security-Policy"]
    assert local["secure cookies"] == [False, False]


def test_deploy_check_of_a_site_behind_its_proxy_finds_nothing(tmp_path):
    checking = start(
        "manage.py", "check", "--deploy", data=tmp_path, SITE_URL="https://www.example.org", BEHIND_PROXY="1"
    )
    assert checking.communicate(timeout=60) == ("System check identified no issues (0 silenced).\n", "")


def test_deploy_check_of_a_site_without_its_proxy_finds_that_alone(public):
    (fault,) = public["warnings"]
    assert "BEHIND_PROXY is off" in fault
    assert public["debug"] is False


def test_deploy_check_names_an_address_without_encryption(local):
    assert "SITE_URL is http://www.example.org: canonical" in "\n".join(local["warnings"])


def test_database_keeps_what_it_acknowledged_and_queues_writers(public):
    assert public["pragmas"] == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
    assert public["transaction_mode"] == "IMMEDIATE"


def test_settings_that_cannot_be_used_are_named_in_one_sentence(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    address = "write a whole address such as https://www.example.org."
    cases = [
        ({"SITE_URL": "www.example.org"}, f"SITE_URL is “www.example.org”; {address}"),
        ({"SITE_URL": "http://[x"}, f"SITE_URL is “http://[x”; {address}"),
        ({"SITE_URL": "https://example.org/cit"}, f"SITE_URL is “https://example.org/cit”; {address}"),
        ({"HSTS_SECONDS": "long"}, "HSTS_SECONDS is “long”; write a number from 0 to 63072000."),
        (
            {"STRIPE_SECRET_KEY": "sk_test_1"},
            "Set both STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to take gifts by card, or neither.",
        ),
        (
            {"STRIPE_API_BASE": "http://api.example.org"},
            "STRIPE_API_BASE is “http://api.example.org”; write an address of this machine such as "
            "http://127.0.0.1:8900.",
        ),
        (
            {"RECAPTCHA_PUBLIC_KEY": "a"},
            "Set both RECAPTCHA_PUBLIC_KEY and RECAPTCHA_PRIVATE_KEY to use a captcha, or neither.",
        ),
        (
            {"RECAPTCHA_VERSION": "v4"},
            "RECAPTCHA_VERSION is “v4”; write v2 or v3, as the keys were made.",
        ),
        (
            {"CLAMAV_ADDRESS": "localhost"},
            "CLAMAV_ADDRESS is “localhost”; write a socket such as /run/clamav/clamd.ctl, or a host and port.",
        ),
        (
            {"data": in_the_way / "data"},
            f"DATA_DIR is {in_the_way / 'data'}, and that folder cannot be made (Not a directory). "
            "Choose one that can be written.",
        ),
    ]
    running = [start("manage.py", "check", **{"data": tmp_path / "data", **case}) for case, _sentence in cases]
    answers = [(process.communicate(timeout=60)[1], process.returncode) for process in running]
    assert answers == [(f"Cannot start: {sentence}\n", 1) for _case, sentence in cases]


def test_every_variable_is_explained_to_whoever_runs_the_site():
    source = (ROOT / "cacita" / "settings.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|environ\.get|whole_number)\(\s*"([A-Z_]+)"', source))
    table = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    assert {"SITE_URL", "PORT", "SECRET_KEY", "BEHIND_PROXY"} <= read
    assert set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)) == read - {"ENV_FILE"}
    assert set(re.findall(r"`([A-Z_]+)`", table)) == read


# The data folder


def test_data_folder_is_readable_by_its_owner_alone(tmp_path):
    folder = data_folder.prepare(tmp_path / "new" / "data")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_data_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder.os, "access", lambda path, mode: False)
    with pytest.raises(data_folder.ImproperlyConfigured, match="it cannot be written"):
        data_folder.prepare(tmp_path)


def test_secret_key_is_made_once_and_kept_from_others(tmp_path):
    key = data_folder.secret_key(tmp_path)
    assert len(key) >= 50
    assert data_folder.secret_key(tmp_path) == key
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in tmp_path.iterdir()] == [("secret_key", 0o600)]


def test_secret_key_of_the_first_worker_wins_a_race(tmp_path, monkeypatch):
    link = os.link

    def late(draft, file):
        file.write_text("the key of the other worker")
        link(draft, file)

    monkeypatch.setattr(data_folder.os, "link", late)
    assert data_folder.secret_key(tmp_path) == "the key of the other worker"
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
