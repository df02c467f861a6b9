"""What is wrong with a draft, how a case is told, what two versions differ in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lms.bank.faults import fault_words
from lms.bank.rules import Ground, find_draft_faults, flat, raw_of, told
from lms.core.web.languages import speaking
from lms.questions.kinds.shapes import Fault
from tests.factories.bank import HEAD
from tests.factories.questions import KIND_NAMES, question_body

GROUND = Ground(("opening", "count"), {"law": "seen", "arithmetic": "derived", "usual": "known"})


def raw(kind: str = "single", body: dict[str, Any] | None = None, **head: Any) -> dict[str, Any]:
    return raw_of(kind, {"id": "bank-1", **HEAD, **head}, question_body(kind) if body is None else body)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_whole_draft_has_no_fault(kind: str) -> None:
    assert find_draft_faults(raw(kind, valid={"from": "2026-01-01"}), GROUND) == []
    assert raw(kind, valid={"until": "2026-02-03"})["valid"] == {"until": date(2026, 2, 3)}


@pytest.mark.parametrize(
    ("head", "path", "said"),
    [
        ({"topic": "weather"}, ("topic",), "no topic 'weather'"),
        ({"source": ["moon:1"]}, ("source", 0), "no source 'moon'"),
        ({"source": ["law:40", "usual"]}, ("source", 1), "usual practice"),
        ({"source": []}, ("source",), "missing"),
        ({"valid": {"from": "2026-13-40"}}, ("valid", "from"), "from"),
        ({"valid": {"from": "2026-02-01", "until": "2026-01-01"}}, ("valid",), "comes before"),
        ({"use": "exam"}, ("use",), "must be"),
    ],
)
def test_each_fault_of_the_head_is_found_at_its_place(head: dict[str, Any], path: tuple[Any, ...], said: str) -> None:
    found = find_draft_faults(raw(**head), GROUND)
    assert [fault.path for fault in found] == [path]
    assert said in found[0].sentence


def test_usual_practice_does_for_a_question_that_counts_for_nothing() -> None:
    assert find_draft_faults(raw(source=["usual"], use="entry"), GROUND) == []


def test_a_case_becomes_a_text_that_begins_with_what_is_asked() -> None:
    assert told(" It was dark. ", "", "What now?") == "What now?\nIt was dark."


def test_fields_of_parts_go_by_their_ids() -> None:
    assert flat({"text": {"kk": "а"}, "options": [{"id": "x", "right": True}], "n": [1, 2]}) == {
        ("text", "kk"): "а",
        ("options", "x", "id"): "x",
        ("options", "x", "right"): "True",
        ("n", "1"): "1",
        ("n", "2"): "2",
    }


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("the text in kk, ru is missing", "Write the text also in: Қазақша, Русский."),
        ("no option is right; mark one with 'right: true'", "No option is marked as right: tick one."),
        ("something nobody has met", "Something nobody has met."),
    ],
)
def test_faults_are_told_in_words(sentence: str, words: str) -> None:
    with speaking("en"):
        assert fault_words(Fault((), sentence)) == words
