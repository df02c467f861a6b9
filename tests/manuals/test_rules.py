"""How words and pages of a manual are put in order."""

from __future__ import annotations

import re

import pytest

from lms.core.documents.xhtml import read_fragment, write_fragment
from lms.manuals import rules
from lms.manuals.indexing import Finder, Spot, Stretch, spots_in
from lms.manuals.rules import Format


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ["ауыл", "әкім", "бюллетень", "ғимарат", "дауыс", "кабина", "қаулы", "тізім", "ұсыныс", "үй", "ілгек"]),
        ("ru", ["ежедневно", "ёлка", "журнал", "урна", "явка"]),
        ("en", ["act (record)", "ballot", "ballot box", "voter"]),
    ],
)
def test_words_are_sorted_by_the_alphabet_of_their_language(language: str, words: list[str]) -> None:
    assert sorted(set(words), key=lambda word: rules.alphabetical(word, language)) == words


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [
        ([], []),
        ([5], [(5, 5)]),
        ([5, 5, 6, 7, 9], [(5, 7), (9, 9)]),
        ([12, 3, 4], [(3, 4), (12, 12)]),
    ],
)
def test_pages_that_follow_each_other_are_one_run(numbers: list[int], runs: list[tuple[int, int]]) -> None:
    assert rules.ranges(numbers) == runs


@pytest.mark.parametrize(
    ("said", "chosen"),
    [([0, 2, 1, 0], [1, 2]), ([1, 5, 1, 3, 2], [1, 3, 4]), ([1, 1, 1, 1], [0, 1, 2]), ([0, 0], [])],
)
def test_a_word_said_everywhere_is_found_where_it_is_said_most(said: list[int], chosen: list[int]) -> None:
    assert rules.main_places(said, most=3) == chosen


@pytest.mark.parametrize(("format", "suffix"), [(Format.A4, "pdf"), (Format.BOOKLET, "pdf"), (Format.EPUB, "epub")])
def test_a_format_says_what_its_file_is(format: Format, suffix: str) -> None:
    assert format.suffix == suffix
    assert format.media_type.startswith(f"application/{suffix}")


STEMS = {"commission": re.compile("commissions?", re.I), "cec": re.compile("Central Commission", re.I)}


def test_the_longer_of_two_words_counts() -> None:
    said = "The Central Commission and commissions"
    assert spots_in(said, STEMS) == [Spot(4, 22, "cec"), Spot(27, 38, "commission")]


def test_the_first_word_of_each_section_gets_an_id() -> None:
    body = read_fragment(
        "<p>A <em>commission</em> and a commission.<sup>commission</sup></p><h2 id='c-1'>Next</h2>"
        "<ul><li>Its commission</li></ul>"
        "<section class='block block-sources'><p>commission</p></section>"
    )
    finder = Finder(STEMS)
    finder.read(body, Stretch("c", "Chapter"))
    assert finder.places("commission") == [
        Stretch("word-commission-0", "Chapter"),
        Stretch("word-commission-1", "Next"),
    ]
    assert finder.places("cec") == []
    html = write_fragment(body)
    assert html.count("word-commission-0") == 1
    assert '<em><span id="word-commission-0">commission</span></em> and a commission.' in html
    assert 'Its <span id="word-commission-1">commission</span></li>' in html
    assert finder.said["commission"] == {0: 2, 1: 1}
