"""Wrong answers of the demo: each fits its question and is not right."""

from __future__ import annotations

from random import Random

import pytest

from lms.core.config import ROOT
from lms.demo.wrong import wrong_response
from lms.packs.actions import load_pack
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.kinds.shapes import WHOLE
from lms.questions.rules import check_response, grade
from tests.factories.questions import question_body


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_answer_fits_and_is_not_right(kind: str) -> None:
    body = question_body(kind)
    for seed in range(20):
        wrong = wrong_response(kind, body, Random(seed))
        assert check_response(kind, body, wrong) == wrong
        assert grade(kind, body, wrong) < WHOLE


def test_there_is_one_for_every_question_of_the_course() -> None:
    for question in load_pack(ROOT / "courses" / "election-day").questions:
        kind, rng = get_kind(question.kind), Random(question.id)
        order = kind.rules.shuffle(question.body, rng)
        there = kind.resolve(question.body, order)
        wrong = wrong_response(question.kind, there, rng)
        assert check_response(question.kind, question.body, wrong, order) == wrong
        assert grade(question.kind, question.body, wrong, order) < WHOLE
