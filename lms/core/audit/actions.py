"""Write the record of what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from lms.core import clock
from lms.core.audit.hashes import hash_of, new_salt
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.audit.origins import known_origin_of, origin_of
from lms.core.database.base import db
from lms.core.database.bulk import insert_for_ids, insert_many
from lms.core.database.engine import own_transaction
from lms.core.database.trouble import trouble_of
from lms.core.errors import Unrecorded

log = structlog.get_logger(__name__)
Changed = dict[str, tuple[str, str]]
"""Field -> (before, after), personal."""


class Actor(Protocol):
    """Whoever acts: a signed-in person, an operator with `--by`, or the system."""

    @property
    def account_id(self) -> int | None:
        """None for the system."""


def record(action: str, *, by: Actor, subject: str, values: Changed | None = None, **details: Any) -> AuditEntry:
    """The audit entry of one act, flushed in the caller's transaction. `values`: field -> (before, after), personal.

    Raises Unrecorded when it cannot be written: then the act must not be either."""
    db.session.flush()
    aside = _aside(values or {})
    hashes = [one["hash"] for one in aside] or None
    with refused_unrecorded():
        entry = AuditEntry(**_common(by), action=action, subject=subject, details=details, value_hashes=hashes)
        db.session.add(entry)
        db.session.flush()
    db.session.add_all(AuditValue(entry_id=entry.id, **one) for one in aside)
    return entry


def record_aside(action: str, *, by: Actor, subject: str) -> None:
    """Write the entry of an act of somebody who otherwise only reads, at once and in a transaction of its own. Raises
    Unrecorded when it cannot be written."""
    entry = {"at": clock.now(), "account_id": by.account_id, "origin": known_origin_of(by.account_id)}
    with refused_unrecorded(), own_transaction() as connection:
        connection.execute(insert(AuditEntry), [{**entry, "action": action, "subject": subject, "details": {}}])


def record_all(action: str, *, by: Actor, acts: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Write the entries of many acts of one kind at once, each (subject, details), in the caller's transaction.

    Raises Unrecorded when they cannot be written."""
    db.session.flush()
    with refused_unrecorded():
        common = {**_common(by), "action": action}
        insert_many(AuditEntry, [{**common, "subject": subject, "details": details} for subject, details in acts])


def record_changes(action: str, *, by: Actor, changes: Sequence[tuple[str, Changed]]) -> list[int]:
    """Write the entries of many acts that changed personal values, each (subject, what changed), in the caller's
    transaction, and give their ids. Raises Unrecorded when they cannot be written."""
    aside = [_aside(changed) for _subject, changed in changes]
    db.session.flush()
    with refused_unrecorded():
        common = {**_common(by), "action": action}
        entries = [
            {
                **common,
                "subject": subject,
                "details": {"fields": sorted(changed)},
                "value_hashes": [one["hash"] for one in values],
            }
            for (subject, changed), values in zip(changes, aside, strict=True)
        ]
        ids = insert_for_ids(AuditEntry, entries)
        rows = [{"entry_id": id, **one} for id, values in zip(ids, aside, strict=True) for one in values]
        insert_many(AuditValue, rows)
    return ids


def _common(by: Actor) -> dict[str, Any]:
    """What entries of one act have in common."""
    return {"at": clock.now(), "account_id": by.account_id, "origin": origin_of(by.account_id)}


def _aside(changed: Changed) -> list[dict[str, str]]:
    """The values beside an entry, each with the hash that the entry keeps of it."""
    rows = []
    for field, (before, after) in changed.items():
        salt = new_salt()
        hashed = hash_of(salt, field, before, after)
        rows.append({"field": field, "before": before, "after": after, "salt": salt, "hash": hashed})
    return rows


@contextmanager
def refused_unrecorded() -> Iterator[None]:
    """Inside, only records are written: what goes wrong there, except troubles of the whole database, is Unrecorded."""
    try:
        yield
    except SQLAlchemyError as fault:
        if trouble_of(fault) is not None:
            raise
        log.error("not_recorded", exc_info=fault)
        raise Unrecorded from fault
