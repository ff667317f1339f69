"""Crisis help without a network: what a device keeps, how honest a copy is, and what is left alone."""

import pytest

from resources.which_number import every_path
from tests.browser.front import fronting
from tests.browser.looks import ON_LACIT, findings
from tests.browser.waiting import wait_until
from tests.live import run_in_shell

pytestmark = ON_LACIT

NOTE = ".copy"
KEPT = (
    "/help/",
    "/help/family-card/",
    "/help/what-to-say/",
    "/help/which-number/",
    *(f"/help/which-number/{path}/" for path in every_path()),
)
IS_READY = "navigator.serviceWorker.controller?.state === 'activated'"
COPY = "async (path) => (await (await caches.match(path))?.text()) ?? ''"
REGISTRATIONS = "navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))"
ADDRESSES = """async () => {
    const store = await caches.open((await caches.keys())[0]);
    return (await store.keys()).map(({ url }) => url.slice(location.origin.length));
}"""
AGE = """async () => {
    const store = await caches.open((await caches.keys())[0]);
    for (const request of await store.keys()) {
        const copy = await store.match(request);
        const headers = new Headers(copy.headers);
        headers.set("Saved", Date.now() - 25 * 60 * 60 * 1000);
        await store.put(request, new Response(await copy.text(), { headers }));
    }
}"""
"""Makes every copy one of yesterday."""


@pytest.fixture
def open_kept(open_page):
    """A function that opens a help page and waits until the device keeps what it should."""

    def open_kept(path="/help/", **options):
        page = open_page(path, workers=True, **options)
        wait_until(page, IS_READY)
        return page

    return open_kept


@pytest.fixture
def front(live_site):
    with fronting(live_site.url) as front:
        yield front


@pytest.fixture
def open_fronted(open_kept, front):
    """The same through the server before the site."""
    return lambda path="/help/": open_kept(f"{front.url}{path}")


def copied(page, path):
    """Whether the page shown is a copy, which then says so and claims nothing about this moment."""
    page.goto(path)
    is_copy = page.locator(NOTE).is_visible()
    assert not (is_copy and page.locator(".now").first.is_visible())
    return is_copy


def test_every_kept_page_opens_in_airplane_mode_on_the_second_visit(open_kept):
    page = open_kept()
    fresh = {path: (page.goto(path), page.title())[1] for path in KEPT}
    page.context.set_offline(True)

    for path in KEPT:
        assert copied(page, path), path
        assert page.title() == fresh[path]
        assert page.locator(NOTE).inner_text().startswith("This page could not be loaded anew.")
        assert page.locator("a[href='tel:988']").first.is_visible()


def test_open_now_is_told_while_it_is_true_and_not_in_a_copy(open_kept):
    page = open_kept()
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert page.locator(".now:visible").count() > 0
    assert not page.locator(NOTE).is_visible()
    page.context.set_offline(True)

    assert copied(page, "/help/")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert page.locator(".now").count() > 0
    assert page.locator(".now:visible").count() == 0


def test_county_is_kept_once_it_was_opened_and_can_be_chosen(open_kept):
    page = open_kept("/help/los-angeles/")
    page.goto("/help/alpine/")
    wait_until(page, f"({COPY})('/help/alpine/')")
    page.context.set_offline(True)

    for county, name in (("los-angeles", "Los Angeles"), ("alpine", "Alpine")):
        assert copied(page, "/help/")
        page.locator("select").select_option(county)
        page.locator("form button").click()
        page.wait_for_url(f"**/help/{county}/")
        assert page.locator("h1").inner_text() == f"{name} County"
        assert page.locator(NOTE).is_visible()


def test_page_that_is_not_kept_gives_numbers_in_its_place(open_kept):
    page = open_kept()
    page.context.set_offline(True)

    for address in ("/help/kern/", "/help/county/?county=kern", "/help/county/?county=//example.org"):
        page.goto(address)
        assert page.locator("h1").inner_text() == "This page is not on your device"
        assert page.locator("main a[href='tel:988']").is_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_a_copy(open_kept, dark):
    page = open_kept(width=320, dark=dark)
    page.context.set_offline(True)
    for path in ("/help/", "/help/kern/"):
        page.goto(path)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_other_pages_are_left_alone(open_kept, live_site):
    page = open_kept()
    assert page.evaluate(REGISTRATIONS) == [f"{live_site.url}/help/"]
    page.goto("/events/")
    assert page.evaluate("navigator.serviceWorker.controller") is None
    kept = page.evaluate(ADDRESSES)
    assert set(KEPT) <= set(kept)
    assert [path for path in kept if not path.startswith(("/help/", "/static/js/help."))] == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/events/")


