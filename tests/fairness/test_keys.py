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


def test_every_kind_of_today_may_have_one() -> None:
    assert [kind for kind in KINDS if not may_have_another_key(kind)] == []
