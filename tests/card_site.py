"""A whole site that takes gifts by card from the stand-in of the provider, and what a donor does there."""

import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode, urlsplit

from django.core.signing import Signer, TimestampSigner

from tests.live import PREPARED, ROOT, LiveSite, environment, running_site
from tools.demo_pay import OPEN
from tools.stripe_standin import StandIn, serving

SECRET_KEY = "a secret key for the tests of gifts by card alone"
NAME, EMAIL = "Test Donor", "donor@example.org"
FORM = "application/x-www-form-urlencoded"
visitors = count(1)


def address_of_a_visitor():
    """Another one each time: forms count how often one address sends them."""
    number = next(visitors)
    return f"10.0.{number // 250}.{number % 250 + 1}"


@dataclass
class CardSite:
    site: LiveSite
    standin: StandIn

    @property
    def endpoint(self):
        return f"{self.site.url}/donate/stripe/"

    def stamp(self, form):
        """The signed time of a form that was opened a minute ago."""
        return Signer(salt=f"contact.donate_forms.{form}", key=SECRET_KEY).sign(str(int(time.time()) - 60))

    def my_gifts_path(self, reference):
        return f"/donate/my-gifts/{TimestampSigner(salt='contact.my_gifts', key=SECRET_KEY).sign(reference)}/"

    def shell(self, code):
        """What this code prints, with the site loaded."""
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT,
            env=environment(self.site.folder, SECRET_KEY=SECRET_KEY),
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def give(self, **values):
        """Send the form of a gift by card; `(status, where it leads, page)`."""
        values = {
            "frequency": "once",
            "amount_once": "2500",
            "route": "card",
            "name": NAME,
            "email": EMAIL,
            "stamp": self.stamp("GiftForm"),
            **values,
        }
        connection = HTTPConnection(urlsplit(self.site.url).netloc, timeout=60)
        headers = {"Content-Type": FORM, "X-Forwarded-For": address_of_a_visitor()}
        connection.request("POST", "/donate/", urlencode(values), headers)
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        return response.status, response.headers.get("Location", ""), page


def session_in(address):
    """The provider's session to which a gift was led."""
    return urlsplit(address).path.rpartition("/")[2]


@contextmanager
def card_site(folder, prepared):
    with serving(StandIn("sk_test_for_tests_alone", "whsec_for_tests_alone")) as standin:
        keys = {"STRIPE_SECRET_KEY": standin.key, "STRIPE_WEBHOOK_SECRET": standin.secret}
        values = {**keys, "STRIPE_API_BASE": standin.url, "SECRET_KEY": SECRET_KEY, "TICKS": "0", "BEHIND_PROXY": "1"}
        with running_site(PREPARED, folder, prepared, **values) as site:
            found = CardSite(site, standin)
            found.shell(OPEN)
            yield found
