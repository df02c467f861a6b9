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
from lms.demo.wrong import wrong_response
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE, Body, Order, plain, points_of
from lms.questions.models import QuestionVersion
from lms.questions.rules import grade

KNOWS = {True: 0.92, False: 0.68}
"""How often a question is answered rightly by somebody who passes, and by somebody who does not."""
CLIENT = "demo"
MOST_DRAWS = 200
MISTAKES = 6
"""How many wrong answers to one question there are in the demo."""
PAPER = ("attempt_id", "position", "question_version_id", "topic", "order", "credit")
ANSWER = (
    "attempt_id", "position", "client", "client_seq", "base_revision", "response", "stale", "late", "received_at",
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """An answer, and what it is worth in thousandths of one question."""

    response: dict[str, Any]
    credit: int


@dataclass(frozen=True)
class Sat:
    """An attempt that was taken: by whom, and what came of it."""

    enrolment_id: int
    person_id: int
    number: int
    tried: Try
    submitted_at: datetime
    questions: Sequence[tuple[QuestionVersion, Order, Given]]

    @property
    def credit(self) -> int:
        """What all answers are worth together, in thousandths of one question."""
        return sum(given.credit for _question, _order, given in self.questions)

    @property
    def right(self) -> int | float:
        """What they are worth in questions, as the certificate says it."""
        return plain(points_of(self.credit))

    @property
    def total(self) -> int:
        """Questions on the paper."""
        return len(self.questions)


class Papers:
    """Draws and answers papers of one course version."""

    def __init__(self, version: CourseVersion) -> None:
        self.version = version
        self.settings = TestSettings.model_validate(version.test)
        self.questions = {one.id: one for one in list_questions(version.id) if one.use == "test"}
        self.steady = {one.id: _answers(one, {}) for one in self.questions.values() if not _varies(one)}
        self.pool = [Candidate(one.id, one.topic, one.difficulty) for one in self.questions.values()]

    def sit(self, enrolment_id: int, person_id: int, number: int, tried: Try, rng: Random) -> Sat:
        """One attempt with the result it is to have."""
        drawn = draw(self.settings.blueprint, self.pool, rng)
        questions = [self.questions[candidate.version_id] for candidate in drawn]
        orders = [get_kind(one.kind).rules.shuffle(one.body, rng) for one in questions]
        answers = [
            self.steady.get(one.id) or _answers(one, order) for one, order in zip(questions, orders, strict=True)
        ]
        given = self._give(questions, answers, rng, passes=tried.passes)
        minutes = rng.uniform(0.35, 0.9) * self.settings.minutes
        ended = tried.started_at + timedelta(minutes=minutes)
        return Sat(enrolment_id, person_id, number, tried, ended, list(zip(questions, orders, given, strict=True)))

    def _give(
        self, questions: Sequence[QuestionVersion], answers: Sequence[Sequence[Given]], rng: Random, *, passes: bool
    ) -> list[Given]:
        """An answer to each question, of the right one and the wrong ones, that together come to the result."""
        for _ in range(MOST_DRAWS):
            given = [one[0] if rng.random() < KNOWS[passes] else rng.choice(one[1:]) for one in answers]
            graded = [(question.topic, one.credit) for question, one in zip(questions, given, strict=True)]
            if result(count_by_topic(graded), self.settings).passed == passes:
                return given
        return [one[0] if passes else min(one, key=lambda answer: answer.credit) for one in answers]

    def write(self, sats: Sequence[Sat], campaign_id: int) -> None:
        """Write attempts, their papers and their answers."""
        ids = insert_for_ids(Attempt, [self._attempt(sat, campaign_id) for sat in sats])
        papers: list[Sequence[Any]] = []
        answers: list[Sequence[Any]] = []
        for attempt_id, sat in zip(ids, sats, strict=True):
            for position, (question, order, given) in enumerate(sat.questions, start=1):
                papers.append((attempt_id, position, question.id, question.topic, order, given.credit))
                answers.append(_answer_row(attempt_id, position, sat, given))
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
            "credit": sat.credit,
            "total": sat.total,
            "passed": sat.tried.passes,
        }


def _answer_row(attempt_id: int, position: int, sat: Sat, given: Given) -> Sequence[Any]:
    part = (sat.submitted_at - sat.tried.started_at) * position / (sat.total + 1)
    return attempt_id, position, CLIENT, position, 0, given.response, False, False, sat.tried.started_at + part


def _varies(question: QuestionVersion) -> bool:
    """Whether the question itself differs from paper to paper, not only the order of its parts."""
    return get_kind(question.kind).resolve(question.body, {}) != question.body


def _answers(question: QuestionVersion, order: Order) -> list[Given]:
    """The right answer to a question as it stands on one paper, and some wrong ones behind it."""
    kind = get_kind(question.kind)
    body: Body = kind.resolve(question.body, order)
    right, rng = dict(kind.rules.right_response(body)), Random(question.checksum)
    found = [Given(right, WHOLE)]
    for _ in range(MISTAKES):
        wrong = wrong_response(question.kind, body, rng)
        found.append(Given(wrong, grade(question.kind, body, wrong)))
    return found
