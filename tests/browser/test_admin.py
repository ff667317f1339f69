"""The staff's side in a real browser: the page editor by keyboard, errors, and what axe and the console say."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import ON_CACITA, STAFF_LOOKS, findings
from tests.browser.waiting import wait_until
from tests.factories import make_picture_bytes

pytestmark = ON_CACITA

ADD_PAGE = "/admin/pages/page/add/"
BLOCKS = ".order-machine .inline-related:not(.empty-form)"


@pytest.fixture
def editor(staff_page):
    """A function that opens the form of a new page and waits until its blocks can be added."""

    def editor(**options):
        page = staff_page(ADD_PAGE, **options)
        page.set_default_timeout(8000)
        page.locator(".order-machine-insert-target.last[tabindex='0']").first.wait_for()
        return page

    return editor


def press_until(page, selector, key="Tab", most=60):
    """Press a key until something that matches has the focus, as somebody without a mouse would."""
    for _press in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} times {key} did not reach {selector}.")


def add_block(page, kind):
    """Add a block at the end, with Enter and Tab alone; its first field has the focus afterwards."""
    page.locator(".order-machine-insert-target.last").first.focus()
    page.keyboard.press("Enter")
    for _press in range(40):
        if page.evaluate(
            "document.activeElement.innerText.trim().endsWith(arguments)".replace("arguments", repr(kind))
        ):
            break
        page.keyboard.press("Tab")
    count = page.locator(BLOCKS).count()
    page.keyboard.press("Enter")
    wait_until(
        page,
        "([blocks, count]) => { const all = document.querySelectorAll(blocks);"
        " const focused = document.activeElement;"
        " return all.length > count && all[all.length - 1].contains(focused)"
        " && focused.matches('.tiptap[aria-label], input:not([type=checkbox]), textarea') }",
        [BLOCKS, count],
    )


def in_order(page):
    return page.evaluate(
        "blocks => [...document.querySelectorAll(blocks)].sort((a, b) => a.style.order - b.style.order)"
        ".map(block => block.id)",
        BLOCKS,
    )


def refusals(page):
    """Each error with the name of the field in whose row it stands."""
    return [
        (row.get_attribute("class").partition("field-")[2].split()[0], row.locator(".errorlist").first.inner_text())
        for row in page.locator(".form-row:has(.errorlist)").all()
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_page_is_written_moved_saved_and_deleted_by_keyboard(editor, width):
    page = editor(width=width)
    page.get_by_label("Title:").first.focus()
    page.keyboard.type("Keyboard day")
    add_block(page, "Text")
    page.keyboard.type("Words without a mouse.")
    expect(page.locator(".tiptap")).to_have_text("Words without a mouse.")
    add_block(page, "Section")
    page.keyboard.type("What we do")
    expect(page.locator("#id_pages_section_set-0-heading")).to_have_value("What we do")
    names = [target.get_attribute("aria-label") for target in page.locator(f"{BLOCKS} [aria-label^='Add a']").all()]
    assert names == ["Add a block above Text: New item", "Add a block above Section: New item"]
    press_until(page, ".block-tools button[title='Move up']", "Shift+Tab")
    page.keyboard.press("Enter")
    assert in_order(page) == ["pages_section_set-0", "pages_richtext_set-0"]
    page.get_by_label("Status:").first.focus()
    page.keyboard.type("Published")
    press_until(page, "[name=_save]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/pages/page/(#.*)?$"))

    page.goto("/keyboard-day/")
    text = page.locator("main").inner_text()
    assert text.index("What we do") < text.index("Words without a mouse.")

    page.goto("/admin/pages/page/?q=keyboard-day")
    page.locator("#result_list tbody th a", has_text="Keyboard day").click()
    page.locator(".deletelink").focus()
    page.keyboard.press("Enter")
    page.locator("#content input[type=submit]").focus()
    page.keyboard.press("Enter")
    page.locator(".messagelist", has_text="deleted").wait_for()
    assert page.goto("/keyboard-day/").status == 404


def test_refused_form_keeps_order_and_rich_text_and_says_why_beside_each_field(editor):
    page = editor()
    page.get_by_label("Title:").first.fill("What is CIT?")
    add_block(page, "Text")
    page.keyboard.type("Typed at length.")
    add_block(page, "Picture")
    picture = {"name": "IMG_1234.jpg", "mimeType": "image/jpeg", "buffer": make_picture_bytes()}
    page.locator("#id_pages_picture_set-0-picture").set_input_files(picture)
    page.locator("#pages_picture_set-0 .block-tools button[title='Move up']").click()
    page.locator("[name=_save]").click()
    page.locator(".errornote").wait_for()
    page.wait_for_load_state()

    assert in_order(page) == ["pages_picture_set-0", "pages_richtext_set-0"]
    assert page.locator("#pages_richtext_set-0 .tiptap").inner_text() == "Typed at length."
    assert refusals(page) == [
        ("picture_alt", "Describe the picture in one sentence, or tick “decorative” below."),
        ("slug", "The page “What is CIT?” already has the address /what-is-cit/. Choose another last part."),
    ]
    page.locator(".form-row:has(.errorlist) :focus").wait_for()


def test_notice_that_ends_before_it_starts_is_refused_beside_its_end(staff_page):
    page = staff_page("/admin/pages/notice/add/")
    page.get_by_label("Message:").fill("Closed on Friday.")
    for name, date in (("from", "2026-12-02"), ("until", "2026-12-01")):
        page.locator(f"#id_publish_{name}_0").fill(date)
        page.locator(f"#id_publish_{name}_1").fill("10:00")
    page.locator("[name=_save]").click()
    page.locator("#id_publish_until_0:focus").wait_for()
    error = page.locator("#id_publish_until_error")
    assert error.inner_text() == "“Publish until” must be later than “publish from”."
    assert error.bounding_box()["x"] == page.get_by_text("Publish until:").bounding_box()["x"]
    assert page.get_by_label("Message:").input_value() == "Closed on Friday."


@STAFF_LOOKS
def test_axe_and_the_console_find_nothing_on_staff_pages(open_page, staff_page, width, dark):
    stranger = open_page("/admin/login/", width=width, dark=dark)
    assert (findings(stranger), stranger.faults) == ([], [])
    page = staff_page("/admin/", width=width, dark=dark)
    wide = []
    for path in ("/admin/", "/admin/pages/page/?q=privacy", "a page with its blocks"):
        if path.startswith("/"):
            page.goto(path)
        else:
            page.locator("#result_list tbody th a").first.click()
            page.locator(".tiptap").first.wait_for()
            expect(page.locator(".tiptap:not([aria-label]):not([aria-labelledby])")).to_have_count(0)
        assert (path, findings(page)) == (path, [])
        wide += [path] if page.evaluate("document.documentElement.scrollWidth") > width else []
    assert (wide, page.faults) == ([], [])
