"""From where an act comes: a network and a kind of browser, the worker, or a command of whoever runs the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from flask import has_request_context, request
from sqlalchemy import event as sql_event
from sqlalchemy import insert, select
from sqlalchemy.orm import Session, SessionTransaction

from lms.core import clock
from lms.core.audit.hashes import hash_of, new_salt
from lms.core.audit.models import AuditOrigin
from lms.core.database.base import db
from lms.core.visitors import browser_of, short_address

WORKER, COMMAND = "worker", "command"
USED_FOR = timedelta(days=30)
"""One row stands for acts of so long, so that it can be erased when the last of them is old enough."""
_KNOWN = "audit_origins"
_working: ContextVar[bool] = ContextVar("working", default=False)


@contextmanager
def working() -> Iterator[None]:
    """Inside, the worker acts."""
    token = _working.set(True)
    try:
        yield
    finally:
        _working.reset(token)


def origin_of(account_id: int | None) -> str:
    """From where `account_id` acts now, as an entry of the record keeps it; kept in the caller's transaction when it is
    new."""
    if _working.get():
        return WORKER
    if not has_request_context():
        return COMMAND
    network, browser = short_address(request.remote_addr or ""), browser_of(request.user_agent.string)
    known: dict[tuple[int | None, str, str], str] = db.session.info.setdefault(_KNOWN, {})
    key = (account_id, network, browser)
    if key not in known:
        known[key] = _find(*key) or _make(*key)
    return known[key]


def known_origin_of(account_id: int | None) -> str | None:
    """The same where only reading is allowed: None when nothing was recorded from there before."""
    if _working.get() or not has_request_context():
        return origin_of(account_id)
    return _find(account_id, short_address(request.remote_addr or ""), browser_of(request.user_agent.string))


def _find(account_id: int | None, network: str, browser: str) -> str | None:
    return db.session.scalar(
        select(AuditOrigin.hash)
        .where(
            AuditOrigin.account_id == account_id,
            AuditOrigin.network == network,
            AuditOrigin.browser == browser,
            AuditOrigin.salt != "",
            AuditOrigin.made_at > clock.now() - USED_FOR,
        )
        .limit(1)
    )


def _make(account_id: int | None, network: str, browser: str) -> str:
    salt = new_salt()
    made = hash_of(salt, network, browser)
    row = {"hash": made, "account_id": account_id, "made_at": clock.now(), "network": network, "browser": browser}
    db.session.execute(insert(AuditOrigin), [{**row, "salt": salt}])
    return made


@sql_event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop(_KNOWN, None)
