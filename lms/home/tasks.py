"""What the worker does by itself: it counts every few minutes what waits on the officers' desks."""

from __future__ import annotations

from lms.campaigns.queries import find_open_campaign
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.jobs.queue import every_minute
from lms.home import waiting


@every_minute("home.count_waiting")
def count_waiting() -> None:
    """Count again what waits in every territory of the open campaign, once what is kept is old."""
    with only_reading():  # nobody who writes waits for it
        campaign = find_open_campaign()
        counted = waiting.count_all(campaign.id) if campaign and waiting.is_due(campaign.id) else None
        db.session.rollback()
    if counted is not None:
        waiting.keep(counted)
