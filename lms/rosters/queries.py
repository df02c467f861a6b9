"""Read the present state for a comparison; read imports and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.engine import Result, Row

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission, CommissionClosure, CommissionName, RoleGrant
from lms.commissions.permissions import INSPECTORS, OVERSEERS, Scope, is_commission_in
from lms.commissions.queries import not_over_at
from lms.commissions.rules import Level, Territory
from lms.core import clock
from lms.core.database.base import db, get_row
from lms.people.models import Person
from lms.rosters.departures import Departures
from lms.rosters.findings import Outcome
from lms.rosters.models import RosterColumns, RosterImport, RosterRow
from lms.rosters.packing import unpack, unpack_place
from lms.rosters.placing import NUMBERED, UPPER
from lms.rosters.reading.headings import Field
from lms.rosters.state import Present, PresentAppointment, PresentCommission, PresentPerson
from lms.rosters.states import ImportState

BATCH = 5_000


def load_commissions(base: Commission) -> Present:
    """The present state of the branch of `base`, as yet without people."""
    names: dict[int, list[str]] = {}
    below = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == base.id)
    territorial = (
        select(CommissionName.commission_id, CommissionName.name)
        .join(Commission, Commission.id == CommissionName.commission_id)
        .where(Commission.level != Level.PEC, Commission.id.in_(below))
        .order_by(CommissionName.commission_id, CommissionName.language)
    )
    for commission_id, name in db.session.execute(territorial):
        names.setdefault(commission_id, []).append(name)
    rows = db.session.execute(
        select(
            Commission.id,
            Commission.code,
            Commission.parent_id,
            Commission.level,
            Commission.territory,
            Commission.number,
            Commission.time_zone,
        ).where(Commission.id.in_(below), Commission.closed_on.is_(None))
    )
    found = {row.id: _present(row, tuple(names.get(row.id, ()))) for row in rows}
    return Present(found[base.id], found)


def list_numbers_below(commission_id: int) -> set[int]:
    """Numbers of the territorial commissions directly below."""
    below = select(Commission.number).where(Commission.parent_id == commission_id, Commission.level == Level.TEC)
    return set(db.session.scalars(below))


def load_people(present: Present, hashes: Iterable[str], commission_ids: Iterable[int]) -> None:
    """Add to `present` the members of these commissions and the people with these hashes of identity numbers."""
    once: dict[str, str] = {}
    for part in _batches(commission_ids):
        for row in _rows_of(Appointment.commission_id.in_(part)):
            known = _add_person(present, row, once)
            present.members.setdefault(row.commission_id, []).append(known)
    for part in _batches(one for one in hashes if one not in present.people):
        for row in _rows_of(Person.number_hash.in_(part)):
            _add_person(present, row, once)


def _rows_of(which: ColumnElement[bool]) -> Result[Any]:
    return db.session.execute(_people().where(which))


def _people() -> Select[Any]:
    return select(
        Person.id,
        Person.number_hash,
        Person.surname,
        Person.given_name,
        Person.patronymic,
        Person.phone,
        Person.email,
        Person.language,
        Appointment.id.label("appointment_id"),
        Appointment.commission_id,
        Appointment.office,
        Appointment.nominated_by,
    ).outerjoin(Appointment, (Appointment.person_id == Person.id) & Appointment.ends_on.is_(None))


def _add_person(present: Present, row: Row[Any], once: dict[str, str]) -> str:
    """The hash under which the person now stands in `present`. `once`: words that many share are kept once."""
    person_id, number_hash, surname, given_name, patronymic, phone, email, language, *seat = row
    known = number_hash or f"person:{person_id}"
    surname, given_name, patronymic, language = (
        once.setdefault(word, word) for word in (surname, given_name, patronymic, language)
    )
    person = PresentPerson(person_id, surname, given_name, patronymic, phone, email, language)
    appointment_id, commission_id, office, nominated_by = seat
    if appointment_id is not None:
        visible = commission_id in present.commissions
        said = (once.setdefault(office, office), once.setdefault(nominated_by, nominated_by))
        person.appointment = PresentAppointment(appointment_id, commission_id, *said, visible)
    present.people[known] = person
    return known


def _present(row: Row[Any], names: tuple[str, ...]) -> PresentCommission:
    level, territory = Level(row.level), Territory(row.territory)
    return PresentCommission(row.id, row.code, row.parent_id, level, territory, row.number, names, row.time_zone)


def _batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(values)
    while part := list(islice(waiting, BATCH)):
        yield part


def get_import(import_id: int) -> RosterImport:
    """The import. Raises NotFound."""
    return get_row(RosterImport, import_id)


def list_imports(scope: Scope, *, limit: int = 100) -> Sequence[RosterImport]:
    """Imports for the branches that `scope` looks after or audits, newest first."""
    return db.session.scalars(
        select(RosterImport)
        .where(is_commission_in(scope, RosterImport.commission_id, *INSPECTORS))
        .order_by(RosterImport.id.desc())
        .limit(limit)
    ).all()


def list_named_imports(scope: Scope, ids: Sequence[int]) -> Sequence[RosterImport]:
    """Those of these imports that are for branches which `scope` looks after, in the order of their numbers."""
    return db.session.scalars(
        select(RosterImport)
        .where(RosterImport.id.in_(ids), is_commission_in(scope, RosterImport.commission_id, *OVERSEERS))
        .order_by(RosterImport.id)
    ).all()


def list_columns_said(commission_id: int) -> dict[str, dict[int, Field]]:
    """What was said of unknown headings in files for the branch of this commission, by the key of the heading row."""
    kept = db.session.scalars(select(RosterColumns).where(RosterColumns.commission_id == commission_id))
    return {one.key: {int(place): Field(field) for place, field in one.fields.items()} for one in kept}


def find_columns(commission_id: int, key: str) -> RosterColumns | None:
    """What was said of the heading row with this key."""
    return db.session.scalar(
        select(RosterColumns).where(RosterColumns.commission_id == commission_id, RosterColumns.key == key)
    )


def list_bases(scope: Scope) -> Sequence[Commission]:
    """The commissions above precincts that `scope` looks after, from the top down: a file is for the branch of one."""
    return db.session.scalars(
        select(Commission)
        .where(is_commission_in(scope, Commission.id, *OVERSEERS), Commission.level != Level.PEC)
        .where(Commission.closed_on.is_(None))
        .order_by(Commission.code)
    ).all()


def list_territorial(roster_import: RosterImport) -> list[tuple[Commission, bool]]:
    """The territorial commissions that an applied file names, in its order, each with whether it is an upper one."""
    places = [unpack_place(values) for values in roster_import.places]
    named = {
        place.present_id: place.territory in UPPER
        for place in places
        if place.rows and place.present_id and place.territory not in NUMBERED
    }
    found = {one.id: one for one in db.session.scalars(select(Commission).where(Commission.id.in_(named)))}
    return [(found[one], is_upper) for one, is_upper in named.items() if one in found]


def find_earlier(roster_import: RosterImport) -> RosterImport | None:
    """The latest import of the very same file for the same commission that was applied before this one."""
    return db.session.scalar(
        select(RosterImport)
        .where(
            RosterImport.checksum == roster_import.checksum,
            RosterImport.commission_id == roster_import.commission_id,
            RosterImport.state == ImportState.APPLIED,
            RosterImport.id < roster_import.id,
        )
        .order_by(RosterImport.id.desc())
        .limit(1)
    )


def find_mendable(import_id: int, base: Commission) -> int | None:
    """The id of that import if its branch and the branch of `base` lie within one another."""
    found = db.session.get(RosterImport, import_id)
    if found is None:
        return None
    pair = (found.commission_id, base.id)
    related = select(CommissionClosure.depth).where(
        CommissionClosure.ancestor_id.in_(pair), CommissionClosure.descendant_id.in_(pair), CommissionClosure.depth > 0
    )
    return found.id if pair[0] == pair[1] or db.session.scalar(related.limit(1)) is not None else None


def list_hashes(import_id: int) -> Sequence[str]:
    """Hashes of all identity numbers in the file."""
    rows = select(RosterRow.number_hash).where(RosterRow.import_id == import_id, RosterRow.number_hash != "")
    return db.session.scalars(rows).all()


def count_departures(roster_import: RosterImport) -> Departures:
    """How many would leave if the import were applied, of how many members now, and how many of them hold a role."""
    leaving = roster_import.counts["outcomes"][Outcome.LEAVING]
    if not leaving:
        return Departures(0, 0, 0)
    places = map(unpack_place, roster_import.places)
    members = 0
    for part in _batches(place.present_id for place in places if place.rows and place.present_id):
        seated = select(func.count()).where(Appointment.commission_id.in_(part), Appointment.ends_on.is_(None))
        members += db.session.scalar(seated) or 0
    return Departures(leaving, members, _count_leaving_with_role(roster_import.id))


def _count_leaving_with_role(import_id: int) -> int:
    leaving = (RosterRow.import_id == import_id, RosterRow.outcome == Outcome.LEAVING)
    unnumbered = select(RosterRow.payload).where(*leaving, RosterRow.number_hash == "")
    ids = [unpack(payload)["person"] for payload in db.session.scalars(unnumbered)]
    numbered = select(RosterRow.number_hash).where(*leaving, RosterRow.number_hash != "")
    counted = _count_role_holders(Person.number_hash.in_(numbered))
    return counted + sum(_count_role_holders(Person.id.in_(part)) for part in _batches(ids))


def _count_role_holders(which: ColumnElement[bool]) -> int:
    people = (
        select(func.count(Person.id.distinct()))
        .join(Account, Account.person_id == Person.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(*not_over_at(clock.now()), which)
    )
    return db.session.scalar(people) or 0


def _matching(import_id: int, outcome: str, kind: str) -> Select[tuple[RosterRow]]:
    """Rows of an import; `outcome` and `kind` (of a problem, or of what was put right) narrow it when not empty."""
    rows = select(RosterRow).where(RosterRow.import_id == import_id)
    if outcome:
        rows = rows.where(RosterRow.outcome == outcome)
    if kind:
        rows = rows.where((RosterRow.problem == kind) | (RosterRow.normalised == kind))
    return rows


def count_rows(import_id: int, outcome: str = "", kind: str = "") -> int:
    """How many rows match."""
    return db.session.scalar(select(func.count()).select_from(_matching(import_id, outcome, kind).subquery())) or 0


def list_rows(import_id: int, outcome: str = "", kind: str = "", *, offset: int, limit: int) -> Sequence[RosterRow]:
    """A page of the rows that match, in the order of the file."""
    return db.session.scalars(
        _matching(import_id, outcome, kind).order_by(RosterRow.id).offset(offset).limit(limit)
    ).all()


def iterate_rows(import_id: int, outcome: str) -> Iterator[Row[tuple[int, str, int | None, str, str, bytes]]]:
    """Rows of one outcome in the order of the file, some thousand at a time: id, sheet, number, problem, normalised,
    payload. Nothing stays open in the database between two of them."""
    names = ("id", "sheet", "number", "problem", "normalised", "payload")
    wanted = (
        select(*(getattr(RosterRow, name) for name in names))
        .where(RosterRow.import_id == import_id, RosterRow.outcome == outcome)
        .order_by(RosterRow.id)
        .limit(BATCH)
    )
    last = 0
    while rows := db.session.execute(wanted.where(RosterRow.id > last)).all():
        yield from rows
        last = rows[-1].id
