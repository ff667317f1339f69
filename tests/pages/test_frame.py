import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from cacita import errors
from pages.models import Card, Identity, Notice, Page
from pages.publishing import PublishedQuerySet
from pages.templatetags.site import data_block, logo
from tests.factories import make_identity, make_menu_item, make_notice, make_page, make_picture_file


def render(text, **context):
    return Template("{% load site %}" + text).render(Context(context))


def structured_data(html):
    """The facts for search engines on a page, by their type."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return {data["@type"]: data for data in map(json.loads, blocks)}


def meta(html):
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))


@pytest.mark.parametrize("name", [*Card.Icon.values, "arrow", "rss", "chevron", "external"])
def test_icon_is_a_silent_drawing(name):
    svg = render("{% icon name %}", name=name)

    assert svg.startswith('<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"')


def test_icon_with_variant_has_its_class():
    assert 'class="icon icon--line"' in render('{% icon "people" "line" %}')


def test_icon_unknown_lists_the_choices():
    with pytest.raises(TemplateSyntaxError, match=r"no icon “rocket”\. Choose one of: arrow, book, .*warning"):
        render('{% icon "rocket" %}')


def test_logo_drawing_stands_in_the_page():
    assert logo(Identity(logo_drawing="<svg><path/></svg>")) == "<svg><path/></svg>"


def test_logo_picture_has_width_and_height():
    assert (
        logo(Identity(logo="identity/logo.png", logo_width=48, logo_height=48))
        == '<img src="/media/identity/logo.png" alt="" width="48" height="48">'
    )


def test_logo_missing_is_nothing():
    assert logo(Identity()) == ""


def test_data_block_cannot_be_ended_by_a_value():
    html = data_block({"name": "</script><script>alert(1)</script>&"})

    assert html.count("<") == 2
    assert json.loads(html[html.index("{") : html.rindex("}") + 1])["name"] == "</script><script>alert(1)</script>&"


def test_phone_is_dialed_by_digits():
    assert render("{{ '+1 (213) 555-0100'|dialable }}") == "+12135550100"


@pytest.mark.django_db
def test_empty_database_shows_what_to_do_next(client):
    response = client.get("/")
    html = response.content.decode()

    assert response.status_code == 200
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["This site is ready for its first page"]
    assert '<a class="button" href="/admin/">' in html
    assert "<title>Crisis Intervention Training Association</title>" in html


@pytest.mark.django_db
def test_page_has_its_landmarks_once(client):
    make_menu_item("About", url="/about/")

    html = client.get("/").content.decode()

    for landmark in (
        '<header class="masthead">',
        '<main id="main"',
        '<footer class="footer">',
        'aria-label="Crisis numbers"',
    ):
        assert html.count(landmark) == 1
    assert html.index('href="#main"') < html.index('class="crisis"') < html.index('class="masthead"')


@pytest.mark.django_db
def test_crisis_bar_offers_call_and_text(client):
    bar, _rest = client.get("/").content.decode().split('<header class="masthead">')

    assert re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', bar) == [
        ("tel:988", "Call 988"),
        ("sms:988", "Text 988"),
        ("tel:911", "Call 911"),
        ("/help/", "More help"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "link"), [("/", "/help/")])
def test_crisis_bar_leads_to_help_in_the_language_of_the_page(client, page, link):
    assert f'<li><a href="{link}">' in client.get(page).content.decode().split('<header class="masthead">')[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "label", "shown"),
    [
        ("Test Association", "Test, Test Association, home", ["Test", "Test Association"]),
        ("Test", "Test, home", ["Test"]),
    ],
)
def test_wordmark_says_each_name_once(client, name, label, shown):
    make_identity(name=name)

    html = client.get("/").content.decode()
    [mark] = re.findall(r'<a class="mark" href="/" aria-label="([^"]+)">(.*?)</a>', html, re.DOTALL)

    assert (mark[0], re.findall(r'<span class="mark__\w+">([^<]+)', mark[1])) == (label, shown)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "beside", "under_more"),
    [(5, 5, None), (6, 6, ("nav__more nav__more--narrow", 1)), (9, 7, ("nav__more", 4))],
)
def test_header_menu_puts_what_does_not_fit_under_more(client, count, beside, under_more):
    for number in range(1, count + 1):
        make_menu_item(f"Entry {number}", url=f"/{number}/", position=number)

    html = client.get("/").content.decode()
    [wide] = re.findall(r'<nav class="nav".*?</nav>', html, re.DOTALL)
    [narrow] = re.findall(r'<details class="menu">.*?</details>', html, re.DOTALL)
    top, _more, more = wide.partition('<li class="nav__more')

    assert top.count("<a ") == beside
    assert narrow.count("<a ") == count + len(["the other language"])
    if under_more:
        assert (re.findall(r'class="(nav__more[^"]*)"', wide), more.count("<a ")) == ([under_more[0]], under_more[1])
    else:
        assert more == ""


@pytest.mark.django_db
def test_header_menu_marks_the_present_page_in_each_of_its_forms(client):
    make_menu_item("Home", url="/", position=1)
    make_menu_item("About", url="/about/", position=2)

    html = client.get("/").content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="(\w+)">', html) == [("/", "page"), ("/", "page")]


@pytest.mark.django_db
def test_header_menu_folds_children(client):
    about = make_menu_item("About", url="/about/")
    make_menu_item("Board", url="/about/board/", parent=about)

    html = client.get("/").content.decode()
    [drop] = re.findall(r'<details class="drop" name="main-menu">.*?</details>', html, re.DOTALL)

    assert re.findall(r'<a href="([^"]+)">', drop) == ["/about/", "/about/board/"]


@pytest.mark.django_db
def test_footer_shows_the_facts_of_the_identity(client):
    identity = make_identity(
        address="1 Example Street\nSacramento, CA",
        ein="12-3456789",
        phone="+1 916 555 0100",
        email="office@example.org",
    )
    identity.sociallink_set.create(name="LinkedIn", url="https://www.linkedin.com/company/example")

    _page, footer = client.get("/").content.decode().split('<footer class="footer">')

    assert "1 Example Street<br>Sacramento, CA" in footer
    assert "EIN 12-3456789" in footer
    assert '<a href="tel:+19165550100">+1 916 555 0100</a>' in footer
    assert '<a href="mailto:office@example.org">office@example.org</a>' in footer
    assert '<a href="https://www.linkedin.com/company/example" rel="me">LinkedIn</a>' in footer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counties", "words"),
    [
        ("", "Serving all 58 counties of California."),
        ("Napa", "Serving Napa County."),
        ("Napa\nMarin", "Serving the counties of Napa, Marin."),
    ],
)
def test_footer_says_which_counties_are_served(client, counties, words):
    make_identity(counties=counties)

    html = client.get("/").content.decode()

    assert re.findall(r"<p>(Serving [^<]+)</p>", html) == [words]


@pytest.mark.django_db
def test_organization_data_holds_what_the_identity_holds(client, settings):
    settings.SITE_URL = "https://cit.example.org"
    identity = make_identity(name='Test "Quoted" </script>', phone="+1 916 555 0100", counties="Napa\nMarin")
    identity.sociallink_set.create(name="LinkedIn", url="https://www.linkedin.com/company/example")

    assert structured_data(client.get("/").content.decode())["Organization"] == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": "https://cit.example.org/#organization",
        "name": 'Test "Quoted" </script>',
        "alternateName": "Test",
        "url": "https://cit.example.org/",
        "description": "We test.",
        "telephone": "+1 916 555 0100",
        "areaServed": ["Napa County, California", "Marin County, California"],
        "sameAs": ["https://www.linkedin.com/company/example"],
    }


@pytest.mark.django_db
def test_organization_data_says_what_the_logo_shows(client, settings):
    settings.SITE_URL = "https://cit.example.org"
    identity = make_identity(logo=make_picture_file(), logo_alt="A poppy")

    assert structured_data(client.get("/").content.decode())["Organization"]["logo"] == {
        "@type": "ImageObject",
        "url": f"https://cit.example.org{identity.logo.url}",
        "caption": "A poppy",
    }


@pytest.mark.django_db
def test_breadcrumbs_say_the_same_to_people_and_machines():
    above = make_page("About")

    html = render("{% breadcrumbs 'Board' above %}", above=[above], site_url="https://cit.example.org")

    assert re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', html) == [("/", "Home"), ("/about/", "About")]
    assert structured_data(html)["BreadcrumbList"]["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "Home", "item": "https://cit.example.org/"},
        {"@type": "ListItem", "position": 2, "name": "About", "item": "https://cit.example.org/about/"},
        {"@type": "ListItem", "position": 3, "name": "Board"},
    ]


@pytest.mark.django_db
def test_breadcrumbs_start_at_a_fixed_page():
    html = render(
        "{% breadcrumbs 'Coast' album label='Gallery' href='/gallery/' %}", album=make_page("Hills"), site_url=""
    )

    assert re.findall(r'<li><a href="([^"]+)">', html) == ["/", "/gallery/", "/hills/"]


@pytest.mark.django_db
def test_shared_link_shows_the_card_with_its_size(client, settings):
    settings.SITE_URL = "https://cit.example.org"
    identity = make_identity(card=make_picture_file(size=(1200, 630)))

    facts = meta(client.get("/").content.decode())

    assert facts["og:url"] == "https://cit.example.org/"
    assert facts["og:image"] == f"https://cit.example.org{identity.card.shared.url}"
    assert (facts["og:image:width"], facts["og:image:height"]) == ("1200", "630")
    assert facts["og:image:alt"] == "Test Association"
    assert facts["twitter:card"] == "summary_large_image"


@pytest.mark.django_db
def test_page_has_a_title_description_and_address_of_its_own(client, settings):
    settings.SITE_URL = "https://cit.example.org"
    make_identity()
    make_page("About", lead="Who we are.")

    html = client.get("/about/").content.decode()

    assert "<title>About · Test</title>" in html
    assert meta(html)["description"] == "Who we are."
    assert meta(html)["og:title"] == "About"
    assert '<link rel="canonical" href="https://cit.example.org/about/">' in html


@pytest.mark.django_db
def test_notices_obey_their_publish_window(client):
    now = timezone.now()
    make_notice("This one is a draft.", status=Notice.Status.DRAFT)
    make_notice("This one is over.", publish_until=now - timedelta(minutes=1))
    make_notice("This one is to come.", publish_from=now + timedelta(days=1))
    make_notice("This one stands.", level="urgent", link_label="Read more", link_url="/more/")

    html = client.get("/").content.decode()

    assert re.findall(r"This one [a-z ]+", html) == ["This one stands"]
    assert '<li class="notice notice--urgent">' in html
    assert '<b>Urgent:</b> <span>This one stands. <a href="/more/">Read more</a></span>' in html


@pytest.mark.django_db
def test_notice_does_not_link_to_a_draft(client):
    make_notice("Soon.", link_label="Secret plan", link_page=make_page("Secret", status=Page.Status.DRAFT))

    html = client.get("/").content.decode()

    assert "Soon." in html
    assert "/secret/" not in html
    assert "Secret plan" not in html


@pytest.mark.django_db
def test_draft_bar_is_shown_to_staff_alone(editor_client, client):
    make_page("About", status=Page.Status.DRAFT)

    assert "Draft: only staff see this page." in editor_client.get("/about/").content.decode()
    client.logout()
    assert "Draft: only staff" not in client.get("/about/").content.decode()


@pytest.mark.django_db
def test_missing_page_keeps_numbers_and_menu(client):
    make_menu_item("Events", url="/events/")

    response = client.get("/nowhere/")
    html = response.content.decode()

    assert response.status_code == 404
    assert 'href="tel:988"' in html
    assert '<a href="/events/">Events</a>' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html


@pytest.mark.django_db
def test_server_error_asks_no_menu(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = AnonymousUser()
    request.identity = make_identity()
    make_menu_item("Events", url="/events/")

    with django_assert_num_queries(0):
        response = errors.server_error(request)

    assert response.status_code == 500
    assert 'href="tel:988"' in response.content.decode()


@pytest.mark.parametrize(("handler", "status"), [(errors.bad_request, 400), (errors.server_error, 500)])
def test_error_page_without_database_keeps_the_numbers(rf, monkeypatch, handler, status):
    def away(*args, **kwargs):
        raise DatabaseError("The database is away.")

    monkeypatch.setattr(PublishedQuerySet, "published", away)
    monkeypatch.setattr("pages.context.load_menus", away)
    monkeypatch.setattr(Identity, "load", away)
    request = rf.get("/")
    request.user = AnonymousUser()

    response = handler(request)
    html = response.content.decode()

    assert response.status_code == status
    assert "<title>" in html
    assert 'href="tel:988"' in html
    assert "This site" in html
