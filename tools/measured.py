"""Statements and processor time of one uncached view of each page. Import it after `django.setup()`."""

import statistics
import sys
import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROUNDS = 21


def measure(pages):
    """{name: (statements, median milliseconds)} of pages given as {name: path}.

    The time is that of the processor, SQLite's work included, which a busy machine does not lengthen.
    """
    figures = {}
    for name, path in pages.items():
        spans = []
        for number in range(ROUNDS + 2):
            client = Client(headers={"host": "localhost"})
            began = time.process_time()
            response = client.get(path)
            span = time.process_time() - began
            if response.status_code != 200:
                sys.exit(f"{path} answers {response.status_code}.")
            if number >= 2:
                spans.append(span)
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        figures[name] = (len(seen), 1_000 * statistics.median(spans))
    return figures
