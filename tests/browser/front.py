"""A server before the site, as a test wants it: broken, silent, or without one of its files."""

from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from tests.site.walk import fetch

HEADERS = ("content-type", "cache-control", "content-security-policy", "location", "referrer-policy")


class Front(ThreadingHTTPServer):
    """Passes every GET on to the site, but for the paths of `answers`, which get a status without a page.

    While `speaks` is cleared it is silent. `replaced` puts other words into a path's answer: `{path: (before, after)}`.
    What it was asked for is in `asked`.
    """

    daemon_threads = True

    def __init__(self, site_url):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.site_url = site_url
        self.answers = {}
        self.replaced = {}
        self.asked = []
        self.speaks = Event()
        self.speaks.set()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        front = self.server
        front.asked.append(self.path)
        front.speaks.wait()
        status = front.answers.get(self.path)
        if status:
            self.answer(status, {}, b"This server is broken.")
        else:
            found = fetch(front.site_url, self.path)
            self.answer(found.status, found.headers, found.body.replace(*front.replaced.get(self.path, (b"", b""))))

    def answer(self, status, headers, body):
        self.send_response(status)
        for name in HEADERS:
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # A browser that has shown its copy may have gone by now.
        with suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *args):
        """The output of a test run is no place for requests."""


@contextmanager
def fronting(site_url):
    with Front(site_url) as front:
        thread = Thread(target=front.serve_forever)
        thread.start()
        try:
            yield front
        finally:
            front.speaks.set()
            front.shutdown()
            thread.join()
