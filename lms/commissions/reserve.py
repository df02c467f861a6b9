"""The reserve of a commission: who waits for a seat, in turn; who comes from there, and who is taken off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms.campaigns.queries import this_country
from lms.commissions import queries
from lms.commissions.coming import bring_up_to_date, check_name, check_number, day_of_age
from lms.commissions.errors import NotInReserve
from lms.commissions.events import AppointmentsMade, SeatingTakenBack
from lms.commissions.models import Appointment, Commission, ReserveEntry
from lms.commissions.permissions import Scope, check_oversees
from lms.commissions.rules import (
    Act,
    ReserveEnd,
    ReserveFault,
    ReserveTerm,
    find_reserve_fault,
    last_day_of_reserve,
)
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _, date_in_full
from lms.countries.rules import is_represented
from lms.people.actions import NewPerson
from lms.people.queries import find_by_number

BATCH = 500


@dataclass(frozen=True)
class Waiting:
    """On what terms somebody waits."""

    nominated_by: str
    valid_from: date
    act: Act
    valid_until: date | None = None
    """None: as long as the country's rule lets it be."""
    turn: int | None = None
    """None: after everyone who waits."""


def is_kept() -> bool:
    """Whether the country keeps a reserve for each commission."""
    return this_country().reserve is not None


def check_kept() -> int:
    """For how many years an entry holds at most. NotFound where the country keeps no reserve."""
    rule = this_country().reserve
    if rule is None:
        raise NotFound
    return rule.years


def list_entries(commission_id: int) -> Sequence[ReserveEntry]:
    """Everyone who waits or waited for a seat of a commission: those who wait first, in turn."""
    return db.session.scalars(
        select(ReserveEntry)
        .where(ReserveEntry.commission_id == commission_id)
        .options(joinedload(ReserveEntry.person))
        .order_by(ReserveEntry.ended_on.is_not(None), ReserveEntry.turn, ReserveEntry.id)
    ).all()


def list_waiting(commission: Commission) -> list[ReserveEntry]:
    """Those who may come to a seat of a commission today, in turn."""
    today = clock.today(commission.time_zone)
    return [one for one in list_entries(commission.id) if one.ended_on is None and one.valid_until >= today]


def find_next(commission: Commission, *, leaving: Appointment | None = None) -> ReserveEntry | None:
    """Whose turn it is: the first who waits, holds no seat anywhere, and whose party may send another member.
    `leaving`: whoever gives the seat up, whose party loses its member."""
    if not is_kept() or not (waiting := list_waiting(commission)):
        return None
    others = queries.list_nominated_by(commission.id, besides=leaving.id if leaving else 0)
    seated = set(
        db.session.scalars(
            select(Appointment.person_id).where(
                Appointment.person_id.in_(list(map(_who, waiting))), Appointment.ends_on.is_(None)
            )
        )
    )
    country = this_country()
    return next(
        (one for one in waiting if _who(one) not in seated and not is_represented(country, one.nominated_by, others)),
        None,
    )


def _who(entry: ReserveEntry) -> int:
    """The person who waits; of one that was merged, whoever stands for both."""
    return entry.person.merged_into_id or entry.person_id


def get_entry(commission_id: int, entry_id: int) -> ReserveEntry:
    """An entry of a commission's reserve; NotFound when it belongs to another one."""
    entry = db.session.get(ReserveEntry, entry_id)
    if entry is None or entry.commission_id != commission_id:
        raise NotFound
    return entry


def check_waits(entry: ReserveEntry) -> None:
    """Raise Refused unless the person may come to a seat from this entry today."""
    if entry.ended_on is not None:
        raise Refused(_("%(name)s no longer waits in the reserve.", name=entry.person.full_name))
    if entry.valid_until < clock.today(entry.commission.time_zone):
        raise Refused(
            _(
                "%(name)s was in the reserve until %(day)s. That time is over.",
                name=entry.person.full_name,
                day=date_in_full(entry.valid_until),
            )
        )


