"""The one command, as a newcomer types it."""

import socket
import sqlite3
import stat
import subprocess
import sys

import pytest

from tests.live import PASSWORD, ROOT, environment


def serve(folder, *arguments, **values):
    return subprocess.run(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=ROOT,
        env=environment(folder, **values),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_serve_with_an_unknown_site_names_the_known_ones(tmp_path):
    answer = serve(tmp_path, SITE="oregon")
    assert answer.returncode == 1
    assert answer.stderr == "CommandError: SITE is “oregon”; choose one of: cacita, lacit.\n"


def test_serve_with_a_taken_port_says_so(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = serve(tmp_path, PORT=port)
    assert answer.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port} (Address already in use)." in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_serve_with_a_port_that_is_no_number_says_so(tmp_path):
    answer = serve(tmp_path, PORT="eighty")
    assert answer.returncode == 1
    assert answer.stderr == "Cannot start: PORT is “eighty”; write a number from 1 to 65535.\n"


def test_serve_with_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").touch()
    answer = serve(tmp_path / "file" / "data")
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Cannot start: DATA_DIR is {tmp_path}/file/data, and that folder cannot be made")
    assert answer.stderr.count("\n") == 1


@pytest.mark.site
def test_live_site_keeps_its_secret_key_to_itself(live_site):
    assert stat.S_IMODE((live_site.folder / "secret_key").stat().st_mode) == 0o600


@pytest.mark.site
@pytest.mark.parametrize("live_site", ["lacit"], indirect=True)
def test_first_start_does_not_print_a_given_password(live_site):
    """The other site's first start was that of the prepared folder."""
    log = live_site.log.read_text()
    assert "Sign in to the admin as admin with the password you have set." in log
    assert f"{live_site.url}/admin/" in log
    assert PASSWORD not in log


@pytest.mark.site
def test_second_start_keeps_all_data_and_says_little(live_site):
    """Prepares the same folder again, as a second `make run` does."""
    with sqlite3.connect(live_site.folder / "site.sqlite3", timeout=20) as database:
        before = list(database.iterdump())
    answer = serve(live_site.folder, "--prepare-only", SITE=live_site.name)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    with sqlite3.connect(live_site.folder / "site.sqlite3", timeout=20) as database:
        assert list(database.iterdump()) == before
