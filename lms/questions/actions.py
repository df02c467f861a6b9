"""Keep questions: a new version when a question says something new, the old one otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.questions import queries
from lms.questions.models import Question, QuestionVersion
from lms.questions.rules import LoadedQuestion


def keep_questions(*, course: str, questions: Sequence[LoadedQuestion], by: Actor) -> list[QuestionVersion]:
    """The version of each question that says just this, in the same order; written only where there was none."""
    newest = queries.newest_versions(course)
    kept: list[QuestionVersion] = []
    for question in questions:
        code = queries.full_code(course, question.id)
        before = newest.get(code)
        same = before is not None and before.checksum == question.checksum
        kept.append(before if before is not None and same else _add_version(code, question, before))
    db.session.flush()
    added = [version.id for version in kept if version not in newest.values()]
    if added:
        record("questions.kept", by=by, subject=f"course:{course}", versions=added)
    return kept


def _add_version(code: str, question: LoadedQuestion, before: QuestionVersion | None) -> QuestionVersion:
    version = QuestionVersion(
        question_id=before.question_id if before else _question_id(code),
        number=before.number + 1 if before else 1,
        kind=question.kind,
        topic=question.topic,
        use=question.use.value,
        source=question.source,
        body=dict(question.body),
        checksum=question.checksum,
        created_at=clock.now(),
    )
    db.session.add(version)
    return version


def _question_id(code: str) -> int:
    found = db.session.scalar(select(Question).where(Question.code == code))
    if found is None:
        found = Question(code=code)
        db.session.add(found)
        db.session.flush()
    return found.id
