"""A small real mail server on this machine, which can be down, slow, or refuse what it is given."""

import asyncio
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP

from tests.live import free_port

SMALL = 1_000_000  # bytes of one mail
# It tells the whole conversation otherwise, which is nothing our site has logged.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass
class Taken:
    """A mail the server has taken, with the addresses of its envelope."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()


class MailServer:
    """Runs in a thread of its own between `start` and `stop`; keeps its port over both.

    What a test sets takes effect at once: `refused` maps an address to the reply it gets, `poison` are addresses whose
    mail makes the server hang up, `closing` makes it say 421 to every mail, and `delay` is how many seconds it thinks
    about each mail before it answers. It is `busy` from the first mail on.
    """

    def __init__(self):
        self.port = free_port()
        self.taken = []
        self.refused = {}
        self.poison = set()
        self.closing = False
        self.delay = 0
        self.connections = 0
        self.busy = threading.Event()
        self._thread = None

    @property
    def url(self):
        """For the setting EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self):
        return sorted(address for mail in self.taken for address in mail.recipients)

    def start(self):
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError(f"The mail server could not listen on port {self.port}.")

    def stop(self):
        """From now on connections are refused, and those that are open are cut."""
        if self._thread:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join()
            self._thread = None

    def _serve(self, ready):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen(ready))
        self._loop.close()

    async def _listen(self, ready):
        self._stopped = asyncio.Event()
        server = await self._loop.create_server(self._connection, "127.0.0.1", self.port)
        ready.set()
        await self._stopped.wait()
        server.close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _connection(self):
        self.connections += 1
        return SMTP(self, hostname="mail.example.org", data_size_limit=SMALL, loop=self._loop)

    # Called by aiosmtpd

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.busy.set()
        await asyncio.sleep(self.delay)
        if self.closing or self.poison.intersection(envelope.rcpt_tos):
            server.transport.abort()
            return "421 Closing"
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), message))
        return "250 Taken"


@contextmanager
def mail_server(**values):
    """A mail server that runs; `values` are set on it before."""
    server = MailServer()
    for name, value in values.items():
        setattr(server, name, value)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def send_through(settings, server):
    """Let pytest-django's `settings` send mail to this server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
