"""Staff's forms: what is posted there is what the public page shows."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from pages.admin.pages import PageAdmin, inline_of
from pages.models import (
    Album,
    Block,
    Hero,
    Identity,
    MenuItem,
    Notice,
    OldPath,
    Page,
    Person,
    Photo,
    Picture,
    RichText,
    Section,
)
from tests.admin_pages import address, assert_statements
from tests.factories import (
    make_album,
    make_block,
    make_identity,
    make_menu_item,
    make_notice,
    make_page,
    make_person,
    make_photo,
    make_picture_bytes,
)

ADD_PAGE = "/admin/pages/page/add/"


def page_data(*blocks, **values):
    """What the page's form posts: the page's own fields, and (kind, values) of each block in order."""
    data = {"title": "About", "slug": "about", "position": 0, "status": "published", "card_ppoi": "0.5x0.5", **values}
    counts = {}
    for place, (kind, fields) in enumerate(blocks, start=1):
        prefix = prefix_of(kind)
        number = counts[prefix] = counts.get(prefix, -1) + 1
        row = {"region": "main", "ordering": 10 * place, **fields}
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    for kind in [*Block.kinds(), OldPath]:
        prefix = prefix_of(kind)
        stored = sum(1 for name, value in data.items() if re.fullmatch(rf"{prefix}-\d+-id", name) and value)
        data |= {f"{prefix}-TOTAL_FORMS": counts.get(prefix, -1) + 1, f"{prefix}-INITIAL_FORMS": stored}
    return data


def prefix_of(kind):
    return "old_paths" if kind is OldPath else f"{kind._meta.app_label}_{kind._meta.model_name}_set"


def errors_of(response):
    """(field, message) of every refusal in the page's form and in its blocks."""
    form = response.context["adminform"].form
    forms = [form, *(row for formset in response.context["inline_admin_formsets"] for row in formset.formset.forms)]
    return [
        (row.add_prefix(field), str(message))
        for row in forms
        for field, messages in row.errors.items()
        for message in messages
    ]


def stored(block, **values):
    return (type(block), {"id": block.pk, "parent": block.parent_id, **values})


def test_page_posted_with_blocks_is_shown_in_their_order(editor_client, client):
    data = page_data(
        (Hero, {"heading": "Who we are"}),
        (Section, {"heading": "Our work", "ground": "paper", "layout": "stack"}),
        (RichText, {"text": "<p>We train.</p><script>alert(1)</script>"}),
        (Section, {"heading": "Our people", "ground": "paper", "layout": "stack"}),
    )

    response = editor_client.post(ADD_PAGE, data)

    assert (response.status_code, response.url) == (302, "/admin/pages/page/")
    editor_client.logout()
    html = client.get("/about/").content.decode()
    words = ["Who we are", "Our work", "We train.", "Our people"]
    places = [html.index(word) for word in words]
    assert places == sorted(places)
    assert "alert(1)" not in html


def test_blocks_posted_in_another_order_are_shown_in_it(editor_client, client):
    page = make_page()
    first = make_block(Section, page, heading="Our work")
    second = make_block(Section, page, heading="Our people")
    choices = {"ground": "paper", "layout": "stack"}
    data = page_data(
        stored(first, heading="Our work", ordering=20, **choices),
        stored(second, heading="Our people", ordering=10, **choices),
    )

    editor_client.post(address(page), data)

    html = client.get("/about/").content.decode()
    assert html.index("Our people") < html.index("Our work")


def test_heading_without_a_section_is_refused_beside_its_field_and_nothing_is_lost(editor_client):
    data = page_data((RichText, {"text": "<h3>Costs</h3>"}), title="My long title", lead="Kept.")

    response = editor_client.post(ADD_PAGE, data)

    assert errors_of(response) == [
        (
            "pages_richtext_set-0-text",
            "“Costs” is a heading of level 3, and no section stands above it. "
            "Add a section with a heading above this block.",
        )
    ]
    html = response.content.decode()
    assert [words in html for words in ("My long title", "Kept.", "&lt;h3&gt;Costs&lt;/h3&gt;")] == [True] * 3
    assert Page.objects.count() == 0


def test_removing_the_section_above_a_heading_is_refused(editor_client):
    page = make_page()
    section = make_block(Section, page, heading="Training")
    text = make_block(RichText, page, text="<h3>Costs</h3>")
    data = page_data(
        stored(section, heading="Training", ground="paper", layout="stack", DELETE="on"),
        stored(text, text="<h3>Costs</h3>"),
    )

    response = editor_client.post(address(page), data)

    assert [field for field, _message in errors_of(response)] == ["pages_richtext_set-0-text"]
    assert Section.objects.get() == section


