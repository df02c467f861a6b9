"""The signed session: which account, in which browser, and whether the second factor was proven."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import g, request, session
from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import joinedload

from lms.accounts.browsers import LONGEST, leave_session, open_session
from lms.accounts.models import Account, AccountSession
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.web.identity import forget_identity

ACCOUNT, VERSION, KEY, SECOND, MUST_CHOOSE = "a", "v", "s", "2", "p"
BY_PROVIDER = 2
IS_OPEN = and_(AccountSession.account_id == Account.id, AccountSession.key == bindparam("session"))
"""A condition: the row of the session `session` belongs to the account. Without its row a session has ended."""


class SessionKey(NamedTuple):
    """What the signed session says of its sender."""

    account_id: int
    version: int
    session: str


def start_session(account: Account, *, must_choose_password: bool) -> None:
    """Begin a fresh session of `account`: nothing of an earlier one of this browser stays."""
    end_session()
    session.permanent = True
    session[ACCOUNT], session[VERSION] = account.id, account.session_version
    address, user_agent = request.remote_addr or "", request.user_agent.string
    session[KEY] = open_session(account=account, address=address, user_agent=user_agent)
    if must_choose_password:
        session[MUST_CHOOSE] = 1


def end_session() -> None:
    """Sign out of this browser."""
    if KEY in session:
        leave_session(session[KEY])
    session.clear()
    forget_identity()


def keep_session(account: Account) -> None:
    """Go on with this session after the account's other sessions were ended."""
    session[VERSION] = account.session_version
    session.pop(MUST_CHOOSE, None)
    forget_identity()


def note_second_factor(*, by_provider: bool = False) -> None:
    """The second factor was proven in this session, here or, as the operator has it count, at the provider."""
    session[SECOND] = BY_PROVIDER if by_provider else 1
    forget_identity()


def is_vouched_for() -> bool:
    """Whether the provider asked for the second factor of this session, so that none of one's own is needed."""
    return session.get(SECOND) == BY_PROVIDER


def has_second_factor() -> bool:
    """Whether the second factor was proven in this session."""
    return bool(session.get(SECOND))


def must_choose_password() -> bool:
    """Whether the person came with a one-time code and has yet to choose a password."""
    return bool(session.get(MUST_CHOOSE))


def session_key() -> SessionKey | None:
    """What the signed session says, without asking the database; None for a stranger or a session whose first steps are
    not done."""
    if ACCOUNT not in session or must_choose_password():
        return None
    return SessionKey(int(session[ACCOUNT]), int(session[VERSION]), browser_key())


def find_account_id() -> int | None:
    """Whose session it says it is, good or not, without asking the database; None for a stranger."""
    return session.get(ACCOUNT)


def browser_key() -> str:
    """The key of this browser's session; empty for a stranger."""
    return str(session.get(KEY, ""))


def is_good(account: Account | Row[Any], opened: AccountSession | Row[Any]) -> bool:
    """Whether this session may go on, as its account and its row now stand."""
    return (
        account.disabled_at is None
        and account.session_version == session.get(VERSION)
        and opened.created_at > clock.machine_time() - LONGEST
    )


def find_session_account() -> Account | None:
    """The account of this session, if it is still good; looked up once per request."""
    if ACCOUNT not in session:
        return None
    found: tuple[Account, AccountSession] | None = g.get("session_account")
    if found is None or found[0].id != session[ACCOUNT]:
        statement = select(Account, AccountSession).join(AccountSession, IS_OPEN).options(joinedload(Account.person))
        row = db.session.execute(
            statement.where(Account.id == session[ACCOUNT]), {"session": browser_key()}
        ).one_or_none()
        found = g.session_account = None if row is None else (row[0], row[1])
    return found[0] if found is not None and is_good(*found) else None


def get_session_account() -> Account:
    """The account of this session; NotFound for a stranger."""
    account = find_session_account()
    if account is None:
        raise NotFound
    return account
