"""Rooms in which people take a test together, who began there, and what was remarked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.assessment.models import Attempt
from lms.commissions.models import Commission
from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.core.database.frozen import freeze
from lms.curriculum.models import Course
from lms.people.models import Person
from lms.sittings import rules
from lms.workshops.models import Workshop


class Sitting(Model):
    """A test that people take together in a room, under somebody who supervises it: its code begins the test, for
    people of the organising commission's branch."""

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True, default=None)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place: Mapped[str]
    code: Mapped[str]
    """As it is typed, without a dash. It opens nothing once the sitting is over, and is no secret of a person."""
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was closed by hand; None: it closes by its time."""

    course: Mapped[Course] = relationship()
    commission: Mapped[Commission] = relationship()
    supervisor: Mapped[Person] = relationship()
    workshop: Mapped[Workshop | None] = relationship()

    __table_args__ = (
        CheckConstraint("closes_at > opened_at", name="closes_after_opening"),
        Index(
            "uq_sitting_code",
            "code",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        NO_NUMBER_TWICE,
    )

    @property
    def window(self) -> rules.Window:
        """From when to when its code begins a test."""
        return rules.Window(self.opened_at, self.closes_at, self.closed_at)

    @property
    def time_zone(self) -> str:
        """Of the room, as an IANA name: its workshop's, or that of the organising commission."""
        return (self.workshop or self.commission).time_zone


class SittingAttempt(Model):
    """An attempt that was begun in a room."""

    __tablename__ = "sitting_attempt"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)

    attempt: Mapped[Attempt] = relationship()
    sitting: Mapped[Sitting] = relationship()


class SittingRemark(Model):
    """What a supervisor remarked on an attempt, for people to judge. Remarks are only ever added."""

    __tablename__ = "sitting_remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("sitting_attempt.attempt_id"), index=True)
    kind: Mapped[str]
    """`rules.REMARKS`"""
    note: Mapped[str] = mapped_column(default="")
    """Personal: emptied when the term is over or the person is erased."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]


freeze(SittingAttempt)
