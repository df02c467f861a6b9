"""Texts with gaps: shares of right gaps, gaps left open, and how the text reads without its fields."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from lms.questions.errors import BadResponse
from lms.questions.kinds.registry import get_kind
from lms.questions.rules import check_response, grade
from lms.questions.showing import explain, show
from tests.factories.questions import question_body

RIGHT = {"who": "chair", "hour": "6", "before": "one"}


@pytest.mark.parametrize(
    ("gaps", "whole", "parts"),
    [
        (RIGHT, 1000, 1000),
        ({**RIGHT, "hour": "6,0", "before": "ОДИН"}, 1000, 1000),
        ({**RIGHT, "before": "two"}, 0, 666),
        ({"who": "chair"}, 0, 333),
        ({"who": "police", "hour": "7", "before": "two"}, 0, 0),
        ({**RIGHT, "hour": "six"}, 0, 666),
    ],
)
def test_shares_of_right_gaps(gaps: dict[str, Any], whole: int, parts: int) -> None:
    assert grade("gap-text", question_body("gap-text"), {"gaps": gaps}) == whole
    assert grade("gap-text", question_body("gap-text", marking="parts"), {"gaps": gaps}) == parts


def test_a_gap_left_open_is_kept_but_open() -> None:
    body, found = question_body("gap-text"), get_kind("gap-text")
    response = found.form.parse_form(body, MultiDict({"gap-hour": " 6 ", "gap-who": ""}))
    assert response == {"gaps": {"hour": "6"}}
    assert check_response("gap-text", body, response) == response
    assert not found.rules.is_complete(body, response)
    assert explain("gap-text", body, response, language="en").given == ["–", "6", "–"]


def test_a_refusal_names_the_gap() -> None:
    with pytest.raises(BadResponse, match="not a number") as caught:
        check_response("gap-text", question_body("gap-text"), {"gaps": {"who": "chair", "hour": "six"}})
    assert (caught.value.part, caught.value.number) == ("gap", 2)


def test_the_fields_stand_in_the_running_text() -> None:
    body = question_body("gap-text")
    shown = show("gap-text", body, language="en", order={"who": ["police", "chair"]}, response={"gaps": {"hour": "6"}})
    (line,) = shown.fields["lines"]
    assert [piece.get("text", piece.get("number")) for piece in line] == [
        *("", 1, " opens at ", 2, ", ", 3, " hour before voting. (en)")
    ]
    who, hour, before = (piece for piece in line if "number" in piece)
    assert [choice["value"] for choice in who["choices"]] == ["police", "chair"]
    assert (hour["kind"], hour["value"], before["kind"]) == ("number", "6", "text")
    assert who["around"] == "… opens at …, … hour before voting. (en)"
    assert shown.paragraphs == ["Fill the gaps (en)", "(1) ____ opens at (2) ____, (3) ____ hour before voting. (en)"]


@pytest.mark.parametrize(("language", "word"), [("kk", "бір"), ("ru", "один"), ("en", "one")])
def test_what_belongs_into_the_gaps_is_told_in_the_readers_language(language: str, word: str) -> None:
    told = explain("gap-text", question_body("gap-text"), None, language=language)
    assert told.expected == [f"the chair ({language})", "6", word]


def test_the_choices_are_mixed_and_the_gaps_are_not() -> None:
    order = get_kind("gap-text").rules.shuffle(question_body("gap-text"), Random(3))
    assert set(order) == {"who"}
    assert sorted(order["who"]) == ["chair", "police"]
