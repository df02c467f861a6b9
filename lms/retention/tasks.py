"""What the worker does by itself: once a night it erases what is due."""

from __future__ import annotations

from typing import Any

import structlog

from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.core.jobs.queue import Progress, ask_for, every_minute, work
from lms.retention import queries, running

NIGHT = range(2, 5)
"""Hours in which what is due is erased."""
log = structlog.get_logger(__name__)


@work(queries.RUN, slow=True)
def run(_progress: Progress, _params: dict[str, Any]) -> None:
    """Erase everything whose term is over, a batch at a time."""
    erased = running.run_schedule(by=SYSTEM, keep=db.session.commit)
    log.info("retention_run", **erased)


@every_minute("retention.run_by_night")
def run_by_night() -> None:
    """Ask for it once a night, by the machine's clock."""
    now = clock.machine_time().astimezone(clock.zone())
    if now.hour in NIGHT and not queries.was_asked_for(clock.start_of(now.date())):
        ask_for(queries.RUN, by=SYSTEM)
