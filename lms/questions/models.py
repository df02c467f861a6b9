"""The question bank: questions and their versions, which never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model
from lms.core.database.frozen import freeze


class Question(Model):
    """A question through all its versions."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """course/question, as election-day/opening-01"""


class QuestionVersion(Model):
    """What a question said from one publication to the next, in all languages."""

    __tablename__ = "question_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    kind: Mapped[str]
    topic: Mapped[str]
    use: Mapped[str]
    """test | self-check | entry"""
    source: Mapped[list[str]]
    """Source marks; of questions kept before there were marks, one line of words."""
    body: Mapped[dict[str, Any]]
    """The question as in the pack: text, explanation, and the kind's own part."""
    checksum: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("question_id", "number"),)


freeze(QuestionVersion)
