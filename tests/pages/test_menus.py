from datetime import timedelta

import pytest
from django.utils import timezone

from pages.menus import load_menus
from pages.models import Page
from tests.factories import make_menu_item, make_page

pytestmark = pytest.mark.django_db


def labels(entries):
    return [(entry.label, [child.label for child in entry.children]) for entry in entries]


def test_menus_keep_order_and_children():
    about = make_menu_item("About", page=make_page("About"), position=2)
    make_menu_item("Home", url="/", position=1)
    make_menu_item("Staff", page=make_page("Staff"), parent=about, position=2)
    make_menu_item("Board", page=make_page("Board"), parent=about, position=1)
    make_menu_item("Privacy", url="/privacy/", menu="footer")

    menus = load_menus("/")

    assert labels(menus["header"]) == [("Home", []), ("About", ["Board", "Staff"])]
    assert labels(menus["footer"]) == [("Privacy", [])]


def test_menus_leave_out_page_that_is_not_published():
    make_menu_item("Draft", page=make_page("Draft", status=Page.Status.DRAFT))
    make_menu_item("Over", page=make_page("Over", publish_until=timezone.now() - timedelta(days=1)))
    make_menu_item("About", page=make_page("About"))

    assert labels(load_menus("/")["header"]) == [("About", [])]


def test_menus_leave_out_child_whose_page_is_not_published():
    about = make_menu_item("About", page=make_page("About"))
    make_menu_item("Secret", page=make_page("Secret", status=Page.Status.DRAFT), parent=about)

    assert labels(load_menus("/")["header"]) == [("About", [])]


def test_menus_leave_out_heading_without_children():
    heading = make_menu_item("Training")
    assert load_menus("/")["header"] == []

    make_menu_item("Events", url="/events/", parent=heading)
    assert labels(load_menus("/")["header"]) == [("Training", ["Events"])]


def test_menus_keep_unpublished_entry_as_heading_of_its_children():
    about = make_menu_item("About", page=make_page("About", status=Page.Status.DRAFT))
    make_menu_item("Board", page=make_page("Board"), parent=about)

    [entry] = load_menus("/")["header"]

    assert (entry.href, labels([entry])) == ("", [("About", ["Board"])])


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["page", "", "", ""]),
        ("/about/", ["", "page", "", ""]),
        ("/about/board/", ["", "true", "", ""]),
        ("/about-us/", ["", "", "", ""]),
        ("/events", ["", "", "page", ""]),
        ("/events-past/", ["", "", "", ""]),
        ("/gallery/", ["", "", "", ""]),
    ],
)
def test_menus_mark_the_present_page_and_the_one_above_it(path, current):
    for position, url in enumerate(("/", "/about/", "/events", "https://example.org/about/")):
        make_menu_item(url, url=url, position=position)

    assert [entry.current for entry in load_menus(path)["header"]] == current


@pytest.mark.parametrize("count", [1, 3])
def test_menus_take_one_query(count, django_assert_num_queries):
    for number in range(count):
        parent = make_menu_item(f"Top {number}", page=make_page(f"Top {number}"))
        make_menu_item(f"Child {number}", page=make_page(f"Child {number}"), parent=parent)
        make_menu_item(f"Foot {number}", url="/foot/", menu="footer")

    with django_assert_num_queries(1):
        load_menus("/")


def test_menu_in_spanish_leads_to_spanish_addresses_and_marks_english_labels():
    make_menu_item("About", label_es="Quiénes somos", page=make_page("About"), position=1)
    make_menu_item("Events", url="/events/", position=2)
    make_menu_item("Elsewhere", url="https://example.org/", position=3)

    entries = load_menus("/es/about/", "es")["header"]

    assert [(entry.label, entry.href, entry.current) for entry in entries] == [
        ("Quiénes somos", "/es/about/", "page"),
        ('<span lang="en">Events</span>', "/es/events/", ""),
        ('<span lang="en">Elsewhere</span>', "https://example.org/", ""),
    ]
    assert load_menus("/about/")["header"][0].label == "About"


@pytest.mark.parametrize("language", ["en", "es"])
def test_entry_that_leads_to_a_spanish_page_does_so_on_every_page(language):
    make_menu_item("Ayuda en español", url="/es/help/")
    assert [entry.href for entry in load_menus("/", language)["header"]] == ["/es/help/"]