def test_removing_section_and_heading_together_is_allowed(editor_client):
    page = make_page()
    section = make_block(Section, page, heading="Training")
    text = make_block(RichText, page, text="<h3>Costs</h3>")
    data = page_data(
        stored(section, heading="Training", ground="paper", layout="stack", DELETE="on"),
        stored(text, text="<h3>Costs</h3>", DELETE="on"),
    )

    assert editor_client.post(address(page), data).status_code == 302
    assert (Section.objects.count(), RichText.objects.count()) == (0, 0)


def test_moving_the_opening_down_is_refused(editor_client):
    page = make_page()
    hero = make_block(Hero, page, heading="Opening")
    section = make_block(Section, page, heading="Training")
    data = page_data(
        stored(section, heading="Training", ground="paper", layout="stack"), stored(hero, heading="Opening")
    )

    response = editor_client.post(address(page), data)

    assert errors_of(response) == [
        ("pages_hero_set-0-heading", "The opening stands first on its page. Move it above all other blocks.")
    ]


def test_link_without_words_in_a_text_is_refused_beside_it(editor_client):
    data = page_data((RichText, {"text": '<p>See <a href="/about/"></a>.</p>'}))

    assert errors_of(editor_client.post(ADD_PAGE, data)) == [
        ("pages_richtext_set-0-text", "One link has no words. Write what it leads to, or remove the link.")
    ]


def test_button_without_words_is_refused_beside_them(editor_client):
    data = page_data((Hero, {"heading": "Opening", "link_url": "/events/"}))

    assert errors_of(editor_client.post(ADD_PAGE, data)) == [
        ("pages_hero_set-0-link_label", "Say in a few words where this link leads.")
    ]


def test_picture_without_alternative_text_is_refused_and_says_to_choose_it_again(editor_client):
    upload = SimpleUploadedFile("coast.jpg", make_picture_bytes(), "image/jpeg")
    data = page_data((Picture, {"picture": upload, "picture_ppoi": "0.5x0.5", "caption": "The coast"}))

    response = editor_client.post(ADD_PAGE, data)

    assert errors_of(response) == [
        ("pages_picture_set-0-picture_alt", "Describe the picture in one sentence, or tick “decorative” below.")
    ]
    assert [str(message) for message in response.context["messages"]] == [
        "The files you chose were not kept. Choose them again before you save."
    ]
    assert "The coast" in response.content.decode()


def test_address_of_another_page_is_refused_with_its_name(editor_client):
    make_page("Who we are", slug="about")

    assert errors_of(editor_client.post(ADD_PAGE, page_data())) == [
        ("slug", "The page “Who we are” already has the address /about/. Choose another last part.")
    ]


def test_page_with_a_new_address_answers_at_the_old_one_with_a_redirect(editor_client, client):
    page = make_page()

    editor_client.post(address(page), page_data(slug="who-we-are"))

    response = client.get("/about/")
    assert (response.status_code, response.url) == (301, "/who-we-are/")


def test_home_page_keeps_its_address_when_its_title_changes(editor_client):
    home = make_page("Home", slug="")

    response = editor_client.get(address(home))

    assert response.context["adminform"].prepopulated_fields == []


def test_page_offers_no_place_below_itself(editor_client):
    page = make_page()
    make_page("Board", parent=page)
    other = make_page("Contact")

    field = editor_client.get(address(page)).context["adminform"].form.fields["parent"]

    assert list(field.choices) == [("", "None"), (other.pk, "Contact")]


def test_draft_has_a_link_to_its_preview(editor_client):
    page = make_page(status="draft")

    assert (
        '<a href="/about/" class="viewsitelink">View on site</a>' in editor_client.get(address(page)).content.decode()
    )


def test_deleting_a_page_others_link_to_names_them(editor_client):
    page = make_page()
    home = make_page("Home", slug="")
    make_block(Section, home, heading="Our work", link_label="More", link_page=page)
    board = make_page("Board", parent=page)

    html = editor_client.get(address(page, "delete")).content.decode()

    assert "“About” cannot be deleted yet. These still need it:" in html
    assert f'Section “Our work” on the page <a href="{address(home)}">Home</a>' in html
    assert f'Page: <a href="{address(board)}">Board</a>' in html


def test_publishing_from_the_list_shows_the_page(editor_client, client):
    page = make_page(status="draft")

    response = editor_client.post(
        "/admin/pages/page/", {"action": "publish", "_selected_action": [page.pk]}, follow=True
    )

    assert [str(message) for message in response.context["messages"]] == ["1 record is published now."]
    assert client.get("/about/").status_code == 200


