"""Who can sign in to a demo: for visitors one of each kind, for load clients as many as they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, exists, select, update

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.accounts.passwords import hash_password
from lms.commissions.models import Appointment, Commission, RoleGrant
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import works_at
from lms.commissions.rules import Level, Office, Role
from lms.core import clock
from lms.core.database.base import db
from lms.demo.keys import SIGNED_IN, password_of, sealed_totp, totp_of
from lms.learning.models import Enrolment
from lms.people.models import Person

SHOWN = {
    "member": "member",
    "chair": "chair",
    "trainer": "trainer",
    "territorial_officer": "officer",
    "methodologist": "methodologist",
    "cec_administrator": "cec",
}
"""The sign-in that a visitor is shown for each role: role -> login."""


class Kind(StrEnum):
    """What a sign-in can be asked for as."""

    CEC_ADMINISTRATOR = "cec_administrator"
    METHODOLOGIST = "methodologist"
    TERRITORIAL_OFFICER = "territorial_officer"
    TRAINER = "trainer"
    CHAIR = "chair"
    MEMBER = "member"


@dataclass(frozen=True)
class SignIn:
    """A way in."""

    role: str
    login: str
    password: str
    totp_secret: str | None
    commission: str
    """Code of the commission in which the person holds the role or the seat."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def list_sign_ins(kind: Kind, count: int) -> list[SignIn]:
    """So many ways in of one kind, or as many as there are; passwords are hashed now where they were not yet. Whoever
    chose a password of their own is passed over."""
    if kind in (Kind.CHAIR, Kind.MEMBER):
        _open_missing_accounts(kind, count)
    found = db.session.execute(_statement(kind).limit(count)).all()
    accounts = [row[0] for row in found]
    _hash_passwords(accounts)
    if kind not in (Kind.CHAIR, Kind.MEMBER):
        for account in accounts:
            account.totp_encrypted = account.totp_encrypted or sealed_totp(account.login)
    db.session.flush()
    return [_sign_in(kind, account, code) for account, code in found]


def give_passwords() -> None:
    """Hash the passwords of the sign-ins that visitors are shown."""
    _hash_passwords(db.session.scalars(select(Account).where(Account.login.in_(SHOWN.values()))).all())
    db.session.flush()


def list_shown() -> list[SignIn]:
    """The sign-ins for visitors whose passwords work: one for each role, the simplest role first. Changes nothing."""
    accounts = {
        account.login: account
        for account in db.session.scalars(
            select(Account).where(
                Account.login.in_(SHOWN.values()), Account.session_version == 1, Account.password_hash != SIGNED_IN
            )
        )
    }
    return [_sign_in(Kind(role), accounts[login], "") for role, login in SHOWN.items() if login in accounts]


def _sign_in(kind: Kind, account: Account, code: str) -> SignIn:
    secret = totp_of(account.login) if account.totp_encrypted is not None else None
    return SignIn(kind.value, account.login, password_of(account.login), secret, code)


def _statement(kind: Kind) -> Select[Any]:
    shown = case((Account.login == SHOWN[kind], 0), else_=1)
    statement = select(Account, Commission.code).where(Account.session_version == 1, Account.disabled_at.is_(None))
    if kind not in (Kind.CHAIR, Kind.MEMBER):
        return (
            statement.join(RoleGrant, RoleGrant.account_id == Account.id)
            .join(Commission, Commission.id == RoleGrant.commission_id)
            .where(RoleGrant.role == Role(kind.value), *works_at(clock.now()))
            .order_by(shown, Account.id, Commission.id)
        )
    finished = exists().where(Enrolment.person_id == Account.person_id, Enrolment.completed_at.is_not(None))
    return (
        statement.join(Appointment, Appointment.person_id == Account.person_id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(_sits_as(kind))
        .order_by(shown, case((finished, 1), else_=0), Account.id)
    )


def _sits_as(kind: Kind) -> Any:
    is_chair = Appointment.office == Office.CHAIR
    return and_(
        Appointment.ends_on.is_(None), Commission.level == Level.PEC, is_chair if kind is Kind.CHAIR else ~is_chair
    )


def _open_missing_accounts(kind: Kind, count: int) -> None:
    """People who came with a roster have no account before their slip is printed."""
    there = len(db.session.execute(_statement(kind).limit(count)).all())
    if there == count:
        return
    people = db.session.scalars(
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(_sits_as(kind), Account.id.is_(None))
        .order_by(Person.id)
        .limit(count - there)
    ).all()
    for person in people:
        open_account(person=person, by=SYSTEM)


def _hash_passwords(accounts: Sequence[Account]) -> None:
    """Two at a time: hashing leaves the interpreter to others."""
    fresh = [account for account in accounts if account.password_hash in (None, SIGNED_IN)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        hashes = list(pool.map(hash_password, [password_of(account.login) for account in fresh]))
    rows = [{"id": account.id, "password_hash": made} for account, made in zip(fresh, hashes, strict=True)]
    if rows:
        db.session.execute(update(Account), rows)
