"""What this room asks of rooms above and beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class WorkshopsAsked:
    """Which workshops of a course are planned for a person. Whoever knows adds to `planned` when each begins."""

    person_id: int
    course_id: int
    campaign_id: int
    planned: list[datetime] = field(default_factory=list)
