"""Write the country: commissions with everything that belongs to them, people in their seats, accounts, roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

from lms.accounts.models import Account
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
from lms.commissions.rules import Level, Office, Role
from lms.core.database.bulk import reserve_ids, write_rows
from lms.demo.country import PARTIES
from lms.demo.keys import SIGNED_IN, sealed_totp
from lms.demo.nation import Place
from lms.demo.people import invent_people, write_people
from lms.demo.seating import OFFICER_SEAT, OFFICES, TRAINER_SEATS
from lms.demo.story import Seated
from lms.people.models import Person

AT_ONCE = 2_000
CENTRAL_STAFF = ("cec", "methodologist")
Row = Sequence[Any]
Step = Callable[[int], None]
"""Told how much is done by now."""
T = TypeVar("T")


@dataclass(frozen=True)
class Settled:
    """Where everything of the plan stands in the database: ids in a row from a first one, in the order of the plan."""

    places: Sequence[Place]
    commission: int
    seat: int
    person: int
    account: int
    seats_before: Sequence[int]
    members_before: Sequence[int]
    """How many seats and members stand before each place of the plan; the two of the centre are the first people."""

    @property
    def people(self) -> int:
        """How many people there are, those of the centre among them."""
        return self.members_before[-1]

    def commission_id(self, place: Place) -> int:
        """The id of a commission."""
        return self.commission + place.index

    def person_id(self, place: Place, seat: int) -> int:
        """The id of the person in a seat, counted from 0."""
        return self.person + self.members_before[place.index] + seat

    def account_of(self, person_id: int) -> int:
        """The id of a person's account."""
        return self.account + person_id - self.person

    def seated(self, place: Place) -> Seated:
        """As a story needs it."""
        return Seated(self.commission_id(place), [self.person_id(place, seat) for seat in range(place.members)])

    def branches(self) -> Iterator[list[Place]]:
        """Every territorial commission with its precincts behind it, in the order of the plan."""
        branch: list[Place] = []
        for place in self.places[1:]:
            if place.level is Level.TEC and branch:
                yield branch
                branch = []
            branch.append(place)
        yield branch


def reserve(places: Sequence[Place]) -> Settled:
    """Ids for everything."""
    seats_before = [0, *accumulate(place.seats for place in places)]
    members_before = [len(CENTRAL_STAFF), *accumulate((place.members for place in places), initial=len(CENTRAL_STAFF))]
    people = members_before[-1]
    return Settled(
        places,
        reserve_ids(Commission, len(places)),
        reserve_ids(Seat, seats_before[-1]),
        reserve_ids(Person, people),
        reserve_ids(Account, people),
        seats_before,
        members_before[1:],
    )


def found(settled: Settled, step: Step) -> None:
    """Write the commissions: names, dated parents, closure, numbers of seats and the seats."""
    own = settled.commission_id
    columns = ("id", "code", "level", "territory", "number", "parent_id", "time_zone")
    write_rows(Commission, columns, (_commission(settled, place) for place in settled.places))
    write_rows(
        CommissionName,
        ("commission_id", "language", "name"),
        ((own(place), language, name) for place in settled.places for language, name in place.names.items()),
    )
    write_rows(
        CommissionParent,
        ("commission_id", "parent_id", "valid_from"),
        (
            (own(place), settled.commission + place.parent, place.since)
            for place in settled.places
            if place.parent is not None
        ),
    )
    write_rows(CommissionClosure, ("ancestor_id", "descendant_id", "depth"), _closure(settled))
    write_rows(
        SeatNumber,
        ("commission_id", "seats", "valid_from"),
        ((own(place), place.seats, place.since) for place in settled.places),
    )
    write_rows(Seat, ("id", "commission_id", "number"), _seats(settled))
    step(len(settled.places))


def _commission(settled: Settled, place: Place) -> Row:
    parent = None if place.parent is None else settled.commission + place.parent
    own = settled.commission_id(place)
    return own, place.code, place.level.value, place.territory.value, place.number, parent, place.zone


