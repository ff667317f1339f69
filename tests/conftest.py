import fcntl
import socket
import sqlite3
from contextlib import closing

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import storages
from django.db import connection
from xdist.scheduler import LoadScopeScheduling

from contact.models import Attachment
from tests.live import PREPARED, prepare, running_site
from tests.site.walk import SITEMAP, fetch, walk

SITES = ("cacita", "lacit")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """A test that reaches beyond this machine would depend on somebody else's weather."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"A test tried to reach {address}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def private(tmp_path, monkeypatch):
    """The private storage in a folder of this test's own; returns the names of all files in it when called.

    Django makes every storage anew when a test changes where static files lie, but fields hold on to theirs: it is
    put back, so that all use the same one.
    """
    folder = tmp_path / "private"
    storage = Attachment._meta.get_field("file").storage
    monkeypatch.setitem(storages._storages, "private", storage)
    monkeypatch.setitem(storage.__dict__, "location", str(folder))

    def names():
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    names.folder = folder
    return names


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Django asks SQLite once per process whether it knows JSON; no test should count that."""
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """The database of this test as other threads and processes may use it too; its address for DATABASE_URL.

    SQLite in memory belongs to one process and locks whole tables: it is copied to a file, with the site's settings.
    """
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        memory, name, file = connection.connection, values["NAME"], tmp_path / "shared.sqlite3"
        with closing(sqlite3.connect(file)) as copy:
            memory.backup(copy)
        connection.connection, values["NAME"] = None, str(file)
        yield f"sqlite:///{file}"
        connection.close()
        connection.connection, values["NAME"] = memory, name
    else:
        host = f"{values['HOST']}:{values['PORT'] or 5432}"
        yield f"postgres://{values['USER']}:{values['PASSWORD']}@{host}/{values['NAME']}"


@pytest.fixture
def editor(db):
    """Somebody on the staff with every right."""
    return get_user_model().objects.create_superuser("editor", "editor@example.org", "correct horse battery")


@pytest.fixture
def editor_client(editor, client):
    client.force_login(editor)
    return client


class SiteScheduling(LoadScopeScheduling):
    """Gives all tests of one running site to one worker, so that each site is started once; the rest one by one.

    A site that a module starts for itself is one too.
    """

    def _split_scope(self, nodeid):
        module, _, name = nodeid.partition("::")
        values = name.partition("[")[2].rstrip("]").split("-")
        own = module if module.startswith(("tests/browser/", "tests/site/")) else nodeid
        return next((site for site in SITES if site in values), own)


def pytest_xdist_make_scheduler(config, log):
    return SiteScheduling(config, log)


@pytest.fixture(scope="session")
def prepared(worker_id, tmp_path_factory):
    """A data folder as the first start leaves it, to be copied; the workers of a run make one between them."""
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    folder = base / "prepared"
    with (base / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            prepare(base / "preparing").rename(folder)
    return folder


@pytest.fixture(scope="session", params=SITES)
def live_site(request, tmp_path_factory):
    """Each starter site in turn, running in gunicorn."""
    made = request.getfixturevalue("prepared") if request.param == PREPARED else None
    with running_site(request.param, tmp_path_factory.mktemp(request.param), made) as site:
        yield site


@pytest.fixture(scope="session")
def walked(live_site):
    """Every page of the site that links lead to, and the sitemap of that moment, read once: `{path: Answer}`."""
    return {**walk(live_site.url), SITEMAP: fetch(live_site.url, SITEMAP)}
