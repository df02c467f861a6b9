"""Write the record of what was done, and seal it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditSeal, AuditValue
from lms.core.database.base import db
from lms.core.database.bulk import insert_for_ids, insert_many
from lms.core.database.trouble import trouble_of
from lms.core.errors import Unrecorded

log = structlog.get_logger(__name__)
Changed = dict[str, tuple[str, str]]
"""Field -> (before, after), personal."""
SETTLING = timedelta(minutes=1)
"""Entries younger than this may still be joined by others with lower ids; they are sealed later."""
BEFORE_ALL = -(2**31)
"""Lower than any id: nothing can be slipped in below the first entry."""


class Actor(Protocol):
    """Whoever acts: a signed-in person, an operator with `--by`, or the system."""

    @property
    def account_id(self) -> int | None:
        """None for the system."""


def record(action: str, *, by: Actor, subject: str, values: Changed | None = None, **details: Any) -> AuditEntry:
    """The audit entry of one act, flushed in the caller's transaction. `values`: field -> (before, after), personal.

    Raises Unrecorded when it cannot be written: then the act must not be either."""
    db.session.flush()
    entry = AuditEntry(at=clock.now(), account_id=by.account_id, action=action, subject=subject, details=details)
    db.session.add(entry)
    with refused_unrecorded():
        db.session.flush()
    for field, (before, after) in (values or {}).items():
        db.session.add(AuditValue(entry_id=entry.id, field=field, before=before, after=after))
    return entry


def record_all(action: str, *, by: Actor, acts: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Write the entries of many acts of one kind at once, each (subject, details), in the caller's transaction.

    Raises Unrecorded when they cannot be written."""
    common = {"at": clock.now(), "account_id": by.account_id, "action": action}
    db.session.flush()
    with refused_unrecorded():
        insert_many(AuditEntry, [{**common, "subject": subject, "details": details} for subject, details in acts])


def record_changes(action: str, *, by: Actor, changes: Sequence[tuple[str, Changed]]) -> None:
    """Write the entries of many acts that changed personal values, each (subject, what changed), in the caller's
    transaction. Raises Unrecorded when they cannot be written."""
    common = {"at": clock.now(), "account_id": by.account_id, "action": action}
    entries = [{**common, "subject": subject, "details": {"fields": sorted(changed)}} for subject, changed in changes]
    db.session.flush()
    with refused_unrecorded():
        ids = insert_for_ids(AuditEntry, entries)
        values = [
            {"entry_id": entry_id, "field": field, "before": before, "after": after}
            for entry_id, (_subject, changed) in zip(ids, changes, strict=True)
            for field, (before, after) in changed.items()
        ]
        insert_many(AuditValue, values)


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


def seal() -> AuditSeal | None:
    """The seal over all settled entries since the last seal, chained to it; None when there is nothing to seal."""
    last = db.session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    entries = list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.id > (last.last_id if last else BEFORE_ALL), AuditEntry.at < clock.now() - SETTLING)
            .order_by(AuditEntry.id)
        )
    )
    if not entries:
        return None
    row = AuditSeal(
        first_id=entries[0].id,
        last_id=entries[-1].id,
        count=len(entries),
        hash=batch_hash(last.hash if last else "", entries),
        sealed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def find_broken_seal() -> AuditSeal | None:
    """The first seal that no longer matches the entries under it, or None: the chain holds."""
    previous = ""
    after = BEFORE_ALL
    for row in db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        entries = list(
            db.session.scalars(
                select(AuditEntry).where(AuditEntry.id > after, AuditEntry.id <= row.last_id).order_by(AuditEntry.id)
            )
        )
        if len(entries) != row.count or batch_hash(previous, entries) != row.hash:
            return row
        previous, after = row.hash, row.last_id
    return None


def batch_hash(previous: str, entries: list[AuditEntry]) -> str:
    """SHA-256 (hex) over the previous seal's hash and every field of `entries` in order."""
    digest = hashlib.sha256(previous.encode())
    for entry in entries:
        fields = [entry.id, entry.at.isoformat(), entry.account_id, entry.action, entry.subject, entry.details]
        digest.update(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()
