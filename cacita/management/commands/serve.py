import hashlib
import os
import secrets
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from cacita import starter
from pages.models import Identity


class Command(BaseCommand):
    help = "Prepare everything the site needs, then serve it with gunicorn. Run it again at any time: all data stays."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--prepare-only", action="store_true", help="Prepare, but do not serve.")

    def handle(self, *, prepare_only, **options):
        if settings.STARTER_SITE not in starter.sites():
            raise CommandError(f"SITE is “{settings.STARTER_SITE}”; choose one of: {', '.join(starter.sites())}.")
        if not prepare_only:
            self.check_port()
        self.migrate()
        self.load_starter()
        self.make_first_user()
        self.collect_static()
        if not prepare_only:
            self.stdout.write(f"\nThe site:   {settings.SITE_URL}/")
            self.stdout.write(f"The admin:  {settings.SITE_URL}{reverse('admin:index')}")
            self.stdout.write("Stop with Ctrl-C.\n")
            self.stdout.flush()
            gunicorn = ["-m", "gunicorn", "cacita.wsgi", "-c", "python:cacita.gunicorn_conf"]
            os.execv(sys.executable, [sys.executable, *gunicorn])  # noqa: S606 - our own interpreter, fixed words

    def check_port(self):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Cannot listen on {settings.HOST}:{settings.PORT} ({error.strerror}). Choose another, "
                    f"for example: make run PORT={settings.PORT + 1}"
                ) from None

    def migrate(self):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)

    def load_starter(self):
        if not Identity.objects.exists():
            self.stdout.write(f"Loading the starter content of {settings.STARTER_SITE} …")
            call_command("load_starter", settings.STARTER_SITE, stdout=self.stdout)
        elif starter.loaded() not in (None, settings.STARTER_SITE):
            self.stdout.write(
                f"DATA_DIR holds the site of {starter.loaded()}, which is served now: SITE counts on the first start "
                f"only. For {settings.STARTER_SITE}, choose another DATA_DIR."
            )

    def make_first_user(self):
        users = get_user_model().objects
        if users.exists():
            return
        given = settings.FIRST_USER["password"]
        password = given or secrets.token_urlsafe(12)
        user = users.create_superuser(**{**settings.FIRST_USER, "password": password})
        shown = "the password you have set" if given else f"the password {password} (shown only now)"
        self.stdout.write(f"Sign in to the admin as {user.get_username()} with {shown}.")

    def collect_static(self):
        """Collect only when a source has changed: compressing takes far longer than the rest of a start."""
        stamp = settings.STATIC_ROOT / ".collected"
        state = state_of_sources()
        if stamp.exists() and stamp.read_text() == state:
            return
        self.stdout.write("Collecting static files …")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(state)


def state_of_sources():
    """A digest that changes with any static file of ours and with any installed package."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for folder in map(Path, settings.STATICFILES_DIRS):
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                digest.update(f"{file.relative_to(folder)} {file.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()
