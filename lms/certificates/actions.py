"""Issue certificates."""

from __future__ import annotations

from lms.learning.events import CourseCompleted


def issue_for_completion(event: CourseCompleted) -> None:
    """Issue the certificate of a completed course and ask the worker to render it."""
