"""What happened to courses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VersionPublished:
    """A course has a new version; `material` when what is learnt is different."""

    course_id: int
    version_id: int
    material: bool


@dataclass(frozen=True)
class CourseRequired:
    """Members of commissions of a level must take a course from now on."""

    campaign_id: int
    course_id: int
    level: str
    late_days: int | None = None
    """Only those who come to their seats so many days before the election or fewer."""
