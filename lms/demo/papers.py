"""The tests of the demo region: whole papers, drawn and graded by the rules of the test, every question answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.assessment.rules import Candidate, State, count_by_topic, draw, result
from lms.core.database.bulk import insert_for_ids, write_rows
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import list_questions
from lms.curriculum.settings import TestSettings
from lms.demo.story import Try
from lms.questions.kinds.protocol.rules import list_wrong_choices
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE, Body, Order
from lms.questions.models import QuestionVersion

KNOWS = {True: 0.92, False: 0.68}
"""How often a question is answered rightly by somebody who passes, and by somebody who does not."""
CLIENT = "demo"
MOST_DRAWS = 200
PAPER = ("attempt_id", "position", "question_version_id", "topic", "order", "credit")
ANSWER = (
    "attempt_id", "position", "client", "client_seq", "base_revision", "response", "stale", "late", "received_at",
)  # fmt: skip


@dataclass(frozen=True)
class Sat:
    """An attempt that was taken: by whom, and what came of it."""

    enrolment_id: int
    person_id: int
    number: int
    tried: Try
    submitted_at: datetime
    right: int
    total: int
    questions: Sequence[tuple[QuestionVersion, bool]]
    rng: Random
    """Chance of this attempt alone."""


class Papers:
    """Draws and answers papers of one course version."""

    def __init__(self, version: CourseVersion) -> None:
        self.version = version
        self.settings = TestSettings.model_validate(version.test)
        self.questions = {one.id: one for one in list_questions(version.id) if one.use == "test"}
        self.pool = [Candidate(one.id, one.topic) for one in self.questions.values()]

    def sit(self, enrolment_id: int, person_id: int, number: int, tried: Try, rng: Random) -> Sat:
        """One attempt with the result it is to have."""
        drawn = draw(self.settings.blueprint, self.pool, rng)
        questions = [self.questions[candidate.version_id] for candidate in drawn]
        marks = self._marks(questions, rng, passes=tried.passes)
        minutes = rng.uniform(0.35, 0.9) * self.settings.minutes
        return Sat(
            enrolment_id, person_id, number, tried, tried.started_at + timedelta(minutes=minutes), sum(marks),
            len(marks), list(zip(questions, marks, strict=True)), rng,
        )  # fmt: skip

    def _marks(self, questions: Sequence[QuestionVersion], rng: Random, *, passes: bool) -> list[bool]:
        for _ in range(MOST_DRAWS):
            marks = [rng.random() < KNOWS[passes] for _question in questions]
            graded = [(question.topic, WHOLE * mark) for question, mark in zip(questions, marks, strict=True)]
            if result(count_by_topic(graded), self.settings).passed == passes:
                return marks
        return [passes for _question in questions]

    def write(self, sats: Sequence[Sat], campaign_id: int) -> None:
        """Write attempts, their papers and their answers."""
        ids = insert_for_ids(Attempt, [self._attempt(sat, campaign_id) for sat in sats])
        papers: list[Sequence[Any]] = []
        answers: list[Sequence[Any]] = []
        for attempt_id, sat in zip(ids, sats, strict=True):
            for position, (question, is_right) in enumerate(sat.questions, start=1):
                order = get_kind(question.kind).rules.shuffle(question.body, sat.rng)
                response = _response(question, order, sat.rng, is_right=is_right)
                credit = WHOLE * is_right
                papers.append((attempt_id, position, question.id, question.topic, order, credit))
                answers.append(_answer_row(attempt_id, position, sat, response))
        write_rows(PaperQuestion, PAPER, papers)
        write_rows(AnswerStep, ANSWER, answers)

    def _attempt(self, sat: Sat, campaign_id: int) -> dict[str, Any]:
        return {
            "campaign_id": campaign_id,
            "enrolment_id": sat.enrolment_id,
            "person_id": sat.person_id,
            "version_id": self.version.id,
            "number": sat.number,
            "state": State.SUBMITTED,
            "settings": self.version.test,
            "started_at": sat.tried.started_at,
            "deadline": sat.tried.started_at + timedelta(minutes=self.settings.minutes),
            "submitted_at": sat.submitted_at,
            "credit": sat.right * WHOLE,
            "total": sat.total,
            "passed": sat.tried.passes,
        }


def _response(question: QuestionVersion, order: Order, rng: Random, *, is_right: bool) -> dict[str, Any]:
    """An answer to the question as it stands on the paper with this `order`."""
    kind = get_kind(question.kind)
    body = kind.resolve(question.body, order)
    right = dict(kind.rules.right_response(body))
    return right if is_right else wrong_response(question.kind, body, right, rng)


def _answer_row(attempt_id: int, position: int, sat: Sat, response: dict[str, Any]) -> Sequence[Any]:
    part = (sat.submitted_at - sat.tried.started_at) * position / (sat.total + 1)
    return attempt_id, position, CLIENT, position, 0, response, False, False, sat.tried.started_at + part


def wrong_response(kind: str, body: Body, right: dict[str, Any], rng: Random) -> dict[str, Any]:
    """An answer that fits the question as it stands on a paper and gets no point."""
    options = [str(option["id"]) for option in body.get("options", [])]
    if kind == "single":
        return {"choice": rng.choice([option for option in options if option != right["choice"]])}
    if kind == "multiple":
        chosen: list[str] = right["choices"]
        return {"choices": chosen[1:] if len(chosen) > 1 else sorted({*chosen, *options})}
    if kind == "true-false":
        return {"choice": "false" if right["choice"] == "true" else "true"}
    if kind == "ordering":
        order: list[str] = right["order"]
        return {"order": [order[1], order[0], *order[2:]]}
    if kind == "matching":
        lefts, rights = list(right["pairs"]), list(right["pairs"].values())
        return {"pairs": dict(zip(lefts, [*rights[1:], rights[0]], strict=True))}
    if kind == "protocol":
        return _wrong_protocol(body, right)
    tolerance = abs(float(body.get("tolerance", 0) or 0))
    return {"value": str(round(float(right["value"]) + tolerance + rng.choice((1, 9, 10, 36))))}


def _wrong_protocol(body: Body, right: dict[str, Any]) -> dict[str, Any]:
    if "lines" in right:
        return {"lines": {key: str(int(figure) + 1) for key, figure in right["lines"].items()}}
    relations, lines = list_wrong_choices(body)
    return {"relations": [relations[0]], "line": lines[0]}
