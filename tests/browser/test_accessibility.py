"""WCAG 2.2 AA by axe on every template, in light and dark, and no sideways scrolling at 320 px."""

import pytest

from tests.browser.looks import LOOKS, findings
from tests.site.walk import longest

ADDRESSES = (
    *("/", "/what-is-cit/", "/training/", "/contact/", "/privacy/", "/gallery/"),
    *("/no-such-page/", "/es/about/", "/es/resources/", "/help/", "/help/los-angeles/"),
)


@pytest.fixture(scope="module")
def addresses(walked):
    """Every template once: the fixed ones, the first album and its first picture."""
    gallery = sorted(path for path in walked if path.startswith("/gallery/"))
    album = next(path for path in gallery if path.count("/") == 3)
    return [*ADDRESSES, album, next(path for path in gallery if path.startswith(album) and path != album)]


@LOOKS
def test_axe_finds_nothing(open_page, addresses, width, dark):
    page = open_page("/", width=width, dark=dark)
    for path in addresses:
        page.goto(path)
        assert (path, findings(page)) == (path, [])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_with_menus_open(open_page, width, dark):
    page = open_page("/", width=width, dark=dark)
    page.locator("summary:visible").first.click()
    assert findings(page) == []


def test_nothing_scrolls_sideways_at_320_pixels(open_page, walked):
    page = open_page("/", width=320)
    wide = {}
    for path in longest(walked):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    assert wide == {}


def test_zoomed_text_still_fits(open_page):
    """Text at 200 %: the browser's own zoom halves the width in CSS pixels and doubles the root's size."""
    page = open_page("/", width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_the_style_page(staff_page, dark):
    page = staff_page("/admin/style/", dark=dark)
    assert findings(page) == []
