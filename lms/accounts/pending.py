"""What was asked and waits for its answer: kept here, not in the browser; taken once; worthless after some minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete

from lms.accounts.models import PendingAnswer
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.inserting import insert_into
from lms.people.vault import keyed_hash


def keep(kind: str, key: str, value: dict[str, Any], *, lasts: timedelta, connection: Connection | None = None) -> None:
    """Keep `value` until it is taken by the same `kind` and `key`; what was kept there before is worthless now. On a
    connection of its own where one is given."""
    asked = {"value": value, "expires_at": clock.machine_time() + lasts}
    statement = insert_into(PendingAnswer).values(kind=kind, key=_name(kind, key), **asked)
    (connection or db.session).execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_=asked))


def take(kind: str, key: str, connection: Connection | None = None) -> dict[str, Any] | None:
    """What was kept, which is gone by that; None when it was taken before, is too old or never was. On a connection of
    its own where one is given."""
    name = _name(kind, key)
    taken = delete(PendingAnswer).where(PendingAnswer.kind == kind, PendingAnswer.key == name)
    row = (
        (connection or db.session).execute(taken.returning(PendingAnswer.value, PendingAnswer.expires_at)).one_or_none()
    )
    if row is None or row.expires_at <= clock.machine_time():
        return None
    value: dict[str, Any] = row.value
    return value


def forget_old() -> None:
    """Delete what nobody answered in time (called by the worker)."""
    db.session.execute(delete(PendingAnswer).where(PendingAnswer.expires_at <= clock.machine_time()))


def _name(kind: str, key: str) -> str:
    return keyed_hash(f"pending-{kind}", key)
