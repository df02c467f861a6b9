"""The election a training belongs to, and what kind of installation this is."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import Model


class Installation(Model):
    """One row: whether this is a demo installation (demo identity numbers only), and whose rules hold."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    demo: Mapped[bool]
    standing_day: Mapped[date | None] = mapped_column(default=None)
    """The day that a demo installation keeps for good, while the time of day runs; None where the date runs."""
    country: Mapped[str] = mapped_column(default="kz")
    """Code of the country whose rules hold."""
    country_file: Mapped[str] = mapped_column(default="")
    """The text of its file, where it is the operator's own; empty where the file is shipped."""

    __table_args__ = (CheckConstraint("demo OR standing_day IS NULL", name="only_a_demo_stands"),)


class Campaign(Model):
    """One election and the training for it."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    called_on: Mapped[date]
    """Day on which the election was called."""
    election_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    """open | archived"""
    closed_on: Mapped[date | None] = mapped_column(default=None)
    """The day on which it was archived."""
    ready_percent: Mapped[int] = mapped_column(default=100)
    """A precinct is ready when chair and secretary have finished and, of all its members, so many per cent."""

    names: Mapped[list[CampaignName]] = relationship()

    __table_args__ = (
        CheckConstraint("ready_percent BETWEEN 1 AND 100", name="ready_percent"),
        Index(
            "uq_campaign_open",
            "state",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class CampaignName(Model):
    """A campaign's name in one language."""

    __tablename__ = "campaign_name"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
