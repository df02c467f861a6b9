"""Write the record of what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.database.bulk import insert_for_ids, insert_many
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


def record_changes(action: str, *, by: Actor, changes: Sequence[tuple[str, Changed]]) -> list[int]:
    """Write the entries of many acts that changed personal values, each (subject, what changed), in the caller's
    transaction, and give their ids. Raises Unrecorded when they cannot be written."""
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
    return ids


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
