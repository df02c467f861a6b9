"""Seals over the record: hashes over closed batches of entries, each chained to the one before.

Whoever changes, removes or slips in an entry under a seal breaks the chain from there on; whoever makes the whole chain
anew changes its last hash, which is why that one is kept elsewhere (`lms audit verify --expect`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditSeal
from lms.core.database.base import db

SETTLING = timedelta(minutes=15)
"""Entries younger than this may still be joined by others with lower ids, of an act that takes minutes; they are sealed
later."""
BEFORE_ALL = -(2**31)
"""Lower than any id: nothing can be slipped in below the first entry."""
AFTER_ALL = 2**31 - 1
FIELDS = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.account_id,
    AuditEntry.action,
    AuditEntry.subject,
    AuditEntry.details,
    AuditEntry.origin,
    AuditEntry.value_hashes,
)
BATCH = 5_000
"""Entries under one seal at most."""
SEALED_WITHIN = SETTLING + timedelta(minutes=45)
"""The worker seals each minute; entries older than this without a seal were left by it, or their seals are gone."""


@dataclass(frozen=True)
class Chain:
    """How the record stands: entries under seals that hold, entries not sealed yet, seals, the last hash that holds,
    the first seal that does not hold, whether the hash that was asked for is in the chain, and since when entries wait
    for a seal that they should have."""

    sealed: int
    open: int
    seals: int
    last_hash: str
    broken: AuditSeal | None
    expected: bool
    late: datetime | None


def seal() -> AuditSeal | None:
    """The seal over the settled entries since the last one, chained to it; None when there is nothing to seal."""
    last = db.session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    after = last.last_id if last else BEFORE_ALL
    young = select(func.min(AuditEntry.id)).where(AuditEntry.id > after, AuditEntry.at >= clock.now() - SETTLING)
    upto = db.session.scalar(young)
    batch = Batch(last.hash if last else "")
    batch.add_all(_between(after, AFTER_ALL if upto is None else upto - 1, most=BATCH))
    if not batch.count:
        return None
    row = AuditSeal(
        first_id=batch.first_id,
        last_id=batch.last_id,
        count=batch.count,
        hash=batch.hash,
        sealed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def look_at_chain(expect: str = "") -> Chain:
    """Every seal compared with the entries under it, up to the first that does not hold. `expect`: a hash that was kept
    elsewhere and must be in the chain."""
    previous, after, sealed, seals = "", BEFORE_ALL, 0, 0
    expected, broken = not expect, None
    for row in db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all():
        batch = Batch(previous)
        batch.add_all(_between(after, row.last_id))
        if (batch.count, batch.hash) != (row.count, row.hash):
            broken = row
            break
        previous, after = row.hash, row.last_id
        sealed, seals, expected = sealed + row.count, seals + 1, expected or row.hash == expect
    unsealed, oldest = db.session.execute(
        select(func.count(AuditEntry.id), func.min(AuditEntry.at)).where(AuditEntry.id > after)
    ).one()
    late = oldest if oldest is not None and oldest < clock.now() - SEALED_WITHIN else None
    return Chain(sealed, unsealed, seals, previous, broken, expected, late)


def _between(after: int, last: int, most: int | None = None) -> Iterable[Row[Any]]:
    """The fields of the entries after one id up to another, in order."""
    entries = select(*FIELDS).where(AuditEntry.id > after, AuditEntry.id <= last).order_by(AuditEntry.id).limit(most)
    return db.session.execute(entries.execution_options(yield_per=1_000))


class Batch:
    """SHA-256 over the hash of the seal before and every field of some entries in order."""

    def __init__(self, previous: str) -> None:
        self._digest = hashlib.sha256(previous.encode())
        self.count = self.first_id = self.last_id = 0

    def add_all(self, entries: Iterable[Row[Any]]) -> None:
        """Take in the fields of entries in the order of their ids."""
        for entry in entries:
            fields = [entry.id, entry.at.isoformat(), entry.account_id, entry.action, entry.subject, entry.details]
            if entry.origin is not None or entry.value_hashes is not None:  # kept in later entries only
                fields += [entry.origin, entry.value_hashes]
            self._digest.update(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode())
            self.first_id = self.first_id if self.count else entry.id
            self.last_id, self.count = entry.id, self.count + 1

    @property
    def hash(self) -> str:
        """In hexadecimal digits."""
        return self._digest.hexdigest()
