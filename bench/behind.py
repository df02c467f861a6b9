"""A third of the country has not finished: run inside an installation, `python -m bench.behind`.

Without it nobody would stand on a call list: the campaign that is loaded is nearly over.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from lms.app import create_app
from lms.campaigns.queries import get_open_campaign
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.home.waiting import count_all, keep
from lms.learning.models import CompletedActivity, Enrolment
from lms.reporting.actions import rebuild_counters

EVERY = 3
NOT_BEGUN = 6


def fall_behind() -> int:
    """How many people have not finished after it; half of them have not begun either."""
    behind = Enrolment.person_id % EVERY == 0
    ids = select(Enrolment.id).where(behind)
    db.session.execute(delete(CompletedActivity).where(CompletedActivity.enrolment_id.in_(ids)))
    db.session.execute(update(Enrolment).where(behind).values(completed_at=None))
    db.session.execute(update(Enrolment).where(Enrolment.person_id % NOT_BEGUN == 0).values(started_at=None))
    count_again()
    return db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.completed_at.is_(None))) or 0


def count_again() -> None:
    """Bring counters, snapshot and desks up to the rows, as the worker does while the product runs."""
    campaign_id = get_open_campaign().id
    rebuild_counters(campaign_id=campaign_id, by=SYSTEM)
    keep(count_all(campaign_id))
    db.session.commit()


if __name__ == "__main__":
    with create_app().app_context():
        print(fall_behind())
