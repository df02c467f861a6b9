"""How far people are: begun, nearly done, finished, on a given day; the counters are told, nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.database.base import db
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.queries import list_open_enrolments, list_required
from lms.reporting.counting import note_person


def enrolment_of(account: Account) -> Enrolment:
    """The first enrolment of a person."""
    return list_open_enrolments(account.person_id)[0]


def do(account: Account, *activities: str, at: datetime | None = None) -> Enrolment:
    """Have activities of the course done, without any news of it."""
    enrolment = enrolment_of(account)
    at = at or clock.now()
    enrolment.started_at = enrolment.started_at or at - timedelta(hours=1)
    done = set(
        db.session.scalars(select(CompletedActivity.activity).where(CompletedActivity.enrolment_id == enrolment.id))
    )
    rows = [
        {"enrolment_id": enrolment.id, "activity": activity, "completed_at": at, "details": {}}
        for activity in activities
        if activity not in done
    ]
    if rows:
        db.session.execute(insert(CompletedActivity), rows)
    db.session.flush()
    count_again(enrolment)
    return enrolment


def finish(account: Account, *, at: datetime | None = None) -> Enrolment:
    """Have the whole course done, without a certificate."""
    enrolment = do(account, *list_required(enrolment_of(account)), at=at)
    enrolment.completed_at = at or clock.now()
    db.session.flush()
    return enrolment


def count_again(enrolment: Enrolment) -> None:
    """Have the counter of the learner's commission counted again before the commit."""
    note_person(campaign_id=enrolment.campaign_id, person_id=enrolment.person_id, at_once=True)
