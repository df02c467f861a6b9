"""Erase what signing in has left behind: sessions, counts of tries, codes; and shut a way in for good."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from lms.accounts import rules
from lms.accounts.actions import forget_ways_in
from lms.accounts.events import WayInChanged
from lms.accounts.models import Account, AccountSession, OneTimeCode, SignInWindow
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done
from lms.core.events import publish


def list_accounts(person_ids: Collection[int]) -> Sequence[Account]:
    """The accounts of these people."""
    return db.session.scalars(select(Account).where(Account.person_id.in_(person_ids)).order_by(Account.id)).all()


def count_sessions(account_ids: Collection[int]) -> int:
    """In how many browsers these accounts are signed in."""
    return db.session.scalar(select(func.count()).where(AccountSession.account_id.in_(account_ids))) or 0


def shut_account(account: Account) -> None:
    """Have nobody sign in with an account any more: every way in, codes and sessions go. Whoever calls this records
    why."""
    forget_ways_in(account)
    account.last_seen_at, account.disabled_at = None, account.disabled_at or clock.now()
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.account_id == account.id))
    db.session.flush()
    publish(WayInChanged(account.person_id))


def _windows_before(before: datetime) -> ColumnElement[bool]:
    return SignInWindow.window < rules.window_of(before.timestamp())


def _delete_sessions(keys: Keys) -> int:
    return count_done(delete(AccountSession).where(AccountSession.key.in_(keys)))


def _delete_codes(ids: Keys) -> int:
    return count_done(delete(OneTimeCode).where(OneTimeCode.id.in_(ids)))


class OldTries:
    """Counts of tries; a login or an address has one for each window."""

    by_machine = True

    def count(self, before: datetime) -> int:
        """How many are due."""
        return db.session.scalar(select(func.count()).select_from(SignInWindow).where(_windows_before(before))) or 0

    def list(self, before: datetime, most: int, after: Any) -> Keys:
        """Keys that have some, rising."""
        wanted = select(SignInWindow.key).where(_windows_before(before), SignInWindow.key > (after or ""))
        return db.session.scalars(wanted.distinct().order_by(SignInWindow.key).limit(most)).all()

    def erase(self, keys: Keys, before: datetime) -> int:
        """Delete those of these keys."""
        return count_done(delete(SignInWindow).where(SignInWindow.key.in_(keys), _windows_before(before)))


OLD_SESSIONS = DueRows(
    AccountSession.key, lambda before: AccountSession.created_at <= before, _delete_sessions, by_machine=True
)
OLD_TRIES = OldTries()
OLD_CODES = DueRows(
    OneTimeCode.id,
    lambda before: func.coalesce(OneTimeCode.used_at, OneTimeCode.revoked_at, OneTimeCode.expires_at) <= before,
    _delete_codes,
)
