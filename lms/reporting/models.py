"""Counters of each commission, and the snapshot of each territory that is made from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model


class CompletionCounter(Model):
    """How far one commission's own seats are in a campaign. Written only by `counting`."""

    __tablename__ = "completion_counter"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), primary_key=True)
    must: Mapped[int] = mapped_column(default=0)
    begun: Mapped[int] = mapped_column(default=0)
    """Begun and not finished."""
    finished: Mapped[int] = mapped_column(default=0)
    never: Mapped[int] = mapped_column(default=0)
    """Those among them who have never signed in."""
    leaders: Mapped[int] = mapped_column(default=0)
    """How many of chair and secretary have finished."""
    ends: Mapped[list[Any]] = mapped_column(default=list)
    """For each one who has finished the hour of the last step: whole hours since 1970, UTC."""


class CompletionChange(Model):
    """A commission whose counter has changed since the snapshot was made. Rows are only added, so nobody waits."""

    __tablename__ = "completion_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"))
    at_once: Mapped[bool]
    """Done by somebody who looks after others: the next page of a branch shows it."""


class CompletionUnit(Model):
    """The snapshot of one territory: a commission's own seats and its precincts together."""

    __tablename__ = "completion_unit"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), primary_key=True)
    must: Mapped[int]
    begun: Mapped[int]
    finished: Mapped[int]
    never: Mapped[int]
    precincts: Mapped[int]
    ready: Mapped[int]
    """Precincts that are ready (`rules.is_ready`)."""
    first_day: Mapped[date | None]
    """The day there on which the first finished."""
    days: Mapped[list[Any]]
    """How many finished on that day and each one after it."""


class CompletionRound(Model):
    """When the snapshot of a campaign was made. Whoever makes the next one holds this row."""

    __tablename__ = "completion_round"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    as_of: Mapped[datetime | None] = mapped_column(default=None)
    """By the machine's clock, not the campaign's."""
    began_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the first people of the campaign were enrolled; None while nobody is."""
    recounted_on: Mapped[date | None] = mapped_column(default=None)
    """Day of the last nightly recount."""
