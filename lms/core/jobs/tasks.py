"""The record is sealed by the worker, a batch a minute while there is one."""

from __future__ import annotations

from lms.core.audit.sealing import seal
from lms.core.database.base import db
from lms.core.jobs.queue import every_minute


@every_minute("audit.seal")
def seal_record() -> None:
    """Seal every settled entry; each seal in a transaction of its own, so that nobody who writes waits long."""
    while seal() is not None:
        db.session.commit()
