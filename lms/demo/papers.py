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
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE
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
        self.right = {
            one.id: dict(get_kind(one.kind).rules.right_response(one.body)) for one in self.questions.values()
        }
        self.pool = [Candidate(one.id, one.topic, one.difficulty) for one in self.questions.values()]

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
                papers.append(self._paper_row(attempt_id, position, question, sat.rng, is_right=is_right))
                answers.append(self._answer_row(attempt_id, position, sat, is_right=is_right))
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

    def _paper_row(
        self, attempt_id: int, position: int, question: QuestionVersion, rng: Random, *, is_right: bool
    ) -> Sequence[Any]:
        order = get_kind(question.kind).rules.shuffle(question.body, rng)
        return attempt_id, position, question.id, question.topic, order, WHOLE * is_right

    def _answer_row(self, attempt_id: int, position: int, sat: Sat, *, is_right: bool) -> Sequence[Any]:
        question = sat.questions[position - 1][0]
        right = self.right[question.id]
        response = right if is_right else wrong_response(question, right, sat.rng)
        part = (sat.submitted_at - sat.tried.started_at) * position / (sat.total + 1)
        return attempt_id, position, CLIENT, position, 0, response, False, False, sat.tried.started_at + part


def wrong_response(question: QuestionVersion, right: dict[str, Any], rng: Random) -> dict[str, Any]:
    """An answer that fits the question and gets no point."""
    body = question.body
    options = [str(option["id"]) for option in body.get("options", [])]
    if question.kind == "single":
        return {"choice": rng.choice([option for option in options if option != right["choice"]])}
    if question.kind == "multiple":
        chosen: list[str] = right["choices"]
        return {"choices": chosen[1:] if len(chosen) > 1 else sorted({*chosen, *options})}
    if question.kind == "true-false":
        return {"choice": "false" if right["choice"] == "true" else "true"}
    if question.kind == "ordering":
        order: list[str] = right["order"]
        return {"order": [order[1], order[0], *order[2:]]}
    if question.kind == "matching":
        lefts, rights = list(right["pairs"]), list(right["pairs"].values())
        return {"pairs": dict(zip(lefts, [*rights[1:], rights[0]], strict=True))}
    tolerance = abs(float(body.get("tolerance", 0) or 0))
    return {"value": str(round(float(right["value"]) + tolerance + rng.choice((1, 9, 10, 36))))}
