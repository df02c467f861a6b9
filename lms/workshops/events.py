"""What happened at workshops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.core.audit.actions import Actor


@dataclass(frozen=True)
class WorkshopAttended:
    """A person was ticked as having been at a workshop of a course."""

    workshop_id: int
    campaign_id: int
    course_id: int
    person_id: int
    held_at: datetime
    """When it began."""
    by: Actor


@dataclass
class CertificateAsked:
    """Which certificate rests on a course that somebody has completed. Whoever knows of one that holds says so."""

    enrolment_id: int
    certificate_id: int | None = None
    number: str = ""
    commission_id: int | None = None
    """For which commission it was issued: those who look after it may withdraw it."""
    printed: bool = False
    """Whether somebody may have it on paper or as a file."""


@dataclass(frozen=True)
class AttendanceTakenBack:
    """A person was ticked by mistake."""

    workshop_id: int
    campaign_id: int
    course_id: int
    person_id: int
    held_at: datetime
    """When it began."""
    by: Actor
