"""Certificates issued, and prints of many. What was printed can be checked for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.commissions.models import Commission
from lms.core.database.base import Model
from lms.core.jobs.models import Job
from lms.people.models import Person


class Certificate(Model):
    """One certificate of one completed course."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    commission_id: Mapped[int | None] = mapped_column(ForeignKey("commission.id"), index=True)
    """The holder's commission when it was issued."""
    kind: Mapped[str] = mapped_column(default="qualification")
    """`rules.Kind`"""
    number: Mapped[str] = mapped_column(unique=True)
    """Readable; gaps are allowed."""
    code: Mapped[str] = mapped_column(unique=True)
    """128 random bits or more: the address of the check page."""
    facts: Mapped[dict[str, Any]]
    """What is printed: names, course titles, level, hours, score, in all languages (see `facts.Facts`)."""
    payload: Mapped[str]
    """What the QR carries besides the address: facts for an offline check, signed (Ed25519)."""
    issued_on: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_because: Mapped[str] = mapped_column(default="")
    fell_with_course: Mapped[bool | None] = mapped_column(default=None)
    """Withdrawn because the course no longer counted as completed, and by nobody's own decision: it holds again as soon
    as the course does."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), default=None)

    person: Mapped[Person] = relationship()


class CertificatePrint(Model):
    """All certificates of a commission and of those below it, asked for as one document."""

    __tablename__ = "certificate_print"

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    count: Mapped[int]
    """Certificates when it was asked for."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), default=None)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), default=None)

    commission: Mapped[Commission] = relationship()
    job: Mapped[Job | None] = relationship()
