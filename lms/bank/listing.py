"""The bank as a list: filters, words in any language, a page at a time by the code of the last question shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, select

from lms.bank.models import Draft
from lms.bank.rules import OPEN
from lms.core import clock
from lms.core.database.base import db
from lms.questions.models import Question, QuestionVersion
from lms.questions.queries import IS_NEWEST
from lms.questions.rules import fold_words
from lms.questions.uses import Standing

PAGE = 50
AFTER_SLASH = "0"
"""The sign after the slash: codes of a course lie between `course/` and `course0`."""


@dataclass(frozen=True)
class Filter:
    """What is looked for; empty says nothing."""

    words: str = ""
    course: str = ""
    topic: str = ""
    kind: str = ""
    difficulty: str = ""
    use: str = ""
    standing: str = ""
    """published | withdrawn | draft (a new version is being written)"""
    valid: str = ""
    """now | over | later"""
    language: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What is not empty, for addresses."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}


def list_questions(wanted: Filter, *, after: str = "") -> tuple[Sequence[Row[Any]], int]:
    """Questions with what their newest version says, in the order of their codes: those behind the code `after`, one
    more than a page, so that the reader sees whether it goes on; and how many there are behind it in all. The bank is
    gone through once; what the page shows is read for the page alone."""
    total = func.count().over().label("total")
    found = select(Question.id, Question.code, total).where(*_conditions(wanted, clock.today()))
    if _of_versions(wanted):
        found = found.join(QuestionVersion, IS_NEWEST)
    page = found.where(Question.code > after).order_by(Question.code).limit(PAGE + 1).subquery()
    rows = db.session.execute(
        select(
            page.c.total,
            Question.id,
            Question.code,
            Question.withdrawn_at,
            QuestionVersion.kind,
            QuestionVersion.topic,
            QuestionVersion.use,
            QuestionVersion.difficulty,
            QuestionVersion.valid_from,
            QuestionVersion.valid_until,
            QuestionVersion.body["text"].label("text"),
        )
        .select_from(page)
        .join(Question, Question.id == page.c.id)
        .join(QuestionVersion, IS_NEWEST)
        .order_by(Question.code)
    ).all()
    return rows, rows[0].total if rows else 0


def list_newest(question_ids: Sequence[int]) -> Sequence[QuestionVersion]:
    """The newest version of each of these questions, in the order of their codes."""
    return db.session.scalars(
        select(QuestionVersion).join(Question, IS_NEWEST).where(Question.id.in_(question_ids)).order_by(Question.code)
    ).all()


def _of_versions(wanted: Filter) -> bool:
    """Whether one has to look into the versions for what is looked for."""
    return any((wanted.topic, wanted.kind, wanted.difficulty, wanted.use, wanted.valid))


def _conditions(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    found = [
        getattr(QuestionVersion, name) == value
        for name in ("topic", "kind", "difficulty", "use")
        if (value := getattr(wanted, name))
    ]
    if wanted.course:
        found += [Question.code > f"{wanted.course}/", Question.code < f"{wanted.course}{AFTER_SLASH}"]
    if wanted.language:
        found.append(Question.languages.contains(wanted.language, autoescape=True))
    found += [_stands_in(word) for word in fold_words(wanted.words).split()]
    return found + _by_standing(wanted.standing) + _by_days(wanted.valid, today)


def _stands_in(word: str) -> ColumnElement[bool]:
    """Whether a word stands in a question: by comparing bytes, which is quicker than a pattern. No index helps: any
    part of a word is looked for."""
    is_server = db.engine.dialect.name == "postgresql"
    return (func.strpos if is_server else func.instr)(Question.words, word) > 0


def _by_standing(standing: str) -> list[ColumnElement[bool]]:
    if standing == Standing.PUBLISHED:
        return [Question.withdrawn_at.is_(None)]
    if standing == Standing.WITHDRAWN:
        return [Question.withdrawn_at.is_not(None)]
    if standing == Standing.DRAFT:
        return [exists().where(Draft.question_id == Question.id, Draft.state.in_(OPEN))]
    return []


def _by_days(valid: str, today: date) -> list[ColumnElement[bool]]:
    begins, ends = QuestionVersion.valid_from, QuestionVersion.valid_until
    if valid == "now":
        return [(begins.is_(None)) | (begins <= today), (ends.is_(None)) | (ends >= today)]
    return {"over": [ends < today], "later": [begins > today]}.get(valid, [])
