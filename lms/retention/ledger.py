"""The list of people whose values were erased on request, in a file beside the database: a restored backup brings the
values back, and this list says of whom they are to be erased again.

It holds no values: the id, when the entry was made (ids may be given again after a restore) and when it was erased.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.occupancy import give_to_owner
from lms.people.models import Person
from lms.retention.queries import list_erased_people

FILE = "erased-people.jsonl"
TO_NOTE = "erased_to_note"


@dataclass(frozen=True)
class Erased:
    """One entry that was erased; moments in UTC, as ISO 8601."""

    person: int
    created_at: str
    erased_at: str


def path() -> Path:
    """Where the list lies."""
    settings: Settings = current_app.extensions["settings"]
    return settings.instance / FILE


def note(people: Iterable[Person]) -> None:
    """Add these people to the list once the transaction is committed."""
    db.session.info.setdefault(TO_NOTE, []).extend(map(_of, people))


def complete() -> int:
    """Add whoever is erased in the database and not on the list, as after a process was killed between the two; how
    many."""
    known = {(one.person, one.created_at) for one in read()}
    missing = [one for one in map(_of, list_erased_people()) if (one.person, one.created_at) not in known]
    _append(path(), missing)
    return len(missing)


def read() -> list[Erased]:
    """The whole list. A line that was cut off is left out: `complete` adds it again."""
    if not path().exists():
        return []
    found = []
    for line in path().read_text(encoding="utf-8").splitlines():
        try:
            found.append(Erased(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def is_meant(one: Erased, person: Person) -> bool:
    """Whether an entry of the list is about this person, and not about another who was given the same id."""
    return one.person == person.id and one.created_at == person.created_at.isoformat()


def _of(person: Person) -> Erased:
    erased_at = person.erased_at.isoformat() if person.erased_at else ""
    return Erased(person.id, person.created_at.isoformat(), erased_at)


def _append(file: Path, entries: Iterable[Erased]) -> None:
    lines = "".join(f"{json.dumps(asdict(one))}\n" for one in entries)
    if not lines:
        return
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        cut_off = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (b"\n" if cut_off else b"") + lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    give_to_owner(file, file.parent)


@event.listens_for(Session, "after_commit")
def _write(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.get(TO_NOTE):
        _append(path(), session.info.pop(TO_NOTE))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    session.info.pop(TO_NOTE, None)
