"""Begin an attempt, close it once, and grade what was saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from lms.assessment import permissions, queries, rules
from lms.assessment.drawing import draw_questions, seen_by
from lms.assessment.errors import PoolTooSmall
from lms.assessment.grading import compute_grade, write_credits
from lms.assessment.helping import with_extra
from lms.assessment.models import Attempt, PaperQuestion
from lms.assessment.rules import NOTHING_SEEN, Kind, Seen, State
from lms.commissions.permissions import SYSTEM, Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.bulk import insert_many
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _
from lms.curriculum import actions as curriculum
from lms.curriculum.queries import find_counted_to
from lms.curriculum.settings import Draw, EntrySettings, TestSettings
from lms.learning import actions as learning
from lms.learning import revising
from lms.learning.models import Enrolment
from lms.learning.rules import TEST
from lms.questions.kinds.shapes import plain
from lms.questions.uses import Use

TRIES = 5
"""So often a closing looks again at an attempt that is lengthened meanwhile. More than twice is not seen."""


def start_attempt(*, enrolment: Enrolment, by: Scope, in_room: bool = False) -> Attempt:
    """The new attempt with its paper drawn; the one that is going on when there is one (a button pressed twice).
    `in_room`: the person has shown that they sit in a room that is supervised.

    NotFound for an enrolment of somebody else; MayNotStart with a sentence when something stands in the way."""
    if enrolment.person_id != by.person_id:
        raise NotFound
    db.session.refresh(enrolment, with_for_update={"key_share": True})  # pressed twice: the second sees the first
    attempts = queries.list_attempts(enrolment.id)
    going_on = queries.find_open(attempts)
    if going_on is not None and not rules.is_up(going_on.started_at, going_on.deadline, clock.now()):
        return going_on
    if going_on is not None:
        close_attempt(attempt=going_on, by=SYSTEM)
    permissions.check_may_start(enrolment, attempts, by, in_room=in_room)
    settings, now = with_extra(enrolment), clock.now()
    adds = settings.extra.adds if settings.extra else 0
    attempt = open_attempt(enrolment, settings, now, rules.deadline(now, settings, adds), number=len(attempts) + 1)
    before = queries.list_seen(enrolment.id) if attempt.number > 1 else set()
    _draw_paper(attempt, settings.blueprint, Use.TEST, seen_by(attempt.version_id, settings, before))
    learning.begin(enrolment=enrolment, by=by)
    more = settings.extra.model_dump(mode="json") if settings.extra else {}
    record("assessment.attempt_started", by=by, subject=f"attempt:{attempt.id}", number=attempt.number, **more)
    return attempt


def start_entry(*, enrolment: Enrolment, by: Scope) -> Attempt:
    """The attempt at the questions before the course, with its paper drawn; the one that is going on when there is one.
    It counts for nothing: the course does not begin with it.

    NotFound for an enrolment of somebody else; MayNotStart with a sentence when something stands in the way."""
    if enrolment.person_id != by.person_id:
        raise NotFound
    db.session.refresh(enrolment, with_for_update={"key_share": True})  # pressed twice: the second sees the first
    asked = queries.find_entry(enrolment.id)
    if asked is not None and asked.state == State.OPEN:
        return asked
    permissions.check_may_be_asked(enrolment)
    settings, now = EntrySettings.model_validate(enrolment.version.entry), clock.now()
    attempt = open_attempt(enrolment, settings, now, now + rules.ENTRY_LASTS, kind=Kind.ENTRY)
    _draw_paper(attempt, settings.blueprint, Use.ENTRY, NOTHING_SEEN)
    record("assessment.entry_started", by=by, subject=f"attempt:{attempt.id}")
    return attempt


def submit_attempt(*, attempt: Attempt, by: Scope) -> bool:
    """Send the answers: the attempt is closed and graded. False when that had been done before: there is one result."""
    if attempt.person_id != by.person_id:
        raise NotFound
    return close_attempt(attempt=attempt, by=by)


def close_attempt(*, attempt: Attempt, by: Scope) -> bool:
    """Close an open attempt and grade what was saved in time; as timed out when its time is up. True for whoever did
    it: of many at once exactly one."""
    if not _close_in_time(attempt, by):
        return False
    grade_attempt(attempt)
    if attempt.kind == Kind.ENTRY:
        record("assessment.entry_closed", by=by, subject=f"attempt:{attempt.id}", state=attempt.state)
        return True
    record(
        "assessment.attempt_closed",
        by=by,
        subject=f"attempt:{attempt.id}",
        state=attempt.state,
        credit=attempt.credit,
        passed=attempt.passed,
    )
    if attempt.passed:
        complete_test(attempt, by)
    return True


def complete_test(attempt: Attempt, by: Scope) -> None:
    """Have the course know that its test is passed, by this attempt."""
    learning.complete_activity(enrolment=attempt.enrolment, activity=TEST, by=by, details=result_of(attempt))


def result_of(attempt: Attempt) -> dict[str, Any]:
    """What a course keeps of its passed test, and a certificate says: right answers, of how many questions."""
    return {"right": plain(attempt.points), "total": attempt.total}


def find_passed(attempts: Sequence[Attempt]) -> Attempt | None:
    """The first of some attempts that is passed."""
    return next((one for one in sorted(attempts, key=lambda one: one.number) if one.passed), None)


def follow_marks(*, enrolment: Enrolment, best: Attempt | None, was_passed: bool, reason: str, by: Scope) -> None:
    """Have the course follow marks that changed: passed now by the `best` attempt, no longer passed, or passed with
    another result. `reason`: for whoever loses a certificate by it."""
    if best is None and was_passed:
        revising.withdraw_activity(enrolment=enrolment, activity=TEST, reason=reason, by=by)
    elif best is not None and not was_passed:
        complete_test(best, by)
    elif best is not None:
        revising.set_details(enrolment=enrolment, activity=TEST, details=result_of(best))


def _close_in_time(attempt: Attempt, by: Scope) -> bool:
    """Whether this call closed it. An officer may lengthen it in this very moment: then it is looked at once more, and
    goes on unless its person has sent it."""
    for _try in range(TRIES):
        now = clock.now()
        reason = rules.close_reason(attempt.started_at, attempt.deadline, now)
        closed_at = now if reason is State.SUBMITTED else attempt.deadline
        closed = _close(attempt, reason, closed_at)
        db.session.refresh(attempt)
        if closed or attempt.state != State.OPEN:
            return closed
        if by.person_id != attempt.person_id and not rules.is_up(attempt.started_at, attempt.deadline, now):
            return False
    raise RuntimeError("an attempt was lengthened again and again")


def close_expired(attempt_id: int) -> bool:
    """Close an attempt whose time is up, whoever noticed it. False when it is closed already or still has time."""
    attempt = db.session.get(Attempt, attempt_id, populate_existing=True)
    if attempt is None or attempt.state != State.OPEN:
        return False
    if not rules.is_up(attempt.started_at, attempt.deadline, clock.now()):
        return False
    return close_attempt(attempt=attempt, by=SYSTEM)


def open_attempt(
    enrolment: Enrolment,
    settings: TestSettings | EntrySettings,
    now: datetime,
    ends_at: datetime,
    *,
    kind: Kind = Kind.FINAL,
    number: int = 1,
) -> Attempt:
    """The attempt's row."""
    attempt = Attempt(
        campaign_id=enrolment.campaign_id,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        version_id=enrolment.version_id,
        kind=kind,
        number=number,
        state=State.OPEN,
        settings=settings.model_dump(mode="json", exclude_none=True),
        started_at=now,
        deadline=ends_at,
        total=settings.size,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def count_papers() -> None:
    """Count the papers that were begun since the last time, for each version of a course: drawing goes by that."""
    for version_id, drawn in queries.count_drawn(find_counted_to(), clock.now()).items():
        curriculum.count_papers(version_id=version_id, papers=drawn.papers, counts=drawn.counts, to=drawn.to)


def _draw_paper(attempt: Attempt, blueprint: Sequence[Draw], use: Use, seen: Seen) -> None:
    try:
        drawn = draw_questions(attempt.version_id, blueprint, use, seen)
    except PoolTooSmall as short:
        raise Refused(
            _("The test has too few questions just now. Tell your territorial commission; nothing has begun.")
        ) from short
    insert_many(PaperQuestion, [{"attempt_id": attempt.id, **one} for one in drawn])


def _close(attempt: Attempt, reason: State, closed_at: datetime) -> bool:
    """Whether this call closed it, at the deadline that is known here. Waits for saves on their way; none is let in
    after."""
    return (
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == attempt.id, Attempt.state == State.OPEN, Attempt.deadline == attempt.deadline)
            .values(state=reason, submitted_at=closed_at)
            .returning(Attempt.id),
            execution_options={"synchronize_session": False},
        ).scalar_one_or_none()
        is not None
    )


def grade_attempt(attempt: Attempt) -> None:
    """Write what the answers that count are worth, place by place and together."""
    came_to = compute_grade(attempt)
    write_credits(attempt.id, came_to.credits)
    attempt.credit, attempt.total, attempt.passed = came_to.credit, came_to.total, came_to.passed
    db.session.flush()
