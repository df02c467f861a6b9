"""Take enrolments back that nobody has begun."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.audit.actions import Actor, record
from lms.core.database.runs import Run, delete_within
from lms.learning.models import Enrolment


def withdraw(*, enrolments: Sequence[Run], people: Sequence[Run], by: Actor) -> None:
    """Delete these enrolments and every one of these people. The caller has seen that none was begun."""
    gone = delete_within(Enrolment, Enrolment.id, enrolments) + delete_within(Enrolment, Enrolment.person_id, people)
    if gone:
        subject = f"enrolment:{enrolments[0][0]}" if enrolments else f"person:{people[0][0]}"
        record("learning.withdrawn", by=by, subject=subject, enrolments=enrolments, people=people, count=gone)
