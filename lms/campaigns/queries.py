"""The open campaign, and what kind of installation this is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import g, has_app_context, has_request_context
from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms.campaigns.models import Campaign, Installation
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.engine import own_reading
from lms.core.errors import Refused
from lms.core.kept import keep
from lms.core.web.languages import _
from lms.countries.reading import DEFAULT, read_country, shipped
from lms.people.identity_number import SCHEMES
from lms.people.schemes.shape import Scheme

if TYPE_CHECKING:
    from lms.countries.schema import Country


def is_demo() -> bool:
    """Whether this is a demo installation: invented people, demo identity numbers only."""
    known = _installation(1)
    return known is not None and known.demo


def this_country() -> Country:
    """The country whose rules hold in this installation; the one that comes by default until it is set up."""
    known = _installation(1) if has_app_context() else None
    return known.country if known else shipped(DEFAULT)


def number_scheme() -> Scheme:
    """How the identity numbers of the country are made."""
    return SCHEMES[this_country().identity_number]


def find_home_zone() -> str | None:
    """The time zone of the country; None while it cannot be told: nothing is set up, or the database
    does not answer."""
    try:
        known = _installation.committed(1) if has_app_context() else None
    except SQLAlchemyError:
        return None
    return known.country.time_zone if known else None


def find_own_words() -> Mapping[str, Mapping[str, str]]:
    """The country's words in place of those of the catalogues: language -> word -> word; looked up once per request."""
    if not has_app_context():
        return {}
    if "own_words" not in g:
        try:
            known = _installation.committed(1)
        except SQLAlchemyError:
            known = None
        g.own_words = known.country.words if known else {}
    words: Mapping[str, Mapping[str, str]] = g.own_words
    return words


@dataclass(frozen=True)
class _Known:
    """What an installation is."""

    demo: bool
    country: Country


@keep(1)
def _installation(session: Session, id: int) -> _Known | None:
    """What an installation that was set up is. It stays a demo, or none, for good; a server that runs keeps the country
    that it found when it began."""
    columns = (Installation.demo, Installation.country, Installation.country_file)
    row = session.execute(select(*columns).where(Installation.id == id)).one_or_none()
    if row is None:
        return None
    own = row.country_file
    return _Known(row.demo, read_country(own, f"{row.country}.yaml") if own else shipped(row.country))


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
    return select(Campaign.id).where(Campaign.state == "archived", Campaign.closed_on < clock.day_of(moment))


def get_open_campaign() -> Campaign:
    """The open campaign; Refused with a sentence when there is none."""
    campaign = find_open_campaign()
    if campaign is None:
        raise Refused(_("No campaign is open. Set the installation up first: lms init."))
    return campaign
