"""What stands on an applied import, so that it cannot be undone any more: by kind, how many, and the first few by name.

What an application made may be taken away only while nothing else refers to it; what it changed may be changed back
only while it is still as the application left it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission, CommissionParent, Seat, SeatNumber
from lms.commissions.names import name_of
from lms.commissions.rules import Office
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.database.runs import runs_of, within
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.rosters.changes import Changes
from lms.rosters.keeping import in_words
from lms.rosters.models import RosterChange
from lms.rosters.references import is_made, list_people_with, list_referred_to, table_of

FEW = 3
"""So many are named."""
BATCH = 5_000
CORRECTED = ("people.corrected", "people.number_corrected", "commissions.nomination_corrected")


class Standing(StrEnum):
    """Why an import cannot be undone."""

    SIGNED_IN = "signed in"
    BEGUN = "begun learning"
    RECORDED = "something recorded about people"
    CORRECTED = "corrected again"
    SEATS = "seats changed later"
    COMMISSIONS = "commissions changed later"
    LATER_IMPORT = "later import"


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of later change: how many, and the names of the first few."""

    kind: Standing
    count: int
    few: tuple[str, ...]


def list_reasons(changes: Changes) -> list[Reason]:
    """Why the import cannot be undone; empty when it can."""
    signed_in, begun, differing = list_signed_in(changes), list_begun(changes), list_differing(changes)
    people, places = list_recorded_later(changes)
    found = (
        _of_people(Standing.SIGNED_IN, signed_in),
        _of_people(Standing.BEGUN, begun),
        _of_people(Standing.RECORDED, list_recorded_about(changes) - signed_in - begun),
        _of_people(Standing.CORRECTED, people | differing[Person]),
        _of_people(Standing.SEATS, list_moved_later(changes) | differing[Appointment]),
        _of_commissions(list_commissions_changed(changes) | places | differing[Commission] | differing[SeatNumber]),
        _later_imports(changes),
    )
    return [reason for reason in found if reason is not None]


def list_signed_in(changes: Changes) -> set[int]:
    """People whom it added and who have chosen a password."""
    found: set[int] = set()
    for condition in within(Account.person_id, changes.made(Person)):
        found.update(db.session.scalars(select(Account.person_id).where(condition, Account.password_hash.is_not(None))))
    return found


def list_begun(changes: Changes) -> set[int]:
    """People who have begun a course in which it enrolled them."""
    moments = (Enrolment.started_at, Enrolment.completed_at, Enrolment.imported_at)
    begun = or_(*(moment.is_not(None) for moment in moments))
    found: set[int] = set()
    for column, runs in ((Enrolment.person_id, changes.made(Person)), (Enrolment.id, changes.made(Enrolment))):
        for condition in within(column, runs):
            found.update(db.session.scalars(select(Enrolment.person_id).where(condition, begun)))
    return found


def list_recorded_about(changes: Changes) -> set[int]:
    """People whom it added, or enrolled, and of whom anything else is known: a workshop, a role, a certificate."""
    found = list_referred_to(changes, Person)
    found |= list_people_with(changes, Account) | list_people_with(changes, Enrolment)
    for part in batches(list_referred_to(changes, Enrolment)):
        found.update(db.session.scalars(select(Enrolment.person_id).where(Enrolment.id.in_(part))))
    merged = Person.merged_into_id.is_not(None)
    for condition in within(Person.id, changes.made(Person)):
        found.update(db.session.scalars(select(Person.id).where(condition, merged)))
    for condition in _that_it_ended(changes):
        found.update(db.session.scalars(select(Appointment.person_id).join(Person).where(condition, merged)))
    return found


def list_moved_later(changes: Changes) -> set[int]:
    """People whose seats were ended, given anew or taken by others after it."""
    found = _replaced(changes)
    others = ~is_made(changes, table_of(Appointment))
    for condition in within(Appointment.id, changes.made(Appointment)):
        ended = select(Appointment.person_id).where(condition, Appointment.ends_on.is_not(None))
        found.update(db.session.scalars(ended))
    for column, runs in ((Appointment.person_id, changes.made(Person)), (Appointment.seat_id, changes.made(Seat))):
        for condition in within(column, runs):
            found.update(db.session.scalars(select(Appointment.person_id).where(condition, others)))
    for part in batches(list_referred_to(changes, Appointment)):
        found.update(db.session.scalars(select(Appointment.person_id).where(Appointment.id.in_(part))))
    return found


