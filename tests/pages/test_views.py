import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from pages.models import Album, Card, OldPath, Page, RichText, Section, Video
from tests.factories import (
    make_album,
    make_block,
    make_identity,
    make_page,
    make_photo,
    make_picture_file,
)

pytestmark = pytest.mark.django_db

DRAFT_BAR = "Draft: only staff see this page."


def headings(response):
    return re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode())


def images(response):
    """How each picture of the content is loaded, in order."""
    tags = re.findall(r"<img [^>]*>", response.content.decode().split("<main")[1].split("</main>")[0])
    return ["lazy" if 'loading="lazy"' in tag else "at once" for tag in tags]


def main(response):
    return response.content.decode().split("<main")[1].split("</main>")[0]


def policy(response):
    return dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; ") if " " in part)


@pytest.fixture
def helper_client(client):
    """Staff who may do nothing yet."""
    client.force_login(get_user_model().objects.create_user("helper", is_staff=True))
    return client


# Pages


def test_page_shows_its_title_and_lead(client):
    make_page("About us", lead="Who we are & what we do")
    response = client.get("/about-us/")
    assert response.status_code == 200
    assert headings(response) == ["About us"]
    assert '<p class="pagehead__lead">Who we are &amp; what we do</p>' in main(response)


def test_crumbs_leave_unpublished_pages_out(client):
    about = make_page("About")
    team = make_page("Team", parent=about, status=Page.Status.DRAFT)
    make_page("Board", parent=team)
    assert re.findall(r'<li><a href="([^"]+)">', main(client.get("/about/team/board/"))) == ["/", "/about/"]


def test_page_with_several_kinds_costs_a_fixed_number_of_statements(client, django_assert_num_queries):
    make_identity()
    page = make_page("About")
    for number in range(3):
        make_block(Section, page, heading=f"Part {number}")
        make_block(RichText, page, text="<p>Text</p>")
        make_block(Card, page, heading="Card", link_label="More", link_page=page)
    with django_assert_num_queries(7):
        assert client.get("/about/").status_code == 200


def test_published_page_touches_no_session(client):
    make_page("About")
    response = client.get("/about/")
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


def test_head_request_is_answered_without_a_body(client):
    make_page("About")
    response = client.head("/about/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/about/", "/gallery/", "/gallery/coast/", "/gallery/coast/1/"])
def test_pages_take_no_post(client, path):
    response = client.post(path, {"a": "b"})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_unknown_address_is_a_page_of_its_own(client):
    make_page("About")
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert headings(response) == ["There is no page at this address"]


def test_empty_database_answers_at_home(client):
    response = client.get("/")
    assert response.status_code == 200
    assert headings(response) == ["This site is ready for its first page"]
    assert client.get("/about/").status_code == 404
    assert client.get("/gallery/").status_code == 200


def test_long_page_lists_its_sections(client):
    page = make_page("About")
    for number in range(1, 6):
        make_block(Section, page, heading=f"Part {number}")
    html = main(client.get("/about/"))
    assert re.findall(r'<li><a href="#([^"]+)">(.*?)</a>', html) == [(f"part-{n}", f"Part {n}") for n in range(1, 6)]
    assert re.findall(r'<h2 id="([^"]+)">', html) == [f"part-{n}" for n in range(1, 6)]


def test_short_page_has_no_list_of_sections(client):
    page = make_page("About")
    for number in range(1, 5):
        make_block(Section, page, heading=f"Part {number}")
    assert "On this page" not in main(client.get("/about/"))


# Drafts


def test_draft_is_hidden_from_the_public(client):
    make_page("Secret plan", status=Page.Status.DRAFT)
    response = client.get("/secret-plan/")
    assert response.status_code == 404
    assert "Secret plan" not in response.content.decode()


def test_draft_is_hidden_from_staff_without_rights(helper_client):
    make_page("Secret plan", status=Page.Status.DRAFT)
    assert helper_client.get("/secret-plan/").status_code == 404


def test_draft_shown_to_staff_says_so_and_is_never_stored(editor_client):
    make_page("Secret plan", status=Page.Status.DRAFT)
    response = editor_client.get("/secret-plan/")
    assert response.status_code == 200
    assert headings(response) == ["Secret plan"]
    assert DRAFT_BAR in response.content.decode()
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


def test_published_page_is_the_same_for_staff_and_bears_no_mark(editor_client):
    make_page("About")
    response = editor_client.get("/about/")
    assert DRAFT_BAR not in response.content.decode()
    assert "no-store" not in response.get("Cache-Control", "")


def test_page_withdrawn_in_the_past_is_gone(client):
    make_page("Over", publish_until=timezone.now() - timedelta(minutes=1))
    make_page("Later", publish_from=timezone.now() + timedelta(hours=1))
    assert client.get("/over/").status_code == 404
    assert client.get("/later/").status_code == 404


# Old addresses


def test_old_address_leads_to_the_new_one_below_a_moved_page_too(client):
    about = make_page("About")
    make_page("Team", parent=about)
    about.slug = "who-we-are"
    about.save()
    for old, new in (("/about/", "/who-we-are/"), ("/about/team/", "/who-we-are/team/")):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)


def test_old_address_below_es_leads_to_the_new_one_there(client):
    OldPath.objects.create(path="/old/", page=make_page("About"))
    assert client.get("/es/old/")["Location"] == "/es/about/"


def test_old_address_of_a_draft_is_unknown(client):
    page = make_page("About", status=Page.Status.DRAFT)
    OldPath.objects.create(path="/old/", page=page)
    assert client.get("/old/").status_code == 404


