import pytest

from cacita.checks import https_ends_somewhere, site_url_is_public


def test_site_without_encryption_is_warned_of(settings):
    settings.SECURE, settings.SITE_URL = False, "http://127.0.0.1:8000"
    (warning,) = site_url_is_public(None)
    assert warning.id == "cacita.W001"
    assert warning.msg.startswith("SITE_URL is http://127.0.0.1:8000:")


def test_site_with_an_https_address_is_not_warned_of(settings):
    settings.SECURE = True
    assert site_url_is_public(None) == []


def test_https_address_without_a_proxy_is_refused(settings):
    settings.SECURE, settings.SITE_URL, settings.SECURE_PROXY_SSL_HEADER = True, "https://www.example.org", None
    (error,) = https_ends_somewhere(None)
    assert error.id == "cacita.E001"
    assert error.msg.startswith("SITE_URL is https://www.example.org and BEHIND_PROXY is off:")


@pytest.mark.parametrize("secure", [True, False])
def test_address_that_a_proxy_answers_for_is_not_refused(settings, secure):
    settings.SECURE, settings.SECURE_PROXY_SSL_HEADER = secure, ("HTTP_X_FORWARDED_PROTO", "https")
    assert https_ends_somewhere(None) == []


def test_plain_address_needs_no_proxy(settings):
    settings.SECURE, settings.SECURE_PROXY_SSL_HEADER = False, None
    assert https_ends_somewhere(None) == []
