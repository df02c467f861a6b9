"""Find accounts and their codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account, OneTimeCode
from lms.core.database.base import db


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


def find_valid_code(account_id: int, code_hash: str, now: datetime) -> OneTimeCode | None:
    """The unused, unexpired code with this hash."""
    return db.session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.account_id == account_id,
            OneTimeCode.code_hash == code_hash,
            *still_works(now),
        )
    )
