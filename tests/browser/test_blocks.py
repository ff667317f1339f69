"""What blocks do in a browser: a video that waits, a long page's list of sections, and print."""

import pytest

from tests.browser.looks import ON_LACIT
from tests.live import run_in_shell

pytestmark = ON_LACIT

ADDRESS = "/video-of-a-test/"
CODE = f"""
from pages.models import Page, Photo, Video
photo = Photo.objects.first()
page = Page.objects.create(title="A video", slug={ADDRESS.strip("/")!r}, status="published")
Video.objects.create(
    parent=page, title="A class", url="https://youtu.be/abcdefghijk", picture=photo.picture.name,
    picture_width=photo.picture_width, picture_height=photo.picture_height, picture_alt=photo.picture_alt,
)
"""
REMOVE = f"from pages.models import Page; Page.objects.filter(path={ADDRESS!r}).delete()"


@pytest.fixture(scope="module")
def video_address(live_site):
    run_in_shell(live_site, CODE)
    yield ADDRESS
    run_in_shell(live_site, REMOVE)


def test_video_plays_after_a_click_and_not_before(open_page, live_site, video_address):
    page = open_page("/healthz/")
    asked = []
    page.on("request", lambda request: request.url.startswith(live_site.url) or asked.append(request))
    page.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="The player"))
    page.goto(video_address, wait_until="networkidle")
    assert asked == []
    page.locator("a[data-player]").press("Enter")
    player = page.locator("iframe[title='A class']")
    assert player.content_frame.locator("body").inner_text() == "The player"
    assert [request.url for request in asked] == ["https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"]
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    assert page.faults == []


def test_video_without_scripts_is_a_link_to_its_page(open_page, video_address):
    page = open_page(video_address, scripts=False)
    assert page.locator("main figure a").first.get_attribute("href") == "https://youtu.be/abcdefghijk"


def test_list_of_sections_leads_to_each(open_page):
    page = open_page("/what-is-cit/", width=360)
    link = page.get_by_role("navigation", name="On this page").get_by_role("link").last
    link.click()
    heading = page.locator(link.get_attribute("href"))
    assert heading.inner_text() == link.inner_text()
    assert 0 <= heading.bounding_box()["y"] < 800


def test_print_leaves_the_list_out_and_shows_every_answer(open_page):
    page = open_page("/what-is-cit/")
    page.emulate_media(media="print")
    assert not page.locator(".contents").is_visible()
    assert page.locator(".question .prose").first.is_visible()


def test_print_is_dark_on_white_on_a_band_too(staff_page):
    page = staff_page("/admin/style/", dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.section--band p, .section--band h3')]"
            ".map((element) => getComputedStyle(element).color)"
            ".filter((colour) => colour.match(/[0-9.]+/g).slice(0, 3).some((part) => part > 165))"
        )
        == []
    )
