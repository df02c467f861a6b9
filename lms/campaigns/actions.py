"""Open a campaign; mark the installation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.campaigns.models import Campaign, CampaignName, Installation
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _, date_in_full
from lms.countries.reading import DEFAULT

if TYPE_CHECKING:
    from lms.countries.schema import Country


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
    """Move the election of an open campaign to another day; whether it moved. Refused for a day that is over, or not
    later than the call."""
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
    """Raise Refused for a day that is over, or not later than the call."""
    if election_on < clock.today():
        raise Refused(_("This day is over. Choose the day of the election."))
    check_days(campaign.called_on, election_on)


def check_days(called_on: date, election_on: date) -> None:
    """Raise Refused unless the election is later than its call."""
    if election_on <= called_on:
        raise Refused(_("The election is later than the day on which it was called. Check both dates."))


def archive_campaign(*, campaign: Campaign, by: Actor) -> None:
    """End a campaign: what was done in it stays as it is. Refused before election day."""
    if clock.today() < campaign.election_on:
        raise Refused(yet_to_come(campaign))
    campaign.state, campaign.closed_on = "archived", clock.today()
    db.session.flush()
    record("campaigns.archived", by=by, subject=f"campaign:{campaign.id}")


def yet_to_come(campaign: Campaign) -> str:
    """Why a campaign cannot be closed before its election day."""
    return _(
        "The election of %(day)s is yet to come. Close the campaign after it.", day=date_in_full(campaign.election_on)
    )


def open_campaign(*, code: str, names: dict[str, str], called_on: date, election_on: date, by: Actor) -> Campaign:
    """A new open campaign; `names` by language. Refused when the code is taken or the election is before its call."""
    check_days(called_on, election_on)
    if db.session.scalar(select(Campaign.id).where(Campaign.code == code)) is not None:
        raise Refused(_("There was a campaign %(code)s already. Choose another code.", code=code))
    campaign = Campaign(code=code, called_on=called_on, election_on=election_on)
    campaign.names = [CampaignName(language=language, name=name) for language, name in names.items()]
    db.session.add(campaign)
    db.session.flush()
    record("campaigns.opened", by=by, subject=f"campaign:{campaign.id}")
    return campaign
