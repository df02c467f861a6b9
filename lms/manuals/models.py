"""Manuals that are ready to be taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import Model
from lms.core.documents.models import StoredFile


class ManualFile(Model):
    """The manual of one course version in one language and one format, as a file."""

    __tablename__ = "manual_file"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    format: Mapped[str] = mapped_column(primary_key=True)
    """`rules.Format`: a4 | a5 | booklet | epub"""
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    pages: Mapped[int | None]
    """Pages of the PDF, for a booklet the sides of its sheets; an electronic book has none."""
    built_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
