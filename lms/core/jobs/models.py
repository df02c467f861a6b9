"""Later work, as a row that is written in the transaction that asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model


class Job(Model):
    """A piece of later work: what, how far, and what came of it."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """The name under which a room registered its work, as `rosters.read`."""
    params: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued")
    """queued | running | done | failed"""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """Units of progress; 0 while unknown."""
    tries: Mapped[int] = mapped_column(default=0)
    sentence: Mapped[str] = mapped_column(default="")
    """Why it failed, for the person who waits."""
    account_id: Mapped[int | None]
    created_at: Mapped[datetime]
    """This and the next two by the machine's own clock: they count minutes that really pass."""
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (Index("ix_job_state", "state"),)
