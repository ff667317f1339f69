"""Sends the contact form as a browser does."""

from datetime import timedelta

from django.utils import timezone

from contact.forms import MessageForm

ADDRESS = "/contact/"
WORDS = {
    "name": "Jane Doe",
    "email": "jane@example.org",
    "phone": "",
    "agency": "Test Police Department",
    "text": "When is the next course?\nWe are twelve.",
    "more_words": "",
}


def data(**values):
    """What an honest form says that was opened two minutes ago; a topic where there is one."""
    form = MessageForm()
    stamp = {"stamp": form.stamp_of(timezone.now() - timedelta(minutes=2))}
    topic = {"topic": next(iter(form.topics))} if form.topics else {}
    return {**WORDS, **topic, **stamp, **values}


def send(client, **values):
    return client.post(ADDRESS, data(**values))
