"""The tree CEC -> TEC -> PEC: names, dated parents, seats, dated appointments, roles."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.commissions.guards import row_statements, seat_statements
from lms.commissions.overlaps import trigger_statements
from lms.commissions.periods import trigger_statements as period_statements
from lms.commissions.rules import Role
from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.core.database.triggers import make_with
from lms.people.models import Person


def _of_one_at_a_time(table: str) -> tuple[Index, CheckConstraint]:
    """What holds that a commission has one of these dated rows now, and none that ends before it begins."""
    now = text("valid_to IS NULL")
    return (
        Index(f"uq_{table}_now", "commission_id", unique=True, sqlite_where=now, postgresql_where=now),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
    )


class Commission(Model):
    """A commission: a permanent body. `parent_id` is the truth of today."""

    __tablename__ = "commission"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    level: Mapped[str]
    """`rules.Level`"""
    territory: Mapped[str]
    """`rules.Territory`"""
    number: Mapped[int]
    """Own number under the parent; a precinct's number."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("commission.id"), index=True)
    time_zone: Mapped[str] = mapped_column(default="Asia/Almaty")
    closed_on: Mapped[date | None] = mapped_column(default=None)

    names: Mapped[list[CommissionName]] = relationship(lazy="selectin", order_by="CommissionName.language")

    __table_args__ = (
        UniqueConstraint("parent_id", "territory", "number"),
        NO_NUMBER_TWICE,
    )


class CommissionName(Model):
    """A commission's name in one language."""

    __tablename__ = "commission_name"

    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class CommissionParent(Model):
    """Under whom a commission stood, from when to when."""

    __tablename__ = "commission_parent"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("commission.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(default=None)
    """The first day on which it no longer holds."""

    __table_args__ = _of_one_at_a_time("commission_parent")


class CommissionClosure(Model):
    """Every pair of a commission and one above it, itself included (depth 0); of today."""

    __tablename__ = "commission_closure"

    ancestor_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), primary_key=True)
    descendant_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), primary_key=True, index=True)
    depth: Mapped[int]


class SeatNumber(Model):
    """How many seats a commission has, from when to when."""

    __tablename__ = "seat_number"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    seats: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(default=None)
    """The first day on which it no longer holds."""

    __table_args__ = _of_one_at_a_time("seat_number")


class Seat(Model):
    """A seat outlives the people who hold it."""

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"))
    number: Mapped[int]

    __table_args__ = (UniqueConstraint("commission_id", "number"),)


class Appointment(Model):
    """A person in a seat, from when to when. Never deleted, unless the import that made it is undone."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    """The seat's commission, repeated so that the database can forbid a second chair."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]
    """`rules.Office`"""
    nominated_by: Mapped[str] = mapped_column(default="")
    """Political-opinion data: for the forming and the upper commissions only."""
    kind: Mapped[str] = mapped_column(default="elected")
    """elected | temporary"""
    act: Mapped[str] = mapped_column(default="")
    """Number of the decision by which the seat was taken; empty when it is not known."""
    act_on: Mapped[date | None] = mapped_column(default=None)
    """Day of that decision."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)
    """The first day on which the seat is no longer held."""
    end_act: Mapped[str] = mapped_column(default="")
    """Number of the decision by which the seat was left."""
    end_act_on: Mapped[date | None] = mapped_column(default=None)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    """The appointment in whose place this one came: a seat's chain of holders."""

    person: Mapped[Person] = relationship()
    commission: Mapped[Commission] = relationship()
    replaces: Mapped[Appointment | None] = relationship(remote_side=[id])

    __table_args__ = (
        Index(
            "uq_appointment_seat_now",
            "seat_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index(
            "uq_appointment_person_now",
            "person_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index(
            "uq_appointment_chair_now",
            "commission_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL AND office = 'chair'"),
            postgresql_where=text("ends_on IS NULL AND office = 'chair'"),
        ),
        Index(
            "ix_appointment_replaces_id",
            "replaces_id",
            sqlite_where=text("replaces_id IS NOT NULL"),
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),  # else the database reads all appointments for each that is taken back
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        NO_NUMBER_TWICE,
    )


class ReserveEntry(Model):
    """A person who waits for a seat of a commission, in turn. Kept when it has ended."""

    __tablename__ = "reserve_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    nominated_by: Mapped[str]
    """Political-opinion data: for the forming and the upper commissions only."""
    turn: Mapped[int]
    """The lowest comes first; of equal ones whoever was entered first."""
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    """The last day on which the person may come to a seat from here."""
    act: Mapped[str]
    """Number of the decision by which the person was put into the reserve."""
    act_on: Mapped[date]
    ended_on: Mapped[date | None] = mapped_column(default=None)
    end: Mapped[str] = mapped_column(default="")
    """`rules.ReserveEnd`, or empty while the person waits."""

    person: Mapped[Person] = relationship()
    commission: Mapped[Commission] = relationship()

    __table_args__ = (
        Index(
            "uq_reserve_entry_waits",
            "commission_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        CheckConstraint("valid_until >= valid_from", name="ends_after_start"),
        CheckConstraint("(ended_on IS NULL) = (\"end\" = '')", name="ended_for_a_reason"),
        CheckConstraint("turn > 0", name="turn_counts"),
    )


class RoleGrant(Model):
    """A role of an account at a commission, until revoked or over."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    """`rules.Role`"""
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    valid_from: Mapped[datetime | None] = mapped_column(default=None)
    """The first moment at which it works; None when it worked from the moment it was given."""
    valid_until: Mapped[datetime | None] = mapped_column(default=None)
    """The first moment at which it no longer works: the end of its last day where the commission is; None when it has
    no last day."""

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    commission: Mapped[Commission] = relationship()

    __table_args__ = (
        Index(
            "uq_role_grant_now",
            "account_id",
            "role",
            "commission_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in Role)})", name="role_is_known"),
        CheckConstraint("granted_by_id IS NULL OR granted_by_id <> account_id", name="not_to_oneself"),
        CheckConstraint("valid_until IS NULL OR valid_from IS NULL OR valid_until > valid_from", name="ends_later"),
    )


make_with(Appointment.__table__, trigger_statements)
make_with(Appointment.__table__, seat_statements)
for _table in (CommissionParent.__table__, SeatNumber.__table__):
    make_with(_table, partial(period_statements, table=str(_table)))
for _table in (Commission.__table__, RoleGrant.__table__):
    make_with(_table, partial(row_statements, table=str(_table)))
