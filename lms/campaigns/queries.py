"""The open campaign, and what kind of installation this is."""

from __future__ import annotations

from datetime import date, datetime

from flask import g, has_app_context, has_request_context
from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms.campaigns.models import Campaign, Installation
from lms.core.database.base import db
from lms.core.database.engine import own_reading
from lms.core.errors import Refused
from lms.core.kept import keep
from lms.core.web.languages import _


def is_demo() -> bool:
    """Whether this is a demo installation: invented people, demo identity numbers only."""
    return bool(_is_demo(1))


@keep(1)
def _is_demo(session: Session, id: int) -> bool | None:
    """What kind an installation that was set up is, which it stays for good."""
    return session.scalar(select(Installation.demo).where(Installation.id == id))


def find_standing_day() -> date | None:
    """The day that this installation keeps for good; None when the date runs. LookupError while it cannot be told: the
    installation is not set up yet, or the database does not answer."""
    if not has_app_context():
        raise LookupError
    try:
        with own_reading() as connection:
            row = connection.execute(select(Installation.standing_day).where(Installation.id == 1)).one_or_none()
    except SQLAlchemyError as fault:
        raise LookupError from fault
    if row is None:
        raise LookupError
    day: date | None = row.standing_day
    return day


def find_campaign(code: str) -> Campaign | None:
    """The campaign with this code, open or archived."""
    return db.session.scalar(select(Campaign).where(Campaign.code == code))


def find_open_campaign() -> Campaign | None:
    """The campaign that training now belongs to; looked up once per request."""
    if has_request_context() and g.get("open_campaign") is not None:
        kept: Campaign = g.open_campaign
        return kept
    found = _find_open()
    if found is not None:
        keep_open_campaign(found)
    return found


def keep_open_campaign(campaign: Campaign) -> None:
    """Have the open campaign, which was read beside something else, not be looked up again in this request."""
    if has_request_context():
        g.open_campaign = campaign


def _find_open() -> Campaign | None:
    return db.session.scalar(select(Campaign).where(Campaign.state == "open"))


def list_closed_before(moment: datetime) -> Select[tuple[int]]:
    """Ids of the campaigns that were closed on a day before that moment."""
    return select(Campaign.id).where(Campaign.state == "archived", Campaign.closed_on < moment.date())


def get_open_campaign() -> Campaign:
    """The open campaign; Refused with a sentence when there is none."""
    campaign = find_open_campaign()
    if campaign is None:
        raise Refused(_("No campaign is open. Set the installation up first: lms init."))
    return campaign
