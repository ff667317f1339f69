"""Header, menus and skip link by keyboard, and the journeys without JavaScript."""

import pytest

HEADER_MENU = "header nav"


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_skip_link_is_first_and_moves_to_the_content(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_call_link_comes_right_after_the_skip_link(open_page):
    page = open_page("/what-is-cit/", width=360)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "tel:988"


def test_phone_menu_opens_by_keyboard_and_leads_on(open_page):
    page = open_page("/", width=360)
    menu = page.locator("header summary:visible").first
    menu.focus()
    page.keyboard.press("Enter")
    link = page.locator("header nav a:not([hreflang]):visible", has_text="Training").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/training/")
    assert page.locator("h1").count() == 1


def test_escape_closes_an_open_menu(open_page):
    page = open_page("/", width=360)
    menu = page.locator("header details:visible").first
    menu.locator("summary").first.click()
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None


@pytest.mark.parametrize("width", [360, 1024, 1280])
def test_every_menu_entry_can_be_reached_without_scripts(open_page, width):
    """Opens one fold of the header after the other, and counts the entries that show: each once at a time."""
    page = open_page("/", width=width, scripts=False)
    shown = visible_entries(page)
    for fold in page.locator("header summary:visible").all():
        fold.click()
        now = visible_entries(page)
        assert len(now) == len(set(now))
        shown += now
    every = {link.get_attribute("href") for link in page.locator("header nav a:not([hreflang])").all()}
    assert set(shown) == every


def visible_entries(page):
    return [link.get_attribute("href") for link in page.locator("header nav a:not([hreflang]):visible").all()]


def test_reader_without_scripts_walks_from_home_to_a_picture(open_page):
    page = open_page("/gallery/", width=360, scripts=False)
    page.locator("main a[href^='/gallery/']").first.click()
    page.locator("main a[href^='/gallery/']:has(img)").first.click()
    first = page.url
    page.locator("a[rel~=next]").click()
    assert page.url != first
    page.locator("a[rel~=prev]").click()
    assert page.url == first


def test_question_opens_by_keyboard(open_page):
    page = open_page("/what-is-cit/", width=360)
    question = page.locator("main details summary").first
    question.focus()
    page.keyboard.press("Enter")
    assert page.locator("main details").first.get_attribute("open") is not None


@pytest.mark.parametrize("path", ["/", "/what-is-cit/", "/gallery/", "/contact/"])
def test_page_reports_no_fault_and_asks_only_this_site(open_page, live_site, path):
    page = open_page("/healthz/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path, wait_until="networkidle")
    page.mouse.wheel(0, 10_000)
    page.wait_for_load_state("networkidle")
    assert page.faults == []
    assert [url for url in asked if not url.startswith(live_site.url)] == []
    assert page.context.cookies() == []


def test_focus_is_always_seen(open_page):
    """Every stop of the Tab key on the home page draws an outline and stands inside the window."""
    page = open_page("/")
    for _stop in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const element = document.activeElement;
                const box = element.getBoundingClientRect();
                const style = getComputedStyle(element);
                return {name: element.outerHTML.slice(0, 80), body: element === document.body,
                        seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
                        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
            }"""
        )
        if stop["body"]:
            break
        assert stop["seen"], stop
        assert stop["ring"], stop
