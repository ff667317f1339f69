"""How gunicorn serves the site. Threads keep connections open; the settings say how many workers and where."""

import gc
import os
import subprocess
import sys

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cacita.settings")

bind = f"{settings.HOST}:{settings.PORT}"
workers = settings.WORKERS
worker_class = "gthread"
threads = 4
preload_app = True
"""Workers share the loaded code, which halves their memory."""
timeout = 60  # seconds without a sign of life from a worker
graceful_timeout = 30  # seconds a worker may finish what it began
keepalive = 5  # seconds
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
forwarder_headers = ""
"""No request header moves the site below another address; gunicorn would believe one that a local proxy hands on."""
accesslog = None
"""No visitor log: whoever wants one lets the proxy in front write it."""


def when_ready(server):
    """Put all that is loaded beyond the reach of the garbage collector, so that workers go on sharing it, and start
    the clock of timed work."""
    gc.collect()
    gc.freeze()
    if settings.TICKS:
        # In a session of its own: Ctrl-C reaches this process alone, so that no mail is broken off in the middle.
        server.ticker = subprocess.Popen([sys.executable, "-m", "cacita.ticker"], start_new_session=True)


def on_exit(server):
    ticker = getattr(server, "ticker", None)
    if ticker:
        ticker.terminate()
