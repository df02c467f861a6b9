"""Replay what was graded: scores from steps, papers, pinned questions and decisions, deadlines from extensions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from lms.assessment.grading import compute_grade
from lms.assessment.lengthening import deadline_of
from lms.assessment.models import Attempt, PaperQuestion
from lms.assessment.rules import Kind, State
from lms.core.database.base import db

BATCH = 500


@dataclass(frozen=True)
class Difference:
    """One stored value that does not follow from what it should rest on."""

    attempt_id: int
    what: str
    """`credit`, `passed`, `deadline`, or `question <position>`"""
    stored: str
    replayed: str


def count_graded() -> int:
    """How many attempts were graded."""
    return db.session.scalar(select(func.count(Attempt.id)).where(Attempt.state != State.OPEN)) or 0


def list_differences(progress: Callable[[int], None] = lambda _done: None) -> Iterator[Difference]:
    """Every difference between what is stored of graded attempts and what a replay gives, attempt by attempt."""
    after = 0
    while attempts := db.session.scalars(
        select(Attempt).where(Attempt.id > after, Attempt.state != State.OPEN).order_by(Attempt.id).limit(BATCH)
    ).all():
        for attempt in attempts:
            yield from _compare(attempt)
        after = attempts[-1].id
        progress(len(attempts))
        db.session.expunge_all()


def _compare(attempt: Attempt) -> Iterator[Difference]:
    grade = compute_grade(attempt)
    rows = db.session.execute(
        select(PaperQuestion.position, PaperQuestion.credit).where(PaperQuestion.attempt_id == attempt.id)
    )
    stored: dict[str, object] = {f"question {position}": credit for position, credit in rows}
    replayed: dict[str, object] = {f"question {position}": credit for position, credit in grade.credits.items()}
    stored |= {"credit": attempt.credit, "passed": attempt.passed}
    replayed |= {"credit": grade.credit, "passed": grade.passed}
    if attempt.kind == Kind.FINAL:
        stored["deadline"], replayed["deadline"] = attempt.deadline.isoformat(), deadline_of(attempt).isoformat()
    for what, value in stored.items():
        if value != replayed.get(what):
            yield Difference(attempt.id, what, str(value), str(replayed.get(what)))
