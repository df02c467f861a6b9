"""Another key, for each kind of question: the answer becomes the right one, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from lms.core.errors import Refused
from lms.fairness.keys import may_have_another_key, with_key
from lms.questions.kinds.matching.rules import right_id
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.kinds.shapes import WHOLE
from lms.questions.rules import grade
from tests.factories.questions import question_body, texts

ANOTHER: dict[str, dict[str, Any]] = {
    "single": {"choice": "c"},
    "multiple": {"choices": ["b", "c"]},
    "true-false": {"choice": "true"},
    "ordering": {"order": ["open", "close", "cancel"]},
    "matching": {
        "pairs": {
            "chair": right_id(texts("keeps the log")),
            "secretary": right_id(texts("keeps order")),
            "member": right_id(texts("issues ballots")),
        }
    },
    "number": {"value": "840,5"},
    "short-text": {"text": "another word"},
    "hotspot": {"areas": ["door"]},
}


@pytest.mark.parametrize("kind", ANOTHER)
def test_another_key(kind: str) -> None:
    body = question_body(kind)
    before = dict(get_kind(kind).rules.right_response(body))
    made = with_key(kind, body, ANOTHER[kind])
    assert grade(kind, made, ANOTHER[kind]) == WHOLE
    assert grade(kind, made, before) == 0
    assert grade(kind, body, before) == WHOLE, "the question itself stays as it was"
    assert get_kind(kind).rules.find_faults(made) == []
    assert {name: made[name] for name in ("text", "explanation")} == {n: body[n] for n in ("text", "explanation")}


def test_a_kind_that_works_its_answer_out_has_no_other_key() -> None:
    assert not may_have_another_key("computed")
    with pytest.raises(Refused, match="works its answer out"):
        with_key("computed", {}, {})


def test_every_kind_but_one_that_works_its_answer_out_may_have_one() -> None:
    assert [kind for kind in KINDS if not may_have_another_key(kind)] == ["protocol"]
    body = question_body("number", answer=None, figures={"a": {"from": 1, "to": 2}}, formula="a + 1")
    with pytest.raises(Refused, match="works its answer out"):
        with_key("number", body, {"value": "7"})


def test_another_key_for_each_gap() -> None:
    body = question_body("gap-text")
    right = dict(get_kind("gap-text").rules.right_response(body))
    other = {"gaps": {gap["id"]: _other_gap(gap, right["gaps"][gap["id"]]) for gap in body["gaps"]}}
    made = with_key("gap-text", body, other)
    assert grade("gap-text", made, other) == WHOLE
    assert grade("gap-text", made, right) == 0


def _other_gap(gap: dict[str, Any], right: str) -> str:
    if gap.get("choices"):
        return next(str(choice["id"]) for choice in gap["choices"] if choice["id"] != right)
    return "another word" if gap.get("answers") else "4711"


def test_another_key_for_each_step_of_a_case() -> None:
    body = question_body("case")
    other = {"steps": {"issued": {"value": "900"}, "in-boxes": {"value": "888"}, "what": {"choice": "burn"}}}
    made = with_key("case", body, other)
    assert grade("case", made, other) == WHOLE
    assert grade("case", made, get_kind("case").rules.right_response(body)) < WHOLE
