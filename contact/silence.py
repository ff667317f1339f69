"""A contact form that usually gets posts and falls silent: perhaps nobody writes, perhaps it is broken.

The rule, in words staff can check against the list of messages:

* Only messages of people count: neither suspicious ones nor spam. A flood of spam must not hide the silence.
* The form *usually gets posts* if one came in at least six of the eight weeks that ended with the newest message. The
  weeks are counted back from that message and not from today, or a long silence would end its own alarm.
* It *is silent* once nothing has come for more than twice the longest pause within those eight weeks, and for more
  than four days. The longest pause already holds this association's weekends and slow weeks; the four days let a long
  weekend pass where several come each day.

Were messages to come by pure chance, the rule would cry wolf about twice in three years at one message a week and once
in five years at one a day (counted over 400 simulated years): seldom enough to be believed.
"""

from datetime import timedelta
from itertools import pairwise

from contact.models import Message

WEEK = timedelta(weeks=1)
WEEKS = 8
USUAL = 6
"""Weeks with a message, of these."""
TIMES = 2
"""How often the longest pause must fit into the silence."""
LEAST = timedelta(days=4)


def silence(now):
    """How long the contact form has been silent at the moment `now`, where that is unusual; else None."""
    came = Message.objects.from_people().filter(sent__lte=now)
    last = came.order_by("-sent").values_list("sent", flat=True).first()
    if last is None or now - last <= LEAST:
        return None
    times = list(came.filter(sent__gt=last - WEEKS * WEEK).order_by("sent").values_list("sent", flat=True))
    if len({(last - time) // WEEK for time in times}) < USUAL:
        return None
    longest = max(later - earlier for earlier, later in pairwise(times))
    return now - last if now - last > TIMES * longest else None
