import io

import pytest

from cacita.requests import MOST_BYTES, ReadableHandler

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
TOKEN = "csrftoken=" + "a" * 32


@pytest.fixture(scope="module")
def application():
    return ReadableHandler()


@pytest.fixture
def call(application, monkeypatch):
    """Sends a request past the test client, which would tidy it up, and returns status and page."""
    monkeypatch.setattr("django.core.signals.request_started.send", lambda **kwargs: None)
    monkeypatch.setattr("django.core.signals.request_finished.send", lambda **kwargs: None)

    def send(method="GET", path="/", query="", body=b"", **environ):
        answer = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            **environ,
        }
        response = application(environ, lambda status, headers: answer.append(status))
        return int(answer[0][:3]), b"".join(response).decode()

    return send


@pytest.mark.parametrize("path", ["/admin/login/", "/no-such-page/", "/no such page/"])
@pytest.mark.parametrize("cookie", ["", TOKEN], ids=["stranger", "with token"])
@pytest.mark.parametrize(
    "charset",
    [
        "charset=utf-16",
        "charset=utf-7",
        "charset=hex",
        "charset=nonsense",
        "charset='utf-8",
        "charset=",
        "charset=a\0b",
        "charset*=nonsense''utf-8",
        "charset*=%zz",
    ],
)
def test_body_in_another_charset_is_refused_with_our_page(call, path, cookie, charset):
    for content_type, body in ((FORM, b"a=b"), ("multipart/form-data; boundary=x", PART)):
        environ = {"CONTENT_TYPE": f"{content_type}; {charset}", "HTTP_COOKIE": cookie}
        status, page = call("POST", path, body=body, **environ)
        assert status == 400
        assert "We could not read that request" in page


@pytest.mark.parametrize("charset", ["hex", "utf-16", "nonsense"])
def test_query_is_never_decoded_in_the_charset_the_request_claims(call, charset):
    status, _page = call(path="/admin/login/", query="next=%ff", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert status == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"'])
def test_body_in_utf_8_is_read(call, charset):
    status, page = call(
        "POST", "/admin/login/", body=b"a=b", CONTENT_TYPE=f"{FORM}; charset={charset}", HTTP_SEC_FETCH_SITE="none"
    )
    assert status == 403
    assert "This form had gone stale" in page  # the token is asked for, so the body was taken


@pytest.mark.parametrize(
    ("content_type", "body", "environ"),
    [
        ("multipart/form-data", PART, {}),
        ("multipart/form-data; boundary=\xff", PART, {}),
        ("multipart/form-data; boundary=x", PART, {"CONTENT_LENGTH": "-5"}),
    ],
    ids=["no boundary", "boundary not ASCII", "negative length"],
)
def test_broken_body_is_refused_with_our_page(call, content_type, body, environ):
    environ = {"CONTENT_TYPE": content_type, "HTTP_COOKIE": TOKEN, **environ}
    status, page = call("POST", "/admin/login/", body=body, **environ)
    assert status == 400
    assert "We could not read that request" in page


@pytest.mark.parametrize(
    ("content_type", "body", "environ"),
    [
        (FORM, b"&".join(b"a%d=1" % number for number in range(10_001)), {}),
        (FORM, b"a=" + b"x" * 2_700_000, {}),
        ("multipart/form-data; boundary=x", b"", {"CONTENT_LENGTH": str(MOST_BYTES + 1)}),
    ],
    ids=["too many fields", "too many words", "too large"],
)
def test_excessive_body_is_refused_with_our_page(call, content_type, body, environ):
    environ = {"CONTENT_TYPE": content_type, "HTTP_COOKIE": TOKEN, **environ}
    status, page = call("POST", "/admin/login/", body=body, **environ)
    assert status == 413
    assert "That was too much at once" in page


@pytest.mark.parametrize(
    "content_type",
    [";", ";;=;\xff\xfe;a*=;", "multipart/form-data; boundary=x", f"{FORM}; a*0*=utf-8''b; a*1=c"],
)
def test_odd_content_type_is_no_server_error(call, content_type):
    status, _page = call("POST", "/admin/login/", body=b"--x\r\nContent-Disp", CONTENT_TYPE=content_type)
    assert status == 403


@pytest.mark.parametrize(("path", "query"), [("/a\0b/", ""), ("/media/\0", ""), ("/static/\0", ""), ("/", "q=a%00b")])
def test_nul_byte_in_the_address_is_refused(call, path, query):
    status, page = call(path=path, query=query)
    assert status == 400
    assert "We could not read that request" in page


@pytest.mark.parametrize(
    "path",
    ["/\xff\xfe/", "/caf\xe9/", "/" + "a/" * 4000, "/" + "9" * 9000 + "/", "/gallery/x/" + "9" * 30 + "/", "//a.b/"],
    ids=["broken percent encoding", "latin-1", "deep", "long", "huge number", "two slashes"],
)
def test_odd_address_is_no_page(call, path):
    status, page = call(path=path)
    assert status == 404
    assert "There is no page at this address" in page


def test_foreign_host_is_refused_with_our_page(call):
    status, page = call(HTTP_HOST="evil.example")
    assert status == 400
    assert "evil.example" not in page


@pytest.mark.parametrize("cookie", ["sessionid=\0; csrftoken=\0", "sessionid=\xff\xfe'\"; csrftoken=;;="])
def test_broken_cookies_are_ignored(call, cookie):
    status, _page = call(path="/admin/login/", HTTP_COOKIE=cookie)
    assert status == 200
