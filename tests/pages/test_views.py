import re

import pytest

from pages.models import Album, Page, Photo, RichText, Section, Video
from tests.factories import make_album, make_block, make_identity, make_page, make_photo

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def headings(response, level=1):
    return [
        re.sub(r"<[^>]+>", "", words).strip()
        for words in re.findall(rf"<h{level}\b[^>]*>(.*?)</h{level}>", text_of(response), re.DOTALL)
    ]


def frame_policy(response):
    """The hosts a page may open in a frame."""
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    return policy.get("frame-src", "")


def move(page, slug):
    page.slug = slug
    page.save()


class TestPage:
    def test_home_on_an_empty_database_says_welcome(self, client):
        assert client.get("/").status_code == 200
        assert Page.objects.count() == 0

    def test_published_page_shows_title_lead_and_blocks(self, client):
        page = make_page("About", lead="Who we are.")
        make_block(Section, page, heading="Our work", intro="Words")
        response = client.get("/about/")

        assert response.status_code == 200
        assert headings(response) == ["About"]
        assert "Our work" in headings(response, 2)
        assert "Who we are." in text_of(response)

    def test_trail_leads_over_the_published_pages_above(self, client):
        above = make_page("About")
        middle = make_page("Team", parent=above, status=Page.Status.DRAFT)
        make_page("Board", parent=middle)
        trail = re.search(r'<ol class="crumbs".*?</ol>', text_of(client.get("/about/team/board/")), re.DOTALL)[0]

        assert re.findall(r'href="([^"]+)"', trail) == ["/", "/about/"]

    def test_draft_is_not_found_by_the_public(self, client):
        make_page("Plans", status=Page.Status.DRAFT)

        assert client.get("/plans/").status_code == 404

    def test_draft_is_shown_to_staff_and_never_stored(self, editor_client):
        make_page("Plans", status=Page.Status.DRAFT)
        response = editor_client.get("/plans/")

        assert headings(response) == ["Plans"]
        assert "Draft: only staff see this page." in text_of(response)
        assert "no-store" in response["Cache-Control"]

    def test_published_page_touches_no_session(self, client):
        make_page("About")
        response = client.get("/about/")

        assert response.cookies == {}
        assert "Cookie" not in response.get("Vary", "")

    def test_old_address_leads_to_the_new_one_for_good(self, client):
        move(make_page("About"), "who-we-are")
        response = client.get("/about/")

        assert (response.status_code, response["Location"]) == (301, "/who-we-are/")

    def test_old_address_below_a_moved_page_leads_to_the_new_one(self, client):
        above = make_page("About")
        make_page("Board", parent=above)
        move(above, "who-we-are")
        response = client.get("/about/board/")

        assert (response.status_code, response["Location"]) == (301, "/who-we-are/board/")

    def test_old_address_of_a_draft_is_not_found_by_the_public(self, client):
        page = make_page("About")
        move(page, "secret-plans")
        Page.objects.filter(pk=page.pk).update(status=Page.Status.DRAFT)

        assert client.get("/about/").status_code == 404

    def test_unknown_address_is_not_found(self, client):
        make_page("About")

        assert client.get("/abouts/").status_code == 404

    def test_head_is_answered(self, client):
        make_page("About")
        response = client.head("/about/")

        assert (response.status_code, response.content) == (200, b"")

    @pytest.mark.parametrize("path", ["/", "/about/", "/gallery/", "/gallery/coast/"])
    def test_post_is_refused(self, client, path):
        make_page("About")
        make_album()

        assert client.post(path).status_code == 405

    def test_player_may_open_only_on_the_page_that_has_its_video(self, client):
        make_block(Video, make_page("With"), title="A talk", url="https://vimeo.com/123456789")
        make_block(RichText, make_page("Without"), text="<p>Words</p>")

        assert frame_policy(client.get("/with/")) == "https://player.vimeo.com"
        assert frame_policy(client.get("/without/")) == ""

    @pytest.mark.parametrize("count", [1, 3])
    def test_page_takes_the_same_queries_for_one_block_and_three(self, client, count, django_assert_num_queries):
        make_identity()
        page = make_page("About")
        for _ in range(count):
            make_block(RichText, page, text="<p>Words</p>")

        with django_assert_num_queries(7):
            client.get("/about/")


class TestGallery:
    def test_empty_gallery_says_so(self, client):
        response = client.get("/gallery/")

        assert headings(response) == ["Gallery"]
        assert "No pictures are published yet." in text_of(response)

    def test_drafts_are_not_listed(self, client):
        make_album("Coast")
        make_album("Plans", status=Album.Status.DRAFT)

        assert "Coast" in text_of(client.get("/gallery/"))
        assert "Plans" not in text_of(client.get("/gallery/"))

    @pytest.mark.parametrize("count", [1, 3])
    def test_gallery_takes_the_same_queries_for_one_album_and_three(self, client, count, django_assert_num_queries):
        make_identity()
        for number in range(count):
            album = make_album(f"Album {number}", slug=f"album-{number}")
            for _ in range(count):
                make_photo(album)

        with django_assert_num_queries(7):
            client.get("/gallery/")

    @pytest.mark.parametrize("count", [1, 3])
    def test_album_takes_the_same_queries_for_one_photo_and_three(self, client, count, django_assert_num_queries):
        make_identity()
        album = make_album()
        for _ in range(count):
            make_photo(album, caption="By the sea")

        with django_assert_num_queries(7):
            response = client.get("/gallery/coast/")
        assert text_of(response).count("By the sea") == count

    def test_draft_album_is_not_found_with_its_pictures(self, client):
        photo = make_photo(make_album("Plans", status=Album.Status.DRAFT))

        assert client.get("/gallery/plans/").status_code == 404
        assert client.get(photo.get_absolute_url()).status_code == 404

    def test_draft_album_is_shown_to_staff_and_never_stored(self, editor_client):
        photo = make_photo(make_album("Plans", status=Album.Status.DRAFT))

        assert "no-store" in editor_client.get("/gallery/plans/")["Cache-Control"]
        assert "no-store" in editor_client.get(photo.get_absolute_url())["Cache-Control"]


class TestPhoto:
    @pytest.fixture
    def photos(self):
        album = make_album()
        return [make_photo(album, caption=f"Picture {number}", position=number) for number in (1, 2, 3)]

    def test_middle_picture_leads_both_ways(self, client, photos):
        html = text_of(client.get(photos[1].get_absolute_url()))

        assert "2 of 3" in html
        assert set(re.findall(r'<a [^>]*rel="prev"[^>]*href="([^"]+)"', html)) == {photos[0].get_absolute_url()}
        assert set(re.findall(r'<a [^>]*rel="next"[^>]*href="([^"]+)"', html)) == {photos[2].get_absolute_url()}

    def test_first_and_last_picture_lead_one_way(self, client, photos):
        first, last = (text_of(client.get(photo.get_absolute_url())) for photo in (photos[0], photos[2]))

        assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
        assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)

    def test_drawing_is_called_an_illustration(self, client, photos):
        Photo.objects.filter(pk=photos[0].pk).update(is_illustration=True)
        drawing, photograph = (text_of(client.get(photo.get_absolute_url())) for photo in photos[:2])

        assert ("Illustration" in drawing, "Illustration" in photograph) == (True, False)

    def test_picture_of_another_album_is_not_found(self, client, photos):
        make_album("Hills")

        assert client.get(f"/gallery/hills/{photos[0].pk}/").status_code == 404
