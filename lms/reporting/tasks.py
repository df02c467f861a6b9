"""What the worker does by itself: it keeps the snapshot young, and recounts every night."""

from __future__ import annotations

import structlog

from lms.campaigns.queries import find_open_campaign
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.jobs.queue import every_minute
from lms.reporting import actions, recount, snapshot

NIGHT = range(2, 5)
"""Hours in which everything is counted again, once."""
log = structlog.get_logger(__name__)


@every_minute("reporting.refresh_snapshot")
def refresh_snapshot() -> None:
    """Make the snapshot of the open campaign again, so that few readers have to."""
    with only_reading():
        campaign = find_open_campaign()
        if campaign is not None:
            snapshot.refresh(campaign.id)
        db.session.rollback()


@every_minute("reporting.recount_by_night")
def recount_by_night() -> None:
    """Once a night compare the counters with the rows, mend them, and log how many were wrong."""
    if clock.local_hour() not in NIGHT:
        return
    campaign = find_open_campaign()
    if campaign is None or not snapshot.note_recount(db.session(), campaign.id, clock.today()):
        return
    campaign_id = campaign.id
    db.session.commit()
    with only_reading():  # nobody who writes waits for it
        compared, drift = recount.count_drift(campaign_id)
        db.session.rollback()
    log.log(30 if drift else 20, "completion_recounted", commissions=compared, drift=drift)
    if drift:
        actions.rebuild_counters(campaign_id=campaign_id, by=SYSTEM)