def put_into_reserve(
    *, commission: Commission, coming: NewPerson, waiting: Waiting, rename: bool | None = None, by: Scope
) -> ReserveEntry:
    """Have a person wait for a seat of a commission. NotFound where no reserve is kept; raises NotInReserve, or
    OtherName or DifferentName where the identity number is known with another name (see `seating.replace_member`)."""
    check_oversees(by, commission.id)
    years = check_kept()
    person = find_by_number(coming.number)
    check_number(person, coming)
    seat = queries.find_seat_of(person.id) if person else None
    last = last_day_of_reserve(waiting.valid_from, years)
    term = ReserveTerm(waiting.valid_from, waiting.valid_until or last, waiting.act.on)
    of_age_on = day_of_age(coming.number)
    fault = find_reserve_fault(
        term,
        today=clock.today(commission.time_zone),
        years=years,
        of_age_on=of_age_on,
        is_closed=commission.closed_on is not None,
        sits=seat is not None and seat.commission.level == commission.level,
        waits=person is not None and waits_here(commission.id, person.id),
    )
    if fault is not None:
        day = of_age_on if fault is ReserveFault.TOO_YOUNG and of_age_on else last
        raise NotInReserve(fault, day=date_in_full(day))
    check_name(person, coming, rename=rename, by=by)
    entry = ReserveEntry(
        commission_id=commission.id,
        person_id=bring_up_to_date(person, coming, rename=rename, by=by)[0],
        nominated_by=waiting.nominated_by,
        turn=waiting.turn or _last_turn(commission.id) + 1,
        valid_from=term.valid_from,
        valid_until=term.valid_until,
        act=waiting.act.number,
        act_on=waiting.act.on,
    )
    _add_once(entry)
    record(
        "commissions.reserve_entered",
        by=by,
        subject=f"commission:{commission.id}",
        values={"nominated_by": ("", entry.nominated_by)},
        person=entry.person_id,
        act=entry.act,
        act_on=entry.act_on.isoformat(),
        until=entry.valid_until.isoformat(),
    )
    return entry


def waits_here(commission_id: int, person_id: int) -> bool:
    """Whether the person waits for a seat of the commission."""
    found = select(ReserveEntry.id).where(
        ReserveEntry.commission_id == commission_id,
        ReserveEntry.person_id == person_id,
        ReserveEntry.ended_on.is_(None),
    )
    return db.session.scalar(found.limit(1)) is not None


def _last_turn(commission_id: int) -> int:
    turns = select(func.max(ReserveEntry.turn)).where(ReserveEntry.commission_id == commission_id)
    return db.session.scalar(turns) or 0


def _add_once(entry: ReserveEntry) -> None:
    """Two officers who enter the same person at once do it once: the database refuses the second."""
    try:
        with db.session.begin_nested():
            db.session.add(entry)
            db.session.flush()
    except IntegrityError as twice:
        raise NotInReserve(ReserveFault.WAITS) from twice


def withdraw(*, entry: ReserveEntry, act: Act, reason: str, by: Scope) -> None:
    """Take a person off the reserve by a decision, for a reason that stands in the record; the entry stays in the list
    of those who waited. Refused when it has ended."""
    check_oversees(by, entry.commission_id)
    check_kept()
    if entry.ended_on is not None:
        raise Refused(_("%(name)s no longer waits in the reserve.", name=entry.person.full_name))
    entry.ended_on, entry.end = clock.today(entry.commission.time_zone), ReserveEnd.WITHDRAWN.value
    db.session.flush()
    record(
        "commissions.reserve_withdrawn",
        by=by,
        subject=f"commission:{entry.commission_id}",
        values={"reason": ("", reason)},
        person=entry.person_id,
        act=act.number,
        act_on=act.on.isoformat(),
    )


def end_entered(event: AppointmentsMade) -> None:
    """Whoever has come to a seat no longer waits for one of that commission."""
    if not is_kept():
        return
    seated = {(commission, person) for person, commission, _level in event.appointments}
    for entry in _list_of({commission for commission, _person in seated}, ReserveEntry.ended_on.is_(None)):
        if (entry.commission_id, _who(entry)) in seated:
            entry.ended_on, entry.end = event.since, ReserveEnd.ENTERED.value
    db.session.flush()


def wait_again(event: SeatingTakenBack) -> None:
    """Whoever came to a seat by a roster or a replacement that was undone waits for one again."""
    if not is_kept():
        return
    for entry in _list_of(event.commission_ids, ReserveEntry.end == ReserveEnd.ENTERED):
        came = select(Appointment.id).where(
            Appointment.commission_id == entry.commission_id,
            Appointment.person_id == _who(entry),
            Appointment.starts_on == entry.ended_on,
            Appointment.ends_on.is_(None) | (Appointment.ends_on > Appointment.starts_on),
        )
        if db.session.scalar(came.limit(1)) is None:
            entry.ended_on, entry.end = None, ""
    db.session.flush()


def _list_of(commission_ids: Collection[int], which: ColumnElement[bool]) -> list[ReserveEntry]:
    found: list[ReserveEntry] = []
    wanted = sorted(commission_ids)
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        found.extend(db.session.scalars(select(ReserveEntry).where(ReserveEntry.commission_id.in_(part), which)))
    return found
