"""Who is enrolled, what they have done, and when a course was completed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.curriculum.models import CourseVersion
from lms.curriculum.shelf import get_published
from lms.people.models import Person


class Enrolment(Model):
    """A person on a course in a campaign."""

    __tablename__ = "enrolment"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    enrolled_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    imported_at: Mapped[datetime | None] = mapped_column(default=None)
    """When what was done before was brought over from elsewhere as history: dates alone, no tests and no workshops."""
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    """The enrolment of an earlier campaign whose completion counts in this one; certificate and attempts stay there."""

    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("campaign_id", "course_id", "person_id"),
        Index("ix_enrolment_person_id_campaign_id", "person_id", "campaign_id"),  # else SQLite reads all of a campaign
        Index(
            "ix_enrolment_carried_from_id",
            "carried_from_id",
            sqlite_where=text("carried_from_id IS NOT NULL"),
            postgresql_where=text("carried_from_id IS NOT NULL"),
        ),  # else the database reads all enrolments for each that is taken back
        NO_NUMBER_TWICE,
    )

    @property
    def version(self) -> CourseVersion:
        """The published version that is learnt."""
        return get_published(self.version_id)


class LateStart(Model):
    """Somebody who came to a seat in the last days before the election: of them the short courses for those who come
    late are asked, and no others of their level."""

    __tablename__ = "late_start"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    level: Mapped[str]
    """`commissions.rules.Level` of the seat"""
    since: Mapped[date]
    """The first day in the seat."""


class CompletedActivity(Model):
    """Something done towards a course: `module:<id>`, `test` or `workshop`. Once is enough."""

    __tablename__ = "completed_activity"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    activity: Mapped[str] = mapped_column(primary_key=True)
    completed_at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a certificate may tell of it: of a test `right` and `total`, of a workshop `minutes` and `on` (ISO date)."""
