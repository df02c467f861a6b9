"""Read the question bank."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from lms.core.database.base import db
from lms.questions.models import Question, QuestionVersion


def full_code(course: str, key: str) -> str:
    """The code of a question in the bank: its course and its id in the pack."""
    return f"{course}/{key}"


def newest_versions(course: str) -> dict[str, QuestionVersion]:
    """The newest version of every question of a course, by the question's code."""
    newest = select(func.max(QuestionVersion.id)).group_by(QuestionVersion.question_id)
    rows = db.session.execute(
        select(Question.code, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.code.startswith(f"{course}/", autoescape=True), QuestionVersion.id.in_(newest))
    )
    return dict(rows.tuples().all())


def codes_of(version_ids: Iterable[int]) -> dict[int, str]:
    """The code of the question behind each of these versions."""
    rows = db.session.execute(
        select(QuestionVersion.id, Question.code)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionVersion.id.in_(list(version_ids)))
    )
    return dict(rows.tuples().all())
