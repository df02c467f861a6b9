"""Whom officers called, and what waits in each territory."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model


class ContactAttempt(Model):
    """Somebody tried to reach a member. The newest of a person says whether that person stands on the call list."""

    __tablename__ = "contact_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"))
    """Where the person sat that day."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    outcome: Mapped[str]
    """`rules.Outcome`"""
    until: Mapped[date]
    """The first day on which the person stands on the list again."""
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_contact_attempt_person_id_id", "person_id", "id"),
        Index("ix_contact_attempt_campaign_id_until", "campaign_id", "until"),
    )


class DeskUnit(Model):
    """What waits in one territory, its own seats and its precincts together. Made by the worker every few minutes."""

    __tablename__ = "desk_unit"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), primary_key=True)
    as_of: Mapped[datetime]
    """By the machine's clock."""
    vacant: Mapped[int]
    """Seats that nobody holds."""
    without_slip: Mapped[int]
    """Never signed in, and there is no slip that works."""
    no_phone: Mapped[int]
    """Not finished, and no phone to call."""
    late: Mapped[int]
    """Enrolled long ago and not begun."""
    quiet: Mapped[int]
    """Begun, and nothing done for days."""
    failed: Mapped[int]
    """The last test was not passed; another may be taken."""
    used_up: Mapped[int]
    """No attempt is left."""
    missed: Mapped[int]
    """A workshop was held without them."""
