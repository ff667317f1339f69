import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from pages.models import OldPath, Page
from tests.factories import make_page

pytestmark = pytest.mark.django_db


def paths():
    return {page.title: page.path for page in Page.objects.all()}


def old_paths():
    """Every former address and the present one it leads to."""
    return {old.path: old.page.path for old in OldPath.objects.select_related("page")}


def move(name, **values):
    page = Page.objects.get(title=name)
    for field, value in values.items():
        setattr(page, field, value)
    page.full_clean()
    page.save()
    return page


def refusal(page):
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    return caught.value.message_dict


@pytest.fixture
def tree():
    """Home, and About > Team > Board beside Training."""
    make_page("Home", slug="")
    about = make_page("About")
    team = make_page("Team", parent=about)
    make_page("Board", parent=team)
    make_page("Training")


def test_address_is_made_of_the_slugs_above(tree):
    assert paths() == {
        "Home": "/",
        "About": "/about/",
        "Team": "/about/team/",
        "Board": "/about/team/board/",
        "Training": "/training/",
    }
    assert Page.objects.get(title="Board").ancestor_paths() == ["/about/", "/about/team/"]
    assert Page.objects.get(title="About").ancestor_paths() == []
    assert Page.objects.get(title="Home").ancestor_paths() == []


def test_clash_names_the_other_page(tree):
    assert refusal(Page(title="Other", slug="about")) == {
        "slug": ["The page “About” already has the address /about/. Choose another last part."]
    }
    assert refusal(Page(title="Other")) == {
        "slug": ["The page “Home” already has the address /. Choose another last part."]
    }


def test_same_slug_below_another_page_is_no_clash(tree):
    Page(title="Other", slug="team", parent=Page.objects.get(title="Training")).full_clean()


def test_clash_is_refused_by_the_database_too(tree):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_page("Other", slug="about")


@pytest.mark.parametrize("slug", ["admin", "gallery", "healthz", "media"])
def test_address_of_the_site_itself_is_refused(slug):
    page = Page(title="Other", slug=slug)
    if slug == "media":  # only what lies below it is taken
        page.save()
        page = Page(title="Below", slug="x", parent=page)
    path = page.path_from_parent()
    assert refusal(page) == {"slug": [f"{path} is an address the site itself uses. Choose another last part."]}


def test_album_like_address_below_a_page_is_refused():
    gallery = make_page("Gallery", slug="gallery")
    assert "slug" in refusal(Page(title="Coast", slug="coast", parent=gallery))


def test_page_below_needs_a_last_part(tree):
    page = Page(title="Nameless", parent=Page.objects.get(title="About"))
    assert refusal(page) == {"slug": ["Write the last part of the address, for example about-us."]}


def test_page_cannot_stand_below_itself(tree):
    about = Page.objects.get(title="About")
    for parent in ("About", "Team", "Board"):
        about.parent = Page.objects.get(title=parent)
        assert refusal(about) == {"parent": ["A page cannot stand below itself. Choose another page."]}


def test_moving_a_page_takes_everything_below_along_and_keeps_old_addresses(tree):
    move("About", slug="who-we-are")
    assert paths() == {
        "Home": "/",
        "About": "/who-we-are/",
        "Team": "/who-we-are/team/",
        "Board": "/who-we-are/team/board/",
        "Training": "/training/",
    }
    assert old_paths() == {
        "/about/": "/who-we-are/",
        "/about/team/": "/who-we-are/team/",
        "/about/team/board/": "/who-we-are/team/board/",
    }


def test_moving_below_another_page_keeps_old_addresses(tree):
    move("Team", parent=Page.objects.get(title="Training"))
    assert paths()["Board"] == "/training/team/board/"
    assert old_paths() == {"/about/team/": "/training/team/", "/about/team/board/": "/training/team/board/"}


def test_page_with_a_similar_address_stays_where_it_is(tree):
    make_page("About us", slug="about-us")
    move("About", slug="we")
    assert paths()["About us"] == "/about-us/"


