"""Stored files: uploads and rendered documents, each with its checksum."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model


class StoredFile(Model):
    """A file in the installation's folder, named there by its checksum."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    """The name shown to people."""
    media_type: Mapped[str]
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str]
    created_at: Mapped[datetime]
