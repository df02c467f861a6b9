"""Workshops: when, where, for which commissions, and who came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.commissions.models import Commission
from lms.core import clock
from lms.core.database.base import Model
from lms.curriculum.models import Course
from lms.people.models import Person


class Workshop(Model):
    """A meeting at which a trainer trains members of some commissions."""

    __tablename__ = "workshop"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    organiser_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    trainer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    seats: Mapped[int]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="scheduled")
    """`rules.State`"""
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised with each change, for calendars."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    course: Mapped[Course] = relationship()
    organiser: Mapped[Commission] = relationship()
    trainer: Mapped[Person] = relationship()
    invited: Mapped[list[Commission]] = relationship(secondary="workshop_commission", order_by=Commission.code)

    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)


class WorkshopCommission(Model):
    """A commission whose members are invited."""

    __tablename__ = "workshop_commission"

    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), primary_key=True, index=True)


class WorkshopGuest(Model):
    """A person with a seat of their own at a workshop, whose commission is not invited: somebody who came late."""

    __tablename__ = "workshop_guest"

    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]


class Attendance(Model):
    """Whether a person came. The category belongs to the row, never to the event."""

    __tablename__ = "attendance"

    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    present: Mapped[bool]
    category: Mapped[str]
    """`rules.Category`: what the person was on that date."""
    commission_id: Mapped[int | None] = mapped_column(ForeignKey("commission.id"))
    marked_at: Mapped[datetime] = mapped_column(default=clock.now)
    """When it was ticked, by the device's clock set right. Of two ticks the later stands, whichever arrives first."""
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class CalendarKey(Model):
    """The secret part of a person's calendar address."""

    __tablename__ = "calendar_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
