"""Sheets of paper on which a test is taken, and the documents in which they were printed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.commissions.models import Commission
from lms.core.database.base import Model
from lms.core.jobs.models import Job
from lms.curriculum.models import CourseVersion
from lms.curriculum.shelf import get_published
from lms.learning.models import Enrolment
from lms.papertests.rules import State, show_number
from lms.workshops.models import Workshop

WAITS = "attempt_id IS NULL AND voided_at IS NULL"


class PaperSheet(Model):
    """One paper of the test of a course, drawn when it was printed. It is no attempt: that begins, and ends, when what
    was written on it is keyed in and confirmed."""

    __tablename__ = "paper_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """Large on every page; see `rules.new_number`."""
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"))
    """In whose branch it was printed: who looks after it may see it and key it in."""
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True, default=None)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True, default=None)
    """Whose it is; None of a spare one until somebody is chosen whose name stands on it."""
    spare: Mapped[bool] = mapped_column(default=False)
    """Printed without a name."""
    language: Mapped[str]
    large: Mapped[bool] = mapped_column(default=False)
    """In large print."""
    questions: Mapped[list[Any]]
    """As `assessment.drawing.Drawn`, in order."""
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Answers keyed in and not confirmed yet, by place; emptied when they are."""
    written_on: Mapped[date | None] = mapped_column(default=None)
    """The day that stands on it."""
    drafted_at: Mapped[datetime | None] = mapped_column(default=None)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), unique=True, default=None)
    keyed_at: Mapped[datetime | None] = mapped_column(default=None)
    keyed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True, default=None)
    voided_at: Mapped[datetime | None] = mapped_column(default=None)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True, default=None)
    voided_because: Mapped[str | None] = mapped_column(default=None)
    """`rules.Because`"""

    commission: Mapped[Commission] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()

    __table_args__ = (
        CheckConstraint("(attempt_id IS NULL) = (keyed_at IS NULL)", name="keyed_whole"),
        CheckConstraint("(voided_at IS NULL) = (voided_because IS NULL)", name="voided_whole"),
        CheckConstraint("attempt_id IS NULL OR voided_at IS NULL", name="one_end"),
        CheckConstraint("attempt_id IS NULL OR (enrolment_id IS NOT NULL AND written_on IS NOT NULL)", name="keyed_of"),
        CheckConstraint("spare OR enrolment_id IS NOT NULL", name="spare_or_named"),
        Index(
            "uq_paper_sheet_waiting",
            "enrolment_id",
            unique=True,
            sqlite_where=text(f"{WAITS} AND enrolment_id IS NOT NULL"),
            postgresql_where=text(f"{WAITS} AND enrolment_id IS NOT NULL"),
        ),  # nobody has two papers at once
        Index("ix_paper_sheet_commission_id", "commission_id", "id"),
    )

    @property
    def version(self) -> CourseVersion:
        """The published version that it was drawn from."""
        return get_published(self.version_id)

    @property
    def shown(self) -> str:
        """The number as printed."""
        return show_number(self.number)

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.attempt_id is not None:
            return State.KEYED
        return State.WAITING if self.voided_at is None else State.VOID


class PaperPrint(Model):
    """Sheets that were printed together, as one document."""

    __tablename__ = "paper_print"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True, default=None)
    sheets: Mapped[list[Any]]
    """Their ids, in the order of the pages."""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True, default=None)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True, default=None)

    commission: Mapped[Commission] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    job: Mapped[Job | None] = relationship()
