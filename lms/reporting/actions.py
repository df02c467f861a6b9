"""What changes the counters: news of other rooms, and a recount of everything."""

from __future__ import annotations

from sqlalchemy import select

from lms.accounts.events import WayInChanged
from lms.campaigns.queries import find_open_campaign
from lms.commissions.events import AppointmentsEnded, AppointmentsMade, CommissionsChanged, SeatingTakenBack
from lms.commissions.models import Commission
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.curriculum.events import CourseRequired
from lms.learning.events import CompletionRestored, CompletionWithdrawn, CourseBegun, CourseCompleted
from lms.learning.models import Enrolment
from lms.reporting import counting, snapshot


def rebuild_counters(*, campaign_id: int, by: Actor) -> None:
    """Count every commission of a campaign from rows and make its snapshot, whatever the counters said before."""
    db.session.flush()
    counting.settle()
    snapshot.rebuild(db.session(), campaign_id)
    record("reporting.recounted", by=by, subject=f"campaign:{campaign_id}")


def count_learner(event: CourseBegun | CourseCompleted | CompletionWithdrawn | CompletionRestored) -> None:
    """Count the commission of somebody who has begun or completed a course, or of whom it no longer counts or counts
    again; shown at once if another said so."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    alone = getattr(event.by, "person_id", None) == enrolment.person_id
    counting.note_person(campaign_id=enrolment.campaign_id, person_id=enrolment.person_id, at_once=not alone)


def count_way_in(event: WayInChanged) -> None:
    """Count the commission of somebody who has signed in for the first time, or has to begin anew."""
    campaign = find_open_campaign()
    if campaign is not None:
        counting.note_person(campaign_id=campaign.id, person_id=event.person_id, at_once=False)


def count_seated(event: AppointmentsMade) -> None:
    """Count the commissions in which people were given seats."""
    _note(*(commission for _person, commission, _level in event.appointments))


def count_left(event: AppointmentsEnded) -> None:
    """Count the commissions in which people left their seats."""
    _note(*(commission for _person, commission in event.appointments))


def count_changed(event: CommissionsChanged) -> None:
    """Count commissions that were opened, closed or moved."""
    _note(*event.commission_ids)


def count_taken_back(event: SeatingTakenBack) -> None:
    """Count commissions in which an import was undone; of those that go with it nothing is kept."""
    _note(*event.commission_ids)
    counting.forget(db.session(), event.removed_ids)


def count_required(event: CourseRequired) -> None:
    """Count every commission of the level that has a course to take from now on."""
    ids = db.session.scalars(select(Commission.id).where(Commission.level == event.level))
    counting.note_commissions(campaign_id=event.campaign_id, ids=ids)


def _note(*commission_ids: int) -> None:
    campaign = find_open_campaign()
    if campaign is not None:
        counting.note_commissions(campaign_id=campaign.id, ids=commission_ids)
