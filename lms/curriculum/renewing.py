"""Which questions the next version of a course has, when only its bank is renewed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms.core import clock
from lms.core.database.base import db
from lms.curriculum import queries
from lms.curriculum.models import CourseVersion
from lms.questions.models import Question, QuestionVersion
from lms.questions.queries import full_code, newest_versions
from lms.questions.uses import Use


@dataclass(frozen=True)
class Renewal:
    """The questions of the next version, and what becomes of those of this one."""

    questions: list[QuestionVersion]
    added: int
    changed: int
    left_out: int

    @property
    def is_due(self) -> bool:
        """Whether the bank says anything else than the version."""
        return bool(self.added or self.changed or self.left_out)


def look_at_renewal(version: CourseVersion) -> Renewal:
    """The newest version of every question of this course version and of those that came to the bank, or back to it,
    since; without those that are withdrawn or whose days are over. Questions for self-checks are those that modules
    name. What a pack left out on purpose does not come back."""
    before = {question.question_id: question for question in queries.list_questions(version.id)}
    code = version.course.code
    newest = {question.question_id: question for question in newest_versions(code).values()}
    rows = db.session.scalars(select(Question).where(Question.id.in_(select(QuestionVersion.question_id)))).all()
    bank = {row.id: row for row in rows if row.id in newest}
    named = {full_code(code, key) for module in queries.list_modules(version.id) for key in module.self_check}
    found = [
        newest[one]
        for one, question in bank.items()
        if _belongs(question, newest[one], version, is_old=one in before, named=named)
    ]
    ids = {question.question_id for question in found}
    return Renewal(
        sorted(found, key=lambda question: bank[question.question_id].code),
        added=len(ids - set(before)),
        changed=sum(newest[one].id != before[one].id for one in ids & set(before)),
        left_out=len(set(before) - ids),
    )


def _belongs(
    question: Question, newest: QuestionVersion, version: CourseVersion, *, is_old: bool, named: set[str]
) -> bool:
    if newest.use == Use.SELF_CHECK:
        return question.code in named
    if question.withdrawn_at is not None or (newest.valid_until is not None and newest.valid_until < clock.today()):
        return False
    moments = [newest.created_at, *([question.returned_at] if question.returned_at else [])]
    return is_old or max(moments) >= version.published_at
