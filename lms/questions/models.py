"""The question bank: questions and their versions, which never change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model
from lms.core.database.frozen import freeze


class Question(Model):
    """A question through all its versions."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """course/question, as election-day/opening-01"""
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    """Since when it is drawn no more; papers with it stay as they are."""
    withdrawn_because: Mapped[str | None] = mapped_column(default=None)
    returned_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was brought back last, after it had been withdrawn."""
    words: Mapped[str] = mapped_column(default="", server_default="")
    """What its newest version says, in all languages, in small letters: for looking it up."""
    languages: Mapped[str] = mapped_column(default="", server_default="")
    """In which languages its newest version is, as `kk ru en`."""
    newest: Mapped[int] = mapped_column(default=0, server_default="0")
    """The number of its newest version; 0 before there is one."""

    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because IS NULL)", name="withdrawn_because"),
    )


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
    difficulty: Mapped[str] = mapped_column(default="medium", server_default="medium")
    """`uses.Difficulty`: easy | medium | hard"""
    valid_from: Mapped[date | None] = mapped_column(default=None)
    """The first day on which it is drawn; None: since ever."""
    valid_until: Mapped[date | None] = mapped_column(default=None)
    """The last day on which it is drawn; None: for good."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    """Who wrote it in the bank; nobody is named for questions of packs."""
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    """Who read and approved it: never the author."""

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index(
            "ix_question_version_usage",
            *("question_id", "number", "kind", "topic", "use", "difficulty", "valid_from", "valid_until"),
        ),
        CheckConstraint("author_id <> reviewer_id", name="two_people"),
        CheckConstraint("valid_from <= valid_until", name="valid_in_order"),
    )


freeze(QuestionVersion)
