"""Tests taken: attempts, the paper of each, and every answer as a step."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.core.database.frozen import freeze
from lms.curriculum.models import CourseVersion
from lms.curriculum.shelf import get_published
from lms.learning.models import Enrolment
from lms.questions.kinds.shapes import points_of
from lms.questions.models import QuestionVersion


class Attempt(Model):
    """One try at the test of a course, or at the questions before it. The server's clock decides its deadline."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    kind: Mapped[str] = mapped_column(default="final")
    """`rules.Kind`: final | entry"""
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    """`rules.State`: open | submitted | timed_out"""
    settings: Mapped[dict[str, Any]]
    """The settings when the attempt began: of the test, or of the questions before the course."""
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    credit: Mapped[int | None] = mapped_column(default=None)
    """What the answers are worth together, in thousandths of one question; None until graded."""
    total: Mapped[int]
    """Questions on the paper; once graded, those that count (see `QuestionRuling`)."""
    passed: Mapped[bool | None] = mapped_column(default=None)

    enrolment: Mapped[Enrolment] = relationship()

    __table_args__ = (
        UniqueConstraint("enrolment_id", "kind", "number"),
        Index(
            "uq_attempt_open",
            "enrolment_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_state_deadline", "state", "deadline"),
    )

    @property
    def points(self) -> Decimal:
        """What the answers are worth, in questions; 0 until graded."""
        return points_of(self.credit or 0)

    @property
    def version(self) -> CourseVersion:
        """The published version that the test was drawn from."""
        return get_published(self.version_id)


class PaperQuestion(Model):
    """A question on the paper of an attempt, drawn when it began, and its mark once graded."""

    __tablename__ = "paper_question"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """1, 2, 3 ..."""
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    topic: Mapped[str]
    order: Mapped[dict[str, Any]]
    """In which order the parts of the question stand on this paper: name of the list -> ids."""
    credit: Mapped[int | None] = mapped_column(default=None)
    """What the answer is worth, in thousandths of one question; None until graded, and where a ruling left the question
    out."""

    question: Mapped[QuestionVersion] = relationship()


class AnswerStep(Model):
    """An answer as it was given. Steps are only ever added; the server's revision is the id."""

    __tablename__ = "answer_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    client: Mapped[str]
    """The browser page or form that sent it."""
    client_seq: Mapped[int]
    base_revision: Mapped[int]
    """The newest revision of this question that the client had seen; 0 for none. Of a step that counts it is the one
    it follows."""
    response: Mapped[dict[str, Any]]
    stale: Mapped[bool]
    """Given without knowing of a newer answer: kept, and counted only if the member says so."""
    late: Mapped[bool] = mapped_column(default=False)
    """Came after the deadline: kept, and counted only by an officer's decision."""
    received_at: Mapped[datetime]
    language: Mapped[str | None] = mapped_column(default=None)
    """Of the page on which it was given; None where that is not known."""

    __table_args__ = (
        UniqueConstraint("attempt_id", "client", "client_seq"),
        Index("ix_answer_step_attempt_position", "attempt_id", "position", "id"),
        Index(
            "uq_answer_step_base",
            "attempt_id",
            "position",
            "base_revision",
            unique=True,
            sqlite_where=text("NOT stale AND NOT late"),
            postgresql_where=text("NOT stale AND NOT late"),
        ),
        {"sqlite_autoincrement": True},
    )


class QuestionRuling(Model):
    """What was ruled on a question once for all who saw it. It counts while it is in force, and of a question version
    at most one is in force. Which it is never changes; that it came into force or was taken back is dated."""

    __tablename__ = "question_ruling"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    effect: Mapped[str]
    """`grading.Effect`: stands | key | also | point | left_out"""
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """Of another key: the question as it should have been, marked by it."""
    reason: Mapped[str]
    """For everybody who disputed it or whose result changed."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]
    in_force_at: Mapped[datetime | None] = mapped_column(default=None)
    taken_back_at: Mapped[datetime | None] = mapped_column(default=None)
    """Of one that never was in force: when it was discarded."""

    __table_args__ = (
        CheckConstraint("(effect IN ('key', 'also')) = (body IS NOT NULL)", name="key_has_body"),
        Index(
            "uq_question_ruling_in_force",
            "question_version_id",
            unique=True,
            sqlite_where=text("in_force_at IS NOT NULL AND taken_back_at IS NULL"),
            postgresql_where=text("in_force_at IS NOT NULL AND taken_back_at IS NULL"),
        ),
        NO_NUMBER_TWICE,
    )

    @property
    def is_in_force(self) -> bool:
        """Whether it counts now."""
        return self.in_force_at is not None and self.taken_back_at is None


freeze(AnswerStep)
