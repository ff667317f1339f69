"""A real Chromium for the tests here. Without one they are skipped, and one line says so loudly."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.live import PASSWORD

WIDTHS = {"phone": 360, "tablet": 768, "desk": 1280}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path():
    path = os.environ.get("CHROMIUM")
    if not path and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("No Chromium was found and none could be installed; here it is required.")
    if not path:
        pytest.skip("NO CHROMIUM: the browser tests did not run. Install one, or name it in CHROMIUM.")
    return path


@pytest.fixture(scope="session")
def chromium(chromium_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_site):
    """A function that opens an address in a window of its own: `open_page("/", width=360, dark=True)`.

    With `workers` the window keeps crisis help as a visitor's does, which costs some twenty requests.
    """
    contexts = []

    def open_page(path="/", *, width=1280, dark=False, scripts=True, workers=False, cookies=None):
        context = chromium.new_context(
            base_url=live_site.url,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
            service_workers="allow" if workers else "block",
            storage_state=cookies,
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def signed_in(chromium, live_site):
    """The cookies of the first staff user, who signs in once for all tests of a site."""
    context = chromium.new_context(base_url=live_site.url)
    page = context.new_page()
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    cookies = context.storage_state()
    context.close()
    return cookies


@pytest.fixture
def staff_page(open_page, signed_in):
    """A function that opens an address of the admin as the first staff user."""

    def staff_page(path, **options):
        return open_page(path, cookies=signed_in, **options)

    return staff_page
