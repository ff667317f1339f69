import pytest
from django.test import Client

from cacita.content_policy import style_hash
from tests.factories import make_identity, make_page, make_picture_bytes

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self'",
    "manifest-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def policy(response):
    parts = [part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")]
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


def with_colours(identity):
    return STRICT | {"style-src": f"'self' {style_hash(identity.colours_css)}"}


@pytest.mark.parametrize("address", ["/", "/gallery/", "/no-such-page/", "/no such page/"])
def test_public_page_allows_its_own_files_and_colours_alone(client, address):
    identity = make_identity(brand="#123456")
    make_page("Home", slug="")
    assert policy(client.get(address)) == with_colours(identity)


def test_answers_to_machines_have_the_strict_policy(client):
    for address in ("/robots.txt", "/healthz/", "/sitemap.xml"):
        assert policy(client.get(address)) == STRICT


def test_refused_request_has_the_policy_of_its_page(client):
    identity = make_identity()
    assert policy(client.get("/?q=%00")) == with_colours(identity)


def test_admin_keeps_scripts_strict_and_allows_inline_styles(editor_client):
    for address in ("/admin/", "/admin/pages/page/"):
        assert policy(editor_client.get(address)) == STRICT | {
            "font-src": "'self'",
            "img-src": "'self' data: blob:",
            "style-src": "'self' 'unsafe-inline'",
        }


def test_analytics_widens_scripts_and_connections_by_its_host_alone(client):
    identity = make_identity(analytics_service="plausible", analytics_site="example.org")
    make_page("Home", slug="")
    assert policy(client.get("/")) == with_colours(identity) | {
        "script-src": "'self' https://plausible.io",
        "connect-src": "'self' https://plausible.io",
    }


def test_hash_is_that_of_the_style_on_the_page():
    # The value browsers compute for this style sheet: echo -n "a{}" | openssl dgst -sha256 -binary | base64
    assert style_hash("a{}") == "'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='"


@pytest.mark.parametrize(
    "address", ["/", "/no-such-page/", "/?q=%00", "/robots.txt", "/media/x.png", "/admin/", "/admin/login/"]
)
def test_every_answer_carries_the_other_headers(client, address):
    make_page("Home", slug="")
    response = client.get(address)
    assert {name: response[name] for name in EVERYWHERE} == EVERYWHERE
    assert "Strict-Transport-Security" not in response
    assert "Server" not in response
    assert "X-Powered-By" not in response


def test_every_answer_turns_powerful_features_off(client):
    assert client.get("/robots.txt")["Permissions-Policy"] == (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
    )


def test_upload_is_shown_but_never_run(client, settings):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "coast.jpg").write_bytes(make_picture_bytes())
    response = client.get("/media/coast.jpg")
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert policy(response) == {"default-src": "'none'", "style-src": "'unsafe-inline'", "sandbox": ""}
    response.close()


def test_static_file_keeps_its_type(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("a{}")
    response = Client().get("/static/site.css")
    assert response["Content-Type"] == 'text/css; charset="utf-8"'
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


@pytest.mark.parametrize("address", ["/", "/about/", "/gallery/", "/robots.txt", "/sitemap.xml", "/no-such-page/"])
def test_no_cookie_is_set_for_a_visitor(client, address):
    make_page("Home", slug="")
    make_page("About")
    assert client.get(address).cookies == {}


def test_published_page_never_asks_who_is_looking(client):
    make_page("About")
    assert "Cookie" not in client.get("/about/").get("Vary", "")
