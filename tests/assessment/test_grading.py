"""Credits and thresholds under rulings: what is left out shrinks both, and fails nobody by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment import grading
from lms.assessment.grading import Effect, Ruled, credits_of, sum_up
from lms.assessment.papers import Asked
from lms.assessment.rules import TopicMark, of_rest, result
from lms.curriculum.settings import Draw, Minimum, TestSettings
from lms.questions.kinds.shapes import WHOLE
from lms.questions.models import QuestionVersion
from tests.factories.questions import question_body

SETTINGS = TestSettings(
    minutes=30,
    pass_percent=70,
    attempts=3,
    hours_between=24,
    blueprint=[Draw(topic="opening", draw=15), Draw(topic="count", draw=5)],
    minimums=[Minimum(topics=["count"], right=4)],
)


@pytest.mark.parametrize(
    ("threshold", "rest", "drawn", "expected"),
    [(14, 20, 20, 14), (14, 19, 20, 13), (14, 18, 20, 12), (4, 4, 5, 3), (1, 0, 1, 0), (14, 0, 20, 0)],
)
def test_a_threshold_shrinks_with_the_paper(threshold: int, rest: int, drawn: int, expected: int) -> None:
    assert of_rest(threshold, rest, drawn) == expected


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))), st.integers(0, 200))
def test_leaving_one_question_out_fails_nobody(rule: tuple[int, int], more: int) -> None:
    threshold, drawn = rule
    reached = min(drawn, threshold + more)
    assert reached - 1 >= of_rest(threshold, drawn - 1, drawn)


@pytest.mark.parametrize(
    ("opening", "count", "passed", "enough"),
    [
        ((11, 15), (3, 5), False, 14),  # a minimum of four is not reached
        ((10, 15), (3, 4), True, 13),  # one of the count left out: 13 of 19 and three of four
        ((9, 15), (3, 4), False, 13),
        ((11, 15), (2, 4), False, 13),
        ((10, 15), (0, 0), True, 10),  # a topic that is left out altogether asks for nothing
    ],
)
def test_what_is_enough_of_the_rest(
    opening: tuple[int, int], count: tuple[int, int], passed: bool, enough: int
) -> None:
    marks = [
        TopicMark(topic, right * WHOLE, of) for topic, (right, of) in (("opening", opening), ("count", count)) if of
    ]
    outcome = result(marks, SETTINGS)
    assert (outcome.passed, outcome.enough) == (passed, enough)


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """Two questions, whose key is b, on a paper."""
    question = QuestionVersion(id=1, kind="single", topic="opening", body=question_body("single"))
    monkeypatch.setattr("lms.assessment.papers.get_question_version", lambda _id: question)
    return [Asked(1, "opening", 1, "{}"), Asked(2, "count", 2, "{}")]


OTHER_KEY = {
    **question_body("single"),
    "options": [
        {
            **{key: value for key, value in part.items() if key != "right"},
            **({"right": True} if part["id"] == "c" else {}),
        }
        for part in question_body("single")["options"]
    ],
}


@pytest.mark.parametrize(
    ("effect", "of_key", "of_other", "of_none"),
    [
        (Effect.STANDS, WHOLE, 0, 0),
        (Effect.KEY, 0, WHOLE, 0),
        (Effect.ALSO, WHOLE, WHOLE, 0),
        (Effect.POINT, WHOLE, WHOLE, WHOLE),
        (Effect.LEFT_OUT, None, None, None),
    ],
)
def test_credits_under_a_ruling(
    paper: list[Asked], effect: Effect, of_key: int | None, of_other: int | None, of_none: int | None
) -> None:
    body: Any = OTHER_KEY if effect in (Effect.KEY, Effect.ALSO) else None
    for response, expected in (({"choice": "b"}, of_key), ({"choice": "c"}, of_other), ({}, of_none)):
        credits = credits_of(paper, {1: response, 2: {"choice": "b"}}, {1: Ruled(effect, body)})
        assert credits == {1: expected, 2: WHOLE}, "the other question is marked as ever"


def test_a_sum_counts_what_is_not_left_out(paper: list[Asked]) -> None:
    grade = sum_up(paper, {1: None, 2: 500}, None)
    assert (grade.credit, grade.total, grade.passed) == (500, 1, None)
    assert grading.grade_paper(paper, {}, {}, SETTINGS).passed is False
