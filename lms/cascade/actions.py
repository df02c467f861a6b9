"""Write the links of the cascade."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from lms.cascade import rules
from lms.cascade.models import Training
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.database.inserting import insert_into


def record_training(
    *, campaign_id: int, course_id: int, trainer_id: int, learner_id: int, trained_at: datetime, by: Actor
) -> bool:
    """Note that one person was trained by another on a course; True when that is new. Repeating is harmless, and who
    trained themselves is not noted."""
    if not rules.is_lineage(trainer_id, learner_id):
        return False
    statement = insert_into(Training).values(
        campaign_id=campaign_id,
        course_id=course_id,
        trainer_id=trainer_id,
        learner_id=learner_id,
        trained_at=trained_at,
    )
    new = db.session.execute(statement.on_conflict_do_nothing().returning(Training.id)).scalar_one_or_none()
    if new is not None:
        record("cascade.trained", by=by, subject=f"person:{learner_id}", trainer=trainer_id, course=course_id)
    return new is not None


def forget_training(*, campaign_id: int, course_id: int, trainer_id: int, learner_id: int, by: Actor) -> bool:
    """Take back a link that was noted by mistake; True when there was one."""
    gone = db.session.execute(
        delete(Training)
        .where(
            Training.campaign_id == campaign_id,
            Training.course_id == course_id,
            Training.trainer_id == trainer_id,
            Training.learner_id == learner_id,
        )
        .returning(Training.id)
    ).scalar_one_or_none()
    if gone is not None:
        record("cascade.training_taken_back", by=by, subject=f"person:{learner_id}", trainer=trainer_id)
    return gone is not None