def test_neither_questions_nor_moves_are_kept(open_kept):
    page = open_kept()
    for address in ("/help/county/?county=alpine", "/help/?from=a-leaflet", "/help/county/?county=nowhere"):
        page.goto(address)
    wait_until(page, f"({COPY})('/help/alpine/')")
    kept = page.evaluate(ADDRESSES)
    assert [path for path in kept if "?" in path or path == "/help/county/"] == []


def test_changed_number_is_in_the_copy_after_a_visit(open_kept, live_site):
    page = open_kept("/help/los-angeles/")
    change = (
        "from resources.models import CrisisLine\n"
        "line = CrisisLine.objects.published().of_county('los-angeles').first()\n"
        "before, line.phone = line.phone, {phone}\n"
        "line.save()\n"
        "print(before)"
    )
    before = run_in_shell(live_site, change.format(phone=repr("+13105550100")))
    try:
        page.goto("/help/los-angeles/")
        wait_until(page, f"({COPY})('/help/los-angeles/').then((text) => text.includes('+13105550100'))")
        page.context.set_offline(True)
        assert copied(page, "/help/los-angeles/")
        assert page.locator("main a[href='tel:+13105550100']").is_visible()
    finally:
        run_in_shell(live_site, change.format(phone=repr(before)))


def test_broken_server_is_answered_for_from_the_copy(open_fronted, front):
    page = open_fronted()
    front.answers = {"/help/": 503, "/help/kern/": 502}

    assert copied(page, f"{front.url}/help/")
    page.goto(f"{front.url}/help/kern/")
    assert page.locator("h1").inner_text() == "This page is not on your device"
    front.answers = {}
    assert not copied(page, f"{front.url}/help/")


def test_silent_server_is_waited_for_no_longer_than_three_seconds(open_fronted, front):
    page = open_fronted()
    front.speaks.clear()
    page.goto(f"{front.url}/help/", wait_until="commit", timeout=10_000)
    assert page.locator(NOTE).is_visible()
    front.speaks.set()


def test_copies_of_yesterday_are_renewed_by_any_visit(open_fronted, front):
    page = open_fronted()
    front.asked.clear()
    page.goto(f"{front.url}/help/what-to-say/")
    page.goto(f"{front.url}/help/")
    assert "/help/family-card/" not in front.asked

    page.evaluate(AGE)
    page.goto(f"{front.url}/help/")
    last = KEPT[-1]
    wait_until(page, f"async () => Date.now() - (await caches.match('{last}')).headers.get('Saved') < 60_000")
    assert set(KEPT) <= set(front.asked)


def test_spanish_pages_are_kept_by_a_worker_of_their_own(open_kept, live_site):
    page = open_kept("/es/help/")
    assert page.evaluate(REGISTRATIONS) == [f"{live_site.url}/es/help/"]
    page.context.set_offline(True)
    assert copied(page, "/es/help/what-to-say/")
    assert page.locator("html").get_attribute("lang") == "es"


def test_new_worker_takes_over_what_was_kept_and_deletes_the_old_store(open_fronted, front):
    page = open_fronted("/help/los-angeles/")
    old = page.evaluate("caches.keys()")
    front.replaced = {"/help/worker.js": (b'VERSION = "', b'VERSION = "next-')}
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    wait_until(page, f"async () => !(await caches.keys()).includes('{old[0]}')")
    page.context.set_offline(True)
    assert copied(page, f"{front.url}/help/los-angeles/")


def test_worker_the_site_no_longer_serves_goes_with_all_it_kept(open_fronted, front):
    page = open_fronted()
    front.answers = {"/help/worker.js": 404}
    front.replaced = dict.fromkeys(("/help/", "/help/what-to-say/"), (b"data-worker=", b"data-former="))
    page.evaluate(AGE)
    page.goto(f"{front.url}/help/what-to-say/")
    wait_until(page, "async () => (await caches.keys()).length === 0")
    page.goto(f"{front.url}/contact/")
    wait_until(page, f"{REGISTRATIONS}.then((all) => all.length === 0)")
    page.goto(f"{front.url}/help/")
    assert page.evaluate("navigator.serviceWorker.controller") is None


def test_page_works_where_workers_are_forbidden(open_page):
    page = open_page("/contact/", workers=True)
    page.add_init_script("navigator.serviceWorker.register = () => Promise.reject(new Error('forbidden'))")
    page.goto("/help/", wait_until="networkidle")
    assert page.faults == []


def test_browser_can_put_help_on_a_home_screen(open_kept):
    page = open_kept()
    session = page.context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    faults = session.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["url"].endswith("/help/app.webmanifest")
    assert manifest["errors"] == []
    # A window of a test is a private one, where nothing is installed.
    assert {fault["errorId"] for fault in faults} <= {"in-incognito"}
