"""Tests taken: attempts, the paper of each, and every answer as a step."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.core.database.frozen import freeze
from lms.curriculum.models import CourseVersion
from lms.curriculum.shelf import get_published
from lms.learning.models import Enrolment
from lms.people.models import Person
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
            "ix_answer_step_late",
            "attempt_id",
            "id",
            sqlite_where=text("late = 1"),
            postgresql_where=text("late"),
        ),  # few rows: what waits for a decision is found without reading every answer
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


class Accommodation(Model):
    """Extra time, and other help, at tests of a campaign: for one person, or for everybody who sits in a commission or
    below it. It counts for every attempt that begins while it is in force."""

    __tablename__ = "accommodation"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    commission_id: Mapped[int | None] = mapped_column(ForeignKey("commission.id"), index=True, default=None)
    percent: Mapped[int]
    """More time, in hundredths of the test's own minutes."""
    minutes: Mapped[int]
    """More time, in minutes."""
    helps: Mapped[list[str]]
    """`rules_time.HELPS`: large print, a reader beside ..."""
    reason: Mapped[str]
    """`rules_time.REASONS`; personal: emptied when the term is over or the person is erased."""
    note: Mapped[str] = mapped_column(default="")
    """Personal as the reason is."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)
    """The last day; None: to the end of the campaign."""
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    given_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True, default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)

    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (commission_id IS NULL)", name="one_holder"),
        CheckConstraint("percent >= 0 AND minutes >= 0", name="no_less_time"),
        NO_NUMBER_TWICE,
    )


class AttemptExtension(Model):
    """More time for one attempt that had begun. The deadline follows from the beginning, the settings and these."""

    __tablename__ = "attempt_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    minutes: Mapped[int]
    reopens: Mapped[bool] = mapped_column(default=False)
    """The time was up: the attempt was opened again, and the minutes count from then."""
    reason: Mapped[str]
    """`rules_time.WHY_MORE`"""
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    given_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("minutes > 0", name="some_time"),)


class LateDecision(Model):
    """Whether answers that came after the deadline count: of one attempt, all that had come by then."""

    __tablename__ = "late_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    last_step_id: Mapped[int] = mapped_column(ForeignKey("answer_step.id"), index=True)
    """The newest late step that had come; those up to it which no earlier decision covers are decided."""
    counts: Mapped[bool]
    reason: Mapped[str]
    """`rules_time.WHY_LATE`"""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    decided_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("attempt_id", "last_step_id"),)


class RescueFile(Model):
    """A file with answers that a device could not send, brought in by hand."""

    __tablename__ = "rescue_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    digest: Mapped[str]
    """SHA-256 of the file, hex."""
    made_at: Mapped[datetime | None]
    """By the clock of the device: told, never counted with."""
    answers: Mapped[int]
    """How many answers it held."""
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    brought_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("attempt_id", "digest"),)


class RescuedStep(Model):
    """A step that came in a rescue file and not from the page itself."""

    __tablename__ = "rescued_step"

    step_id: Mapped[int] = mapped_column(ForeignKey("answer_step.id"), primary_key=True)
    rescue_id: Mapped[int] = mapped_column(ForeignKey("rescue_file.id"), index=True)


class AttemptGrant(Model):
    """Attempts beyond those of the course: after a workshop, or by an officer's decision."""

    __tablename__ = "attempt_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    attempts: Mapped[int]
    source: Mapped[str]
    """`workshop:<id>`, or `officer:<number>`: once each."""
    reason: Mapped[str]
    """`rules_time.WHY_GRANTED`"""
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    given_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("enrolment_id", "source"),
        CheckConstraint("attempts > 0", name="some_attempts"),
        NO_NUMBER_TWICE,
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


freeze(AnswerStep, AttemptExtension, LateDecision, RescueFile, RescuedStep)
