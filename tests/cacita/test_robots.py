import pytest
from django.db import connection
from django.db.utils import OperationalError


def test_robots_keeps_machines_from_the_admin_and_names_the_sitemap(client, settings):
    settings.SITE_URL = "https://www.example.org"
    response = client.get("/robots.txt")
    assert response.text == "User-agent: *\nDisallow: /admin/\nSitemap: https://www.example.org/sitemap.xml\n"
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
def test_health_is_good_while_the_database_answers(client):
    response = client.get("/healthz/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_health_is_bad_without_a_database(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("no database")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/healthz/")
    assert response.status_code == 503
    assert response.json() == {"status": "no database"}


@pytest.mark.parametrize("address", ["/robots.txt", "/healthz/", "/sitemap.xml"])
def test_machine_addresses_take_no_post(client, address):
    assert client.post(address).status_code == 405
