"""Our own YAML: unfinished questions too, faults with their lines."""

from __future__ import annotations

import pytest

from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.shapes import Read, Status
from lms.exchange.taking_in import read_questions

GOOD = "- id: one\n  kind: true-false\n  text: {en: It is so.}\n  answer: true\n"


def read(text: str) -> list[Read]:
    return read_questions(text.encode(), language="kk", form="cascade").items


def test_a_question_in_one_language_without_explanation() -> None:
    (item,) = read(GOOD)
    assert item.status is Status.IMPORTED
    assert item.question == {"id": "one", "kind": "true-false", "text": {"en": "It is so."}, "answer": True}


def test_faults_have_their_lines() -> None:
    items = read(GOOD + "- id: two\n  kind: single\n  text: {en: What?}\n  options: []\n- just words\n")
    assert [(item.line, item.status.value) for item in items] == [(1, "imported"), (5, "skipped"), (9, "skipped")]
    assert items[1].sentences[0].startswith("Line 8: ")


def test_an_id_that_stood_before_is_changed() -> None:
    items = read(GOOD + GOOD)
    assert [item.question["id"] for item in items if item.question] == ["one", "one-2"]
    assert items[1].status is Status.CHANGED


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x 1\nb: *x\n", "Line 2: anchors and aliases"),
        ("- id: x\n  id: y\n", "Line 2: this is not YAML: the key 'id' stands twice"),
        ("id: x\n", "no list of questions"),
        ("- [\n", "Line 2: this is not YAML"),
        ("[" * 5000, "nested deeper"),
        ("[]", "no question in this file"),
    ],
)
def test_refused_with_a_line(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(text)
    assert sentence in refusal.value.sentence
