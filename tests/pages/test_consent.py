import re

import pytest

from tests.factories import make_identity

pytestmark = pytest.mark.django_db

PLAUSIBLE = {"analytics_service": "plausible", "analytics_site": "example.org"}


def directive(response, name):
    """The sources one directive of the response's content policy allows."""
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    return policy[name].split()


def test_page_without_analytics_asks_nothing(client):
    make_identity()

    response = client.get("/")
    html = response.content.decode()

    assert "consent" not in html
    assert "plausible" not in html + response["Content-Security-Policy"]
    assert (directive(response, "script-src"), directive(response, "connect-src")) == (["'self'"], ["'self'"])
    assert "No cookies for visitors, no trackers." in html


def test_page_with_analytics_carries_a_hidden_question(client):
    make_identity(**PLAUSIBLE)

    html = client.get("/").content.decode()
    [notice] = re.findall(r'<section class="consent".*?</section>', html, re.DOTALL)
    [opening] = re.findall(r"<section[^>]*>", notice)

    assert " hidden " in opening
    assert 'data-src="https://plausible.io/js/script.js"' in opening
    assert 'data-domain="example.org"' in opening
    assert re.findall(r'<button class="([^"]+)" type="button" value="(\w+)">', notice) == [
        ("button button--quiet", "accepted"),
        ("button button--quiet", "declined"),
    ]
    assert "No cookies for visitors, no trackers." not in html


def test_page_with_analytics_loads_nothing_from_the_service_by_itself(client):
    make_identity(**PLAUSIBLE)

    html = client.get("/").content.decode()

    assert "plausible" not in "".join(re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", html))


def test_policy_with_analytics_is_widened_by_its_host_alone(client):
    identity = make_identity()
    before = client.get("/")["Content-Security-Policy"]
    identity.analytics_service, identity.analytics_site = PLAUSIBLE.values()
    identity.save()

    response = client.get("/")

    assert directive(response, "script-src") == ["'self'", "https://plausible.io"]
    assert directive(response, "connect-src") == ["'self'", "https://plausible.io"]
    assert response["Content-Security-Policy"].replace(" https://plausible.io", "") == before


def test_help_page_with_analytics_asks_nothing(client):
    make_identity(**PLAUSIBLE)

    response = client.get("/help/nowhere/")

    assert "consent" not in response.content.decode()
    assert "plausible" not in response["Content-Security-Policy"]
