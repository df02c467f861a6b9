"""Mark everybody who saw a question anew, exactly as it was counted, and set all of it back.

Some courses are done in each transaction, and each attempt is noted in it as done: a work that is killed goes on where
it stood. A ruling comes into force while it is held, and whoever grades holds it too; so every paper is either in the
count or graded by the ruling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from lms.assessment import rulings
from lms.assessment.actions import find_passed, follow_marks, grade_attempt
from lms.assessment.grading import Ruled
from lms.assessment.models import Attempt
from lms.assessment.rules import Kind
from lms.assessment.rules import State as AttemptState
from lms.assessment.rulings import Marks, write_marks
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.bulk import insert_many, write_rows
from lms.core.database.engine import only_reading
from lms.core.errors import Refused
from lms.core.jobs.queue import Progress
from lms.core.web.languages import _
from lms.fairness import counting, queries
from lms.fairness.counting import Change, Counts
from lms.fairness.disputing import answer_disputes, reopen_disputes
from lms.fairness.models import Regrade, RegradeChange, RegradeDone
from lms.fairness.states import Act, State
from lms.learning import revising
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.revising import Standing, read_standing
from lms.learning.rules import TEST

Keep = Callable[[], None]
AT_ONCE = 100
"""Courses in one transaction: nobody who saves an answer waits for more."""
COLUMNS = ("regrade_id", *Change.__slots__)
LEFT = {"left": True}
"""Instead of how a course stood: the attempt was graded by the ruling already when its turn came."""


def count(regrade_id: int, progress: Progress) -> None:
    """Count what the ruling changes, and keep it. Harmless when it was counted."""
    if queries.get_regrade(regrade_id).state != State.COUNTING:
        return
    changes, seen = _count_changes(regrade_id, progress)
    counts = Counts(seen=seen)
    for change in changes:
        counts.add(change)
    regrade = queries.get_regrade(regrade_id)
    write_rows(
        RegradeChange, COLUMNS, ([regrade_id, *(getattr(one, name) for name in Change.__slots__)] for one in changes)
    )
    regrade.counts, regrade.digest, regrade.state = asdict(counts), counting.digest_of(changes), State.COUNTED


def apply(regrade_id: int, by: Scope, progress: Progress, keep: Keep) -> None:
    """Put the ruling in force and do what was counted; `keep` commits what is done so far. Refused when something was
    graded since: then it is to be counted again."""
    regrade = queries.get_regrade(regrade_id)
    if regrade.state == State.COUNTED:
        _begin(regrade_id, by, progress, keep)
    elif regrade.state != State.APPLYING:
        return
    _in_batches(regrade_id, Act.APPLY, by, progress, keep)
    regrade = queries.get_regrade(regrade_id)
    regrade.state, regrade.applied_at = State.APPLIED, clock.now()
    record("fairness.regraded", by=by, subject=f"regrade:{regrade.id}", ruling=regrade.ruling_id, **regrade.counts)


def take_back(regrade_id: int, by: Scope, progress: Progress, keep: Keep) -> None:
    """Take the ruling out of force and set everything back as it stood; `keep` commits what is done so far. Refused
    while a later ruling has marked some of the same tests."""
    regrade = queries.get_regrade(regrade_id)
    if regrade.state == State.APPLIED:
        _begin_back(regrade, by, keep)
    elif regrade.state != State.TAKING_BACK:
        return
    _in_batches(regrade_id, Act.TAKE_BACK, by, progress, keep)
    _grade_strays(regrade_id, by, progress, keep)
    regrade = queries.get_regrade(regrade_id)
    regrade.state, regrade.taken_back_at = State.TAKEN_BACK, clock.now()
    record("fairness.regrade_taken_back", by=by, subject=f"regrade:{regrade.id}", ruling=regrade.ruling_id)


def _count_changes(regrade_id: int, progress: Progress) -> tuple[list[Change], int]:
    """Every change, and how many saw the question; nobody who writes waits meanwhile."""
    with only_reading():
        ruling = queries.get_regrade(regrade_id).ruling
        question, ruled = ruling.question_version_id, Ruled(ruling.effect, ruling.body)
        seen = len(counting.list_seen_by(question))
        db.session.rollback()
        changes = list(counting.stream_changes(question, ruled, progress))
        db.session.rollback()
    return changes, seen


def _begin(regrade_id: int, by: Scope, progress: Progress, keep: Keep) -> None:
    with only_reading():
        question = queries.get_regrade(regrade_id).ruling.question_version_id
        before = counting.fingerprint(question)
        db.session.rollback()
    digest = counting.digest_of(_count_changes(regrade_id, progress)[0])
    regrade = queries.get_regrade(regrade_id)
    rulings.lock_ruling(regrade.ruling)
    if regrade.ruling.in_force_at is not None or regrade.ruling.taken_back_at is not None:
        raise Refused(_("This ruling is in force already, or was laid aside."))
    if digest != regrade.digest or counting.fingerprint(question) != before:
        regrade.state = State.OUTDATED
        keep()
        raise Refused(_("Tests were sent or decided on since this was counted. Nothing has changed: count it again."))
    rulings.put_in_force(ruling=regrade.ruling, by=by)
    answer_disputes(regrade.ruling)
    regrade.state = State.APPLYING
    keep()


def _begin_back(regrade: Regrade, by: Scope, keep: Keep) -> None:
    rulings.lock_ruling(regrade.ruling)
    later = queries.find_later(regrade)
    if later is not None:
        raise Refused(
            _(
                "Ruling No. %(number)s came later and has marked some of the same tests. Take that one back first.",
                number=later.ruling_id,
            )
        )
    rulings.take_back_ruling(ruling=regrade.ruling, by=by)
    reopen_disputes(regrade.ruling)
    regrade.state = State.TAKING_BACK
    keep()


@dataclass(frozen=True)
class _Batch:
    """Attempts of some courses, all of each course, with what is to change at some of them."""

    regrade_id: int
    act: Act
    changes: Sequence[RegradeChange]
    attempts: dict[int, Attempt]
    stood: dict[int, dict[str, object]]
    """How courses stood before the ruling was applied, by attempt; to take it back."""


def _in_batches(regrade_id: int, act: Act, by: Scope, progress: Progress, keep: Keep) -> None:
    total = queries.count_changes(regrade_id)
    done = queries.count_done(regrade_id, act)
    after = 0
    while enrolments := queries.list_waiting(regrade_id, act, after=after, most=AT_ONCE):
        batch = _read_batch(regrade_id, act, enrolments)
        _do(batch, by)
        after, done = enrolments[-1], done + len(batch.changes)
        keep()
        progress(done, total)


def _read_batch(regrade_id: int, act: Act, enrolments: Sequence[int]) -> _Batch:
    changes = queries.list_changes_of(regrade_id, enrolments, act)
    held = (
        select(Attempt)
        .where(Attempt.enrolment_id.in_(enrolments), Attempt.kind == Kind.FINAL)
        .order_by(Attempt.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    attempts = {one.id: one for one in db.session.scalars(held)}
    stood = queries.list_stood(regrade_id, [one.attempt_id for one in changes]) if act is Act.TAKE_BACK else {}
    return _Batch(regrade_id, act, changes, attempts, stood)


def _do(batch: _Batch, by: Scope) -> None:
    by_course: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in batch.attempts.values():
        by_course[attempt.enrolment_id].append(attempt)
    passed = {course: find_passed(attempts) is not None for course, attempts in by_course.items()}
    courses = _read_courses(list(by_course))
    left = {one.attempt_id for one in batch.changes if not _is_as_expected(batch, one)}
    write_marks([_marks(batch.act, one) for one in batch.changes if one.attempt_id not in left])
    if batch.act is Act.TAKE_BACK:
        for attempt_id in left:
            grade_attempt(batch.attempts[attempt_id])
    for course, attempts in sorted(by_course.items()):
        was = _was(batch, attempts)
        _follow(courses, course, attempts, by, passed=passed[course], was=was)
    insert_many(
        RegradeDone,
        [
            {
                "regrade_id": batch.regrade_id,
                "attempt_id": one.attempt_id,
                "act": batch.act,
                "at": clock.now(),
                "stood": LEFT if one.attempt_id in left else courses.stands[one.enrolment_id].as_json(),
            }
            for one in batch.changes
        ],
    )


def _is_as_expected(batch: _Batch, change: RegradeChange) -> bool:
    """Whether an attempt stands as it did when it was counted, or as the ruling has left it. A decision about late
    answers may have graded it since: by the ruling, if it was in force."""
    attempt = batch.attempts[change.attempt_id]
    stands = attempt.credit, attempt.total, bool(attempt.passed)
    if batch.act is Act.APPLY:
        return stands == (change.credit_before, change.total_before, change.passed_before)
    after = change.credit_after, change.total_after, change.passed_after
    return stands == after and batch.stood.get(change.attempt_id) != LEFT


def _marks(act: Act, change: RegradeChange) -> Marks:
    place = 1 if act is Act.APPLY else 0
    credits = {int(position): both[place] for position, both in change.credits.items()}
    if act is Act.APPLY:
        return Marks(change.attempt_id, credits, change.credit_after, change.total_after, change.passed_after)
    return Marks(change.attempt_id, credits, change.credit_before, change.total_before, change.passed_before)


def _was(batch: _Batch, attempts: Sequence[Attempt]) -> Standing | None:
    """How a course stood before the ruling was applied; None while it is being applied, or where that is not known."""
    for attempt in attempts:
        stood = batch.stood.get(attempt.id)
        if stood and stood != LEFT:
            return read_standing(stood)
    return None


def _follow(
    courses: _Courses, course: int, attempts: Sequence[Attempt], by: Scope, *, passed: bool, was: Standing | None
) -> None:
    """Have a course follow the marks of its attempts: passed now, no longer passed, or as it `was`."""
    best = find_passed(attempts)
    if best is None and not passed and courses.stands[course].done_at is None:
        return
    enrolment = courses.enrolments[course]
    if was is not None and (best is None or was.done_at is not None):
        revising.put_back(enrolment=enrolment, activity=TEST, standing=was, reason=_reason(), by=by)
    else:
        follow_marks(enrolment=enrolment, best=best, was_passed=passed, reason=_reason(), by=by)


@dataclass(frozen=True)
class _Courses:
    """Some courses and how they stand. Their rows are held here, so that each is read once."""

    enrolments: Mapping[int, Enrolment]
    done: Mapping[int, CompletedActivity]
    """That the test counts as done, where it does."""
    stands: Mapping[int, Standing]


def _read_courses(ids: Sequence[int]) -> _Courses:
    held = select(Enrolment).where(Enrolment.id.in_(ids)).execution_options(populate_existing=True)
    enrolments, done = {one.id: one for one in db.session.scalars(held)}, queries.list_tests_done(ids)
    stands = {}
    for course, one in enrolments.items():
        row = done.get(course)
        stands[course] = Standing(row.completed_at if row else None, dict(row.details) if row else {}, one.completed_at)
    return _Courses(enrolments, done, stands)


def _grade_strays(regrade_id: int, by: Scope, progress: Progress, keep: Keep) -> None:
    """Grade anew what was graded by the ruling while it was in force and is in no count."""
    question = queries.get_regrade(regrade_id).ruling.question_version_id
    with only_reading():
        strays = [one.attempt_id for one in counting.stream_changes(question, None, _unseen(progress))]
        db.session.rollback()
    for attempt_id in strays:
        attempt = db.session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
        attempts = queries.list_tests(attempt.enrolment_id)
        passed = find_passed(attempts) is not None
        courses = _read_courses([attempt.enrolment_id])
        if attempt.state != AttemptState.OPEN:
            grade_attempt(attempt)
            _follow(courses, attempt.enrolment_id, attempts, by, passed=passed, was=None)
        keep()


def _unseen(progress: Progress) -> Callable[[int, int], None]:
    """The search for strays is the last step, and short: the bar stays full."""

    def tell(_done: int, _total: int) -> None:
        progress(1, 1)

    return tell


def _reason() -> str:
    return _("The test was marked anew after a ruling on one of its questions, and is no longer passed.")
