"""Revise what was done towards a course when a test is marked anew, and put it back as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.events import publish
from lms.learning.events import CompletionRestored, CompletionWithdrawn
from lms.learning.models import CompletedActivity, Enrolment


@dataclass(frozen=True)
class Standing:
    """How an activity and the course stand: since when, with which details; None for what is not done."""

    done_at: datetime | None
    details: dict[str, Any]
    completed_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """As plain data, moments in ISO."""
        moments = {"done_at": self.done_at, "completed_at": self.completed_at}
        return {"details": self.details, **{name: at.isoformat() if at else None for name, at in moments.items()}}


def read_standing(data: dict[str, Any]) -> Standing:
    """The same from plain data."""
    done, completed = (
        datetime.fromisoformat(data[name]) if data[name] else None for name in ("done_at", "completed_at")
    )
    return Standing(done, dict(data["details"]), completed)


def withdraw_activity(*, enrolment: Enrolment, activity: str, reason: str, by: Actor) -> None:
    """An activity no longer counts as done, and the course not as completed; said upward with the reason. Nothing
    happens where it was not done."""
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    row = db.session.get(CompletedActivity, (enrolment.id, activity))
    if row is None:
        return
    db.session.delete(row)
    db.session.flush()
    record("learning.activity_withdrawn", by=by, subject=f"enrolment:{enrolment.id}", activity=activity)
    if enrolment.completed_at is not None:
        enrolment.completed_at = None
        db.session.flush()
        publish(CompletionWithdrawn(enrolment.id, reason, by))


def set_details(*, enrolment: Enrolment, activity: str, details: dict[str, Any]) -> None:
    """What a certificate that is yet to be issued tells of an activity. One that is issued says what it said."""
    row = db.session.get(CompletedActivity, (enrolment.id, activity))
    if row is not None and row.details != details:
        row.details = details


def put_back(*, enrolment: Enrolment, activity: str, standing: Standing, reason: str, by: Actor) -> None:
    """Have an activity and the course stand as they stood before; said upward where that changes the completion."""
    if standing.done_at is None:
        withdraw_activity(enrolment=enrolment, activity=activity, reason=reason, by=by)
        return
    row = db.session.get(CompletedActivity, (enrolment.id, activity))
    if row is not None and enrolment.completed_at == standing.completed_at:  # the course stands as it did
        row.completed_at, row.details = standing.done_at, standing.details
        return
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    if row is None:
        row = CompletedActivity(enrolment_id=enrolment.id, activity=activity, completed_at=standing.done_at)
        db.session.add(row)
        record("learning.activity_restored", by=by, subject=f"enrolment:{enrolment.id}", activity=activity)
    row.completed_at, row.details = standing.done_at, standing.details
    was_completed = enrolment.completed_at is not None
    if standing.completed_at is not None:
        enrolment.completed_at = standing.completed_at
    db.session.flush()
    if standing.completed_at is not None and not was_completed:
        publish(CompletionRestored(enrolment.id, by))
