"""What the worker does by itself."""

from __future__ import annotations

import structlog

from lms.assessment import actions, queries
from lms.core import clock
from lms.core.database.base import db
from lms.core.jobs.queue import every_minute

log = structlog.get_logger(__name__)


@every_minute("assessment.count_papers")
def count_papers() -> None:
    """Count on how many papers each question stands, so that drawing prefers those that few have seen."""
    actions.count_papers()


@every_minute("assessment.close_expired")
def close_expired() -> None:
    """Close and grade every attempt whose time is up: each in a transaction of its own, so that answers of others are
    not kept waiting, one that fails holds up no other, and what was done stays done if the worker dies."""
    for attempt_id in queries.list_expired(clock.now()):
        try:
            actions.close_expired(attempt_id)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("close_failed", attempt=attempt_id)
