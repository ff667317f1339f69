import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client, RequestFactory
from django.urls import path

from cacita import errors
from pages.forms import public_post
from tests.factories import make_identity, make_menu_item, make_notice


def broken(request):
    raise RuntimeError("secret words of the developer")


@public_post
def form(request):
    raise AssertionError("never reached")


urlpatterns = [path("broken/", broken), path("form/", form)]
handler400 = "cacita.errors.bad_request"
handler403 = "cacita.errors.permission_denied"
handler404 = "cacita.errors.page_not_found"
handler500 = "cacita.errors.server_error"

HANDLERS = [
    (400, errors.bad_request, "We could not read that request"),
    (403, errors.permission_denied, "You may not open this page"),
    (403, errors.csrf_failure, "This form had gone stale"),
    (404, errors.page_not_found, "There is no page at this address"),
    (500, errors.server_error, "Something broke on our side"),
]


@pytest.fixture
def without_database(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("no database")

    monkeypatch.setattr(connection, "cursor", refuse)


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "handler", "title"), HANDLERS)
def test_error_page_says_what_happened_and_keeps_the_crisis_numbers(status, handler, title):
    make_identity(name="Coast Association")
    response = handler(RequestFactory().get("/somewhere/"))
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert 'href="tel:988"' in response.text
    assert 'href="tel:911"' in response.text
    assert "Coast Association" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "handler", "title"), HANDLERS)
def test_error_page_renders_without_a_database(status, handler, title, without_database):
    response = handler(RequestFactory().get("/somewhere/"))
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert 'href="tel:988"' in response.text


@pytest.mark.django_db
def test_404_shows_menu_and_notices(client):
    make_menu_item("Gallery", url="/gallery/")
    make_notice("The office is closed on Monday.")
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert 'href="/gallery/"' in response.text
    assert "The office is closed on Monday." in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/no-such-page/", "/no such page/", "/media/none.jpg"])
def test_404_sets_no_cookie_and_looks_up_no_user(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as queries:
        response = client.get(address)
    assert response.status_code == 404
    assert response.cookies == {}
    assert [
        query["sql"] for query in queries.captured_queries if "session" in query["sql"] or "auth_" in query["sql"]
    ] == []


@pytest.mark.django_db
def test_style_of_the_identity_is_allowed_on_every_error_page(client):
    """An address no pattern matches never reaches the middleware that loads the identity."""
    identity = make_identity(brand="#123456")
    for address in ("/no-such-page/", "/no such page/"):
        response = client.get(address)
        assert f"<style>{identity.colours_css}</style>" in response.text
        assert "'sha256-" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_fault_in_a_view_is_told_to_nobody(settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Something broke on our side" in response.text
    assert "secret words" not in response.text
    assert client.head("/broken/").status_code == 500
    assert client.head("/broken/").content == b""


@pytest.mark.django_db
def test_form_sent_by_another_site_is_refused_in_words(settings):
    settings.ROOT_URLCONF = __name__
    response = Client(enforce_csrf_checks=True).post("/form/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "We did not take this form" in response.text
    assert "Open it on this site and send it from there." in response.text
    assert response.cookies == {}


@pytest.mark.django_db
def test_staff_form_without_token_gets_our_page(db):
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})
    assert response.status_code == 403
    assert "This form had gone stale" in response.text
