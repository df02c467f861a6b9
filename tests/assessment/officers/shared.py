"""What tests of officers' decisions share: attempts that ran out, answers that came late."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.actions import close_expired
from lms.assessment.lengthening import Why
from lms.assessment.models import Attempt
from lms.assessment.saving import Fate
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.learning.models import CompletedActivity, Enrolment
from tests.factories.assessment import (
    WRONG,
    answer_all,
    give,
    let_time_pass,
    make_attempt,
    right_response,
)
from tests.factories.curriculum import make_pack

Learner = tuple[Account, Enrolment]
OUTAGE = Why("outage", "the mast fell")


def minutes_of(attempt: Attempt) -> float:
    """Minutes from the beginning of an attempt to its deadline."""
    return (attempt.deadline - attempt.started_at).total_seconds() / 60


def told(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def run_out(attempt: Attempt) -> None:
    """Let the time of an attempt run out and the worker close it."""
    let_time_pass(attempt, minutes=31)
    assert close_expired(attempt.id)


def make_late(learner: Learner, *, wrong_in_time: bool = True) -> Attempt:
    """An attempt that ran out one question short of enough; the right answer to it came late."""
    attempt = make_attempt(*learner)
    answer_all(attempt, learner[0], wrong=[1])
    if wrong_in_time:
        question = queries.get_paper_question(attempt.id, 1)
        give(attempt, learner[0], 1, WRONG.get(question.question.kind, {}))
    run_out(attempt)
    right = right_response(queries.get_paper_question(attempt.id, 1))
    assert give(attempt, learner[0], 1, right, base=0).fate is Fate.LATE
    return attempt


def hard_test() -> dict[str, Any]:
    return {**make_pack().file.test.model_dump(mode="json"), "pass_percent": 100}


def done_of(enrolment: Enrolment) -> list[Any]:
    return list(db.session.scalars(select(CompletedActivity).where(CompletedActivity.enrolment_id == enrolment.id)))
