"""What a stranger may try over HTTP against the running site."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.site
MULTIPART = "multipart/form-data; boundary=x"
TOKEN = "csrftoken=" + "a" * 32


def ask(live_site, path, method="GET", **headers):
    """Sends headers as they are, also some no browser would send, and returns the response with its page."""
    connection = HTTPConnection(urlsplit(live_site.url).netloc, timeout=5)
    connection.request(method, path, headers={name.replace("__", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    response.page = response.read().decode()
    connection.close()
    return response


@pytest.mark.parametrize("prefix", ["/gallery", "/evil"])
def test_header_cannot_move_the_site_below_another_address(live_site, prefix):
    """A proxy on the same machine may hand such a header on; a cache in front would keep the answer for everybody."""
    answer = ask(live_site, "/gallery/", SCRIPT_NAME=prefix, PATH_INFO="/admin/")
    assert (answer.status, answer.page) == (200, ask(live_site, "/gallery/").page)


@pytest.mark.parametrize("path", ["/", "/no-such-page/", "/admin/login/"])
def test_body_announced_as_too_large_is_refused_unread(live_site, path):
    """Nothing of it is sent: whoever waited for it would hang here until the time is out."""
    announced = {"Content__Length": str(300_000_000), "Content__Type": MULTIPART, "Cookie": TOKEN}
    answer = ask(live_site, path, "POST", **announced)
    assert answer.status == 413
    assert "That was too much at once" in answer.page
    assert "988" in answer.page
