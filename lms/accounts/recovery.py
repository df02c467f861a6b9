"""Recovery codes: each stands in for the second step once. Shown when they are made, kept as keyed hashes."""

from __future__ import annotations

from sqlalchemy import delete, update

from lms.accounts import queries, rules
from lms.accounts.actions import ActorOf
from lms.accounts.models import Account, RecoveryCode
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.people.vault import keyed_hash

COUNT = 10


def make_codes(*, account: Account) -> list[str]:
    """Fresh codes, of 58 random bits each, without dashes; earlier ones stop working."""
    forget_codes(account)
    codes = [rules.new_code() for _number in range(COUNT)]
    db.session.add_all(
        RecoveryCode(account_id=account.id, code_hash=_hash(account, code), created_at=clock.now()) for code in codes
    )
    db.session.flush()
    record("accounts.recovery_codes_made", by=ActorOf(account), subject=f"account:{account.id}", count=COUNT)
    return codes


def use_code(*, account: Account, typed: str) -> int | None:
    """How many codes are left after this one was used up; None when it is no code of the account, or was used."""
    code = rules.read_code(typed)
    if code is None:
        return None
    same = update(RecoveryCode).where(
        RecoveryCode.account_id == account.id,
        RecoveryCode.code_hash == _hash(account, code),
        RecoveryCode.used_at.is_(None),
    )
    if db.session.execute(same.values(used_at=clock.now()).returning(RecoveryCode.id)).first() is None:
        return None
    left = queries.factors_of(account).codes_left
    record("accounts.recovery_code_used", by=ActorOf(account), subject=f"account:{account.id}", left=left)
    return left


def forget_codes(account: Account) -> None:
    """Delete every code of the account. Whoever calls this records why."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def forget_idle_codes(account: Account) -> None:
    """Delete the codes of an account that has no second step any more in whose place they could stand."""
    if not queries.factors_of(account):
        forget_codes(account)


def _hash(account: Account, code: str) -> str:
    return keyed_hash("recovery-code", f"{account.id}:{code}")
