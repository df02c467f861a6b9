"""Erase what rosters brought along: the file from the disk, its rows, what undoing would need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select

from lms.commissions.models import Appointment
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done
from lms.core.documents.removing import remove
from lms.core.jobs.models import Job
from lms.people.models import Person
from lms.people.vault import open_text
from lms.rosters.models import RosterChange, RosterImport, RosterRow
from lms.rosters.states import ImportState

WAITING = (ImportState.UPLOADED, ImportState.READ, ImportState.FAILED, ImportState.UNDONE)
"""Neither applied nor discarded."""
AT_ONCE = 1_000


def forget_content(roster_import: RosterImport) -> None:
    """Take the file of an import away, now and for good, with the notes that quote it. Its rows go afterwards."""
    file_id, roster_import.file_id = roster_import.file_id, None
    roster_import.erased_at = roster_import.erased_at or clock.now()
    roster_import.notes, roster_import.fault_params = [], {}
    if file_id is not None:
        remove([file_id])


def _forget(ids: Keys) -> int:
    for one in db.session.scalars(select(RosterImport).where(RosterImport.id.in_(ids))).all():
        forget_content(one)
        if one.state != ImportState.APPLIED:
            one.state = ImportState.DISCARDED
    db.session.flush()
    return len(ids)


def _is_at_work() -> ColumnElement[bool]:
    return exists().where(Job.id == RosterImport.job_id, Job.state.in_(("queued", "running")))


def _is_settled(before: datetime) -> ColumnElement[bool]:
    """Applied before that moment; or discarded, when files of discarded lists were still kept."""
    applied = and_(RosterImport.state == ImportState.APPLIED, RosterImport.applied_at <= before)
    unerased = and_(applied, RosterImport.erased_at.is_(None))
    return or_(unerased, and_(RosterImport.state == ImportState.DISCARDED, RosterImport.file_id.is_not(None))) & (
        ~_is_at_work()
    )


def _is_left(before: datetime) -> ColumnElement[bool]:
    last = func.coalesce(RosterImport.undone_at, RosterImport.read_at, RosterImport.created_at)
    return and_(RosterImport.state.in_(WAITING), last <= before, ~_is_at_work())


def _erased() -> Any:
    return select(RosterImport.id).where(RosterImport.erased_at.is_not(None))


APPLIED = DueRows(RosterImport.id, _is_settled, _forget)
LEFT = DueRows(RosterImport.id, _is_left, _forget)
ROWS = DueRows(
    RosterRow.id,
    lambda _before: RosterRow.import_id.in_(_erased()),
    lambda ids: count_done(delete(RosterRow).where(RosterRow.id.in_(ids))),
)
"""Rows of imports whose files are gone."""
CHANGES = DueRows(
    RosterChange.id,
    lambda _before: RosterChange.import_id.in_(_erased()),
    lambda ids: count_done(delete(RosterChange).where(RosterChange.id.in_(ids))),
)


@dataclass(frozen=True)
class Named:
    """Where rosters name some people: rows and changes that hold their values, and all imports concerned."""

    rows: Sequence[int]
    changes: Sequence[int]
    settled: Sequence[int]
    """Imports that are applied or discarded, and have not been erased."""
    waiting: Sequence[int]
    """Imports that are yet to be applied or discarded."""


def find_named(people: Sequence[Person]) -> Named:
    """Where rosters name these people: by identity number, as known people, or in a row with a problem by what stands
    there."""
    rows = dict(_rows_about(people))
    covering = db.session.execute(
        select(RosterChange.id, RosterChange.import_id, RosterChange.payload).where(_covers(people))
    ).all()
    ids = {*rows.values(), *(row.import_id for row in covering)}
    states = {
        row.id: row.state
        for row in db.session.execute(select(RosterImport.id, RosterImport.state).where(RosterImport.id.in_(ids)))
    }
    waiting = sorted(one for one, state in states.items() if state in WAITING)
    settled = sorted(states.keys() - set(waiting))
    changes = sorted(row.id for row in covering if row.payload is not None)
    return Named(sorted(rows), changes, settled, waiting)


def erase_named(named: Named) -> None:
    """Erase those rows and changes, and the files in which they stood: these imports cannot be undone any more."""
    for model, ids in ((RosterRow, named.rows), (RosterChange, named.changes)):
        for start in range(0, len(ids), AT_ONCE):
            count_done(delete(model).where(model.id.in_(ids[start : start + AT_ONCE])))
    _forget(named.settled)


def _rows_about(people: Sequence[Person]) -> Iterator[tuple[int, int]]:
    """(id, import id) of each row."""
    hashes = [one.number_hash for one in people if one.number_hash]
    wanted = select(RosterRow.id, RosterRow.import_id)
    yield from ((row.id, row.import_id) for row in db.session.execute(wanted.where(RosterRow.number_hash.in_(hashes))))
    unnumbered = wanted.add_columns(RosterRow.payload).where(RosterRow.number_hash == "").order_by(RosterRow.id)
    known, last = [_Known(one) for one in people], 0
    while rows := db.session.execute(unnumbered.where(RosterRow.id > last).limit(AT_ONCE)).all():
        for row in rows:
            words = open_text(row.payload).casefold()
            if any(one.stands_in(words) for one in known):
                yield row.id, row.import_id
        last = rows[-1].id


class _Known:
    """By what a person is known again in the words of a row."""

    def __init__(self, person: Person) -> None:
        number = open_text(person.number_encrypted) if person.number_encrypted else ""
        values = (number, person.phone, person.phone.removeprefix("+7"), person.email.casefold())
        self.any = [value for value in values if value]
        self.all = [part.casefold() for part in (person.surname, person.given_name, person.patronymic) if part]
        self.id = f'"person":{person.id}'

    def stands_in(self, words: str) -> bool:
        """Whether the row is about the person."""
        by_id = words.find(self.id)
        if by_id >= 0 and not words[by_id + len(self.id) : by_id + len(self.id) + 1].isdigit():
            return True
        return any(value in words for value in self.any) or (bool(self.all) and all(part in words for part in self.all))


def _covers(people: Iterable[Person]) -> ColumnElement[bool]:
    """A condition: the change made or changed one of these people, or one of their seats."""
    ids = [one.id for one in people]
    seats = db.session.scalars(select(Appointment.id).where(Appointment.person_id.in_(ids))).all()
    return or_(_lies_in(Person.__tablename__, ids), _lies_in(Appointment.__tablename__, seats))


def _lies_in(table: str, ids: Collection[int]) -> ColumnElement[bool]:
    lies = (and_(RosterChange.first_id <= one, RosterChange.last_id >= one) for one in ids)
    return and_(RosterChange.table == table, or_(false(), *lies))
