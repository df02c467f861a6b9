"""Tests that were sent, and rulings on their questions, done by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment.actions import submit_attempt
from lms.assessment.grading import Effect
from lms.assessment.models import Attempt, PaperQuestion, QuestionRuling
from lms.assessment.queries import list_paper
from lms.core.database.base import db
from lms.core.jobs.queue import call_worker
from lms.curriculum.models import CourseVersion
from lms.fairness import actions
from lms.fairness.models import Regrade
from lms.learning.models import Enrolment
from lms.questions.models import Question, QuestionVersion
from tests.factories.assessment import WRONG, give, make_attempt, right_response
from tests.factories.commissions import Country, scope
from tests.factories.curriculum import make_course

TEST = {
    "minutes": 30,
    "pass_percent": 80,
    "attempts": 3,
    "hours_between": 24,
    "blueprint": [{"topic": "opening", "draw": 2}, {"topic": "count", "draw": 3}],
    "minimums": [],
}
"""All three questions on the count stand on every paper; four of five are enough."""


def work() -> None:
    """Have the worker do what was asked for."""
    db.session.commit()
    call_worker()
    db.session.expire_all()


def make_narrow_course(**changes: Any) -> CourseVersion:
    """The small course with `TEST`."""
    return make_course(test={**TEST, **changes})


def find_question(code: str = "small/count-single") -> QuestionVersion:
    """A question by its code; that which comes by default stands on every paper, and `b` is right."""
    return db.session.scalars(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.code == code)
        .order_by(QuestionVersion.id.desc())
    ).one()


def sit(account: Account, enrolment: Enrolment, *, said: dict[str, Any], wrong: int = 0) -> Attempt:
    """A test that was sent: `said` to the question of `find_question`, of the others so many wrong."""
    attempt = make_attempt(account, enrolment)
    question = find_question()
    for asked in list_paper(attempt.id):
        response = right_response(asked)
        if asked.question_version_id == question.id:
            response = said
        elif wrong > 0:
            response, wrong = WRONG.get(asked.question.kind, {}), wrong - 1
        give(attempt, account, asked.position, response)
    submit_attempt(attempt=attempt, by=scope(account))
    return attempt


def place_of(attempt: Attempt) -> PaperQuestion:
    """Where that question stands on the paper of an attempt."""
    return db.session.scalars(
        select(PaperQuestion).where(
            PaperQuestion.attempt_id == attempt.id, PaperQuestion.question_version_id == find_question().id
        )
    ).one()


def rule(country: Country, effect: Effect, response: Mapping[str, Any] | None = None) -> tuple[QuestionRuling, Regrade]:
    """A ruling on that question, counted, and the marking anew that is ready to be applied."""
    ruling = actions.rule(
        question=find_question(), effect=effect, response=response, reason="It was wrong.", by=scope(country.head)
    )
    work()
    return ruling, newest(ruling)


def newest(ruling: QuestionRuling) -> Regrade:
    """The newest marking anew by a ruling."""
    return db.session.scalars(
        select(Regrade).where(Regrade.ruling_id == ruling.id).order_by(Regrade.id.desc()).limit(1)
    ).one()
