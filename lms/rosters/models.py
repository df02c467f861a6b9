"""Imports of rosters, and what was found in each row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.campaigns.models import Campaign
from lms.commissions.models import Commission
from lms.core.database.base import Model
from lms.core.documents.models import StoredFile
from lms.core.jobs.models import Job


class RosterImport(Model):
    """One file that was sent in: what it would do, and whether it was done."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The file as it came, encrypted; None once it was erased."""
    file_name: Mapped[str]
    checksum: Mapped[str]
    """SHA-256 of the file as it came, in hex."""
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    """The file is for this commission's branch; nothing outside is touched."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who sent it."""
    full: Mapped[bool] = mapped_column(default=True)
    """Whether the file lists whole commissions; if not, it only adds and changes."""
    mends_id: Mapped[int | None] = mapped_column(ForeignKey("roster_import.id"), default=None)
    """The import whose problem rows were mended in this file."""
    state: Mapped[str]
    """`states.ImportState`"""
    fault: Mapped[str] = mapped_column(default="")
    """Why the file could not be read (`reading.faults.FileFault`)."""
    fault_params: Mapped[dict[str, str]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """As the command answers: commissions, rows, outcomes, problems, normalised."""
    notes: Mapped[list[Any]] = mapped_column(default=list)
    """[kind, params] of each note."""
    places: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    """The commissions of the file, those to be made included (`packing.pack_place`)."""
    mark: Mapped[str] = mapped_column(default="")
    """Hash of the present state that the file was compared with."""
    left_out: Mapped[int] = mapped_column(default=0)
    """Problem rows left out when applying."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), default=None)
    """The latest work on it."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    applied_at: Mapped[datetime | None] = mapped_column(default=None)
    keeps_changes: Mapped[bool] = mapped_column(default=False)
    """Whether it is kept what applying did (`RosterChange`), so that it can be undone."""
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the file was erased. Rows and changes that are still there go soon; it cannot be read or undone any more."""

    file: Mapped[StoredFile | None] = relationship()
    campaign: Mapped[Campaign] = relationship()
    commission: Mapped[Commission] = relationship()
    account: Mapped[Account | None] = relationship()
    job: Mapped[Job | None] = relationship()


class RosterRow(Model):
    """A row of an import, or a present member who is leaving (then it has no row number)."""

    __tablename__ = "roster_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("roster_import.id"))
    sheet: Mapped[str]
    number: Mapped[int | None]
    """As a spreadsheet shows it."""
    outcome: Mapped[str]
    """`findings.Outcome`"""
    problem: Mapped[str] = mapped_column(default="")
    """`findings.Problem`, or empty."""
    normalised: Mapped[str] = mapped_column(default="")
    """`findings.Normalised`: what was put right, or empty."""
    number_hash: Mapped[str] = mapped_column(default="")
    """Keyed hash of the identity number, empty when the row has no good one."""
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    """The person, what was found, and for problems the cells as they stood: encrypted (`packing`)."""

    __table_args__ = (
        Index("ix_roster_row_import_outcome", "import_id", "outcome", "id"),
        Index("ix_roster_row_import_problem", "import_id", "problem", "id"),
    )


class RosterChange(Model):
    """What applying an import did to a run of rows of one table: it made them, or changed them all alike."""

    __tablename__ = "roster_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("roster_import.id"), index=True)
    table: Mapped[str]
    first_id: Mapped[int]
    last_id: Mapped[int]
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of changed rows the values before and after, encrypted (`packing.pack_changed`); None for rows that were made."""

    __table_args__ = (Index("ix_roster_change_table_first_id", "table", "first_id"),)


class RosterColumns(Model):
    """What an officer said of a row of headings that are not known: the next file with the same is read at once."""

    __tablename__ = "roster_columns"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"))
    """For files of this commission's branch."""
    key: Mapped[str]
    """Of the whole row (`reading.headings.key_of`)."""
    fields: Mapped[dict[str, str]]
    """Column, from 0 -> what it holds (`reading.headings.Field`)."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    said_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("commission_id", "key"),)
