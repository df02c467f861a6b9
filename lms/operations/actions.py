"""Set an empty installation up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms.accounts.actions import issue_code, open_account
from lms.campaigns.actions import mark_installation, open_campaign
from lms.campaigns.models import Installation
from lms.campaigns.names import election_names
from lms.commissions.actions import add_person, create_commission, grant_role
from lms.commissions.names import CENTRAL_NAMES
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Level, Role, Territory
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Refused

DAYS_TO_ELECTION = 21


def init_installation(*, login: str, name: str, demo: bool) -> str:
    """The one-time code of the first administrator. Makes the central commission, an open campaign (election in 21
    days) and the administrator; Refused when the installation is not empty."""
    if db.session.scalar(select(Installation.id)) is not None:
        raise Refused("This installation is set up already. Nothing has changed.")
    mark_installation(demo=demo, by=SYSTEM)
    election = clock.today() + timedelta(days=DAYS_TO_ELECTION)
    open_campaign(
        code=f"election-{election.isoformat()}",
        names=election_names(election.year),
        called_on=election - timedelta(days=59),
        election_on=election,
        by=SYSTEM,
    )
    central = create_commission(
        parent=None, level=Level.CEC, territory=Territory.COUNTRY, names=CENTRAL_NAMES, seats=7, by=SYSTEM
    )
    surname, _, given = name.partition(" ")
    person = add_person(surname=surname, given_name=given or surname, by=SYSTEM)
    account = open_account(person=person, login=login, by=SYSTEM)
    grant_role(account=account, role=Role.CEC_ADMINISTRATOR, commission=central, by=SYSTEM)
    return issue_code(account=account, expires_at=clock.now() + timedelta(days=DAYS_TO_ELECTION), by=SYSTEM)
