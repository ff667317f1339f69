from cacita.checks import site_url_is_public


def test_site_without_encryption_is_warned_of(settings):
    settings.SECURE, settings.SITE_URL = False, "http://127.0.0.1:8000"
    (warning,) = site_url_is_public(None)
    assert warning.id == "cacita.W001"
    assert warning.msg.startswith("SITE_URL is http://127.0.0.1:8000:")


def test_site_with_an_https_address_is_not_warned_of(settings):
    settings.SECURE = True
    assert site_url_is_public(None) == []
