"""What a device is told to keep of crisis help, and how it shows on a home screen."""

import json
import re

import pytest
from django.test import Client
from django.urls import resolve, reverse

from programs import counties
from resources import offline, which_number
from tests.cacita.test_headers import STRICT, policy
from tests.factories import make_identity

WORKER = "/help/worker.js"


def constant(script, name):
    return json.loads(re.search(rf"^const {name} = (.+);$", script, re.MULTILINE)[1])


def test_worker_is_a_script_that_browsers_ask_for_anew(db, client):
    response = client.get(WORKER)
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert client.get(WORKER, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert response.cookies == {}
    # What a worker may fetch is said by the policy of its script, not by that of the page.
    assert policy(response)["connect-src"] == STRICT["connect-src"]


def test_worker_needs_no_database(client):
    assert client.get(WORKER).status_code == 200


def test_worker_lives_where_it_captures_help_alone():
    assert reverse("help:worker").rpartition("/")[0] + "/" == reverse("help:help")


def test_every_kept_page_is_there(db, client):
    make_identity()
    script = client.get(WORKER).content.decode()
    pages = [path for path in constant(script, "LIST") if not path.startswith("/static/")]

    assert pages[0] == "/help/"
    assert {"/help/family-card/", "/help/what-to-say/", "/help/which-number/"} < set(pages)
    assert constant(script, "INSTEAD") in pages
    assert len(pages) == len(set(pages)) == 5 + len(list(which_number.every_path()))
    assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)
    for path in pages:
        assert client.get(path).content.decode().count("<html") == 1, path


def test_spanish_worker_keeps_spanish_pages_alone(db, client):
    make_identity()
    script = client.get("/es/help/worker.js").content.decode()
    pages = [path for path in constant(script, "LIST") if not path.startswith("/static/")]
    english = constant(client.get(WORKER).content.decode(), "LIST")
    assert pages == [f"/es{path}" for path in english if not path.startswith("/static/")]
    assert constant(script, "INSTEAD") == "/es/help/not-saved/"
    assert '<html lang="es">' in client.get(pages[0]).content.decode()


def test_spanish_app_speaks_spanish(db, client):
    make_identity(short_name="TA")
    manifest = client.get("/es/help/app.webmanifest").json()
    assert (manifest["name"], manifest["lang"], manifest["scope"]) == ("Ayuda en crisis de TA", "es", "/es/help/")


def test_kept_script_is_that_of_the_pages(db, client):
    scripts = [path for path in constant(client.get(WORKER).content.decode(), "LIST") if path.startswith("/static/")]
    assert re.findall(r'<script type="module" src="([^"]+)"', client.get("/help/").content.decode()) == scripts


def test_version_changes_with_the_list_and_with_nothing_else(monkeypatch):
    first, again = (constant(offline.worker(), "VERSION") for _time in range(2))
    monkeypatch.setattr(which_number, "every_path", lambda: ["danger-yes"])
    other = constant(offline.worker(), "VERSION")
    assert first == again != other


def test_manifest_names_the_app_after_the_association(db, client):
    make_identity(short_name="TA", brand="#0d5f5f")
    response = client.get("/help/app.webmanifest")
    manifest = response.json()

    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["name"], manifest["short_name"]) == ("TA crisis help", "Crisis help")
    assert manifest["start_url"] == manifest["scope"] == "/help/"
    assert (manifest["display"], manifest["theme_color"]) == ("standalone", "#0d5f5f")
    assert [(icon["src"], icon["purpose"]) for icon in manifest["icons"]] == [
        ("/icon-192.png", "any"),
        ("/icon-512.png", "any"),
        ("/icon-maskable-192.png", "maskable"),
        ("/icon-maskable-512.png", "maskable"),
    ]


def test_every_icon_of_the_manifest_is_there(db, client):
    for icon in client.get("/help/app.webmanifest").json()["icons"]:
        assert client.get(icon["src"])["Content-Type"] == icon["type"]


@pytest.mark.parametrize(
    ("page", "count"), [("/help/", 1), ("/help/kern/", 1), ("/contact/", 0), ("/no-such-page/", 0)]
)
def test_help_alone_can_be_put_on_a_home_screen(db, page, count):
    make_identity()
    html = Client().get(page).content.decode()
    assert html.count('<link rel="manifest" href="/help/app.webmanifest">') == count


def test_page_for_what_is_not_kept_is_not_for_search_engines(db, client):
    html = client.get("/help/not-saved/").content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert {"tel:988", "tel:911"} <= set(re.findall(r'href="(tel:\d+)"', html.split("<main")[1]))


@pytest.mark.parametrize("county", counties.COUNTIES, ids=str)
def test_no_other_address_of_help_hides_a_county(county):
    assert resolve(f"/help/{county.slug}/").view_name == "help:county"
