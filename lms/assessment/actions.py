"""Begin an attempt, close it once, and grade what was saved."""

from __future__ import annotations

import secrets
from datetime import datetime
from random import Random

from sqlalchemy import update

from lms.assessment import permissions, queries, rules
from lms.assessment.models import Attempt, PaperQuestion
from lms.assessment.rules import Candidate, State
from lms.commissions.permissions import SYSTEM, Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.curriculum.settings import TestSettings
from lms.learning import actions as learning
from lms.learning.models import Enrolment
from lms.learning.rules import TEST
from lms.questions.kinds.registry import get_kind
from lms.questions.models import QuestionVersion
from lms.questions.rules import grade


def start_attempt(*, enrolment: Enrolment, by: Scope) -> Attempt:
    """The new attempt with its paper drawn; the one that is going on when there is one (a button pressed twice).

    NotFound for an enrolment of somebody else; MayNotStart with a sentence when something stands in the way."""
    if enrolment.person_id != by.person_id:
        raise NotFound
    db.session.refresh(enrolment, with_for_update={"key_share": True})  # pressed twice: the second sees the first
    going_on = queries.find_open_attempt(enrolment.id)
    if going_on is not None and not rules.is_over(going_on.deadline, clock.now()):
        return going_on
    if going_on is not None:
        close_attempt(attempt=going_on, by=SYSTEM)
    permissions.check_may_start(enrolment, by)
    settings = TestSettings.model_validate(enrolment.version.test)
    attempt = _open(enrolment, settings)
    _draw_paper(attempt, settings, Random(secrets.randbits(128)))  # noqa: S311 - a paper, not a secret
    learning.begin(enrolment=enrolment, by=by)
    record("assessment.attempt_started", by=by, subject=f"attempt:{attempt.id}", number=attempt.number)
    return attempt


def submit_attempt(*, attempt: Attempt, by: Scope) -> bool:
    """Send the answers: the attempt is closed and graded. False when that had been done before: there is one result."""
    if attempt.person_id != by.person_id:
        raise NotFound
    return close_attempt(attempt=attempt, by=by)


def close_attempt(*, attempt: Attempt, by: Scope) -> bool:
    """Close an open attempt and grade what was saved in time; as timed out when its time is up. True for whoever did
    it: of many at once exactly one."""
    now = clock.now()
    reason = rules.close_reason(attempt.deadline, now)
    closed_at = min(now, attempt.deadline)
    if not _close(attempt.id, reason, closed_at):
        db.session.refresh(attempt)
        return False
    db.session.refresh(attempt)
    _grade(attempt)
    record(
        "assessment.attempt_closed",
        by=by,
        subject=f"attempt:{attempt.id}",
        state=attempt.state,
        right=attempt.right,
        passed=attempt.passed,
    )
    if attempt.passed:
        details = {"right": attempt.right, "total": attempt.total}
        learning.complete_activity(enrolment=attempt.enrolment, activity=TEST, by=by, details=details)
    return True


def close_expired(attempt_id: int) -> bool:
    """Close an attempt whose time is up, whoever noticed it. False when it is closed already or still has time."""
    attempt = db.session.get(Attempt, attempt_id, populate_existing=True)
    if attempt is None or attempt.state != State.OPEN or not rules.is_over(attempt.deadline, clock.now()):
        return False
    return close_attempt(attempt=attempt, by=SYSTEM)


def _open(enrolment: Enrolment, settings: TestSettings) -> Attempt:
    """The attempt's row."""
    now = clock.now()
    attempt = Attempt(
        campaign_id=enrolment.campaign_id,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        version_id=enrolment.version_id,
        number=len(queries.list_attempts(enrolment.id)) + 1,
        state=State.OPEN,
        settings=settings.model_dump(mode="json"),
        started_at=now,
        deadline=rules.deadline(now, settings),
        total=settings.size,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def _draw_paper(attempt: Attempt, settings: TestSettings, rng: Random) -> None:
    seen = queries.list_seen(attempt.enrolment_id)
    drawn = rules.draw(settings.blueprint, queries.list_pool(attempt.version_id), rng, seen)
    for position, candidate in enumerate(drawn, start=1):
        db.session.add(_asked(attempt.id, position, candidate, rng))
    db.session.flush()


def _asked(attempt_id: int, position: int, candidate: Candidate, rng: Random) -> PaperQuestion:
    question = db.session.get_one(QuestionVersion, candidate.version_id)
    return PaperQuestion(
        attempt_id=attempt_id,
        position=position,
        question_version_id=question.id,
        topic=question.topic,
        order=get_kind(question.kind).rules.shuffle(question.body, rng),
    )


def _close(attempt_id: int, reason: State, closed_at: datetime) -> bool:
    """Whether this call closed it. Waits for saves on their way; none is let in after."""
    return (
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == attempt_id, Attempt.state == State.OPEN)
            .values(state=reason, submitted_at=closed_at)
            .returning(Attempt.id),
            execution_options={"synchronize_session": False},
        ).scalar_one_or_none()
        is not None
    )


def _grade(attempt: Attempt) -> None:
    answers = queries.list_answers(attempt.id)
    paper = queries.list_paper(attempt.id)
    for asked in paper:
        given = answers.get(asked.position, queries.NONE_YET)
        asked.is_right = grade(asked.question.kind, asked.question.body, given.response)
    marks = rules.count_by_topic([(asked.topic, bool(asked.is_right)) for asked in paper])
    outcome = rules.result(marks, queries.settings_of(attempt))
    attempt.right, attempt.passed = outcome.right, outcome.passed
    db.session.flush()
