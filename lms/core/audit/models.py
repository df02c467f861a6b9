"""Who did what and when. Rows are only added; personal values stand aside and can be erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model
from lms.core.database.frozen import freeze


class AuditEntry(Model):
    """One act. Holds ids and names of fields, never personal values. No foreign keys: it outlives what it names."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    """Who; None for the system itself."""
    action: Mapped[str]
    """As `rosters.import_applied`."""
    subject: Mapped[str]
    """What it was done to, as `commission:12`."""
    details: Mapped[dict[str, Any]]
    """Ids, counts and names of changed fields."""

    __table_args__ = (Index("ix_audit_entry_subject", "subject"), {"sqlite_autoincrement": True})


class AuditValue(Model):
    """A personal value before and after; may be erased without touching the entry."""

    __tablename__ = "audit_value"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), index=True)
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]


class AuditSeal(Model):
    """A hash over a closed batch of entries and over the seal before it: what is sealed cannot be altered unseen."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int]
    last_id: Mapped[int] = mapped_column(unique=True)
    count: Mapped[int]
    hash: Mapped[str]
    sealed_at: Mapped[datetime]


freeze(AuditEntry, AuditSeal)