def test_drafting_from_the_list_hides_the_page(editor_client, client):
    page = make_page()
    editor_client.post("/admin/pages/page/", {"action": "make_draft", "_selected_action": [page.pk]})
    editor_client.logout()

    assert client.get("/about/").status_code == 404


def test_list_of_pages_shows_what_visitors_see(editor_client):
    page = make_page()
    make_page("Board", parent=page, status="draft")

    html = editor_client.get("/admin/pages/page/").content.decode()

    assert '<span class="depth depth--1">Board</span>' in html
    assert [html.count(f"badge--{kind}") for kind in ("published", "draft", "planned", "over")] == [1, 1, 0, 0]


def test_every_kind_of_block_has_an_inline_that_passes_the_checks():
    page_admin = PageAdmin(Page, admin.site)
    inlines = [inline_of(kind) for kind in Block.kinds()]

    assert [inline.model for inline in inlines] == Block.kinds()
    assert [error for inline in inlines for error in inline(Page, admin.site).check()] == []
    assert page_admin.get_inlines(None, None)[: len(inlines)] == inlines


def test_identity_list_leads_to_the_one_form(editor_client):
    make_identity()

    response = editor_client.get("/admin/pages/identity/")

    assert (response.status_code, response.url) == (302, "/admin/pages/identity/1/change/")


def test_identity_list_leads_to_an_empty_form_on_an_empty_database(editor_client):
    assert editor_client.get("/admin/pages/identity/").url == "/admin/pages/identity/add/"


def test_second_identity_is_refused(editor_client):
    make_identity()

    assert editor_client.get("/admin/pages/identity/add/").status_code == 403


def test_only_administrators_choose_the_script_that_counts_visits(client, db):
    """It comes from a host of their choice and runs on every page: also in the window of an administrator."""
    make_identity()
    user = get_user_model().objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_identity"))
    client.force_login(user)
    form = client.get("/admin/pages/identity/1/change/").context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name not in ("logo", "icon", "card")}
    data |= {"sociallink_set-TOTAL_FORMS": 0, "sociallink_set-INITIAL_FORMS": 0, "mission": "We try."}
    data |= {"analytics_service": "goatcounter", "analytics_host": "evil.example"}

    assert client.post("/admin/pages/identity/1/change/", data).status_code == 302
    assert (Identity.load().mission, Identity.load().analytics) == ("We try.", None)


def test_identity_with_a_pale_brand_colour_is_refused_beside_it(editor_client):
    make_identity()
    data = {
        "name": "Test Association",
        "short_name": "Test",
        "mission": "We test.",
        "brand": "#ffd000",
        "accent": "#ed7a24",
        "time_zone": "America/Los_Angeles",
        "icon_ppoi": "0.5x0.5",
        "card_ppoi": "0.5x0.5",
        "sociallink_set-TOTAL_FORMS": 0,
        "sociallink_set-INITIAL_FORMS": 0,
    }

    response = editor_client.post("/admin/pages/identity/1/change/", data)

    assert [field for field, _message in errors_of(response)] == ["brand"]
    assert errors_of(response)[0][1].startswith("Too little contrast")
    assert Identity.load().brand == "#0b5a8c"


def test_menu_entry_below_an_entry_below_another_is_refused(editor_client):
    top = make_menu_item("About", url="/about/")
    below = make_menu_item("Board", url="/board/", parent=top)

    response = editor_client.post(
        "/admin/pages/menuitem/add/",
        {"menu": "header", "label": "Chair", "url": "/chair/", "parent": below.pk, "position": 0},
    )

    assert [field for field, _message in errors_of(response)] == ["parent"]
    assert MenuItem.objects.count() == 2


def test_list_of_menus_stands_as_the_menus_do(editor_client):
    make_menu_item("Privacy", url="/privacy/", menu="footer")
    about = make_menu_item("About", url="/about/", position=2)
    make_menu_item("Home", url="/", position=1)
    make_menu_item("Board", url="/board/", parent=about, position=0)

    rows = editor_client.get("/admin/pages/menuitem/").context["cl"].result_list

    assert [item.label for item in rows] == ["Home", "About", "Board", "Privacy"]


def test_position_in_a_list_is_named_after_its_row(editor_client):
    make_menu_item("About", url="/about/")

    assert 'aria-label="Position of About"' in editor_client.get("/admin/pages/menuitem/").content.decode()


