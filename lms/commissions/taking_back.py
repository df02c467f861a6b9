"""Take seats and commissions back that an import made by mistake, and give those back that it ended.

Otherwise nothing here is ever deleted. The caller has seen that nothing else stands on what goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from lms.commissions.events import SeatingTakenBack
from lms.commissions.models import (
    Appointment,
    Commission,
    CommissionClosure,
    CommissionName,
    CommissionParent,
    Seat,
    SeatNumber,
)
from lms.commissions.permissions import Scope
from lms.core.audit.actions import record, record_all
from lms.core.database.base import db
from lms.core.database.runs import Run, delete_within, within
from lms.core.events import publish


def take_back_appointments(*, runs: Sequence[Run], by: Scope) -> set[int]:
    """Delete these appointments; the commissions in which they were."""
    seated: dict[int, list[int]] = {}
    for condition in within(Appointment.id, runs):
        for place, person in db.session.execute(
            select(Appointment.commission_id, Appointment.person_id).where(condition)
        ):
            seated.setdefault(place, []).append(person)
    delete_within(Appointment, Appointment.id, runs)
    _record("commissions.appointments_taken_back", seated, by)
    return set(seated)


def reopen_appointments(*, appointments: Iterable[Appointment], by: Scope) -> set[int]:
    """Have people hold again the seats that were ended by mistake; the commissions in which they are."""
    seated: dict[int, list[int]] = {}
    for appointment in appointments:
        hold_again(appointment)
        seated.setdefault(appointment.commission_id, []).append(appointment.person_id)
    db.session.flush()
    _record("commissions.appointments_reopened", seated, by)
    return set(seated)


def hold_again(appointment: Appointment) -> None:
    """Have an appointment go on as if it had never ended."""
    appointment.ends_on, appointment.end_act, appointment.end_act_on = None, "", None


def take_back_seats(*, seats: Sequence[Run], numbers: Sequence[Run]) -> None:
    """Delete seats that were added, with the numbers of seats that came with them."""
    delete_within(Seat, Seat.id, seats)
    delete_within(SeatNumber, SeatNumber.id, numbers)


def set_seat_number(*, number: SeatNumber, seats: int, valid_to: date | None) -> None:
    """Set a dated number of seats as it was before seats were added."""
    number.seats, number.valid_to = seats, valid_to
    db.session.flush()


def take_away_commissions(*, runs: Sequence[Run], changed: Iterable[int], by: Scope) -> None:
    """Delete these commissions with everything that makes one up, and tell the rooms above, of those in `changed` too,
    in which people came or went."""
    codes: dict[int, list[str]] = {}
    gone: list[int] = []
    for condition in within(Commission.id, runs):
        for one, parent_id, code in db.session.execute(
            select(Commission.id, Commission.parent_id, Commission.code).where(condition)
        ):
            gone.append(one)
            codes.setdefault(parent_id or 0, []).append(code)
    publish(SeatingTakenBack(tuple(sorted(set(changed).difference(gone))), tuple(gone)))
    for model, column in (
        (Seat, Seat.commission_id),
        (SeatNumber, SeatNumber.commission_id),
        (CommissionName, CommissionName.commission_id),
        (CommissionParent, CommissionParent.commission_id),
        (CommissionClosure, CommissionClosure.descendant_id),
    ):
        delete_within(model, column, runs)
    delete_within(Commission, Commission.id, runs[::-1])  # those below have higher ids than those above: they go first
    for parent_id, removed in codes.items():
        record("commissions.taken_away", by=by, subject=f"commission:{parent_id}", codes=removed)


def _record(action: str, seated: dict[int, list[int]], by: Scope) -> None:
    acts = [(f"commission:{place}", {"people": people}) for place, people in sorted(seated.items())]
    record_all(action, by=by, acts=acts)
