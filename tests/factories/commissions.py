"""People, accounts and a small cascade for tests: CEC -> region -> two districts -> precincts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.actions import open_account
from lms.accounts.browsers import open_session
from lms.accounts.models import Account, Passkey
from lms.campaigns.actions import mark_installation, open_campaign
from lms.commissions.actions import NewAppointment, appoint, create_commission, grant_role
from lms.commissions.models import Commission, CommissionParent, SeatNumber
from lms.commissions.names import precinct_names
from lms.commissions.permissions import SYSTEM, Scope, scope_of
from lms.commissions.rules import Level, Office, Role, Territory
from lms.core import clock
from lms.core.database.base import db
from lms.countries.reading import FILES
from lms.people.actions import correct_person, write_keys
from lms.people.models import Person
from lms.people.vault import number_hash, seal_text

numbers = count(1)
WITH_RESERVE = (
    (FILES / "kz.yaml").read_text(encoding="utf-8")
    + """
reserve: {years: 5, source: tests}
one_per_party: {other_bodies: [мәслихат], source: tests}
"""
)
"""A country like the reference one that keeps reserves, and has one member of a party in a commission."""
ELECTION_IN = timedelta(days=21)


def make_person(
    surname: str = "Серікова", given_name: str = "Айгүл", patronymic: str = "Маратқызы", language: str = "kk"
) -> Person:
    """A person with a made-up identity number (not a valid one: nothing here checks it)."""
    number = f"{next(numbers):012d}"
    person = Person(
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        language=language,
        number_encrypted=seal_text(number),
        number_hash=number_hash(number),
        number_last4=number[-4:],
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    write_keys([(person.id, surname, given_name, patronymic, "")])
    return person


def give_phone(account: Account, phone: str) -> None:
    """Have a person reached, and found, under a phone number."""
    correct_person(person=account.person, fields={"phone": phone}, by=SYSTEM)


def make_account(person: Person | None = None, login: str | None = None) -> Account:
    """An account with a password already chosen (its hash is not a real one: tests sign in with `sign_in_as`)."""
    account = open_account(person=person or make_person(), login=login, by=SYSTEM)
    account.password_hash = "set"
    db.session.flush()
    return account


def make_passkey(account: Account, name: str = "phone") -> Passkey:
    """A passkey of the account (its keys are not real ones: `tests/accounts/authenticator.py` makes those)."""
    passkey = Passkey(
        account_id=account.id,
        credential_id=secrets.token_bytes(32),
        public_key=b"",
        sign_count=0,
        transports=[],
        name=name,
        backed_up=False,
        created_at=clock.now(),
    )
    db.session.add(passkey)
    db.session.flush()
    return passkey


@dataclass
class Country:
    """A small cascade: two regions are sisters, so are the two districts of the first."""

    central: Commission
    region: Commission
    sister_region: Commission
    district: Commission
    sister_district: Commission
    precinct: Commission
    """of `district`"""
    second_precinct: Commission
    """of `district`"""
    sister_precinct: Commission
    """of `sister_district`"""
    head: Account
    """CEC administrator"""


def make_country(own_file: str = "") -> Country:
    """The small cascade, with an open campaign (election in 21 days) and its administrator. `own_file`: the text of the
    country's file, where it is not the one that is shipped."""
    mark_installation(demo=True, own_file=own_file, by=SYSTEM)
    election = clock.today() + ELECTION_IN
    open_campaign(
        code="test",
        names={"kk": "Сайлау", "ru": "Выборы", "en": "Election"},
        called_on=election - timedelta(days=59),
        election_on=election,
        by=SYSTEM,
    )
    central = commission(None, Level.CEC, Territory.COUNTRY, "Central")
    region = commission(central, Level.TEC, Territory.REGION, "Mangystau region")
    sister_region = commission(central, Level.TEC, Territory.REGION, "Atyrau region")
    district = commission(region, Level.TEC, Territory.DISTRICT, "Beineu district")
    sister_district = commission(region, Level.TEC, Territory.CITY, "Aktau")
    head = make_account(login="head")
    grant_role(account=head, role=Role.CEC_ADMINISTRATOR, commission=central, by=SYSTEM)
    return Country(
        central,
        region,
        sister_region,
        district,
        sister_district,
        precinct(district, 17),
        precinct(district, 18),
        precinct(sister_district, 1),
        head,
    )


def commission(parent: Commission | None, level: Level, territory: Territory, name: str) -> Commission:
    """A commission called the same in three languages."""
    names = dict.fromkeys(("kk", "ru", "en"), name)
    return create_commission(parent=parent, level=level, territory=territory, names=names, seats=7, by=SYSTEM)


def found_earlier(since: date) -> None:
    """Have every commission that there is be there since a day."""
    for dated in (*db.session.scalars(select(CommissionParent)), *db.session.scalars(select(SeatNumber))):
        dated.valid_from = since
    db.session.flush()


def precinct(parent: Commission, number: int) -> Commission:
    """A precinct commission."""
    return create_commission(
        parent=parent,
        level=Level.PEC,
        territory=Territory.PRECINCT,
        number=number,
        names=precinct_names(number, abroad=False),
        seats=7,
        by=SYSTEM,
    )


def seat(person: Person, where: Commission, office: Office = Office.MEMBER, since: date | None = None) -> None:
    """Give a person a seat (enrols them in what they must take)."""
    appoint(
        appointments=[NewAppointment(person.id, where.id, Level(where.level), office)],
        since=since or clock.today(),
        by=SYSTEM,
    )


def make_member(where: Commission, office: Office = Office.MEMBER, **person: Any) -> Account:
    """A seated person with an account."""
    account = make_account(make_person(**person))
    seat(account.person, where, office)
    return account


def make_officer(where: Commission, role: Role = Role.TERRITORIAL_OFFICER) -> Account:
    """An account with a role, its second factor set."""
    account = make_account()
    account.totp_encrypted = seal_text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    grant_role(account=account, role=role, commission=where, by=SYSTEM)
    return account


def scope(account: Account) -> Scope:
    """The scope of an account."""
    return scope_of(account)


def open_browser(account: Account) -> str:
    """The key of a session of the account."""
    return open_session(account=account, address="127.0.0.1", user_agent="")


def signed_in(account: Account) -> dict[str, Any]:
    """What the signed session of an account holds, password and second factor done."""
    return {"a": account.id, "v": account.session_version, "s": open_browser(account), "2": 1}


def sign_in_as(client: FlaskClient, account: Account) -> None:
    """Make the browser that of `account`: password and second factor done."""
    held = signed_in(account)
    db.session.commit()
    with client.session_transaction() as session:
        session.update(held)
