"""Upcoming events as RSS 2.0 (https://www.rssboard.org/rss-specification)."""

from django.conf import settings
from django.utils.feedgenerator import Rss201rev2Feed

from events import calendars, facts, timetable


def events_of(events, now):
    """The first of these events to come. Two statements."""
    events = events.upcoming(now).filter(last_end__lt=now + calendars.FUTURE)
    return events.prefetch_related("sessions")[: calendars.LIMIT]


class News(Rss201rev2Feed):
    def latest_post_date(self):
        """Of an empty feed: a fixed date, where Django would write the present second and change every ETag."""
        return max((item["pubdate"] for item in self.items), default=self.feed["empty_since"])


def news_of(events, *, title, description, list_url, feed_url, now):
    feed = News(
        title=facts.plain(title),
        link=list_url,
        description=facts.plain(description),
        feed_url=feed_url,
        language=settings.LANGUAGE_CODE,
        ttl=60,
        empty_since=now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0),
    )
    for event in events:
        feed.add_item(
            title=facts.plain(facts.title(event)),
            link=settings.SITE_URL + event.get_absolute_url(),
            description=describe(event),
            unique_id=event.uid.urn,
            unique_id_is_permalink=False,
            pubdate=event.calendar_changed,
            categories=[event.get_kind_display(), *event.get_audiences_display()],
        )
    return feed.writeString("utf-8")


def describe(event):
    return facts.lines(
        *(f"{timetable.days_text(session)}, {timetable.hours_text(session)}" for session in event.sessions.all()),
        facts.sample(event),
        facts.place(event),
        facts.state(event),
        event.summary,
    )
