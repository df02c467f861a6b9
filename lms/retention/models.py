"""The terms that were set, and what was erased when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model


class RetentionTerm(Model):
    """How one category of personal data is kept here. Without a row it is kept for its usual term and was never run."""

    __tablename__ = "retention_term"

    category: Mapped[str] = mapped_column(primary_key=True)
    """`schedule.Category.code`"""
    days: Mapped[int | None] = mapped_column(default=None)
    """Days that were set; None for the usual term."""
    run_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the last run over it began, by the machine's clock."""
    erased: Mapped[int] = mapped_column(default=0)
    """What that run has erased."""
    total: Mapped[int] = mapped_column(default=0)
    """What all runs have erased."""

    __table_args__ = (CheckConstraint("days IS NULL OR days > 0", name="days"),)
