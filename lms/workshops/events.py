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
