"""The rule that says when a contact form has fallen silent, at fixed moments."""

from datetime import UTC, datetime, timedelta

import pytest

from contact.silence import silence
from tests.factories import make_message

LAST = datetime(2027, 6, 1, 12, tzinfo=UTC)


def day(number):
    return timedelta(days=number)


def write(*days_before_last, **values):
    for number in days_before_last:
        make_message(sent=LAST - day(number), **values)


@pytest.mark.django_db
class TestSilence:
    def test_weekly_messages_are_missed_after_twice_the_longest_pause(self):
        write(0, 7, 14, 21, 28, 35, 45)

        assert silence(LAST + day(20)) is None
        assert silence(LAST + day(21)) == day(21)

    def test_daily_messages_are_not_missed_over_a_long_weekend(self):
        write(*range(50))

        assert silence(LAST + day(4)) is None
        assert silence(LAST + day(4) + timedelta(minutes=1)) == day(4) + timedelta(minutes=1)

    def test_form_with_messages_in_five_of_eight_weeks_is_not_missed(self):
        write(0, 7, 14, 21, 28)

        assert silence(LAST + day(200)) is None

    def test_long_silence_does_not_end_by_itself(self):
        write(0, 7, 14, 21, 28, 35)

        assert silence(LAST + day(300)) == day(300)

    def test_spam_and_suspicious_messages_do_not_hide_the_silence(self):
        write(0, 7, 14, 21, 28, 35)
        write(-15, state="spam")
        write(-16, suspicion=["trap"])

        assert silence(LAST + day(17)) == day(17)

    def test_spam_alone_makes_no_habit(self):
        write(0, 7, 14, 21, 28, 35, state="spam")

        assert silence(LAST + day(60)) is None

    def test_messages_before_the_eight_weeks_do_not_count(self):
        write(0, 7, 14, 21, 28, 200)

        assert silence(LAST + day(100)) is None

    def test_later_messages_do_not_count_at_an_earlier_moment(self):
        write(0, 7, 14, 21, 28, 35)

        assert silence(LAST - day(20)) is None

    def test_form_that_never_got_a_message_is_not_missed(self):
        assert silence(LAST) is None


def test_silence_is_found_in_two_queries(db, django_assert_num_queries):
    for many in (1, 3):
        write(*range(0, 42 * many, 7))
        with django_assert_num_queries(2):
            silence(LAST + day(30))