def _closure(settled: Settled) -> Iterator[Row]:
    for place in settled.places:
        above: int | None = place.index
        depth = 0
        while above is not None:
            yield settled.commission + above, settled.commission_id(place), depth
            above, depth = settled.places[above].parent, depth + 1


def _seats(settled: Settled) -> Iterator[Row]:
    for place in settled.places:
        first = settled.seat + settled.seats_before[place.index]
        for number in range(place.seats):
            yield first + number, settled.commission_id(place), number + 1


def seat_people(settled: Settled, *, rng: Random, now: datetime, step: Step) -> None:
    """Invent the people, and give them their seats: chair, deputy chair, secretary, members."""
    people = invent_people(settled.people, rng=rng, today=now.date())
    write_people(counted(people, step), first=settled.person, now=now)
    columns = ("seat_id", "commission_id", "person_id", "office", "nominated_by", "starts_on")
    write_rows(Appointment, columns, _appointments(settled, rng))


def _appointments(settled: Settled, rng: Random) -> Iterator[Row]:
    for place in settled.places:
        first = settled.seat + settled.seats_before[place.index]
        for seat in range(place.members):
            office = OFFICES[seat] if seat < len(OFFICES) else Office.MEMBER
            yield (
                first + seat, settled.commission_id(place), settled.person_id(place, seat), office.value,
                rng.choice(PARTIES), place.since,
            )  # fmt: skip


def staff_of(settled: Settled) -> dict[int, str]:
    """Logins in words of everyone who holds a role, by person: two at the centre, an officer and two trainers in every
    territorial commission."""
    logins = {settled.person + number: login for number, login in enumerate(CENTRAL_STAFF)}
    for place in settled.places:
        if place.level is Level.TEC:
            logins[settled.person_id(place, OFFICER_SEAT)] = f"officer-{place.key}"
            for number, seat in enumerate(TRAINER_SEATS, start=1):
                logins[settled.person_id(place, seat)] = f"trainer-{place.key}-{number}"
    return logins


def open_accounts(
    settled: Settled,
    *,
    logins: Mapping[int, str],
    seen: Sequence[datetime | None],
    rng: Random,
    now: datetime,
    step: Step,
) -> None:
    """An account for everyone: words or eight digits as login, no password yet; `seen`: when each was last there, in
    the order of their ids, None for those who never were."""
    digits = iter(rng.sample(range(10_000_000, 100_000_000), settled.people))
    staff = staff_of(settled)

    def rows() -> Iterator[Row]:
        for number, last_seen in enumerate(seen):
            person = settled.person + number
            login = logins.get(person) or str(next(digits))
            has_signed_in = last_seen is not None or person in staff
            yield (
                settled.account + number, person, login, SIGNED_IN if has_signed_in else None,
                sealed_totp(login) if person in staff else None, now, last_seen,
            )  # fmt: skip

    columns = ("id", "person_id", "login", "password_hash", "totp_encrypted", "created_at", "last_seen_at")
    write_rows(Account, columns, counted(rows(), step))


def grant_roles(settled: Settled, *, now: datetime) -> None:
    """Give everyone on the staff their role."""
    columns = ("account_id", "role", "commission_id", "granted_by_id", "granted_at")
    grants = ((settled.account_of(person), role.value, where, None, now) for person, role, where in _grants(settled))
    write_rows(RoleGrant, columns, grants)


def _grants(settled: Settled) -> Iterator[tuple[int, Role, int]]:
    centre = settled.commission
    yield settled.person, Role.CEC_ADMINISTRATOR, centre
    yield settled.person + 1, Role.METHODOLOGIST, centre
    yield settled.person + 1, Role.TRAINER, centre
    for place in settled.places:
        if place.level is Level.TEC:
            where = settled.commission_id(place)
            yield settled.person_id(place, OFFICER_SEAT), Role.TERRITORIAL_OFFICER, where
            for seat in TRAINER_SEATS:
                yield settled.person_id(place, seat), Role.TRAINER, where


def counted(things: Iterable[T], step: Step) -> Iterator[T]:
    """The same things; `step` hears now and then how many have passed."""
    done = 0
    for thing in things:
        yield thing
        done += 1
        if done % AT_ONCE == 0:
            step(done)
    step(done)
