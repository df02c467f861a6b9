"""Set an empty installation up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from lms.accounts.actions import issue_code, open_account
from lms.campaigns.actions import mark_installation, open_campaign
from lms.campaigns.models import Installation
from lms.campaigns.names import election_names
from lms.campaigns.queries import this_country
from lms.commissions.actions import add_person, create_commission, grant_role
from lms.commissions.models import Commission
from lms.commissions.names import central_names
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_central
from lms.commissions.reshaping import rename_commission
from lms.commissions.rules import Level, Role, Territory
from lms.commissions.sizes import usual_seats
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.countries.reading import DEFAULT, find_chosen
from lms.people.models import Person

if TYPE_CHECKING:
    from lms.countries.schema import Country

DAYS_TO_ELECTION = 21
ANOTHER = (
    "Another country needs an installation of its own: set INSTANCE, and DATABASE_URL on PostgreSQL. Nothing has "
    "changed."
)


def init_installation(*, login: str, name: str, demo: bool, country: str = DEFAULT) -> str:
    """The one-time code of the first administrator. Makes the central commission, an open campaign (election in 21
    days) and the administrator; Refused when the installation is not empty. `country`: the code of one that is shipped,
    or the path of a file."""
    if db.session.scalar(select(Installation.id)) is not None:
        raise Refused("This installation is set up already. Nothing has changed.")
    rules, own_file = find_chosen(country)
    mark_installation(demo=demo, country=rules, own_file=own_file, by=SYSTEM)
    election = clock.today() + timedelta(days=DAYS_TO_ELECTION)
    open_campaign(
        code=f"election-{election.isoformat()}",
        names=election_names(election.year),
        called_on=election - timedelta(days=59),
        election_on=election,
        by=SYSTEM,
    )
    central = create_commission(
        parent=None,
        level=Level.CEC,
        territory=Territory.COUNTRY,
        names=central_names(),
        seats=usual_seats(Level.CEC),
        by=SYSTEM,
    )
    surname, _, given = name.partition(" ")
    person = add_person(surname=surname, given_name=given or surname, by=SYSTEM)
    account = open_account(person=person, login=login, by=SYSTEM)
    grant_role(account=account, role=Role.CEC_ADMINISTRATOR, commission=central, by=SYSTEM)
    return issue_code(account=account, expires_at=clock.now() + timedelta(days=DAYS_TO_ELECTION), by=SYSTEM)


def change_country(*, chosen: str) -> Country:
    """Have the rules of another country, or another edition of the same one's, hold in this installation. Refused when
    it is not set up, or when people are here whose numbers, or commissions whose codes or levels, the other rules do
    not know. `chosen`: as in `init_installation`."""
    rules, own_file = find_chosen(chosen)
    installation, central = db.session.get(Installation, 1), find_central()
    if installation is None or central is None:
        raise Refused("This installation is not set up yet. Run: lms init --country CODE")
    before = this_country()
    _check_may_change(before, rules)
    installation.country, installation.country_file = rules.code, own_file
    if before.code != rules.code:
        rename_commission(commission=central, names=central_names(rules), by=SYSTEM)
        central.code, central.time_zone = rules.code.upper(), rules.time_zone
    db.session.flush()
    told: dict[str, Any] = {"before": before.code, "after": rules.code, "own_file": bool(own_file)}
    record("campaigns.country_set", by=SYSTEM, subject="installation:1", **told)
    return rules


def _check_may_change(before: Country, after: Country) -> None:
    people = _count(select(Person.id).where(Person.number_hash.is_not(None)))
    if people and before.identity_number != after.identity_number:
        raise Refused(
            f"{people} people are here with identity numbers of the scheme {before.identity_number}; the other rules "
            f"read {after.identity_number}. {ANOTHER}"
        )
    commissions = _count(select(Commission.id))
    if commissions > 1 and before.code != after.code:
        raise Refused(f"{commissions} commissions are here whose codes begin with {before.code.upper()}. {ANOTHER}")
    open_ones = select(Commission.id).where(Commission.level == Level.CONSTITUENCY, Commission.closed_on.is_(None))
    if _count(open_ones) and not after.has_constituencies:
        raise Refused(
            "Commissions of constituencies are here, and the other rules know none. Close them first. Nothing has "
            "changed."
        )


def _count(which: Select[tuple[int]]) -> int:
    return db.session.scalar(select(func.count()).select_from(which.subquery())) or 0


def check_country(named: str) -> None:
    """Refused when COUNTRY names another country than the one whose rules hold here: rules change by a command, never
    by a setting."""
    if not named or db.session.get(Installation, 1) is None:
        return
    rules, _own_file = find_chosen(named)
    kept = this_country()
    if rules != kept:
        edition = f"another edition of {rules.code}" if rules.code == kept.code else rules.code
        raise Refused(
            f"COUNTRY names {edition}, and the rules of {kept.code} hold in this installation. Leave COUNTRY out, or "
            f"change the rules: lms country {named}"
        )
