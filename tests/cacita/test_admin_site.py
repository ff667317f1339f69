"""The staff's start page and frame."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from tests.factories import make_identity, make_notice, make_page


def test_start_page_offers_the_tasks_in_their_order(editor_client):
    home = make_page("Home", slug="")

    tasks = editor_client.get("/admin/").context["tasks"]

    assert [(str(words), address) for words, address in tasks] == [
        ("Edit the home page", f"/admin/pages/page/{home.pk}/change/"),
        ("Write a page", "/admin/pages/page/add/"),
        ("Add a notice", "/admin/pages/notice/add/"),
        ("Change the menu", "/admin/pages/menuitem/"),
        ("Open the site", "/"),
    ]


def test_start_page_offers_only_what_one_may_do(client, db):
    user = get_user_model().objects.create_user("new", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_notice"))
    client.force_login(user)
    make_page("Home", slug="", status="draft")

    response = client.get("/admin/")

    assert [address for _words, address in response.context["tasks"]] == ["/admin/pages/notice/add/", "/"]
    assert response.context["drafts"] == []


def test_start_page_counts_drafts_of_every_kind(editor_client):
    make_page()
    make_page("Board", status="draft")
    make_page("Chair", status="draft")
    make_notice(status="draft")

    assert [(str(kind), count) for kind, count, _address in editor_client.get("/admin/").context["drafts"]] == [
        ("pages", 2),
        ("notice", 1),
    ]
    assert editor_client.get("/admin/pages/page/?status__exact=draft").context["cl"].result_count == 2


def test_start_page_lists_the_most_used_first_and_accounts_last(editor_client):
    apps = {
        str(app["name"]): [model["object_name"] for model in app["models"]]
        for app in editor_client.get("/admin/").context["app_list"]
    }

    assert list(apps)[-1] == "Accounts"
    assert apps["Events"] == ["Event", "Series"]
    assert (apps["Messages and gifts"][0], apps["Messages and gifts"][-1]) == ("Message", "AnswerTemplate")
    assert apps["Site"] == [
        "Page",
        "Notice",
        "MenuItem",
        "Album",
        "Person",
        "Identity",
        "OldPath",
        "Mail",
    ]


def test_sign_in_page_carries_the_name_and_colors_of_the_association(client, db):
    make_identity(short_name="Delta CIT", brand="#0d5f5f", accent="#eba61e")

    html = client.get("/admin/login/").content.decode()

    assert "Delta CIT" in html
    assert "--brand:#0d5f5f;--accent:#eba61e" in html


def test_staff_pages_allow_no_inline_script(client, db):
    policy = client.get("/admin/login/")["Content-Security-Policy"]

    directives = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert directives["script-src"] == ["'self'"]
    assert directives["default-src"] == ["'none'"]
    assert directives["style-src"] == ["'self'", "'unsafe-inline'"]


def test_staff_pages_ask_strangers_to_sign_in(client, db):
    response = client.get("/admin/")

    assert (response.status_code, response.url) == (302, "/admin/login/?next=/admin/")


def test_style_page_is_linked_and_for_staff_alone(editor_client, client):
    make_identity()

    assert '<a href="/admin/style/">' in editor_client.get("/admin/").content.decode()
    assert editor_client.get("/admin/style/").status_code == 200
    editor_client.logout()
    assert client.get("/admin/style/").url == "/admin/login/?next=/admin/style/"


def test_staff_without_rights_do_not_learn_the_address_of_a_draft(client, db):
    draft = make_page("Plans nobody knows", slug="plans-nobody-knows", status="draft")
    client.force_login(get_user_model().objects.create_user("new", password="x", is_staff=True))
    kind = ContentType.objects.get_for_model(draft).pk

    assert client.get(f"/admin/r/{kind}/{draft.pk}/").status_code == 404
