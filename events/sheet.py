"""What the page of one event says: its facts, whether and how to register, what is to be had."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.functional import cached_property

from events import shares, timetable
from events.models import Credit, Event

OFF, OVER, CLOSED = "off", "over", "closed"
"""What somebody who wants to come is told, beside the event's own ways of registration."""


@dataclass
class Sheet:
    """One event at the moment `now`."""

    event: Event
    now: datetime

    @cached_property
    def row(self):
        return timetable.Row(self.event, self.now)

    @property
    def sessions(self):
        return self.row.sessions

    @property
    def lists_sessions(self):
        """Whether the sessions say more than the card of facts does."""
        return len(self.sessions) > 1 or any(session.title or session.place for session in self.sessions)

    @property
    def is_over(self):
        return self.event.is_over(self.now)

    @property
    def hours(self):
        """Hours of all sessions together; None while any of them is a whole day, whose hours nobody wrote down."""
        hours = [session.hours for session in self.sessions]
        return sum(hours, Decimal()) if hours and None not in hours else None

    @property
    def registering(self):
        if not self.event.is_open_to_come:
            return OFF
        if self.is_over:
            return OVER
        if self.event.registration != Event.Registration.NONE and self.deadline and self.deadline <= self.now:
            return CLOSED
        return self.event.registration

    @property
    def deadline(self):
        """The last moment to register on the clocks of the event's zone."""
        until = self.event.registration_until
        return until.astimezone(self.event.zone) if until else None

    @property
    def deadline_hour(self):
        return timetable.hour_text(self.deadline)

    @property
    def registration_host(self):
        return urlsplit(self.event.registration_url).hostname or ""

    @cached_property
    def address(self):
        return settings.SITE_URL + self.event.get_absolute_url()

    @property
    def mail_to_share(self):
        return f"mailto:?subject={quote(self.event.title)}&body={quote(self.address)}"

    @property
    def mail_to_contact(self):
        return f"mailto:{self.event.contact_email}?subject={quote(self.event.title)}"

    @property
    def map_link(self):
        return "" if self.row.is_online else shares.map_link(self.event)

    @cached_property
    def saves(self):
        """Sessions to come with the links that put them into somebody's calendar; none where nobody is to come."""
        if not self.event.is_open_to_come:
            return []
        return [
            {
                "session": session,
                "google": shares.google(session, self.address),
                "outlook": shares.outlook(session, self.address),
            }
            for session in self.sessions
            if session.ends > self.now
        ]

    @cached_property
    def credits(self):
        return sorted(self.event.credits.all(), key=lambda credit: Credit.Board.values.index(credit.board))

    @cached_property
    def presenters(self):
        return list(self.event.presenters.all())

    @cached_property
    def materials(self):
        return [material for material in self.event.materials.all() if material.is_shown(self.now)]