def test_old_address_of_a_draft_is_not_remembered_by_the_browser_of_staff(editor_client):
    page = make_page("About", status=Page.Status.DRAFT)
    OldPath.objects.create(path="/old/", page=page)
    response = editor_client.get("/old/")
    assert (response.status_code, response["Location"]) == (301, "/about/")
    assert "no-store" in response["Cache-Control"]


# Videos


def make_video(page, url="https://www.youtube.com/watch?v=abcdefghijk"):
    return make_block(Video, page, title="A class", url=url, picture=make_picture_file(), picture_alt="A room")


def test_video_asks_nobody_before_a_click(client):
    make_video(make_page("About"))
    response = client.get("/about/")
    html = main(response)
    assert [urlsplit(address).netloc for address in re.findall(r'src(?:set)?="([^"]+)"', html)] == [""] * 4
    assert "<iframe" not in html
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in html
    assert 'data-player="https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"' in html
    assert "js/video.js" in response.content.decode()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://youtu.be/abcdefghijk", "https://www.youtube-nocookie.com"),
        ("https://vimeo.com/123456789", "https://player.vimeo.com"),
    ],
)
def test_only_the_player_of_the_video_may_be_framed(client, url, host):
    make_video(make_page("About"), url)
    assert policy(client.get("/about/"))["frame-src"] == host


def test_page_without_a_video_frames_nothing(client):
    make_video(make_page("About"))
    make_block(Card, make_page("Other"), heading="A")
    response = client.get("/other/")
    assert "frame-src" not in policy(response)
    assert policy(response)["default-src"] == "'none'"
    assert "js/video.js" not in response.content.decode()


# Gallery


@pytest.mark.parametrize("number", [1, 3])
def test_gallery_costs_the_same_for_one_and_three(client, django_assert_num_queries, number):
    make_identity()
    for place in range(number):
        album = make_album(f"Album {place}", position=place)
        for _photo in range(number):
            make_photo(album)
    with django_assert_num_queries(6):
        response = client.get("/gallery/")
    assert images(response) == ["at once", "lazy", "lazy"][:number]
    assert re.findall(r"<h2>(.*?)</h2>", main(response)) == [f"Album {place}" for place in range(number)]


@pytest.mark.parametrize("number", [1, 3])
def test_album_costs_the_same_for_one_and_three(client, django_assert_num_queries, number):
    make_identity()
    album = make_album()
    for _photo in range(number):
        make_photo(album)
    with django_assert_num_queries(6):
        response = client.get("/gallery/coast/")
    assert headings(response) == ["Coast"]
    assert images(response) == ["at once", "lazy", "lazy"][:number]


@pytest.mark.parametrize("number", [1, 3])
def test_photo_costs_the_same_for_one_and_three(client, django_assert_num_queries, number):
    make_identity()
    album = make_album()
    photos = [make_photo(album) for _photo in range(number)]
    with django_assert_num_queries(6):
        response = client.get(photos[0].get_absolute_url())
    assert images(response) == ["at once"]


def test_photos_lead_on_and_back_and_stop_at_both_ends(client):
    album = make_album()
    addresses = [make_photo(album, caption=f"Photo {place}").get_absolute_url() for place in range(3)]

    def ways(address):
        return dict(re.findall(r'<a class="more" rel="(prev|next)" href="([^"]+)"', main(client.get(address))))

    assert ways(addresses[0]) == {"next": addresses[1]}
    assert ways(addresses[1]) == {"prev": addresses[0], "next": addresses[2]}
    assert ways(addresses[2]) == {"prev": addresses[1]}
    assert "3 of 3" in main(client.get(addresses[2]))


def test_album_alone_in_a_draft_is_hidden_with_its_photos(client):
    album = make_album(status=Album.Status.DRAFT)
    photo = make_photo(album)
    assert client.get("/gallery/coast/").status_code == 404
    assert client.get(photo.get_absolute_url()).status_code == 404
    assert "Coast" not in client.get("/gallery/").content.decode()


def test_draft_album_and_its_photo_are_never_stored_for_staff(editor_client):
    album = make_album(status=Album.Status.DRAFT)
    for address in ("/gallery/coast/", make_photo(album).get_absolute_url()):
        response = editor_client.get(address)
        assert response.status_code == 200
        assert DRAFT_BAR in response.content.decode()
        assert "no-store" in response["Cache-Control"]


def test_photo_of_another_album_is_unknown(client):
    make_photo(make_album("Coast"))
    other = make_photo(make_album("Hills"))
    assert client.get(f"/gallery/hills/{other.pk}/").status_code == 200
    assert client.get(f"/gallery/coast/{other.pk}/").status_code == 404


def test_illustration_says_so(client):
    photo = make_photo(make_album(), is_illustration=True)
    assert '<span class="tag">Illustration</span>' in main(client.get(photo.get_absolute_url()))


def test_empty_gallery_and_album_say_so(client):
    assert "No pictures are published yet." in main(client.get("/gallery/"))
    make_album()
    assert "This album has no pictures yet." in main(client.get("/gallery/coast/"))


def test_page_moved_there_and_back_is_found_and_no_redirect_is_kept_for_ever(client):
    page = make_page("About")
    for slug in ("who-we-are", "about"):
        page.slug = slug
        page.save()

    assert client.get("/about/").status_code == 200
    response = client.get("/who-we-are/")
    assert (response.status_code, response["Location"]) == (301, "/about/")
    assert response["Cache-Control"] == "max-age=3600"


def test_album_is_shared_under_its_own_title(client):
    make_identity()
    make_album("Coast", summary="Six drawings.")

    html = client.get("/gallery/coast/").content.decode()

    assert '<meta property="og:title" content="Coast">' in html
    assert '<meta property="og:description" content="Six drawings.">' in html