def test_every_address_of_a_chain_of_moves_leads_to_the_present_one(tree):
    for slug in ("b", "c", "d"):
        move("About", slug=slug)
    assert {old: now for old, now in old_paths().items() if old.count("/") == 2} == {
        "/about/": "/d/",
        "/b/": "/d/",
        "/c/": "/d/",
    }
    assert old_paths()["/b/team/board/"] == "/d/team/board/"


def test_moving_back_leaves_no_loop(tree):
    move("About", slug="we")
    move("About", slug="about")
    assert paths()["Board"] == "/about/team/board/"
    assert old_paths() == {
        "/we/": "/about/",
        "/we/team/": "/about/team/",
        "/we/team/board/": "/about/team/board/",
    }


def test_new_page_at_an_old_address_takes_it_over(tree):
    move("About", slug="we")
    make_page("About", slug="about")
    assert "/about/" not in old_paths()
    assert old_paths()["/about/team/"] == "/we/team/"


def test_two_pages_can_change_places(tree):
    move("Training", slug="aside")
    move("About", slug="training")
    move("Training", slug="about")
    assert paths()["About"] == "/training/"
    assert paths()["Training"] == "/about/"
    assert "/about/" not in old_paths()
    assert "/training/" not in old_paths()
    assert old_paths()["/about/team/"] == "/training/team/"


def test_saving_without_a_move_makes_no_old_address(tree):
    move("About", title="About")
    move("About", lead="Who we are")
    assert old_paths() == {}


def test_home_page_that_gets_an_address_moves_alone(tree):
    move("Home", slug="start")
    assert paths()["About"] == "/about/"
    assert old_paths() == {"/": "/start/"}


def test_pages_below_the_home_page_move_with_it():
    home = make_page("Home", slug="")
    make_page("Team", parent=make_page("About", parent=home))
    move("Home", slug="start")
    assert paths() == {"Home": "/start/", "About": "/start/about/", "Team": "/start/about/team/"}
    assert old_paths() == {"/": "/start/", "/about/": "/start/about/", "/about/team/": "/start/about/team/"}


@pytest.mark.parametrize("slug", ["team", "gallery"])
def test_move_that_pushes_a_page_below_onto_a_taken_address_is_refused(slug):
    about = make_page("About")
    make_page("Team")
    make_page("Below", slug=slug, parent=about)
    about.slug = ""
    assert refusal(about) == {
        "slug": [
            f"The page “Below” below this one would get the address /{slug}/, which is taken. "
            "Change that page first, or choose another last part."
        ]
    }


def test_page_with_pages_below_cannot_be_deleted(tree):
    with pytest.raises(ProtectedError):
        Page.objects.get(title="About").delete()


def test_visitor_of_an_old_address_is_sent_to_the_page(client, tree):
    move("About", slug="we")
    response = client.get("/about/team/")
    assert response.status_code == 301
    assert response["Location"] == "/we/team/"


def test_old_address_of_a_draft_tells_nothing(client, tree):
    move("About", slug="we")
    Page.objects.update(status=Page.Status.DRAFT)
    assert client.get("/about/").status_code == 404


# Old addresses staff write themselves


@pytest.mark.parametrize(
    ("typed", "stored"), [("old", "/old/"), (" /old/page ", "/old/page/"), ("/", "/"), ("//old//", "/old/")]
)
def test_old_address_is_stored_with_a_slash_at_both_ends(typed, stored):
    old = OldPath(path=typed, page=make_page("About"))
    old.full_clean()
    assert old.path == stored


def test_old_address_of_a_present_page_is_refused():
    about = make_page("About")
    assert refusal(OldPath(path="about", page=about)) == {"path": ["The page “About” has this address now."]}


def test_old_address_the_site_uses_is_refused():
    assert refusal(OldPath(path="/gallery/", page=make_page("About"))) == {
        "path": ["This is an address the site itself uses."]
    }
