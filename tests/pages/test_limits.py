"""How often a form may be sent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from pages import limits
from pages.limits import Limit
from pages.models import Attempt

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def ask(address="192.0.2.1", forwarded=None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory(headers=headers).post("/", REMOTE_ADDR=address)


def send(limit, now=NOW, **values):
    """Whether the form is let through."""
    return not limits.refusal(limit, ask(**values), now)


def test_one_address_is_let_through_so_many_times():
    limit = Limit("test", each=((2, HOUR),))
    assert [send(limit) for _ in range(3)] == [True, True, False]
    assert send(limit, address="192.0.2.2")


def test_time_gives_the_form_back():
    limit = Limit("test", each=((2, HOUR),))
    assert [send(limit, NOW), send(limit, NOW + HOUR / 2)] == [True, True]
    assert not send(limit, NOW + HOUR - SECOND)
    assert send(limit, NOW + HOUR)
    assert not send(limit, NOW + HOUR + SECOND)
    assert send(limit, NOW + HOUR * 3 / 2)


def test_what_was_refused_does_not_count():
    limit = Limit("test", each=((1, HOUR),))
    assert [send(limit, NOW + minutes * HOUR / 4) for minutes in range(5)] == [True, False, False, False, True]


def test_all_addresses_together_are_let_through_so_many_times():
    limit = Limit("test", each=((2, HOUR),), together=((3, HOUR),))
    assert [send(limit, address=f"192.0.2.{number}") for number in range(4)] == [True, True, True, False]
    assert send(limit, NOW + HOUR, address="192.0.2.9")


def test_shorter_and_longer_rule_hold_both():
    limit = Limit("test", each=((1, SECOND), (2, HOUR)))
    assert [send(limit, NOW), send(limit, NOW), send(limit, NOW + SECOND), send(limit, NOW + 2 * SECOND)] == [
        True,
        False,
        True,
        False,
    ]


def test_forms_are_counted_apart():
    assert send(Limit("one", each=((1, HOUR),), together=((1, HOUR),)))
    assert send(Limit("two", each=((1, HOUR),), together=((1, HOUR),)))


@pytest.mark.parametrize(
    ("within", "words"),
    [
        (SECOND, "1 minute"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(seconds=61), "2 minutes"),
        (HOUR, "60 minutes"),
        (timedelta(days=1), "1440 minutes"),
    ],
)
@pytest.mark.parametrize("together", [False, True])
def test_sentence_says_how_long_to_wait(within, words, together):
    rules = ((1, within),)
    limit = Limit("test", each=((9, HOUR),), together=rules) if together else Limit("test", each=rules)
    assert limits.refusal(limit, ask(), NOW) == ""
    assert limits.refusal(limit, ask(), NOW) == (
        f"This form was sent too often. What you wrote is still here: please send it again in {words}."
    )


def test_sentence_counts_from_the_attempt_that_falls_out_first():
    limit = Limit("test", each=((2, HOUR),))
    send(limit, NOW)
    send(limit, NOW + timedelta(minutes=50))
    assert "in 5 minutes." in limits.refusal(limit, ask(), NOW + timedelta(minutes=55))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "", True),
    ],
)
def test_household_is_one_address(first, second, same):
    limit = Limit("test", each=((1, HOUR),))
    assert send(limit, address=first)
    assert send(limit, address=second) is not same


def test_forged_header_counts_for_nothing_without_a_proxy(settings):
    settings.BEHIND_PROXY = False
    limit = Limit("test", each=((2, HOUR),))
    assert [send(limit, forwarded=f"198.51.100.{number}") for number in range(3)] == [True, True, False]


def test_forged_header_counts_for_nothing_behind_a_proxy(settings):
    """What a visitor sends stands in front of what the proxy adds."""
    settings.BEHIND_PROXY = True
    limit = Limit("test", each=((2, HOUR),))
    forged = [f"198.51.100.{number}, 203.0.113.5" for number in range(3)]
    assert [send(limit, address="127.0.0.1", forwarded=header) for header in forged] == [True, True, False]
    assert send(limit, address="127.0.0.1", forwarded="203.0.113.6")


@pytest.mark.parametrize("forwarded", ["203.0.113.5:4711", "[2001:db8:1:2::1]:4711", "2001:db8:1:2::1"])
def test_port_of_a_connection_makes_no_new_address(settings, forwarded):
    settings.BEHIND_PROXY = True
    limit = Limit("test", each=((1, HOUR),))
    assert send(limit, forwarded=forwarded)
    assert not send(limit, forwarded=forwarded.replace("4711", "4712"))


@pytest.mark.parametrize("forwarded", ["", ",", "unknown", "x" * 5000, "1.2.3", "[", "::1%", "\u00e9"])
def test_header_without_an_address_counts_as_somebody(settings, forwarded):
    settings.BEHIND_PROXY = True
    limit = Limit("test", each=((1, HOUR),))
    assert [send(limit, forwarded=forwarded) for _ in range(2)] == [True, False]


def test_table_holds_nothing_personal(settings):
    send(Limit("test", each=((1, HOUR),)), address="192.0.2.1")
    attempt = Attempt.objects.get()
    assert (attempt.form, attempt.at, len(attempt.who)) == ("test", NOW, 64)
    assert {field.name for field in Attempt._meta.fields} == {"id", "form", "who", "at"}
    settings.SECRET_KEY = "another key"
    assert limits.digest_of("192.0.2.1") != attempt.who


def test_limit_costs_few_queries(django_assert_num_queries):
    limit = Limit("test", each=((3, HOUR),), together=((30, HOUR),))
    with django_assert_num_queries(3):
        send(limit)


def test_limit_that_looks_back_too_far_is_refused():
    with pytest.raises(ValueError, match="test"):
        Limit("test", each=((1, timedelta(days=2)),))


def test_old_attempts_are_forgotten():
    limit = Limit("test", each=((9, HOUR),))
    for age in (limits.KEPT, limits.KEPT - SECOND):
        send(limit, NOW - age)
    limits.forget(NOW)
    assert [attempt.at for attempt in Attempt.objects.all()] == [NOW - limits.KEPT + SECOND]
