"""What stands aside of the record compared with the hashes that its entries keep of it: values before and after, and
from where somebody acted. What was erased is empty and has its hash still."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, func, or_, select

from lms.core.audit.hashes import hash_of
from lms.core.audit.models import AuditEntry, AuditOrigin, AuditValue
from lms.core.audit.origins import COMMAND, WORKER
from lms.core.database.base import db

AT_ONCE = 1_000


@dataclass(frozen=True)
class Aside:
    """How what stands aside was found: values that are as they were written, values erased, values from before hashes
    were kept of them, and the first entry beside which something was changed, removed or slipped in."""

    kept: int
    erased: int
    unproven: int
    broken: int | None


def look_aside() -> Aside:
    """Every value, and every place from which somebody acted, compared with its entries."""
    kept = erased = 0
    for entry_id, hashes, values in _beside_entries():
        if sorted(hashes) != sorted(one.hash or "" for one in values):
            return Aside(kept, erased, 0, entry_id)
        for one in values:
            if one.salt == "":
                erased += 1
            elif hash_of(one.salt or "", one.field, one.before, one.after) == one.hash:
                kept += 1
            else:
                return Aside(kept, erased, 0, entry_id)
    return Aside(kept, erased, _count_unproven(), _find_slipped_in() or _find_without_origin())


def _beside_entries() -> Iterator[tuple[int, Sequence[str], list[Row[Any]]]]:
    """(entry, hashes that it keeps, values beside it), in order."""
    after = -(2**31)
    wanted = select(AuditEntry.id, AuditEntry.value_hashes).where(AuditEntry.value_hashes.is_not(None))
    columns = (
        AuditValue.entry_id, AuditValue.field, AuditValue.before, AuditValue.after, AuditValue.salt, AuditValue.hash
    )  # fmt: skip
    while entries := db.session.execute(
        wanted.where(AuditEntry.id > after).order_by(AuditEntry.id).limit(AT_ONCE)
    ).all():
        values = defaultdict(list)
        for one in db.session.execute(
            select(*columns).where(AuditValue.entry_id > after, AuditValue.entry_id <= entries[-1].id)
        ):
            values[one.entry_id].append(one)
        for entry in entries:
            yield entry.id, entry.value_hashes, values[entry.id]
        after = entries[-1].id


def _count_unproven() -> int:
    return db.session.scalar(select(func.count(AuditValue.id)).where(AuditValue.hash.is_(None))) or 0


def _find_slipped_in() -> int | None:
    """The first entry that keeps no hashes and has a value with one."""
    return db.session.scalar(
        select(func.min(AuditValue.entry_id)).where(
            AuditValue.hash.is_not(None),
            exists().where(AuditEntry.id == AuditValue.entry_id, AuditEntry.value_hashes.is_(None)),
        )
    )


def _find_without_origin() -> int | None:
    """The first entry whose origin is gone or was changed."""
    rows = db.session.execute(select(AuditOrigin.hash, AuditOrigin.salt, AuditOrigin.network, AuditOrigin.browser))
    changed = [one.hash for one in rows if one.salt and hash_of(one.salt, one.network, one.browser) != one.hash]
    there = exists().where(AuditOrigin.hash == AuditEntry.origin)
    gone = AuditEntry.origin.not_in((WORKER, COMMAND)) & ~there
    return db.session.scalar(select(func.min(AuditEntry.id)).where(or_(AuditEntry.origin.in_(changed), gone)))
