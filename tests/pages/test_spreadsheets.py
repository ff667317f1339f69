import csv
import io
from decimal import Decimal

import pytest

from pages import spreadsheets


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(first):
    assert spreadsheets.harmless(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("text", ["Basic course", "a=b", "'", ""])
def test_other_words_stay_as_they_are(text):
    assert spreadsheets.harmless(text) == text


@pytest.mark.parametrize("number", [0, -5, Decimal("-12.50")])
def test_number_stays_a_number(number):
    assert spreadsheets.harmless(number) == number


def test_nothing_is_an_empty_cell():
    assert spreadsheets.harmless(None) == ""


def test_table_read_back_has_the_same_words():
    content = spreadsheets.table(["Name", "Sum"], [["Núñez, “Ana”", Decimal("-1.50")], ["two\nlines", 3]])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["Name", "Sum"], ["Núñez, “Ana”", "-1.50"], ["two\nlines", "3"]]
