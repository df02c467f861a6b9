"""The signed session: which account, of which session version, and whether the second factor was proven."""

from __future__ import annotations

from typing import Any

from flask import g, session
from sqlalchemy import Row
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.core.database.base import db
from lms.core.web.identity import forget_identity

ACCOUNT, VERSION, SECOND, MUST_CHOOSE = "a", "v", "2", "p"


def start_session(account: Account, *, must_choose_password: bool) -> None:
    """Begin a fresh session of `account`: nothing of an earlier one stays."""
    session.clear()
    session.permanent = True
    session[ACCOUNT], session[VERSION] = account.id, account.session_version
    if must_choose_password:
        session[MUST_CHOOSE] = 1
    forget_identity()


def end_session() -> None:
    """Sign out of this browser."""
    session.clear()
    forget_identity()


def keep_session(account: Account) -> None:
    """Go on with this session after the account's other sessions were ended."""
    session[VERSION] = account.session_version
    session.pop(MUST_CHOOSE, None)
    forget_identity()


def note_second_factor() -> None:
    """The second factor was proven in this session."""
    session[SECOND] = 1
    forget_identity()


def has_second_factor() -> bool:
    """Whether the second factor was proven in this session."""
    return bool(session.get(SECOND))


def must_choose_password() -> bool:
    """Whether the person came with a one-time code and has yet to choose a password."""
    return bool(session.get(MUST_CHOOSE))


def session_key() -> tuple[int, int] | None:
    """(account id, session version) of the signed session, without asking the database; None for a stranger or a
    session whose first steps are not done."""
    if ACCOUNT not in session or must_choose_password():
        return None
    return int(session[ACCOUNT]), int(session[VERSION])


def find_account_id() -> int | None:
    """Whose session it says it is, good or not, without asking the database; None for a stranger."""
    return session.get(ACCOUNT)


def is_good(account: Account | Row[Any]) -> bool:
    """Whether this session may go on, as its account now stands."""
    return account.disabled_at is None and account.session_version == session.get(VERSION)


def find_session_account() -> Account | None:
    """The account of this session, if it is still good; looked up once per request."""
    if ACCOUNT not in session:
        return None
    account: Account | None = g.get("session_account")
    if account is None or account.id != session[ACCOUNT]:
        account = g.session_account = db.session.get(Account, session[ACCOUNT], options=[joinedload(Account.person)])
    return account if account is not None and is_good(account) else None
