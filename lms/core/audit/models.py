"""Who did what, when and from where. Rows are only added; what is personal stands aside and can be erased, and the
entry keeps a hash of it, so that it cannot be altered unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
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
    origin: Mapped[str | None] = mapped_column(default=None)
    """Where it came from: the hash of an AuditOrigin, or `origins.WORKER` or `origins.COMMAND`; None in entries from
    before that was kept."""
    value_hashes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """Hashes of the values beside it; None when there are none, or in entries from before these were kept."""

    __table_args__ = (
        Index("ix_audit_entry_subject", "subject"),
        Index("ix_audit_entry_account_id", "account_id"),
        {"sqlite_autoincrement": True},
    )


class AuditValue(Model):
    """A personal value before and after; may be emptied without touching the entry."""

    __tablename__ = "audit_value"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), index=True)
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    salt: Mapped[str | None] = mapped_column(default=None)
    """Random; empty once the value is erased. None, as the hash, in values from before these were kept."""
    hash: Mapped[str | None] = mapped_column(default=None)
    """`hashes.hash_of` salt, field, before and after."""


class AuditOrigin(Model):
    """From where somebody acted, for at most a month of acts: a network and a kind of browser; may be emptied."""

    __tablename__ = "audit_origin"

    hash: Mapped[str] = mapped_column(primary_key=True)
    """`hashes.hash_of` salt, network and browser."""
    account_id: Mapped[int | None]
    """Who acted from there; None: nobody who had signed in."""
    made_at: Mapped[datetime]
    network: Mapped[str]
    """`visitors.short_address`"""
    browser: Mapped[str]
    """`visitors.browser_of`"""
    salt: Mapped[str]
    """Random; empty once it is erased."""

    __table_args__ = (Index("ix_audit_origin_account_id", "account_id"),)


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
freeze(AuditValue, emptied=("before", "after", "salt"))
freeze(AuditOrigin, emptied=("network", "browser", "salt"))
