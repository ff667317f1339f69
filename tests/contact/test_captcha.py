"""The captcha: what its provider says is kept, and nothing it does keeps a message from us."""

import json
import socket
from io import BytesIO

import pytest
from django.test import Client
from django_recaptcha import client as provider

from contact import captcha
from contact.forms import MessageForm
from contact.models import ContactForm, Message
from pages.models import PrivacyFacts
from tests.contact.sending import send
from tests.factories import make_block, make_identity, make_page, make_topic

pytestmark = pytest.mark.django_db
Captcha = Message.Captcha
GOOGLE = "https://www.google.com/recaptcha/"


@pytest.fixture(params=["v2", "v3"])
def keys(request, settings):
    settings.RECAPTCHA_PUBLIC_KEY = "public-key"
    settings.RECAPTCHA_PRIVATE_KEY = "private-key"
    settings.RECAPTCHA_VERSION = request.param
    return request.param


@pytest.fixture
def says(monkeypatch):
    """A function that sets what the provider answers; it returns what the provider was asked."""
    asked = []

    def says(answer):
        def request(params):
            asked.append(params.decode())
            return BytesIO(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

        monkeypatch.setattr(provider, "recaptcha_request", request)
        return asked

    return says


def verdict(token="token"):
    return captcha.CaptchaField().judge(token)


RIGHT = {"success": True, "action": "contact", "score": 0.9}


def test_without_keys_there_is_no_captcha(settings):
    assert (settings.RECAPTCHA_PUBLIC_KEY, captcha.is_on()) == ("", False)
    assert "captcha" not in MessageForm().fields
    assert "django_recaptcha" not in settings.INSTALLED_APPS


def test_person_passes_and_the_address_of_the_visitor_stays_here(keys, says):
    asked = says(RIGHT)
    assert verdict() == Captcha.PASSED
    assert asked == ["secret=private-key&response=token&remoteip="]


@pytest.mark.parametrize(
    "answer",
    [
        {"success": False, "error-codes": ["invalid-input-response"]},
        {"success": False, "error-codes": ["timeout-or-duplicate"]},
        {"success": False},
    ],
)
def test_program_fails(keys, says, answer):
    says(answer)
    assert verdict() == Captcha.FAILED


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"success": True, "action": "contact", "score": 0.5}, Captcha.PASSED),
        ({"success": True, "action": "contact", "score": 0.4}, Captcha.FAILED),
        ({"success": True, "action": "other", "score": 0.9}, Captcha.FAILED),
        ({"success": True, "action": "contact"}, Captcha.FAILED),
    ],
)
def test_third_version_counts_score_and_action(keys, says, answer, expected):
    says(answer)
    assert verdict() == (expected if keys == "v3" else Captcha.PASSED)


def test_missing_answer_fails_without_asking(keys, says):
    asked = says(RIGHT)
    assert (verdict(""), asked) == (Captcha.FAILED, [])


@pytest.mark.parametrize(
    "answer",
    [
        {"success": False, "error-codes": ["invalid-input-secret"]},
        {"success": False, "error-codes": ["bad-request"]},
        {},
        [],
        None,
        b"",
        b"<html>busy</html>",
        b"\xff\xfe",
        {"success": True, "action": "contact", "score": "high"},
        {"success": True, "error-codes": 5},
    ],
    ids=str,
)
def test_wrong_keys_and_nonsense_leave_the_message_unchecked(keys, says, answer):
    says(answer)
    counts = keys == "v3" or answer != {"success": True, "action": "contact", "score": "high"}
    assert verdict() == (Captcha.UNCHECKED if counts else Captcha.PASSED)


def test_provider_that_is_away_leaves_the_message_unchecked(keys, settings):
    settings.RECAPTCHA_DOMAIN = "127.0.0.1:1"
    assert verdict() == Captcha.UNCHECKED


