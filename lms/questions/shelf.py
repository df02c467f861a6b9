"""Versions of questions, kept in the process: every save and every page of a test asks for them, and they never
change."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.core.kept import keep
from lms.questions.models import QuestionVersion


def get_question_version(version_id: int) -> QuestionVersion:
    """One version; LookupError when there is none."""
    version = _version(version_id)
    if version is None:
        raise LookupError(version_id)
    return version


@keep(5_000)
def _version(session: Session, version_id: int) -> QuestionVersion | None:
    return session.get(QuestionVersion, version_id)
