import re

import pytest
from django.urls import reverse
from django.utils import translation

from pages.languages import in_language, language_of
from pages.models import Page
from tests.factories import make_identity, make_line, make_menu_item, make_notice, make_page

pytestmark = pytest.mark.django_db


def html_of(client, path, **options):
    return client.get(path, **options).content.decode()


@pytest.mark.parametrize(
    ("address", "language"), [("/", "en"), ("/help/", "en"), ("/es/", "es"), ("/es", "es"), ("/espanol/", "en")]
)
def test_language_stands_in_the_address(address, language):
    assert language_of(address) == language


@pytest.mark.parametrize(
    ("address", "in_english", "in_spanish"),
    [
        ("/", "/", "/es/"),
        ("/es/", "/", "/es/"),
        ("/help/kern/?a=1", "/help/kern/?a=1", "/es/help/kern/?a=1"),
        ("/es/help/kern/", "/help/kern/", "/es/help/kern/"),
        ("/media/plan.pdf", "/media/plan.pdf", "/media/plan.pdf"),
        ("/admin/", "/admin/", "/admin/"),
        ("https://example.org/", "https://example.org/", "https://example.org/"),
        ("/es//example.org/", "/example.org/", "/es/example.org/"),
        ("/es/\\example.org/", "/example.org/", "/es/example.org/"),
        ("#main", "#main", "#main"),
        ("//evil.example/", "/evil.example/", "/es/evil.example/"),
        ("/es//evil.example/", "/evil.example/", "/es/evil.example/"),
        ("", "", ""),
    ],
)
def test_address_is_led_to_its_twin(address, in_english, in_spanish):
    assert (in_language(address, "en"), in_language(address, "es")) == (in_english, in_spanish)


@pytest.mark.parametrize("name", ["help:help", "help:which_number", "events:upcoming", "page"])
def test_reverse_stays_in_the_language_in_force(name):
    english = reverse(name)
    with translation.override("es"):
        assert reverse(name) == f"/es{english}"


def test_page_that_speaks_spanish_is_spanish_as_a_whole(client):
    make_identity()
    response = client.get("/es/help/")
    html = response.content.decode()

    assert '<html lang="es">' in html
    assert "<h1>Pida ayuda ahora</h1>" in html
    assert response["Content-Language"] == "es"
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html) == [
        ("x-default", "http://127.0.0.1:8000/help/"),
        ("en", "http://127.0.0.1:8000/help/"),
        ("es", "http://127.0.0.1:8000/es/help/"),
    ]
    assert '<link rel="canonical" href="http://127.0.0.1:8000/es/help/">' in html
    assert '<a href="/help/" lang="en" hreflang="en">English</a>' in html


def test_page_without_spanish_says_so_in_a_spanish_frame(client):
    make_identity()
    make_page("About")
    make_menu_item("About us", url="/about/")
    make_notice("The office is closed.")

    response = client.get("/es/about/")
    html = response.content.decode()

    assert '<html lang="es">' in html
    assert '<title lang="en">About · Test</title>' in html
    assert '<main id="main" tabindex="-1" lang="en">' in html
    assert "Esta página todavía no está en español. Lo que sigue está en inglés." in html
    assert '<a href="/es/help/">Ayuda en crisis en español</a>' in html
    assert '<span lang="en">The office is closed.</span>' in html
    assert '<a href="/es/about/" aria-current="page"><span lang="en">About us</span></a>' in html
    assert '<a href="/about/" lang="en" hreflang="en">English</a>' in html
    assert ">Llame al 988</a>" in html
    assert '<link rel="canonical" href="http://127.0.0.1:8000/about/">' in html
    assert 'rel="alternate"' not in html
    assert response["Content-Language"] == "en"


def test_english_page_leads_to_its_spanish_twin_with_its_choices(client):
    make_identity()
    html = html_of(client, "/events/", data={"words": "a&b"})
    assert '<a href="/es/events/?words=a%26b" lang="es" hreflang="es">Español</a>' in html
    assert "no Spanish version" not in html
    assert "todavía" not in html


def test_answer_depends_on_the_address_alone(client):
    make_identity()
    response = client.get("/help/", headers={"accept-language": "es"})
    assert "<h1>Get help now</h1>" in response.content.decode()
    assert "Accept-Language" not in response.get("Vary", "")
    assert response.cookies == {}


def test_language_of_one_request_does_not_reach_the_next(client):
    make_identity()
    client.get("/es/help/")
    assert translation.get_language() == "en"
    assert "<h1>Get help now</h1>" in html_of(client, "/help/")


def test_address_without_its_last_slash_is_led_on(client):
    assert client.get("/es")["Location"] == "/es/"
    assert client.get("/es/help")["Location"] == "/es/help/"


@pytest.mark.parametrize("path", ["/es/no-such-page/", "/es/events/no-such-event/", "/es/help/atlantis/"])
def test_error_page_speaks_spanish(client, path):
    make_identity()
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 404
    assert "<h1>No hay ninguna página en esta dirección</h1>" in html
    assert '<a class="button" href="/es/">' in html
    assert response["Content-Language"] == "es"


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/es//example.org/", "/example.org/"),
        ("/es/%2Fexample.org/", "/example.org/"),
        ("/es///example.org", "/example.org"),
        ("/es/%5Cexample.org/", "/%5Cexample.org/"),
    ],
)
def test_language_link_never_leads_to_another_site(client, path, link):
    make_identity()
    assert re.findall(r'<a href="([^"]*)" lang="en" hreflang="en">', html_of(client, path)) == [link]


@pytest.mark.parametrize("path", ["//example.org/", "///example.org/"])
def test_language_link_of_an_address_that_begins_with_slashes_stays_here(client, path):
    make_identity()
    html = html_of(client, "/", PATH_INFO=path)
    links = re.findall(r'<a href="([^"]*)" lang="es" hreflang="es">', html)
    assert links == [f"/es/%2F{path.removeprefix('//')}"]


def test_page_cannot_take_the_address_of_the_spanish_twins():
    page = Page(title="Español", slug="es")
    with pytest.raises(Exception, match="an address the site itself uses"):
        page.full_clean()


def test_admin_has_no_twin(client):
    assert client.get("/es/admin/").status_code == 404


def test_choice_made_in_spanish_leads_on_in_spanish(client):
    make_identity()
    response = client.get("/es/help/county/", {"county": "kern"})
    assert response["Location"] == "/es/help/kern/"


def test_line_with_spanish_words_says_them_and_marks_english_ones(client):
    make_identity()
    make_line("Test Line", name_es="Línea de prueba", what_for="To talk.")
    html = html_of(client, "/es/help/")
    assert "Línea de prueba" in html
    assert '<span lang="en">To talk.</span>' in html
