"""Read the question bank."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, select

from lms.core.database.base import db
from lms.questions.models import Question, QuestionVersion

IS_NEWEST = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.newest)
"""Joins a question with its newest version."""


def full_code(course: str, key: str) -> str:
    """The code of a question in the bank: its course and its id in the pack."""
    return f"{course}/{key}"


def newest_versions(course: str) -> dict[str, QuestionVersion]:
    """The newest version of every question of a course, by the question's code."""
    rows = db.session.execute(
        select(Question.code, QuestionVersion)
        .join(QuestionVersion, IS_NEWEST)
        .where(Question.code.startswith(f"{course}/", autoescape=True))
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