def test_silent_provider_leaves_the_message_unchecked(keys, settings):
    settings.RECAPTCHA_VERIFY_REQUEST_TIMEOUT = 0.05
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.RECAPTCHA_DOMAIN = f"127.0.0.1:{silent.getsockname()[1]}"
        assert verdict() == Captcha.UNCHECKED


def test_nobody_waits_longer_than_three_seconds_for_a_step(settings):
    assert settings.RECAPTCHA_VERIFY_REQUEST_TIMEOUT == 3


# In the form

TOKEN = {"captcha": "token", "g-recaptcha-response": "token"}


def test_message_of_a_person_is_kept_as_passed(keys, says, client):
    says(RIGHT)
    assert send(client, **TOKEN).status_code == 303
    message = Message.objects.get()
    assert (message.captcha, message.suspicion) == ("passed", [])


def test_message_without_an_answer_is_taken_and_looked_at_first(keys, says, client):
    asked = says(RIGHT)
    assert send(client).status_code == 303
    message = Message.objects.get()
    assert (message.captcha, message.suspicion, asked) == ("failed", ["captcha"], [])


def test_unchecked_message_goes_its_usual_way(keys, settings, client):
    settings.RECAPTCHA_DOMAIN = "127.0.0.1:1"
    assert send(client, **TOKEN).status_code == 303
    message = Message.objects.get()
    assert (message.captcha, message.suspicion) == ("unchecked", [])


def test_provider_is_asked_only_about_a_form_that_is_right(keys, says, client):
    asked = says(RIGHT)
    assert send(client, email="no address", **TOKEN).status_code == 200
    assert asked == []


# On the page


def policy(response):
    header = response["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in header.split("; ") if part}


def block_page():
    page = make_page("Write to us")
    make_block(ContactForm, page)
    return page.path


def test_page_names_the_provider_and_loads_nothing_of_it_by_itself(keys, client):
    for path in ("/contact/", block_page()):
        page = client.get(path).content.decode()
        assert 'data-sitekey="public-key"' in page
        assert "js/captcha.js" in page
        assert f'src="{GOOGLE}' not in page
        assert "https://policies.google.com/privacy" in page
        assert "private-key" not in page


def test_only_pages_with_the_form_may_load_the_provider(keys, client):
    for path in ("/contact/", block_page()):
        rules = policy(client.get(path))
        assert {GOOGLE, "https://www.gstatic.com/recaptcha/"} <= set(rules["script-src"])
        assert {GOOGLE, "https://recaptcha.google.com/recaptcha/"} <= set(rules["frame-src"])
        assert "'unsafe-inline'" not in rules["script-src"]
    assert "google" not in client.get("/gallery/")["Content-Security-Policy"]
    assert "google" not in client.get("/contact/thanks/M-222222/")["Content-Security-Policy"]


def test_refused_form_may_load_the_provider_too(keys, says, client):
    says(RIGHT)
    assert GOOGLE in policy(send(client, name="", **TOKEN))["script-src"]


def test_pages_differ_by_nothing_random(keys, client):
    make_topic()

    def without_stamp():
        page = client.get("/contact/").content.decode()
        return page[: page.index('name="stamp"')]

    assert without_stamp() == without_stamp()
    assert "widget-uuid" not in without_stamp()


def test_without_keys_no_page_names_the_provider(client):
    make_identity()
    for path in ("/contact/", block_page()):
        response = client.get(path)
        assert "google" not in response["Content-Security-Policy"] + response.content.decode().lower()


def test_privacy_page_names_the_provider_where_it_is_used(keys, client, settings):
    page = make_page("Privacy")
    make_block(PrivacyFacts, page)
    with_keys = client.get(page.path).content.decode()
    settings.RECAPTCHA_PUBLIC_KEY = settings.RECAPTCHA_PRIVATE_KEY = ""
    without = Client().get(page.path).content.decode()
    assert ("Google reCAPTCHA" in with_keys, "Google" in without) == (True, False)
    for promise in ("No page asks another", "no trackers."):
        assert (promise in with_keys, promise in without) == (False, True)
