"""What the start page says of crisis lines that somebody should check."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from cacita import waiting
from resources import checks
from resources.models import Check
from tests.factories import make_line

pytestmark = pytest.mark.django_db
TASK = "/admin/resources/crisisline/checks/"
TODAY = timezone.localdate()


def record(line, outcome="right", days_ago=0):
    checks.record(Check(line=line, outcome=outcome, made_on=TODAY - timedelta(days=days_ago)))


def make_every_kind(count=1):
    for number in range(count):
        make_line(f"Never {number}")
        make_line(f"Never seen {number}", status="draft")
        record(make_line(f"Late {number}"), days_ago=92)
        record(make_line(f"Fresh {number}"), days_ago=91)
        record(make_line(f"Silent {number}"), "silent")
        record(make_line(f"Silent and hidden {number}", status="draft"), "wrong")


def test_start_page_asks_for_crisis_lines_by_reason_the_failed_first(editor_client):
    make_every_kind()
    assert editor_client.get("/admin/").context["waiting"] == [
        ("crisis line failed its check and is still public", 1, f"{TASK}?reason=failed"),
        ("crisis line nobody has checked yet: do so before launch", 1, f"{TASK}?reason=never"),
        ("crisis line to check again", 1, f"{TASK}?reason=again"),
    ]


def test_start_page_is_silent_where_all_is_checked(editor_client):
    record(make_line())
    assert editor_client.get("/admin/").context["waiting"] == []


def test_counts_lead_to_as_many_lines(editor_client):
    make_every_kind(3)
    for _words, count, address in editor_client.get("/admin/").context["waiting"]:
        response = editor_client.get(address, follow=True)
        lines = response.context.get("tried") or [*response.context["others"], response.context["line"]]
        assert len(lines) == count == 3


def test_start_page_asks_only_those_who_may_check(client):
    make_every_kind()
    user = get_user_model().objects.create_user("new", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="change_crisisline"))
    client.force_login(user)
    assert client.get("/admin/").context["waiting"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_lines_cost_two_statements_for_one_and_three(rf, editor, django_assert_num_queries, count):
    make_every_kind(count)
    request = rf.get("/admin/")
    request.user = editor
    with django_assert_num_queries(2):
        rows = [*waiting.failed_lines(request), *waiting.crisis_lines(request)]
    assert [found for _words, found, _address in rows] == [count] * 3
