"""Aiken, line by line."""

from __future__ import annotations

import pytest

from lms.exchange.formats.shapes import Read, Status
from lms.exchange.taking_in import read_questions

GOOD = "What is it?\nA) One\nB. Two\nC)Three\nANSWER: B\n"


def read(text: str) -> list[Read]:
    return read_questions(text.encode(), language="en", form="aiken").items


def test_a_question() -> None:
    (item,) = read(GOOD)
    assert item.status is Status.IMPORTED
    assert item.question is not None
    assert item.question["id"] == "what-is-it"
    assert [(one["text"]["en"], one.get("right")) for one in item.question["options"]] == [
        ("One", None),
        ("Two", True),
        ("Three", None),
    ]


def test_blank_lines_and_several_lines_of_text() -> None:
    (item,) = read("\nWhat\nis it?\n\nA) One\n\nB) Two\n\nanswer: a\n")
    assert item.line == 2
    assert item.question is not None
    assert item.question["text"]["en"] == "What\nis it?"


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (f"Chapter one\n\n{GOOD}", 1, "belong to no question"),
        (f"{GOOD}\nThe end.", 7, "belong to no question"),
        (f"{GOOD}\nNo end?\nA) x\nB) y\n\n{GOOD}", 7, "No line ANSWER"),
        (f"{GOOD}\nNo end?\nA) x\nB) y\n", 7, "No line ANSWER"),
        (f"{GOOD}A) x\nB) y\nANSWER: A", 6, "no text before"),
        (f"{GOOD}\nOne?\nA) x\nANSWER: A", 7, "does not fit"),
        (f"{GOOD}\nOne?\nA) x\nB) y\nANSWER: C", 7, "none of its answers"),
        (f"{GOOD}\nOne?\nA) x\nC) y\nANSWER: A", 7, "not lettered"),
        (f"{GOOD}\nANSWER: A", 7, "no text before"),
    ],
)
def test_what_belongs_nowhere_is_listed_with_its_line(text: str, line: int, sentence: str) -> None:
    items = read(text)
    (skipped,) = [item for item in items if item.status is Status.SKIPPED]
    assert skipped.line == line
    assert sentence in skipped.sentences[0]
    assert all(item.question for item in items if item is not skipped)
    assert len(items) > 1
