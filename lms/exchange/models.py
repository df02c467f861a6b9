"""Files with questions that were sent in, and the drafts that were made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.bank.models import Draft
from lms.core.database.base import Model
from lms.core.documents.models import StoredFile
from lms.core.jobs.models import Job
from lms.curriculum.models import Course


class QuestionImport(Model):
    """One file with questions: for which course, and whether drafts were made of it."""

    __tablename__ = "question_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    """The file as it came."""
    file_name: Mapped[str]
    checksum: Mapped[str] = mapped_column(index=True)
    """SHA-256 of the file, in hex."""
    form: Mapped[str]
    """The name of its format (`formats.registry.FORMATS`)."""
    language: Mapped[str]
    """In which its texts are, unless the format has several."""
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    topic: Mapped[str]
    """For questions of which the file names no topic of the course."""
    state: Mapped[str] = mapped_column(default="read")
    """`rules.ImportState`: read | applied | undone"""
    counts: Mapped[dict[str, Any]]
    """questions, imported, changed, skipped"""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), default=None, index=True)
    """The latest work on it."""
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)

    file: Mapped[StoredFile] = relationship()
    course: Mapped[Course] = relationship()
    job: Mapped[Job | None] = relationship()

    __table_args__ = (CheckConstraint("state IN ('read', 'applied', 'undone')", name="state"),)


class ImportedDraft(Model):
    """A draft that was made of a question of a file, and where that stood."""

    __tablename__ = "imported_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("question_import.id"), index=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), unique=True)
    place: Mapped[int]
    """Which question of the file, from 0."""

    draft: Mapped[Draft] = relationship()
