import pytest
from django.http import QueryDict

from pages.filters import LONGEST_SEARCH, folded, words_of
from tests.naughty import STRINGS


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Policía", "policia"),
        ("POLICI\u0301A", "policia"),
        ("Ñandú", "nandu"),
        ("Straße", "strasse"),
        ("ﬁnding ①", "finding 1"),
        ("Code 13515.26", "code 13515.26"),
    ],
)
def test_folded_text_has_neither_accents_nor_capitals(text, plain):
    assert folded(text) == plain


def test_folding_twice_changes_nothing():
    assert [text for text in STRINGS if folded(folded(text)) != folded(text)] == []


@pytest.mark.parametrize(
    ("query", "words"),
    [("q=a++b", "a b"), ("", ""), ("q=%00a%00", "a"), ("q=a&q=b", "b"), ("q=" + "a" * 300, "a" * 100)],
)
def test_words_of_a_search_are_tidy_and_not_too_long(query, words):
    assert words_of(QueryDict(query)) == words
    assert len(words) <= LONGEST_SEARCH
