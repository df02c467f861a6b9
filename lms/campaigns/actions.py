"""Open a campaign; mark the installation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.campaigns.events import CampaignClosed
from lms.campaigns.models import Campaign, CampaignName, Installation
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _, date_in_full
from lms.countries.reading import DEFAULT

if TYPE_CHECKING:
    from lms.countries.schema import Country

MOST_AHEAD = timedelta(days=731)
"""So far ahead an election may be: a later day is a slip of the pen."""


def mark_installation(
    *, demo: bool, standing_day: date | None = None, country: Country | None = None, own_file: str = "", by: Actor
) -> None:
    """Say once whether this is a demo installation, on which day it stands, if on any, and whose rules hold
    (`own_file`: the text of the country's file, where it is not shipped). The database refuses a day where real people
    are."""
    code = country.code if country else DEFAULT
    db.session.add(Installation(id=1, demo=demo, standing_day=standing_day, country=code, country_file=own_file))
    db.session.flush()
    stands_on = standing_day.isoformat() if standing_day else None
    record(
        "campaigns.installation_marked",
        by=by,
        subject="installation:1",
        demo=demo,
        standing_day=stands_on,
        country=code,
    )


def set_ready_percent(*, campaign: Campaign, percent: int, by: Actor) -> None:
    """Say how many per cent of its members must have finished for a precinct to be ready. Refused outside 1 to 100."""
    check_ready_percent(percent)
    if percent == campaign.ready_percent:
        return
    before, campaign.ready_percent = campaign.ready_percent, percent
    db.session.flush()
    record("campaigns.ready_percent_set", by=by, subject=f"campaign:{campaign.id}", before=before, after=percent)


def check_ready_percent(percent: int) -> None:
    """Raise Refused outside 1 to 100."""
    if not 1 <= percent <= 100:
        raise Refused(_("Type a number from 1 to 100."))


def set_election_day(*, campaign: Campaign, election_on: date, by: Actor) -> bool:
    """Move the election of an open campaign to another day; whether it moved. Refused for a day that is over, more than
    two years ahead, or not later than the call."""
    before = campaign.election_on
    if election_on == before:
        return False
    check_election_day(campaign, election_on)
    campaign.election_on = election_on
    db.session.flush()
    record(
        "campaigns.election_day_set",
        by=by,
        subject=f"campaign:{campaign.id}",
        before=before.isoformat(),
        after=election_on.isoformat(),
    )
    return True


def check_election_day(campaign: Campaign, election_on: date) -> None:
    """Raise Refused for a day that is over, more than two years ahead, or not later than the call."""
    if election_on < clock.today():
        raise Refused(_("This day is over. Choose the day of the election."))
    check_days(campaign.called_on, election_on)


def check_days(called_on: date, election_on: date) -> None:
    """Raise Refused unless the election is later than its call, and at most two years ahead."""
    if election_on <= called_on:
        raise Refused(_("The election is later than the day on which it was called. Check both dates."))
    if election_on > clock.today() + MOST_AHEAD:
        raise Refused(_("This day is more than two years ahead. Check the year."))


def archive_campaign(*, campaign: Campaign, knowing: bool = False, by: Actor) -> None:
    """End a campaign: what was done in it stays as it is. Refused until its election day is over, and, unless
    `knowing`, while something in it is left undone."""
    if not may_close(campaign):
        raise Refused(yet_to_come(campaign))
    campaign.state, campaign.closed_on = "archived", clock.today()
    db.session.flush()
    record("campaigns.archived", by=by, subject=f"campaign:{campaign.id}")
    publish(CampaignClosed(campaign.id, knowing, by))


def may_close(campaign: Campaign) -> bool:
    """Whether election day is over, by the time of the country."""
    return clock.today() > campaign.election_on


def yet_to_come(campaign: Campaign) -> str:
    """Why a campaign cannot be closed until its election day is over."""
    day = date_in_full(campaign.election_on)
    if clock.today() == campaign.election_on:
        return _("The election is today, %(day)s. Close the campaign from tomorrow on.", day=day)
    return _("The election of %(day)s is yet to come. Close the campaign after it.", day=day)


def open_campaign(*, code: str, names: dict[str, str], called_on: date, election_on: date, by: Actor) -> Campaign:
    """A new open campaign; `names` by language. Refused when the code is taken, the call is yet to
    come, or the election is not later than it or more than two years ahead."""
    check_called(called_on)
    check_days(called_on, election_on)
    if db.session.scalar(select(Campaign.id).where(Campaign.code == code)) is not None:
        raise Refused(_("There was a campaign %(code)s already. Choose another code.", code=code))
    campaign = Campaign(code=code, called_on=called_on, election_on=election_on)
    campaign.names = [CampaignName(language=language, name=name) for language, name in names.items()]
    db.session.add(campaign)
    db.session.flush()
    record("campaigns.opened", by=by, subject=f"campaign:{campaign.id}")
    return campaign


def check_called(called_on: date) -> None:
    """Raise Refused for a call that is yet to come."""
    if called_on > clock.today():
        raise Refused(_("This day is yet to come. Choose the day on which the election was called."))
