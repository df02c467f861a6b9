"""What waits for whoever looks after a branch: figures, people without a way in, rosters and workshops to attend to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select

from lms.accounts.models import Account
from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import OVERSEERS, Scope, commissions_in, may_reach
from lms.core import clock
from lms.core.database.base import db
from lms.reporting.queries import branch, count_by_child, list_tops
from lms.reporting.rules import Figures
from lms.rosters.models import RosterImport
from lms.rosters.states import ImportState
from lms.workshops.models import Attendance, Workshop
from lms.workshops.rules import State

LATELY = timedelta(days=14)


@dataclass(frozen=True)
class BranchToday:
    """One branch today."""

    commission: Commission
    figures: Figures
    days_left: int
    """Days to the election; negative after it."""
    without_way_in: int
    """People who have never chosen a password; 0 for those who give no slips."""


def list_branches(scope: Scope) -> list[BranchToday]:
    """The branches that the reader watches, with their figures now."""
    campaign = find_open_campaign()
    if campaign is None:
        return []
    return [_branch(scope, top, campaign.id, campaign.election_on) for top in list_tops(scope)]


def _branch(scope: Scope, top: Commission, campaign_id: int, election_on: date) -> BranchToday:
    since = clock.now() - LATELY
    rows = count_by_child(scope, top.id, campaign_id, since=since)
    figures = sum((row.figures for row in rows), Figures())
    oversees = may_reach(scope, top.id, *OVERSEERS)
    left = (election_on - clock.today(top.time_zone)).days
    return BranchToday(top, figures, left, count_without_way_in(top.id) if oversees else 0)


def count_without_way_in(commission_id: int) -> int:
    """Seated people of a branch who have never chosen a password."""
    statement = (
        select(func.count())
        .select_from(Appointment)
        .outerjoin(Account, Account.person_id == Appointment.person_id)
        .where(
            Appointment.ends_on.is_(None),
            Appointment.commission_id.in_(branch(commission_id)),
            or_(Account.id.is_(None), Account.password_hash.is_(None)),
        )
    )
    return db.session.scalar(statement) or 0


def list_waiting_rosters(scope: Scope) -> Sequence[RosterImport]:
    """Rosters that were read lately and not applied, the newest first."""
    return db.session.scalars(
        select(RosterImport)
        .where(
            RosterImport.state == ImportState.READ,
            RosterImport.created_at > clock.now() - LATELY,
            RosterImport.commission_id.in_(commissions_in(scope, *OVERSEERS)),
        )
        .order_by(RosterImport.id.desc())
        .limit(5)
    ).all()


def list_unticked_workshops(scope: Scope) -> Sequence[Workshop]:
    """Workshops of the reader's branches that began lately and have no attendance yet, the newest first."""
    now = clock.now()
    return db.session.scalars(
        select(Workshop)
        .where(
            Workshop.state == State.SCHEDULED,
            Workshop.starts_at.between(now - LATELY, now),
            Workshop.organiser_id.in_(commissions_in(scope)),
            Workshop.id.not_in(select(Attendance.workshop_id)),
        )
        .order_by(Workshop.starts_at.desc())
        .limit(5)
    ).all()
