"""Build the tree, seat people in it, grant roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import Account
from lms.campaigns.queries import this_country
from lms.commissions import days, events, queries
from lms.commissions.errors import WrongTerm
from lms.commissions.models import (
    Appointment,
    Commission,
    CommissionClosure,
    CommissionName,
    CommissionParent,
    RoleGrant,
    Seat,
    SeatNumber,
)
from lms.commissions.names import role_name, taken_sentence
from lms.commissions.permissions import Scope, check_may_grant, check_may_name, check_not_oneself
from lms.commissions.rules import Level, Office, Role, Territory, child_code, level_of, may_role_stand_at
from lms.commissions.sizes import check_seats
from lms.commissions.terms import Change, Term, change_of, term_of
from lms.commissions.zones import check_zone
from lms.core import clock
from lms.core.audit.actions import record, record_all
from lms.core.database.base import db
from lms.core.database.bulk import take_ids, write_rows
from lms.core.errors import Forbidden, Refused
from lms.core.events import publish
from lms.core.web.languages import _
from lms.people.actions import write_keys
from lms.people.models import Person

SEATED = ("id", "seat_id", "commission_id", "person_id", "office", "nominated_by", "kind", "act", "starts_on")
"""What is written of a new appointment."""


def create_commission(
    *,
    parent: Commission | None,
    level: Level,
    territory: Territory,
    names: dict[str, str],
    seats: int,
    by: Scope,
    number: int | None = None,
    code: str | None = None,
    time_zone: str | None = None,
    since: date | None = None,
) -> Commission:
    """A new commission under `parent`, with its names, dated parent, place in the closure and number of seats. Refused
    when the code is taken, when `parent` is closed, or when the country's commissions of that level have no such number
    of seats or that kind no such time zone; raises WrongDay when it cannot be there from `since` (None: today)."""
    zone = time_zone or (parent.time_zone if parent else this_country().time_zone)
    since = since or clock.today(zone)
    if parent is not None:
        days.check_stands(parent)
        days.check_made(parent, since, zone)
        check_zone(territory, zone, parent.time_zone)
    check_seats(level, seats, since)
    if number is None:
        number = _next_number(parent, territory)
    code = code or (child_code(parent.code, number, territory) if parent else this_country().code.upper())
    _check_free(code, parent, territory, number)
    commission = Commission(
        code=code,
        level=level,
        territory=territory,
        number=number,
        parent_id=parent.id if parent else None,
        time_zone=zone,
    )
    commission.names = [CommissionName(language=language, name=name) for language, name in names.items()]
    db.session.add(commission)
    db.session.flush()
    _place(commission, parent, since)
    db.session.add(SeatNumber(commission_id=commission.id, seats=seats, valid_from=since))
    db.session.add_all(Seat(commission_id=commission.id, number=n) for n in range(1, seats + 1))
    db.session.flush()
    record(
        "commissions.created",
        by=by,
        subject=f"commission:{commission.id}",
        code=commission.code,
        since=since.isoformat(),
    )
    publish(events.CommissionsChanged((commission.id,)))
    return commission


def _check_free(code: str, parent: Commission | None, territory: Territory, number: int) -> None:
    """Refused when another commission has this code, or the number under the same one above."""
    other = queries.find_commission_by_code(code) or (
        queries.find_commission_numbered(parent.id, territory, number) if parent else None
    )
    if other is not None:
        raise Refused(taken_sentence(other))


def _next_number(parent: Commission | None, territory: Territory) -> int:
    if parent is None:
        return 0
    level = level_of(territory)
    used = db.session.scalar(
        select(func.max(Commission.number)).where(Commission.parent_id == parent.id, Commission.level == level)
    )
    number = (used or 0) + 1
    while queries.find_commission_by_code(child_code(parent.code, number, territory)) is not None:
        number += 1  # one that was moved away keeps its code
    return number


def _place(commission: Commission, parent: Commission | None, since: date) -> None:
    db.session.add(CommissionClosure(ancestor_id=commission.id, descendant_id=commission.id, depth=0))
    if parent is None:
        return
    db.session.add(CommissionParent(commission_id=commission.id, parent_id=parent.id, valid_from=since))
    above = select(CommissionClosure.ancestor_id, literal(commission.id), CommissionClosure.depth + 1).where(
        CommissionClosure.descendant_id == parent.id
    )
    db.session.execute(insert(CommissionClosure).from_select(["ancestor_id", "descendant_id", "depth"], above))


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """One person to be seated."""

    person_id: int
    commission_id: int
    level: Level
    office: Office
    nominated_by: str = ""
    kind: str = "elected"
    act: str = ""


@dataclass(slots=True)
class Seated:
    """The rows that seating people has made, by their ids."""

    appointments: list[int] = field(default_factory=list)
    seats: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    """New numbers of seats."""
    earlier_numbers: dict[int, tuple[int, date | None]] = field(default_factory=dict)
    """Numbers of seats that were there, as they were: (seats, last day)."""


def appoint(*, appointments: list[NewAppointment], since: date, by: Scope) -> Seated:
    """Seat people in free seats of their commissions (seats are added when there are too few) and tell the rooms above.
    Written in bulk: a region is one call."""
    free, made = _free_seats({one.commission_id for one in appointments}), Seated()
    seat_ids = []
    for one in appointments:
        seats = free.setdefault(one.commission_id, [])
        seat_ids.append(seats.pop(0) if seats else _add_seat(one.commission_id, since, made))
    made.appointments = take_ids(Appointment, len(appointments))
    write_rows(Appointment, SEATED, _seated(appointments, made.appointments, seat_ids, since))
    seated: dict[int, list[int]] = {}
    for one in appointments:
        seated.setdefault(one.commission_id, []).append(one.person_id)
    seats_taken = [(f"commission:{commission_id}", {"people": people}) for commission_id, people in seated.items()]
    record_all("commissions.appointed", by=by, acts=seats_taken)
    news = tuple((one.person_id, one.commission_id, one.level.value) for one in appointments)
    publish(events.AppointmentsMade(news, since))
    return made


def _seated(
    appointments: list[NewAppointment], ids: list[int], seat_ids: list[int], since: date
) -> Iterator[Sequence[Any]]:
    for one, made_id, seat_id in zip(appointments, ids, seat_ids, strict=True):
        office = one.office.value
        yield (made_id, seat_id, one.commission_id, one.person_id, office, one.nominated_by, one.kind, one.act, since)


def end_appointments(*, appointments: list[Appointment], on: date, by: Scope) -> None:
    """Have people leave their seats on a day; nothing is deleted."""
    for appointment in appointments:
        appointment.ends_on = max(on, appointment.starts_on)
        record(
            "commissions.appointment_ended",
            by=by,
            subject=f"commission:{appointment.commission_id}",
            person=appointment.person_id,
        )
    db.session.flush()
    publish(events.AppointmentsEnded(tuple((one.person_id, one.commission_id) for one in appointments)))


def _free_seats(commission_ids: set[int]) -> dict[int, list[int]]:
    taken = select(Appointment.seat_id).where(
        Appointment.commission_id.in_(commission_ids), Appointment.ends_on.is_(None)
    )
    free: dict[int, list[int]] = {}
    rows = db.session.execute(
        select(Seat.commission_id, Seat.id)
        .where(Seat.commission_id.in_(commission_ids), Seat.id.not_in(taken))
        .order_by(Seat.commission_id, Seat.number)
    )
    for commission_id, seat_id in rows:
        free.setdefault(commission_id, []).append(seat_id)
    return free


def _add_seat(commission_id: int, since: date, made: Seated) -> int:
    """One seat more: closes the old number of seats and writes the new one."""
    current = db.session.scalar(
        select(SeatNumber).where(SeatNumber.commission_id == commission_id, SeatNumber.valid_to.is_(None))
    )
    number = (current.seats if current else 0) + 1
    if current is not None and current.id not in made.numbers:
        made.earlier_numbers.setdefault(current.id, (current.seats, current.valid_to))
    if current is not None and current.valid_from >= since:
        current.seats = number
    else:
        if current is not None:
            current.valid_to = since
            db.session.flush()  # it ends before the next begins
        _add(SeatNumber(commission_id=commission_id, seats=number, valid_from=since), made.numbers)
    return _add(Seat(commission_id=commission_id, number=number), made.seats)


def _add(row: Seat | SeatNumber, made: list[int]) -> int:
    db.session.add(row)
    db.session.flush()
    made.append(row.id)
    return row.id


def grant_role(
    *,
    account: Account,
    role: Role,
    commission: Commission,
    by: Scope,
    first: date | None = None,
    last: date | None = None,
) -> RoleGrant:
    """The role of the account at the commission, from the day `first` (None: at once) to the end of the day `last`
    (None: until taken away) where the commission is. Granting twice changes nothing. A role that works goes on working
    and gets the new last day alone; one that has yet to begin gets the new days."""
    term = check_role(account=account, role=role, commission=commission, by=by, first=first, last=last)
    held, valid_from = find_grant(account, role, commission), term.valid_from
    if held is not None:
        change = change_of(held, term, clock.now())
        if change is Change.NONE:
            return held
        if change in (Change.LONGER, Change.SHORTER):
            valid_from = held.valid_from or held.granted_at
        _take(held)
    grant = RoleGrant(
        account_id=account.id,
        role=role,
        commission_id=commission.id,
        granted_by_id=by.account_id,
        granted_at=clock.now(),
        valid_from=valid_from,
        valid_until=term.valid_until,
    )
    try:
        with db.session.begin_nested():
            db.session.add(grant)
    except IntegrityError as overtaken:  # the role of whoever gives it was taken, or it was given twice, just now
        raise Forbidden(
            _("Roles have just been changed here by somebody else. Nothing was given. Open the page again.")
        ) from overtaken
    told: dict[str, Any] = {name: one.isoformat() for name, one in (("first", first), ("last", last)) if one}
    record(
        "commissions.role_granted", by=by, subject=f"account:{account.id}", role=role, commission=commission.id, **told
    )
    return grant


def check_role(
    *,
    account: Account,
    role: Role,
    commission: Commission,
    by: Scope,
    first: date | None = None,
    last: date | None = None,
) -> Term:
    """The moments between which the role would work; Forbidden or Refused when it cannot be given so, as when it works
    now and would begin on a later day: it would end at once."""
    check_may_grant(by, role, commission.id)
    check_not_oneself(by, account)
    check_may_name(by, account)
    _check_can_stand(role, commission, account)
    term = term_of(first, last, commission.time_zone)
    if change_of(find_grant(account, role, commission), term, clock.now()) is Change.PUT_OFF:
        raise WrongTerm("put_off")
    return term


def _check_can_stand(role: Role, commission: Commission, account: Account) -> None:
    if not may_role_stand_at(role, Level(commission.level)):
        raise Refused(
            _(
                "The role “%(role)s” cannot be given at this commission. Choose one of the right level.",
                role=role_name(role),
            )
        )
    if commission.closed_on is not None:
        raise Refused(_("This commission is closed. Give the role at a commission that works."))
    if account.disabled_at is not None:
        raise Refused(_("This account is shut: the person cannot sign in. Choose another person."))


def revoke_role(*, account: Account, role: Role, commission: Commission, by: Scope) -> None:
    """Take the role away at once; Refused when it is not held."""
    _take(get_grant(account=account, role=role, commission=commission, by=by))
    record("commissions.role_revoked", by=by, subject=f"account:{account.id}", role=role, commission=commission.id)


def get_grant(*, account: Account, role: Role, commission: Commission, by: Scope) -> RoleGrant:
    """The grant that `by` may take away; Forbidden when they may not, Refused when the role is not held."""
    check_may_grant(by, role, commission.id)
    held = find_grant(account, role, commission)
    if held is None:
        raise Refused(_("This account does not hold that role there. Nothing has changed."))
    return held


def _take(held: RoleGrant) -> None:
    """End a grant. A CEC administrator whose role has no last day always stays."""
    stay = [
        grant
        for grant in queries.list_grants(held.commission_id)
        if grant.role == Role.CEC_ADMINISTRATOR and grant.valid_until is None and grant.id != held.id
    ]
    if held.role == Role.CEC_ADMINISTRATOR and not stay:
        raise Refused(_("This is the last CEC administrator. Give the role to someone else first."))
    held.revoked_at = clock.now()
    db.session.flush()


def find_grant(account: Account, role: Role, commission: Commission) -> RoleGrant | None:
    """The role of the account at the commission that was not taken away."""
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.account_id == account.id,
            RoleGrant.role == role,
            RoleGrant.commission_id == commission.id,
            RoleGrant.revoked_at.is_(None),
        )
    )


def add_person(*, surname: str, given_name: str, patronymic: str = "", language: str = "kk", by: Scope) -> Person:
    """A person without an identity number: the first administrator, a trainer from outside."""
    person = Person(
        surname=surname, given_name=given_name, patronymic=patronymic, language=language, created_at=clock.now()
    )
    db.session.add(person)
    db.session.flush()
    write_keys([(person.id, surname, given_name, patronymic, "")])
    record("people.added", by=by, subject=f"person:{person.id}")
    return person
