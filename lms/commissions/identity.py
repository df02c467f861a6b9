"""The identity behind a request: the session's account, its duties, and what it has to do first."""

from __future__ import annotations

from flask import session

from lms.accounts import session as sessions
from lms.commissions.permissions import Scope, scope_of
from lms.core.errors import NotFound
from lms.core.web.identity import Identity


def load_identity() -> Identity | None:
    """The signed-in identity, or None. A second factor is asked of everyone who holds a role."""
    if not session:
        return None
    account = sessions.find_session_account()
    if account is None:
        return None
    scope = scope_of(account)
    first_step = None
    if account.password_hash is None or sessions.must_choose_password():
        first_step = "accounts.choose_password"
    elif scope.grants and account.totp_encrypted is None:
        first_step = "accounts.set_up_second_factor"
    elif account.totp_encrypted is not None and not sessions.has_second_factor():
        first_step = "accounts.prove_second_factor"
    return Identity(
        account_id=account.id,
        person_id=account.person_id,
        login=account.login,
        name=account.person.polite_name,
        duties=scope.duties,
        first_step=first_step,
    )


def current_scope() -> Scope:
    """The scope of whoever sends the request; NotFound for a stranger."""
    account = sessions.find_session_account()
    if account is None:
        raise NotFound
    return scope_of(account)
