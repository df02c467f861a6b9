"""Whoever leaves the last seat or role: a slip that was never used opens nothing any more."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from lms.accounts.actions import end_slips_and_sessions
from lms.accounts.models import Account, OneTimeCode
from lms.accounts.queries import still_works
from lms.commissions.erasing import holds_place
from lms.commissions.events import AppointmentsEnded
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.audit.actions import Actor
from lms.core.database.base import db
from lms.core.jobs.queue import ask_for

END_SLIPS = "commissions.end_slips"
BATCH = 500
"""People of one job."""


def ask_to_end_slips(event: AppointmentsEnded) -> None:
    """Have the worker end the unused slips of those who left. It looks once the change is kept: whoever came to another
    seat by the same change keeps the slip."""
    people = sorted({person for person, _commission in event.appointments})
    for start in range(0, len(people), BATCH):
        ask_for(END_SLIPS, by=SYSTEM, person_ids=people[start : start + BATCH])


def end_slips_of_leavers(*, person_ids: Collection[int], by: Actor) -> None:
    """End the unused slips of those of these people who hold neither a seat nor a role now. A password that somebody
    has chosen goes on working, so that what was learnt can be looked at."""
    unused = select(OneTimeCode.account_id).where(*still_works(clock.now()))
    gone = ~holds_place(Account.person_id)
    accounts = select(Account).where(Account.person_id.in_(person_ids), Account.id.in_(unused), gone)
    for account in db.session.scalars(accounts.order_by(Account.id)):
        end_slips_and_sessions(account=account, by=by)
