"""Serve the site and a stand-in of its card provider together, so that a person can walk a gift by card.

`make demo-pay` takes `SITE`, `PORT` and `DATA_DIR` like `make run`, and `PAY_PORT` for the provider. Without `DATA_DIR`
everything is gone when it ends. Gifts are opened where nobody has opened them yet, with words that say it is a trial.
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tools.stripe_standin import StandIn, serving, telling

ROOT = Path(__file__).resolve().parent.parent
OPEN = """
from contact.models import Giving
from pages.models import Identity

identity, giving = Identity.load(), Giving.load()
if not giving.is_open:
    identity.ein = identity.ein or "00-0000000"
    identity.address = identity.address or "A demonstration has no address"
    identity.save()
    giving.legal_name = giving.legal_name or f"{identity.name} (demonstration)"
    giving.introduction = "This is a demonstration: the card provider is a stand-in, and no money moves."
    giving.is_open = giving.shows_ledger = True
    giving.save()
"""


def main():
    with ExitStack() as stack:
        folder = os.environ.get("DATA_DIR") or stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-pay-"))
        port, pay_port = int(os.environ.get("PORT", "8000")), int(os.environ.get("PAY_PORT", "8900"))
        # Its numbers begin with the time: a kept data folder knows those of the last demonstration.
        standin = StandIn(
            f"sk_test_{secrets.token_hex(8)}", f"whsec_{secrets.token_hex(8)}", mark=f"{time.time():.0f}x"
        )
        try:
            stack.enter_context(serving(standin, pay_port))
        except OSError as error:
            return (
                f"Cannot listen on 127.0.0.1:{pay_port} ({error.strerror}). Choose another: make demo-pay PAY_PORT=8901"
            )
        environ = {
            **os.environ,
            "DATA_DIR": folder,
            "PORT": str(port),
            "STRIPE_API_BASE": standin.url,
            "STRIPE_SECRET_KEY": standin.key,
            "STRIPE_WEBHOOK_SECRET": standin.secret,
        }

        def manage(*words, **how):
            return subprocess.Popen([sys.executable, "manage.py", *words], cwd=ROOT, env=environ, **how)

        for words in (("serve", "--prepare-only"), ("shell", "--no-imports", "-c", OPEN)):
            if status := manage(*words).wait():
                return status
        print(f"\nGive here:           http://127.0.0.1:{port}/donate/")
        print(f"The provider’s desk: {standin.url}/ (months, refunds, failures)", flush=True)
        stack.enter_context(telling(standin, f"http://127.0.0.1:{port}/donate/stripe/"))
        site = manage("serve")
        signal.signal(signal.SIGTERM, lambda *_about: site.terminate())
        try:
            return site.wait()
        except KeyboardInterrupt:
            # The keyboard has told the site too.
            return site.wait()


if __name__ == "__main__":
    sys.exit(main())
