"""What moving the election to another day touches, told before it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select

from lms.accounts.models import OneTimeCode
from lms.accounts.queries import still_works
from lms.campaigns.models import Campaign
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.reporting.outlook import branch_sentence
from lms.reporting.pages import Pace, branch_of, count_branch, pace_of
from lms.reporting.rules import Order
from lms.workshops.models import Workshop
from lms.workshops.rules import State


@dataclass(frozen=True)
class Touched:
    """What the move concerns."""

    before: date
    after: date
    days_before: int
    """Days from today to the election as it stands; not below 0."""
    days_after: int
    slips: int
    """Slips not used yet that end with the day as it stands."""
    workshops: int
    """Workshops planned on the new day or later."""
    forecast_before: str
    """Of the whole country, in the words of the page of completion."""
    forecast_after: str


def look_at_move(campaign: Campaign, election_on: date, scope: Scope) -> Touched:
    """What moving the election of an open campaign to `election_on` touches. Nothing is changed."""
    today = clock.today()
    before, after = _forecasts(campaign, election_on, scope)
    return Touched(
        before=campaign.election_on,
        after=election_on,
        days_before=max(0, (campaign.election_on - today).days),
        days_after=max(0, (election_on - today).days),
        slips=_count_slips(campaign.election_on),
        workshops=_count_workshops(campaign.id, election_on),
        forecast_before=before,
        forecast_after=after,
    )


def _count_slips(on: date) -> int:
    begins, ends = clock.start_of(on), clock.start_of(on + timedelta(days=1))
    ending = OneTimeCode.expires_at >= begins, OneTimeCode.expires_at < ends
    return db.session.scalar(select(func.count(OneTimeCode.id)).where(*still_works(clock.now()), *ending)) or 0


def _count_workshops(campaign_id: int, on: date) -> int:
    late = Workshop.starts_at >= clock.start_of(on)
    planned = Workshop.campaign_id == campaign_id, Workshop.state == State.SCHEDULED, late
    return db.session.scalar(select(func.count(Workshop.id)).where(*planned)) or 0


def _forecasts(campaign: Campaign, election_on: date, scope: Scope) -> tuple[str, str]:
    top = db.session.get_one(Commission, min(scope.places(Role.CEC_ADMINISTRATOR)))
    pace: Pace = pace_of(campaign, top.time_zone)
    counted = count_branch(scope, top, campaign.id, pace)

    def told(at: Pace) -> str:
        """What the page of completion says."""
        return branch_sentence(branch_of(counted, at, order=Order.MISSING, down=True, only_not_ready=False), at)

    return told(pace), told(replace(pace, election_on=election_on))
