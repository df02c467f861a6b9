"""Analyses of tests, disputes about questions, markings anew with their traces, and signs for people to judge."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.assessment.models import Attempt, QuestionRuling
from lms.commissions.models import Commission
from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.core.database.frozen import freeze
from lms.core.jobs.models import Job

OPEN = "ruling_id IS NULL"


class Analysis(Model):
    """How the test of a course version and each of its questions did, counted once."""

    __tablename__ = "test_analysis"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True, default=None)
    made_at: Mapped[datetime | None] = mapped_column(default=None)
    """None until it is counted."""
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`rules.TestFigures` as plain data, with those of each question."""

    job: Mapped[Job | None] = relationship()


class Dispute(Model):
    """A learner holds that a question was wrong. It is open until a ruling on the question answers it."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    words: Mapped[str]
    """Personal, as free words may be: emptied when the person is erased."""
    made_at: Mapped[datetime]
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("question_ruling.id"), index=True, default=None)

    ruling: Mapped[QuestionRuling | None] = relationship()

    __table_args__ = (
        Index(
            "uq_dispute_open",
            "person_id",
            "question_version_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        NO_NUMBER_TWICE,
    )


class Regrade(Model):
    """What a ruling changes: counted first (dry run), then done as counted, and taken back whole if need be."""

    __tablename__ = "regrade"

    id: Mapped[int] = mapped_column(primary_key=True)
    ruling_id: Mapped[int] = mapped_column(ForeignKey("question_ruling.id"), index=True)
    state: Mapped[str] = mapped_column(default="counting")
    """`states.State`"""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True, default=None)
    """Of the work that was asked for last."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`regrading.Counts` as plain data; empty until counted."""
    digest: Mapped[str] = mapped_column(default="")
    """SHA-256 over every change that was counted: what is done must be the same."""
    applied_at: Mapped[datetime | None] = mapped_column(default=None)
    taken_back_at: Mapped[datetime | None] = mapped_column(default=None)

    ruling: Mapped[QuestionRuling] = relationship()
    job: Mapped[Job | None] = relationship()

    __table_args__ = (NO_NUMBER_TWICE,)


class RegradeChange(Model):
    """What a marking anew changes at one attempt, as counted by the dry run."""

    __tablename__ = "regrade_change"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credits: Mapped[dict[str, Any]]
    """Place -> [credit before, credit after], of places whose credit changes; null where left out."""
    credit_before: Mapped[int]
    credit_after: Mapped[int]
    total_before: Mapped[int]
    total_after: Mapped[int]
    passed_before: Mapped[bool]
    passed_after: Mapped[bool]

    __table_args__ = (Index("ix_regrade_change_regrade_id_enrolment_id", "regrade_id", "enrolment_id"),)


class RegradeDone(Model):
    """An attempt was marked anew, or set back: once each, with how its course stood before."""

    __tablename__ = "regrade_done"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, index=True)
    act: Mapped[str] = mapped_column(primary_key=True)
    """`states.Act`: apply | take_back"""
    at: Mapped[datetime]
    stood: Mapped[dict[str, Any]]
    """`learning.revising.Standing` before the act."""


class IntegritySearch(Model):
    """A search for signs of help that was not allowed, in the papers of a course version."""

    __tablename__ = "integrity_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True, default=None)
    made_at: Mapped[datetime | None] = mapped_column(default=None)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many papers, pairs and signs."""

    job: Mapped[Job | None] = relationship()


class IntegritySign(Model):
    """Something that was seen and may have a harmless reason. Nothing follows from it by itself."""

    __tablename__ = "integrity_sign"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    kind: Mapped[str]
    """`integrity.Kind`: pace | similar | same_client"""
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    other_attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True, default=None)
    commission_id: Mapped[int | None] = mapped_column(ForeignKey("commission.id"), index=True, default=None)
    """Where the person sat when it was found."""
    seen: Mapped[dict[str, Any]]
    """Figures of what was seen, by the names that `words.seen_words` says."""
    found_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship(foreign_keys=[attempt_id])
    other_attempt: Mapped[Attempt | None] = relationship(foreign_keys=[other_attempt_id])
    commission: Mapped[Commission | None] = relationship()

    __table_args__ = (UniqueConstraint("attempt_id", "kind", "other_attempt_id"), NO_NUMBER_TWICE)


class IntegrityNote(Model):
    """What somebody who looked into a sign found, in words, and how they judge it. The newest counts."""

    __tablename__ = "integrity_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_id: Mapped[int] = mapped_column(ForeignKey("integrity_sign.id"), index=True)
    judgement: Mapped[str]
    """`integrity.Judgement`: open | harmless | confirmed"""
    words: Mapped[str]
    """Personal: emptied when one of the two is erased."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("judgement IN ('open', 'harmless', 'confirmed')", name="known_judgement"),
        NO_NUMBER_TWICE,
    )


freeze(RegradeChange, RegradeDone)
