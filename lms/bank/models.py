"""What is written before it is published: drafts of questions, copies kept of them, cases sent in from below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import Model
from lms.core.database.frozen import freeze
from lms.curriculum.models import Course
from lms.people.models import Person
from lms.questions.models import Question

OPEN = "state IN ('draft', 'in_review', 'reviewed')"


class FieldCase(Model):
    """Something that happened at a commission, told by an officer or trainer, and what became of it."""

    __tablename__ = "field_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    """The commission in whose name it was sent."""
    language: Mapped[str]
    happened: Mapped[str]
    done: Mapped[str]
    question: Mapped[str]
    """What those above are asked."""
    sent_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="sent")
    """`rules.CaseState`: sent | answered | used"""
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)

    sender: Mapped[Person] = relationship(foreign_keys=sender_id)

    __table_args__ = (
        CheckConstraint("state IN ('sent', 'answered', 'used')", name="state"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered"),
        Index("ix_field_case_state_id", "state", "id"),
    )


class Draft(Model):
    """A question being written: its head and body as far as they are there, whoever writes it and whoever reads it."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), default=None, index=True)
    """The question it renews; None for a new one."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("field_case.id"), default=None, index=True)
    """The case from below that it tells."""
    kind: Mapped[str]
    head: Mapped[dict[str, Any]]
    """id, topic, use, source, difficulty, valid as a pack says them, days in ISO; what is not there is yet to come."""
    body: Mapped[dict[str, Any]]
    """As in a pack, perhaps with faults."""
    state: Mapped[str] = mapped_column(default="draft")
    """`rules.DraftState`: draft | in_review | reviewed | published | dropped"""
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    note: Mapped[str] = mapped_column(default="")
    """What the reviewer wants changed."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts every save, so that one that builds on an earlier state is noticed."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]

    course: Mapped[Course] = relationship()
    renews: Mapped[Question | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=author_id)
    reviewer: Mapped[Person | None] = relationship(foreign_keys=reviewer_id)

    __table_args__ = (
        CheckConstraint("author_id <> reviewer_id", name="two_people"),
        CheckConstraint("state IN ('draft', 'in_review', 'reviewed', 'published', 'dropped')", name="state"),
        CheckConstraint("state <> 'reviewed' OR reviewer_id IS NOT NULL", name="reviewed"),
        Index("ix_draft_state_id", "state", "id"),
        Index("uq_draft_open", "question_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )


class DraftStep(Model):
    """A copy of a draft at a moment that matters; also of a save that came too late, so that nothing typed is lost."""

    __tablename__ = "draft_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    why: Mapped[str]
    """`rules.Why`: sent | returned | approved | published | stale"""
    revision: Mapped[int]
    """The revision it is a copy of; of a stale one, the revision it was built on."""
    head: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    at: Mapped[datetime]


freeze(DraftStep)