@pytest.mark.parametrize("model", [Page, Identity, MenuItem, Person, Album, Notice, OldPath])
def test_admin_is_closed_to_staff_without_rights_and_to_strangers(client, db, model):
    url = reverse(f"admin:pages_{model._meta.model_name}_changelist")
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"/admin/login/?next={url}")

    client.force_login(get_user_model().objects.create_user("new", password="x", is_staff=True))

    assert client.get(url).status_code == 403


def test_right_to_change_pages_is_enough_to_change_their_blocks(client, db):
    user = get_user_model().objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_page"))
    client.force_login(user)
    page = make_page()
    data = page_data((Section, {"heading": "Our work", "ground": "paper", "layout": "stack"}))

    assert client.post(address(page), data).status_code == 302
    assert Section.objects.get().heading == "Our work"


def test_right_to_view_pages_changes_nothing(client, db):
    user = get_user_model().objects.create_user("reader", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_page"))
    client.force_login(user)
    page = make_page()

    assert client.get(address(page)).status_code == 200
    assert client.post(address(page), page_data(title="Mine")).status_code == 403
    assert Page.objects.get().title == "About"


def test_change_form_allows_its_import_map_by_nonce_alone(editor_client):
    response = editor_client.get(ADD_PAGE)

    policy = response["Content-Security-Policy"]
    nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)[1]
    assert f'<script type="importmap" nonce="{nonce}">' in response.content.decode()
    assert "'none' 'self'" not in policy


def fill(number):
    """`number` records of every kind, each page with as many blocks that point to other records."""
    make_identity()
    for place in range(number):
        page = make_page(f"Page {place}")
        person, album = make_person(f"Person {place}"), make_album(f"Album {place}")
        make_notice(f"Notice {place}")
        make_menu_item(f"Entry {place}", page=page)
        OldPath.objects.create(path=f"/old-{place}/", page=page)
        make_photo(album)
    kinds = {kind.__name__: kind for kind in Block.kinds()}
    for _place in range(number):
        make_photo(Album.objects.first())
        page = Page.objects.first()
        make_block(kinds["PersonCard"], page, person=person)
        make_block(kinds["AlbumStrip"], page, album=album)
        make_block(Section, page, heading="Part", link_label="More", link_page=page)
        make_block(RichText, page, text="<p>Words.</p>")


QUERIES = {Page: (7, 41), MenuItem: (8, 7), Person: (7, 5), Album: (7, 6), Notice: (7, 6), OldPath: (7, 6)}
"""Statements of the list and of the form of one record."""


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("model", QUERIES)
def test_lists_and_forms_ask_the_same_questions_for_one_row_and_three(
    editor_client, django_assert_num_queries, model, number
):
    fill(number)
    assert_statements(editor_client, django_assert_num_queries, model.objects.first(), *QUERIES[model])


def test_album_of_three_hundred_pictures_can_be_saved(editor_client):
    """One form with thousands of fields: Django's own limit would refuse it, and all that was typed would be lost."""
    make_identity()
    album = make_album()
    first = make_photo(album)
    stored = {"album": album, "picture": first.picture.name, "picture_width": 640, "picture_height": 480}
    Photo.objects.bulk_create(Photo(picture_alt=f"Picture {number}", **stored) for number in range(1, 300))
    formset = {"photos-TOTAL_FORMS": 300, "photos-INITIAL_FORMS": 300}
    for place, pk in enumerate(album.photos.values_list("pk", flat=True)):
        row = {"id": pk, "album": album.pk, "picture_alt": f"Picture {place}", "caption": "New words", "credit": ""}
        row |= {"position": place, "picture_ppoi": "0.5x0.5"}
        formset |= {f"photos-{place}-{name}": value for name, value in row.items()}
    data = {"title": "Coast", "summary": "", "slug": "coast", "position": 0, "status": "published", **formset}
    body = encode_multipart(BOUNDARY, data)
    for place in range(300):  # as a browser sends a file input in which nothing was chosen
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos-{place}-picture"; filename=""'
        body = f"{head}\r\nContent-Type: application/octet-stream\r\n\r\n\r\n".encode() + body
    response = editor_client.generic("POST", address(album), body, MULTIPART_CONTENT)
    assert response.status_code == 302
    assert album.photos.filter(caption="New words").count() == 300


@pytest.mark.parametrize("model", [Page, MenuItem, Person, Album, Notice, OldPath])
def test_search_for_a_pasted_page_of_text_is_answered(editor_client, model):
    response = editor_client.get(address(model(), "changelist"), {"q": "word and " * 2000})
    assert response.status_code == 200
    assert response.context["cl"].result_count == 0
