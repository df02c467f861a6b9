"""Find accounts and their codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account, AccountSession, LinkedIdentity, OneTimeCode, Passkey, RecoveryCode
from lms.core.database.base import db

HAS_PASSKEY = exists().where(Passkey.account_id == Account.id)
"""A condition on an account: a passkey of it is kept."""


@dataclass(frozen=True)
class Factors:
    """With what an account proves the second step."""

    app: bool
    passkeys: int
    codes_left: int
    """Recovery codes that still work."""

    def __bool__(self) -> bool:
        return self.app or self.passkeys > 0

    @property
    def is_last(self) -> bool:
        """Whether there is one and no other. Recovery codes are no second step by themselves."""
        return self.app + self.passkeys == 1


def factors_of(account: Account) -> Factors:
    """With what the account proves the second step; false when with nothing."""
    passkeys = select(func.count()).where(Passkey.account_id == account.id).scalar_subquery()
    codes = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    counted = db.session.execute(select(passkeys.label("passkeys"), codes.scalar_subquery().label("codes"))).one()
    return Factors(account.totp_encrypted is not None, counted.passkeys, counted.codes)


def has_way_in(account: Account) -> bool:
    """Whether the person knows, holds or has linked anything that opens the account, or is signed in somewhere; slips
    aside."""
    if account.password_hash is not None or account.totp_encrypted is not None:
        return True
    kept = (exists().where(way.account_id == account.id) for way in (Passkey, LinkedIdentity, AccountSession))
    return bool(db.session.scalar(select(or_(*kept))))


def had_slip_or_way_in(account: Account) -> bool:
    """Whether a slip was ever printed for the account, or anything else opens it."""
    printed = select(OneTimeCode.id).where(OneTimeCode.account_id == account.id)
    return db.session.scalar(printed.limit(1)) is not None or has_way_in(account)


def find_account(login: str) -> Account | None:
    """The account with this login, disabled ones included."""
    return db.session.scalar(select(Account).where(Account.login == login))


def find_account_of(person_id: int) -> Account | None:
    """The account of a person."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def not_ended() -> tuple[ColumnElement[bool], ...]:
    """Conditions: a one-time code is neither used nor revoked."""
    return OneTimeCode.used_at.is_(None), OneTimeCode.revoked_at.is_(None)


def still_works(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions: a one-time code can be used now."""
    return *not_ended(), OneTimeCode.expires_at > now


def find_code_of(login: str, code_hash: str) -> tuple[OneTimeCode, Account] | None:
    """The one-time code with this hash, working or not, of the account with this login, unless that is shut."""
    found = db.session.execute(
        select(OneTimeCode, Account)
        .join(Account, Account.id == OneTimeCode.account_id)
        .where(Account.login == login, Account.disabled_at.is_(None), OneTimeCode.code_hash == code_hash)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def find_valid_code(account_id: int, code_hash: str, now: datetime) -> OneTimeCode | None:
    """The unused, unexpired code with this hash."""
    return db.session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.account_id == account_id,
            OneTimeCode.code_hash == code_hash,
            *still_works(now),
        )
    )
