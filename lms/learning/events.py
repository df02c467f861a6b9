"""What happened in learning."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.audit.actions import Actor


@dataclass(frozen=True)
class CourseBegun:
    """A person has done the first thing in a course."""

    enrolment_id: int
    by: Actor | None = None


@dataclass(frozen=True)
class CourseCompleted:
    """A person has done everything a course asks for, for the first time."""

    enrolment_id: int
    by: Actor | None = None
    """Who did the last of it: the learner, or somebody who says so."""


@dataclass(frozen=True)
class CompletionWithdrawn:
    """A course that counted as completed no longer does."""

    enrolment_id: int
    reason: str
    """For the learner, and for whoever checks the certificate's row."""
    by: Actor | None = None


@dataclass(frozen=True)
class CompletionRestored:
    """A completion that was withdrawn counts again as if it had not been."""

    enrolment_id: int
    by: Actor | None = None
