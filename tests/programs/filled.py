"""What a browser would send of a form as it stands on the page."""

from datetime import timedelta
from html.parser import HTMLParser

from django.utils import timezone


class Filled(HTMLParser):
    """Names and values of every control of a page's forms, in `data`; groups of boxes as lists."""

    def __init__(self, html):
        super().__init__()
        self.data = {}
        self._select = self._textarea = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "select":
            self._select = attrs["name"]
        elif tag == "option" and self._select and ("selected" in attrs or self._select not in self.data):
            self.data[self._select] = attrs.get("value", "")
        elif tag == "textarea":
            self._textarea = attrs["name"]
            self.data[self._textarea] = ""
        elif tag == "input" and "name" in attrs:
            self._input(attrs)

    def _input(self, attrs):
        kind, name, value = attrs.get("type", "text"), attrs["name"], attrs.get("value", "")
        if kind in ("checkbox", "radio"):
            if "checked" in attrs:
                self.data.setdefault(name, []).append(value)
        elif kind not in ("submit", "file"):
            self.data[name] = value

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            # HTML drops the first line break of a text area.
            self.data[self._textarea] = self.data[self._textarea].removeprefix("\n")
            self._textarea = None

    def handle_data(self, text):
        if self._textarea:
            self.data[self._textarea] += text


def filled(response, **values):
    """What the public form of this page sends, two minutes after it was opened, with these values typed in."""
    stamp = response.context["form"].stamp_of(timezone.now() - timedelta(minutes=2))
    return {**Filled(response.content.decode()).data, "stamp": stamp, **values}
