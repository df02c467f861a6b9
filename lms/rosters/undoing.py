"""Undo an applied import: everything is as it was before, or nothing has changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, select

from lms.accounts.models import Account
from lms.accounts.removing import remove_unused_accounts
from lms.commissions.corrections import correct_nomination, set_time_zone
from lms.commissions.models import Appointment, Commission, Seat, SeatNumber
from lms.commissions.permissions import Scope
from lms.commissions.taking_back import (
    reopen_appointments,
    set_seat_number,
    take_away_commissions,
    take_back_appointments,
    take_back_seats,
)
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.runs import within
from lms.core.jobs.queue import ask_for
from lms.core.web.languages import current_language
from lms.learning.models import Enrolment
from lms.learning.withdrawing import withdraw
from lms.people.actions import correct_people
from lms.people.models import Person
from lms.people.removing import remove_people
from lms.rosters.changes import Changes
from lms.rosters.errors import CannotUndo, Erased, NotKept, NotReady
from lms.rosters.models import RosterChange, RosterImport
from lms.rosters.permissions import check_may_import
from lms.rosters.standing import batches, list_reasons
from lms.rosters.states import ImportState
from lms.rosters.undo_words import standing_sentence

UNDO = "rosters.undo"


def ask_to_undo(*, roster_import: RosterImport, by: Scope) -> None:
    """Have the worker undo the import. Raises Refused at once when it is known already that it cannot be."""
    check_may_undo(roster_import, by)
    params = {"import_id": roster_import.id, "account_id": by.account_id, "language": current_language()}
    roster_import.job_id = ask_for(UNDO, by=by, **params).id
    db.session.flush()


def check_may_undo(roster_import: RosterImport, by: Scope) -> Changes:
    """What the import did. Raises Refused unless it is applied, what it did is kept, and nothing stands on it."""
    check_may_import(by, roster_import.commission_id)
    if roster_import.state != ImportState.APPLIED:
        raise NotReady
    if roster_import.erased_at is not None:
        raise Erased(roster_import.erased_at)
    if not roster_import.keeps_changes:
        raise NotKept
    changes = Changes(roster_import.id)
    reasons = list_reasons(changes)
    if reasons:
        raise CannotUndo([standing_sentence(reason) for reason in reasons])
    return changes


def undo_import(*, roster_import: RosterImport, by: Scope) -> None:
    """Bring back the state before the import was applied, row by row. Raises Refused when later changes stand on it."""
    _claim(roster_import)
    _hold(Changes(roster_import.id))
    changes = check_may_undo(roster_import, by)
    touched = _take_back_seats(changes, by)
    _correct_back(changes, by)
    take_away_commissions(runs=changes.made(Commission), changed=touched, by=by)
    db.session.flush()
    db.session.execute(delete(RosterChange).where(RosterChange.import_id == roster_import.id))
    roster_import.state, roster_import.undone_at = ImportState.UNDONE, clock.now()
    roster_import.keeps_changes = False
    record("rosters.undone", by=by, subject=f"roster_import:{roster_import.id}", counts=counts_of(changes))


def counts_of(changes: Changes) -> dict[str, int]:
    """How many of each are taken away, or are again as they were."""
    return {
        "people": changes.count_made(Person),
        "appointments": changes.count_made(Appointment),
        "commissions": changes.count_made(Commission),
        "seats": changes.count_made(Seat),
        "reopened": changes.count_changed(Appointment, "ends_on"),
        "corrected": changes.count_changed(Person) + changes.count_changed(Appointment, "nominated_by"),
        "time_zones": changes.count_changed(Commission),
    }


def _claim(roster_import: RosterImport) -> None:
    """Hold the import, so that it is undone once however many ask."""
    held = select(RosterImport.id).where(RosterImport.id == roster_import.id).with_for_update()
    db.session.execute(held)
    db.session.refresh(roster_import)


def _hold(changes: Changes) -> None:
    """Hold what may have to go until the end, so that who signs in or begins just now is waited for and seen."""
    people = changes.made(Person)
    for column, runs in (
        (Person.id, people),
        (Account.person_id, people),
        (Enrolment.person_id, people),
        (Appointment.id, changes.made(Appointment)),
    ):
        for condition in within(column, runs):
            db.session.execute(select(column).where(condition).order_by(column).with_for_update()).all()


def _take_back_seats(changes: Changes, by: Scope) -> set[int]:
    """Take back who was seated, with what came of it; the commissions concerned."""
    people = changes.made(Person)
    withdraw(enrolments=changes.made(Enrolment), people=people, by=by)
    remove_unused_accounts(people=people, by=by)
    touched = take_back_appointments(runs=changes.made(Appointment), by=by)
    ended = _load(Appointment, changes, "ends_on")
    touched |= reopen_appointments(appointments=[row for row, _before in ended], by=by)
    take_back_seats(seats=changes.made(Seat), numbers=changes.made(SeatNumber))
    for number, before in _load(SeatNumber, changes):
        valid_to = date.fromisoformat(before["valid_to"]) if before["valid_to"] else None
        set_seat_number(number=number, seats=int(before["seats"]), valid_to=valid_to)
    remove_people(runs=people, by=by)
    return touched


def _correct_back(changes: Changes, by: Scope) -> None:
    """Give people, nominations and time zones the values that they had."""
    correct_people(corrections=_load(Person, changes), by=by)
    for seat, before in _load(Appointment, changes, "nominated_by"):
        correct_nomination(appointment=seat, nominated_by=before["nominated_by"], by=by)
    for commission, before in _load(Commission, changes):
        set_time_zone(commission=commission, time_zone=before["time_zone"], by=by)


def _load(model: type[Any], changes: Changes, field: str = "") -> list[tuple[Any, dict[str, str]]]:
    """Rows that were changed, each with the values that it had."""
    kept = {
        row_id: {name: before for name, (before, _after) in values.items()}
        for row_id, values in changes.of(model, field)
    }
    found: list[tuple[Any, dict[str, str]]] = []
    for part in batches(kept):
        rows = db.session.scalars(select(model).where(model.id.in_(part)).order_by(model.id))
        found.extend((row, kept[row.id]) for row in rows)
    return found
