"""Short written answers: what counts as the same words, and what one wrong letter forgives."""

from __future__ import annotations

from typing import Any

import pytest

from lms.questions.kinds.folding import fold, is_forgiven
from lms.questions.kinds.shapes import WHOLE
from lms.questions.rules import grade
from lms.questions.showing import explain
from tests.factories.questions import question_body


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Төраға", "төраға"),
        ("ТӨРАҒА", "торага"),
        ("төраға.", " төраға "),
        ("комиссия  төрағасы", "комиссия төрағасы"),
        ("бюллетень-дер", "бюллетень дер"),
        ("бюллетень — дер", "бюллетень дер"),
        ("«хаттама»", "хаттама"),
        ("“protocol”!", "protocol"),
        ("полёт", "полет"),
        ("үкілетті", "укилетти"),
        ("ұсыныс", "усыныс"),
        ("һәм", "хам"),
        ("COBET", "совет"),
        ("cовет", "совет"),
        ("Komиccия", "комиссия"),
        ("ﬁrst", "first"),
        ("№\u00a05", "№ 5"),
        ("ab\u200bc", "abc"),
    ],
)
def test_the_same_words_however_they_are_typed(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(one)


@pytest.mark.parametrize(
    ("one", "other"), [("мүше", "төраға"), ("5", "6"), ("да", "нет"), ("12", "1 2"), ("жарамды", "жарамсыз")]
)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("nothing", ["", " ", "—", "«»", "...", "?!", "- -"])
def test_signs_alone_are_nothing(nothing: str) -> None:
    assert fold(nothing) == ""


@pytest.mark.parametrize(
    ("typed", "accepted", "forgiven"),
    [
        ("председатель", "председатель", True),
        ("предсидатель", "председатель", True),
        ("председател", "председатель", True),
        ("председаттель", "председатель", True),
        ("предсидател", "председатель", False),
        ("секретарь", "председатель", False),
        ("дом", "том", False),
        ("председатель комисии", "председатель комиссии", True),
        ("председатель", "председатель комиссии", False),
        ("123457", "123456", False),
        ("", "председатель", False),
    ],
)
def test_one_wrong_letter_in_a_long_word_is_forgiven(typed: str, accepted: str, forgiven: bool) -> None:
    assert is_forgiven(typed, accepted) is forgiven


@pytest.mark.parametrize("forgive", [0, 1])
def test_a_question_forgives_only_when_it_says_so(forgive: int) -> None:
    body = question_body("short-text", forgive=forgive)
    assert grade("short-text", body, {"text": "предсидатель"}) == WHOLE * forgive
    assert grade("short-text", body, {"text": "комиссия торагасы"}) == WHOLE
    assert grade("short-text", body, {"text": "."}) == 0


@pytest.mark.parametrize(("language", "said"), [("kk", "төраға"), ("ru", "председатель"), ("en", "the chair")])
def test_the_right_words_are_told_in_the_readers_language(language: str, said: str) -> None:
    body: dict[str, Any] = question_body("short-text")
    told = explain("short-text", body, {"text": "secretary"}, language=language)
    assert (told.given, told.expected, told.right) == (["secretary"], [said], False)
