"""Answers that came after the deadline: an officer decides whether they count, not seeing what they would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from lms.assessment.actions import complete_test, grade_attempt
from lms.assessment.lengthening import Why, in_branch, noted
from lms.assessment.models import AnswerStep, Attempt, LateDecision, RescuedStep
from lms.assessment.permissions import check_not_own
from lms.assessment.rules import State
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.people.models import Person
from lms.questions.kinds.shapes import plain

PAGE = 100


@dataclass(frozen=True)
class Late:
    """Late answers of one attempt on which nobody has decided."""

    attempt: Attempt
    person: Person
    answers: int
    """How many places of the paper they are about."""
    rescued: int
    """How many steps came in a rescue file."""
    first_at: datetime
    last_at: datetime
    last_step_id: int


def list_late(commission_id: int, page: int = 1) -> list[Late]:
    """A page of the attempts of a branch with late answers that wait for a decision, the first that came first."""
    rows = db.session.execute(
        _waiting()
        .where(in_branch(commission_id))
        .order_by(func.min(AnswerStep.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    whose = select(Attempt, Person).join(Person, Person.id == Attempt.person_id)
    known = {
        attempt.id: (attempt, person)
        for attempt, person in db.session.execute(whose.where(Attempt.id.in_([row[0] for row in rows])))
    }
    return [Late(*known[row[0]], *row[1:]) for row in rows]


def count_late(commission_id: int) -> int:
    """How many attempts of a branch wait for a decision."""
    waiting = _waiting().where(in_branch(commission_id)).subquery()
    return db.session.scalar(select(func.count()).select_from(waiting)) or 0


def find_late(attempt: Attempt) -> Late | None:
    """The late answers of an attempt that wait for a decision; None when there are none."""
    row = db.session.execute(_waiting().where(Attempt.id == attempt.id)).one_or_none()
    return Late(attempt, attempt.enrolment.person, *row[1:]) if row is not None else None


def list_made(attempt_id: int) -> Sequence[LateDecision]:
    """What was decided about late answers of an attempt, the first first."""
    return db.session.scalars(
        select(LateDecision).where(LateDecision.attempt_id == attempt_id).order_by(LateDecision.id)
    ).all()


def decide_late(*, attempt: Attempt, last_step_id: int, counts: bool, why: Why, by: Scope) -> None:
    """Decide on the late answers of a closed attempt, those seen up to `last_step_id`; where they count it is graded
    anew, and the course goes on when that is a pass. Refused when something came or was decided meanwhile, Forbidden
    for one's own."""
    check_not_own(by, attempt)
    db.session.refresh(attempt, with_for_update=True)
    found = find_late(attempt)
    if found is None:
        raise Refused(_("There are no late answers here to decide on: that was done meanwhile, or the test is passed."))
    if found.last_step_id != last_step_id:
        raise Refused(_("More answers have come meanwhile. Look at the page again, then decide."))
    before = plain(attempt.points)
    db.session.add(
        LateDecision(
            attempt_id=attempt.id,
            last_step_id=last_step_id,
            counts=counts,
            reason=why.reason,
            decided_by_id=by.account_id,
            decided_at=clock.now(),
        )
    )
    db.session.flush()
    if counts:
        grade_attempt(attempt)
    record(
        "assessment.late_decided",
        by=by,
        subject=f"person:{attempt.person_id}",
        values=noted(why),
        attempt=attempt.id,
        counts=counts,
        reason=why.reason,
        answers=found.answers,
        before=before,
        after=plain(attempt.points),
        passed=bool(attempt.passed),
    )
    if attempt.passed:
        complete_test(attempt, by)


def count_ever_late(attempt_id: int) -> int:
    """How many late steps an attempt has, decided or not."""
    late = select(func.count(AnswerStep.id)).where(AnswerStep.attempt_id == attempt_id, AnswerStep.late)
    return db.session.scalar(late) or 0


def _waiting() -> Select[Any]:
    """Attempts with what came late since the last decision. Of a passed one nothing is asked: it changes nothing."""
    decided = (
        select(func.coalesce(func.max(LateDecision.last_step_id), 0))
        .where(LateDecision.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    late = and_(AnswerStep.attempt_id == Attempt.id, AnswerStep.late, AnswerStep.id > decided)
    return (
        select(
            Attempt.id,
            func.count(AnswerStep.position.distinct()),
            func.count(RescuedStep.step_id),
            func.min(AnswerStep.received_at),
            func.max(AnswerStep.received_at),
            func.max(AnswerStep.id),
        )
        .select_from(Attempt)
        .join(AnswerStep, late)
        .outerjoin(RescuedStep, RescuedStep.step_id == AnswerStep.id)
        .where(Attempt.state == State.TIMED_OUT, Attempt.passed.is_not(True))
        .group_by(Attempt.id)
    )
