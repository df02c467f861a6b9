"""What happened in learning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CourseCompleted:
    """A person has done everything a course asks for, for the first time."""

    enrolment_id: int