def _replaced(changes: Changes) -> set[int]:
    """People whose ended seat cannot be theirs again: they sit elsewhere, or another holds the seat or the chair."""
    now = aliased(Appointment)
    both_chairs = and_(now.office == Office.CHAIR, Appointment.office == Office.CHAIR)
    taken = or_(
        now.person_id == Appointment.person_id,
        now.seat_id == Appointment.seat_id,
        and_(now.commission_id == Appointment.commission_id, both_chairs),
    )
    later = and_(
        taken, now.id != Appointment.id, now.ends_on.is_(None), ~is_made(changes, table_of(Appointment), now.id)
    )
    found: set[int] = set()
    for condition in _that_it_ended(changes):
        found.update(db.session.scalars(select(Appointment.person_id).where(condition, exists().where(later))))
    return found


def _that_it_ended(changes: Changes) -> Iterator[ColumnElement[bool]]:
    """Conditions: an appointment was ended by it."""
    return within(Appointment.id, runs_of(one for one, _values in changes.of(Appointment, "ends_on")))


def list_commissions_changed(changes: Changes) -> set[int]:
    """Commissions that it founded, or in which it ended seats, and that were closed or moved, or to which anything else
    refers by now."""
    found, made = list_referred_to(changes, Commission), changes.made(Commission)
    closed = Commission.closed_on.is_not(None)
    for condition in within(Commission.id, made):
        found.update(db.session.scalars(select(Commission.id).where(condition, closed)))
    for condition in _that_it_ended(changes):
        found.update(db.session.scalars(select(Appointment.commission_id).join(Commission).where(condition, closed)))
    for condition in within(CommissionParent.commission_id, made):
        moved = select(CommissionParent.commission_id).where(condition, CommissionParent.valid_to.is_not(None))
        found.update(db.session.scalars(moved))
    return found


def list_recorded_later(changes: Changes) -> tuple[set[int], set[int]]:
    """People whom it added, and commissions that it founded, which the record says were corrected after it."""
    applied = select(AuditEntry.id).where(
        AuditEntry.subject == f"roster_import:{changes.import_id}", AuditEntry.action == "rosters.applied"
    )
    since = db.session.scalar(applied.order_by(AuditEntry.id.desc()).limit(1)) or 0
    later = select(AuditEntry.action, AuditEntry.subject, AuditEntry.details).where(
        AuditEntry.id > since, AuditEntry.action.in_((*CORRECTED, "commissions.time_zone_set"))
    )
    people, places = set[int](), set[int]()
    for action, subject, details in db.session.execute(later.execution_options(yield_per=2_000)):
        is_person = action in CORRECTED
        row_id = int(details.get("person") or subject.rpartition(":")[2])
        if any(first <= row_id <= last for first, last in changes.made(Person if is_person else Commission)):
            (people if is_person else places).add(row_id)
    return people, places


def list_differing(changes: Changes) -> dict[type[Any], set[int]]:
    """Rows that it changed and that are no longer as it left them: whose they are (people, or commissions)."""
    owners = {Person: "id", Appointment: "person_id", SeatNumber: "commission_id", Commission: "id"}
    return {model: {getattr(row, owner) for row in _differing(changes, model)} for model, owner in owners.items()}


def _differing(changes: Changes, model: type[Any]) -> Iterator[Any]:
    kept = dict(changes.of(model))
    for part in batches(kept):
        for row in db.session.scalars(select(model).where(model.id.in_(part))):
            if any(in_words(getattr(row, name)) != after for name, (_before, after) in kept[row.id].items()):
                yield row


def _later_imports(changes: Changes) -> Reason | None:
    """Later applications that did anything to the same rows: they have to be undone first."""
    mine = aliased(RosterChange)
    overlap = and_(mine.first_id <= RosterChange.last_id, mine.last_id >= RosterChange.first_id)
    later = (
        select(RosterChange.import_id)
        .join(mine, and_(mine.table == RosterChange.table, overlap))
        .where(mine.import_id == changes.import_id, RosterChange.import_id != changes.import_id)
        .where(RosterChange.id > changes.last_id)
    )
    ids = db.session.scalars(later.distinct().order_by(RosterChange.import_id)).all()
    return Reason(Standing.LATER_IMPORT, len(ids), tuple(str(one) for one in ids[:FEW])) if ids else None


def _of_people(kind: Standing, ids: Collection[int]) -> Reason | None:
    if not ids:
        return None
    few = db.session.scalars(select(Person).where(Person.id.in_(sorted(ids)[:FEW])).order_by(Person.id))
    return Reason(kind, len(ids), tuple(person.full_name for person in few))


def _of_commissions(ids: Collection[int]) -> Reason | None:
    if not ids:
        return None
    few = db.session.scalars(select(Commission).where(Commission.id.in_(sorted(ids)[:FEW])).order_by(Commission.id))
    return Reason(Standing.COMMISSIONS, len(ids), tuple(name_of(commission) for commission in few))


def batches(ids: Collection[int]) -> Iterator[Sequence[int]]:
    """Some ids at a time, rising."""
    rising = sorted(ids)
    for start in range(0, len(rising), BATCH):
        yield rising[start : start + BATCH]
