import re

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from cacita.style_page import _blocks, _opening, contrasts
from pages.models import Block, Identity
from tests.factories import make_album, make_identity, make_photo

pytestmark = pytest.mark.django_db
STYLE = "/admin/style/"


def test_every_kind_of_block_is_shown():
    photo = make_photo(make_album())
    shown = {type(block) for block in [*_opening(Identity()), *_blocks(photo, timezone.localdate())]}

    assert shown == set(Block.kinds())


def test_page_is_refused_to_visitors(client):
    response = client.get(STYLE)

    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={STYLE}")


def test_page_is_refused_to_people_who_are_not_staff(client):
    client.force_login(get_user_model().objects.create_user("reader"))
    response = client.get(STYLE)

    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={STYLE}")


@pytest.mark.parametrize("filled", [True, False])
def test_page_has_one_main_heading_and_unique_ids(editor_client, filled):
    if filled:
        make_identity(email="office@example.org")
        make_photo(make_album())
    html = editor_client.get(STYLE).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)

    assert len(re.findall(r"<h1\b", html)) == 1
    assert sorted(ids) == sorted(set(ids))


def test_links_inside_the_page_lead_to_what_is_there(editor_client):
    html = editor_client.get(STYLE).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', html))

    assert [anchor for anchor in re.findall(r'href="#([^"]+)"', html) if anchor not in ids] == []


def test_page_carries_no_inline_style_or_script(editor_client):
    html = editor_client.get(STYLE).content.decode()

    assert re.findall(r'<[^>]+\s(?:style|on\w+)="', html) == []


def test_contrast_is_measured_from_the_colours_of_the_identity():
    ratios = [round(ratio, 1) for _words, _sample, ratio in contrasts(Identity(brand="#000000", accent="#ffffff"))]

    assert ratios == [19.5, 14.2, 15.3]
