"""Tables for spreadsheets."""

import csv
import io
from decimal import Decimal

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins so, whoever wrote it: https://owasp.org/www-community/attacks/CSV_Injection"""


def table(headings, rows):
    """CSV in UTF-8 with the mark that tells a spreadsheet so; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(value):
    """The value as text that no spreadsheet takes for a formula. Numbers stay numbers, below zero too."""
    if isinstance(value, int | Decimal):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text
