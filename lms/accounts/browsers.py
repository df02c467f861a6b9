"""The browsers in which somebody is signed in: opened, seen, ended, listed. A session lives as long as its row."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from lms.accounts.models import Account, AccountSession
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.database.engine import quick_transaction
from lms.core.visitors import browser_of, short_address

LONGEST = timedelta(days=14)
"""No session lives longer, however often it is used."""
SEEN_EVERY = timedelta(minutes=10)
"""So often it is written that a session was used."""
MOST = 50
"""So many browsers of one person are kept; the ones that began first are signed out."""


def open_session(*, account: Account, address: str, user_agent: str) -> str:
    """A session of `account` in one more browser; gives the key that its cookie names."""
    key, now = secrets.token_urlsafe(16), clock.machine_time()
    db.session.execute(
        insert(AccountSession).values(
            key=key,
            account_id=account.id,
            created_at=now,
            last_seen_at=now,
            address=short_address(address),
            browser=browser_of(user_agent),
        )
    )
    kept = select(AccountSession.key).where(AccountSession.account_id == account.id)
    first = kept.order_by(AccountSession.created_at.desc(), AccountSession.key).offset(MOST)
    for old in db.session.scalars(first).all():
        leave_session(old)
    return key


def leave_session(key: str) -> None:
    """Sign out of one browser."""
    db.session.execute(delete(AccountSession).where(AccountSession.key == key))


def end_session(*, account: Account, key: str, by: Actor) -> bool:
    """End one session of `account` from another browser; False when there is no such session any more."""
    ended = delete(AccountSession).where(AccountSession.key == key, AccountSession.account_id == account.id)
    if db.session.execute(ended.returning(AccountSession.key)).first() is None:
        return False
    record("accounts.session_ended", by=by, subject=f"account:{account.id}")
    return True


def end_other_sessions(*, account: Account, but: str, by: Actor) -> int:
    """End every session of `account` except one; how many that were."""
    ended = delete_sessions(account.id, but=but)
    if ended:
        record("accounts.other_sessions_ended", by=by, subject=f"account:{account.id}", count=ended)
    return ended


def delete_sessions(account_id: int, *, but: str = "") -> int:
    """Delete an account's sessions, except the one named; how many. Whoever calls this records why."""
    ended = delete(AccountSession).where(AccountSession.account_id == account_id, AccountSession.key != but)
    return len(db.session.execute(ended.returning(AccountSession.key)).all())


def list_sessions(account_id: int) -> Sequence[AccountSession]:
    """Where an account is signed in, the browser used last first."""
    return db.session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.created_at > clock.machine_time() - LONGEST)
        .order_by(AccountSession.last_seen_at.desc(), AccountSession.key)
    ).all()


def is_to_be_noted(last_seen_at: datetime) -> bool:
    """Whether it is long enough ago that the use of a session was written down."""
    return clock.machine_time() - last_seen_at > SEEN_EVERY


def note_seen(key: str) -> None:
    """Write down that a session is used. Left out when the database is busy or takes no writes: the next page will."""
    try:
        with quick_transaction() as connection:
            if connection is not None:
                seen = update(AccountSession).where(AccountSession.key == key)
                connection.execute(seen.values(last_seen_at=clock.machine_time()))
    except SQLAlchemyError:
        return


def forget_old_sessions() -> None:
    """Delete sessions that are over by their age (called by the worker)."""
    over = AccountSession.created_at <= clock.machine_time() - LONGEST
    db.session.execute(delete(AccountSession).where(over))
