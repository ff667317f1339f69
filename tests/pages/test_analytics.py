import pytest

from pages.analytics import CHOICES, SERVICES, Service, describe, faults


def test_no_service_is_chosen_by_default():
    assert describe("", "", "") is None
    assert describe("unknown", "a", "b.example") is None
    assert faults("", "", "") == {}


@pytest.mark.parametrize(
    ("key", "site", "host", "chosen"),
    [
        (
            "plausible",
            "example.org",
            "",
            Service("Plausible", "https://plausible.io/js/script.js", {"data-domain": "example.org"}, "plausible.io"),
        ),
        (
            "plausible",
            "example.org",
            "stats.example.org",
            Service(
                "Plausible",
                "https://stats.example.org/js/script.js",
                {"data-domain": "example.org"},
                "stats.example.org",
            ),
        ),
        (
            "goatcounter",
            "",
            "cit.goatcounter.com",
            Service(
                "GoatCounter",
                "https://cit.goatcounter.com/count.js",
                {"data-goatcounter": "https://cit.goatcounter.com/count"},
                "cit.goatcounter.com",
            ),
        ),
        (
            "umami",
            "0a1b-2c",
            "stats.example.org",
            Service(
                "Umami", "https://stats.example.org/script.js", {"data-website-id": "0a1b-2c"}, "stats.example.org"
            ),
        ),
    ],
)
def test_chosen_service_is_ready_to_start(key, site, host, chosen):
    assert faults(key, site, host) == {}
    assert describe(key, site, host) == chosen


def test_every_service_can_be_chosen():
    assert CHOICES == [("plausible", "Plausible"), ("goatcounter", "GoatCounter"), ("umami", "Umami")]
    assert [key for key, _name in CHOICES] == list(SERVICES)


def test_missing_values_are_asked_for():
    assert faults("umami", "", "") == {
        "analytics_host": "Umami runs on a host of its own for each site. Write it here.",
        "analytics_site": "Write the name or number the service gave you: letters, digits, dot, dash.",
    }
    assert list(faults("plausible", "", "")) == ["analytics_site"]
    assert list(faults("goatcounter", "", "")) == ["analytics_host"]


@pytest.mark.parametrize(
    "host",
    [
        "https://stats.example.org",
        "stats.example.org/",
        "stats.example.org:8000",
        "stats",
        "*.example.org",
        "a.example 'unsafe-inline'",
        "a.example;script-src",
        "-a.example",
        "STATS.example.org",
        "stats.example.org\n",
    ],
)
def test_host_that_would_widen_the_policy_further_is_refused(host):
    assert faults("goatcounter", "", host) == {"analytics_host": "Write the host alone, for example stats.example.org."}


@pytest.mark.parametrize("site", ['"><script>', "a b", "a/b", "{host}", "a\n"])
def test_site_with_other_signs_is_refused(site):
    assert list(faults("plausible", site, "")) == ["analytics_site"]
