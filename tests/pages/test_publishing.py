from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import RequestFactory

from pages.models import Album, Notice, Page, Person
from pages.publishing import get_visible_or_404
from tests.factories import make_album, make_notice, make_page, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MOMENTS = [None, NOW - TICK, NOW, NOW + TICK]


def titles(queryset):
    return sorted(queryset.values_list("title", flat=True))


def staff(*permissions, **values):
    user = get_user_model().objects.create_user("staff", is_staff=True, **values)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def pages():
    make_page("Public")
    make_page("Draft", status=Page.Status.DRAFT)
    make_page("Later", publish_from=NOW + TICK)
    make_page("Over", publish_until=NOW)


def test_page_is_a_draft_until_somebody_publishes_it():
    page = Page.objects.create(title="New", slug="new")
    assert not page.is_published()
    assert titles(Page.objects.published()) == []


@pytest.mark.parametrize(("moment", "shown"), [(NOW - TICK, False), (NOW, True), (NOW + TICK, True)])
def test_page_is_public_from_the_very_moment(moment, shown):
    make_page("About", publish_from=NOW)
    assert Page.objects.published(moment).exists() is shown


@pytest.mark.parametrize(("moment", "shown"), [(NOW - TICK, True), (NOW, False), (NOW + TICK, False)])
def test_page_is_withdrawn_at_the_very_moment(moment, shown):
    make_page("About", publish_until=NOW)
    assert Page.objects.published(moment).exists() is shown


def test_row_in_hand_and_queryset_agree_on_every_combination():
    combinations = [
        (status, start, end)
        for status, start, end in product(Page.Status, MOMENTS, MOMENTS)
        if start is None or end is None or start < end
    ]
    for number, (status, start, end) in enumerate(combinations):
        make_page(f"Page {number}", status=status, publish_from=start, publish_until=end)
    assert len(combinations) == 2 * (7 + 3)
    by_queryset = set(Page.objects.published(NOW))
    assert by_queryset == {page for page in Page.objects.all() if page.is_published(NOW)}
    # No start, started before or now, and no end or a later one: 3 starts by 2 ends.
    assert len(by_queryset) == 6


def test_end_before_start_is_refused_in_words_beside_the_end():
    page = Page(title="A", slug="a", publish_from=NOW, publish_until=NOW)
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    assert caught.value.message_dict == {"publish_until": ["“Publish until” must be later than “publish from”."]}


@pytest.mark.parametrize("make", [make_page, make_album, make_person, make_notice])
def test_end_before_start_is_refused_by_the_database(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(publish_from=NOW, publish_until=NOW - TICK)


@pytest.mark.parametrize("model", [Page, Album, Person, Notice])
def test_every_public_kind_follows_the_one_rule(model):
    make = {Page: make_page, Album: make_album, Person: make_person, Notice: make_notice}[model]
    public, draft = make("One"), make("Two", status=model.Status.DRAFT)
    assert list(model.objects.published()) == [public]
    assert public.is_published()
    assert not draft.is_published()


def test_stranger_sees_what_is_public(pages):
    assert titles(Page.objects.visible_to(AnonymousUser(), NOW)) == ["Public"]


def test_staff_without_rights_see_what_is_public(pages):
    assert titles(Page.objects.visible_to(staff(), NOW)) == ["Public"]


def test_right_to_another_kind_does_not_show_drafts(pages):
    assert titles(Page.objects.visible_to(staff("view_album", "change_album"), NOW)) == ["Public"]


@pytest.mark.parametrize("permission", ["view_page", "change_page"])
def test_staff_with_the_right_see_everything(pages, permission):
    assert titles(Page.objects.visible_to(staff(permission), NOW)) == ["Draft", "Later", "Over", "Public"]


def test_right_without_staff_status_does_not_show_drafts(pages):
    user = staff("view_page")
    user.is_staff = False
    assert titles(Page.objects.visible_to(user, NOW)) == ["Public"]


def test_superuser_sees_everything_unless_inactive(pages, editor):
    assert titles(Page.objects.visible_to(editor, NOW)) == ["Draft", "Later", "Over", "Public"]
    editor.is_active = False
    assert titles(Page.objects.visible_to(editor, NOW)) == ["Public"]


def test_public_row_is_found_without_asking_who_looks():
    page = make_page("About")
    request = RequestFactory().get("/")  # has no user at all
    assert get_visible_or_404(Page.objects, request, slug="about") == page
    assert not hasattr(request, "shows_draft")


def test_draft_marks_the_request_of_staff(pages, editor):
    request = RequestFactory().get("/")
    request.user = editor
    assert get_visible_or_404(Page.objects, request, slug="draft").title == "Draft"
    assert request.shows_draft is True


def test_draft_is_no_page_for_a_stranger(pages):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with pytest.raises(Http404):
        get_visible_or_404(Page.objects, request, slug="draft")
    assert not hasattr(request, "shows_draft")
