"""The task of checking crisis lines, on a phone and at a desk."""

import re

from playwright.sync_api import expect

from tests.browser.looks import LOOKS, ON_CACITA, findings
from tests.browser.test_admin import press_until

pytestmark = ON_CACITA

TASK = "/admin/resources/crisisline/checks/"
LINE = re.compile(r"/admin/resources/crisisline/\d+/check/")


def test_lines_are_checked_by_keyboard_without_scripts(staff_page):
    page = staff_page("/admin/", width=360, scripts=False)
    page.get_by_role("link", name="nobody has checked yet").click()
    expect(page).to_have_url(LINE)
    first, left = page.locator("h1").inner_text(), page.locator(".pretitle").inner_text()
    call = page.get_by_role("link", name="Call")
    assert call.bounding_box()["y"] + call.bounding_box()["height"] <= 640

    press_until(page, "[name=note]")
    page.keyboard.type("Rang for long")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist")).to_have_text("Tick what happened.")
    expect(page.get_by_label("Note")).to_have_value("Rang for long")

    press_until(page, "[name=outcome]")
    page.keyboard.press("Space")
    press_until(page, "[type=submit].default")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_have_text(f"“{first}” is checked. Pages show today’s date.")
    assert page.locator("h1").inner_text() != first
    assert page.locator(".pretitle").inner_text() != left


@LOOKS
def test_axe_and_the_console_find_nothing_on_the_task(staff_page, width, dark):
    page = staff_page("/admin/", width=width, dark=dark)
    page.goto(TASK)
    problems = {}

    def look(name):
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        if found := [*findings(page), *(["scrolls sideways"] if wide else [])]:
            problems[name] = found

    look("a line")
    page.locator(".check__others summary").click()
    look("the other lines")
    page.goto("/admin/resources/crisisline/?kind__exact=emergency")
    page.locator("#result_list tbody th a").click()
    page.get_by_role("link", name="Check this line").click()
    expect(page.get_by_role("heading", name="Ask, do not dial")).to_be_visible()
    assert page.locator("main a[href^='tel:']").count() == 0
    look("a number for emergencies")
    page.locator("[type=submit].default").click()
    expect(page.locator("main .errorlist").first).to_be_visible()
    look("an error")
    page.get_by_label("It was confirmed, and I corrected what we say").check()
    page.locator("[type=submit].default").click()
    page.wait_for_url(re.compile("outcome=changed"))
    expect(page.locator("[name=checks-0-outcome]")).to_have_value("changed")
    page.goto("/admin/resources/crisisline/?spanish=unread")
    look("the list")
    page.goto("/admin/")
    look("the start page")
    assert (problems, page.faults) == ({}, [])
