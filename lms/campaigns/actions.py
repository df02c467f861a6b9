"""Open a campaign; mark the installation."""

from __future__ import annotations

from datetime import date

from lms.campaigns.models import Campaign, CampaignName, Installation
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db


def mark_installation(*, demo: bool, standing_day: date | None = None, by: Actor) -> None:
    """Say once whether this is a demo installation, and on which day it stands, if on any. The database refuses a day
    for an installation with real people."""
    db.session.add(Installation(id=1, demo=demo, standing_day=standing_day))
    db.session.flush()
    stands_on = standing_day.isoformat() if standing_day else None
    record("campaigns.installation_marked", by=by, subject="installation:1", demo=demo, standing_day=stands_on)


def open_campaign(*, code: str, names: dict[str, str], called_on: date, election_on: date, by: Actor) -> Campaign:
    """A new open campaign; `names` by language."""
    campaign = Campaign(code=code, called_on=called_on, election_on=election_on)
    campaign.names = [CampaignName(language=language, name=name) for language, name in names.items()]
    db.session.add(campaign)
    db.session.flush()
    record("campaigns.opened", by=by, subject=f"campaign:{campaign.id}")
    return campaign
