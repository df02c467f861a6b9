"""The identity behind a request: the session's account, its duties, and what it has to do first."""

from __future__ import annotations

from typing import Any

from flask import session
from sqlalchemy import Row

from lms.accounts import browsers
from lms.accounts import session as sessions
from lms.accounts.models import Account, AccountSession
from lms.accounts.queries import HAS_PASSKEY
from lms.commissions.permissions import STANDING, Scope, keep_scope, read_scope, scope_of_account
from lms.core import clock
from lms.core.database import engine
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.web.identity import Identity, current_identity
from lms.people.models import Person, polite_name

READER = STANDING.add_columns(
    Account.login,
    Account.password_hash,
    Account.totp_encrypted,
    Account.session_version,
    Account.disabled_at,
    Person.given_name,
    Person.patronymic,
    AccountSession.created_at,
    AccountSession.last_seen_at,
    HAS_PASSKEY.label("has_passkey"),
)
READER = READER.join(Person, Person.id == Account.person_id).join(AccountSession, sessions.IS_OPEN)
"""All that most pages need to know of their reader, in one statement; nothing when the session was ended."""


def load_identity() -> Identity | None:
    """The signed-in identity, or None. A second factor is asked of everyone who holds a role."""
    if not session or (account_id := sessions.find_account_id()) is None:
        return None
    asked = {"account": account_id, "session": sessions.browser_key(), "now": clock.now()}
    rows = db.session.execute(READER, asked).all()
    if not rows or not sessions.is_good(rows[0], rows[0]):
        return None
    reader, scope = rows[0], read_scope(rows)
    keep_scope(scope)
    if engine.reading.get() and browsers.is_to_be_noted(reader.last_seen_at):
        browsers.note_seen(sessions.browser_key())
    return Identity(
        account_id=reader.id,
        person_id=reader.person_id,
        login=reader.login,
        name=polite_name(reader.given_name, reader.patronymic),
        duties=scope.duties,
        first_step=_first_step(reader, scope),
        needs_second_factor=bool(scope.grants),
    )


def _first_step(reader: Row[Any], scope: Scope) -> str | None:
    if reader.password_hash is None or sessions.must_choose_password():
        return "accounts.choose_password"
    has_factor = reader.totp_encrypted is not None or reader.has_passkey
    if scope.grants and not has_factor and not sessions.is_vouched_for():
        return "accounts.set_up_second_factor"
    if has_factor and not sessions.has_second_factor():
        return "accounts.prove_second_factor"
    return None


def current_scope() -> Scope:
    """The scope of whoever sends the request; NotFound for a stranger."""
    me = current_identity()
    if me is None:
        raise NotFound
    return scope_of_account(me.account_id)
