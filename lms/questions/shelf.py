"""Versions of questions, kept in the process: every save and every page of a test asks for them, and they never
change."""

from __future__ import annotations

from lms.core.database.base import db
from lms.core.kept import apart, keep
from lms.questions.models import QuestionVersion


def get_question_version(version_id: int) -> QuestionVersion:
    """One version. It belongs to no session; in the transaction that publishes it, to the one that asks."""
    try:
        return _version(version_id)
    except LookupError:
        return db.session.get_one(QuestionVersion, version_id)


@keep(5_000)
def _version(version_id: int) -> QuestionVersion:
    with apart() as session:
        found = session.get(QuestionVersion, version_id)
        if found is None:
            raise LookupError(version_id)
        return found
