"""What levels, offices and roles there are, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Level(StrEnum):
    """A commission's place in the cascade."""

    CEC = "cec"
    CONSTITUENCY = "con"
    """Between the central and the territorial ones, where the country has such commissions."""
    TEC = "tec"
    PEC = "pec"


NUMBERED = (Level.PEC, Level.CONSTITUENCY)
"""Levels whose commissions are called by their number."""


class Territory(StrEnum):
    """What a commission is responsible for."""

    COUNTRY = "country"
    CONSTITUENCY = "constituency"
    REGION = "region"
    REPUBLICAN_CITY = "republican_city"
    DISTRICT = "district"
    CITY = "city"
    CITY_DISTRICT = "city_district"
    PRECINCT = "precinct"
    PRECINCT_ABROAD = "precinct_abroad"


class Office(StrEnum):
    """What a person is in a commission."""

    CHAIR = "chair"
    DEPUTY_CHAIR = "deputy_chair"
    SECRETARY = "secretary"
    MEMBER = "member"


class Role(StrEnum):
    """What an account may do, always for one commission and everything below it."""

    CEC_ADMINISTRATOR = "cec_administrator"
    METHODOLOGIST = "methodologist"
    TERRITORIAL_OFFICER = "territorial_officer"
    TRAINER = "trainer"
    REPORTING_OFFICER = "reporting_officer"
    """Reads completion, its figures and exports; changes nothing."""
    AUDITOR = "auditor"
    """Reads everything of the branch; changes nothing."""


class Kind(StrEnum):
    """How a member came to the seat."""

    ELECTED = "elected"
    """By the body that forms the commission."""
    TEMPORARY = "temporary"
    """Appointed by the commission above until that body elects."""


class ReserveEnd(StrEnum):
    """Why somebody no longer waits in a reserve."""

    ENTERED = "entered"
    """Came to a seat of the commission."""
    WITHDRAWN = "withdrawn"
    """Taken off by the officer."""


class ReserveFault(StrEnum):
    """Why somebody cannot be put into a reserve."""

    CLOSED = "closed"
    FUTURE = "future"
    ACT_AFTER = "act_after"
    OVER = "over"
    """The last day is over, or lies before the first."""
    LONG = "long"
    """The last day is later than the country's rule lets it be."""
    TOO_YOUNG = "too_young"
    """On the first day the person is not old enough for a seat."""
    SITS = "sits"
    """The person has a seat in a commission of this level."""
    WAITS = "waits"
    """The person waits in this reserve already."""


@dataclass(frozen=True, slots=True)
class ReserveTerm:
    """From when to when somebody waits, both days included, and by a decision of which day."""

    valid_from: date
    valid_until: date
    act_on: date


def find_reserve_fault(
    term: ReserveTerm,
    *,
    today: date,
    years: int,
    of_age_on: date | None = None,
    is_closed: bool,
    sits: bool,
    waits: bool,
) -> ReserveFault | None:
    """The first thing that keeps somebody from being put into a reserve. `years`: so long an entry holds at most.
    `of_age_on`: the first day on which the person is old enough for a seat; None when it is not known."""
    faults = (
        (ReserveFault.CLOSED, is_closed),
        (ReserveFault.FUTURE, term.valid_from > today),
        (ReserveFault.ACT_AFTER, term.act_on > term.valid_from),
        (ReserveFault.OVER, term.valid_until < max(today, term.valid_from)),
        (ReserveFault.LONG, term.valid_until > last_day_of_reserve(term.valid_from, years)),
        (ReserveFault.TOO_YOUNG, of_age_on is not None and term.valid_from < of_age_on),
        (ReserveFault.SITS, sits),
        (ReserveFault.WAITS, waits),
    )
    return next((fault for fault, holds in faults if holds), None)


def last_day_of_reserve(first: date, years: int) -> date:
    """The last day on which an entry that begins on `first` may hold."""
    return years_after(first, years)


def years_after(day: date, years: int) -> date:
    """The same day so many years later."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


def of_age_on(born: date | None, years: int) -> date | None:
    """The first day on which somebody is old enough for a seat; None when the birth date is not known."""
    return years_after(born, years) if born else None


class DayFault(StrEnum):
    """Why a commission cannot be made, moved, closed or given another number of seats from a day on."""

    FUTURE = "future"
    """The day is yet to come: the tree and the number of seats are those of today and change when that is entered."""
    BEFORE_FOUNDED = "before_founded"
    """Before the commission was there."""
    BEFORE_PARENT = "before_parent"
    """Before the one above was there."""
    BEFORE_MOVE = "before_move"
    """Before it came to stand where it stands."""
    BEFORE_SEATS = "before_seats"
    """Before it had the number of seats that it has."""
    BEFORE_LEFT = "before_left"
    """Before the last person left it."""
    BEFORE_BELOW = "before_below"
    """Before the last one below it was closed or moved away."""


def find_day_fault(day: date, *, today: date, not_before: Mapping[DayFault, date | None]) -> DayFault | None:
    """What keeps a change of a commission from holding from `day` on. `today`: where the commission is. `not_before`:
    the days before which it cannot lie; of several that it misses the last one is told. Today is always late enough:
    elsewhere it may be tomorrow already."""
    if day > today:
        return DayFault.FUTURE
    missed = {fault: on for fault, on in not_before.items() if on is not None and day < min(on, today)}
    return max(missed, key=missed.__getitem__, default=None)


OLDEST_ACT = timedelta(days=731)
"""No decision is made longer before the day from which it holds."""


class SeatFault(StrEnum):
    """Why somebody cannot come to a seat, or leave it, as an officer has entered it."""

    CLOSED = "closed"
    """The commission is closed."""
    FUTURE = "future"
    """The day is yet to come."""
    BEFORE_SEAT = "before_seat"
    """Before the one who leaves had the seat, or before the seat became free."""
    BEFORE_FOUNDED = "before_founded"
    """Before the commission was there."""
    TOO_YOUNG = "too_young"
    """Before the one who comes was old enough."""
    ACT_AFTER = "act_after"
    """The decision is later than the day from which it holds."""
    ACT_LONG_BEFORE = "act_long_before"
    """The decision is so much older than the day from which it holds that its year must be a slip."""
    ACT_TWICE = "act_twice"
    """The number is known with another date."""
    SAME_PERSON = "same_person"
    """The one who comes is the one who leaves."""
    SITS_HERE = "sits_here"
    SITS_ELSEWHERE = "sits_elsewhere"
    OVERLAPS = "overlaps"
    """The person held another seat on that day still."""
    SECOND_CHAIR = "second_chair"
    PARTY_TWICE = "party_twice"
    """The party has a member here already, where the country's rule is one for each."""


@dataclass(frozen=True, slots=True)
class Act:
    """A decision: its number and its day."""

    number: str
    on: date


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What is known when somebody comes to a seat or leaves it."""

    today: date
    closed_on: date | None = None
    """Of the commission."""
    founded_on: date | None = None
    """The first day of the commission; None when it is not known."""
    of_age_on: date | None = None
    """The first day on which the one who comes is old enough; None when it is not known."""
    free_since: date | None = None
    """The first day on which the seat can change hands: since when the one who leaves holds it, or since when it is
    free; None when nobody ever held it."""
    act_known_on: date | None = None
    """The day with which a decision of that number and year is known already."""
    sits_here: bool = False
    """In another seat of the same commission."""
    sits_elsewhere: bool = False
    is_same_person: bool = False
    last_left_on: date | None = None
    """When the person who comes left their last seat."""
    has_other_chair: bool = False
    is_party_here: bool = False
    """Whether the party that nominates the one who comes has another member here, and may have one only."""


def find_act_fault(on: date, since: date) -> SeatFault | None:
    """What is wrong with the day of a decision that holds from `since`."""
    if on > since:
        return SeatFault.ACT_AFTER
    return SeatFault.ACT_LONG_BEFORE if on < since - OLDEST_ACT else None


def find_seat_fault(*, since: date, act: Act, facts: SeatFacts, office: Office | None = None) -> SeatFault | None:
    """The first thing that keeps a change of seat, which holds from `since`, from being made. `office`: of the one who
    comes; None when somebody only leaves."""
    of_act = find_act_fault(act.on, since)
    faults = (
        (SeatFault.CLOSED, facts.closed_on is not None),
        (SeatFault.FUTURE, since > facts.today),
        (SeatFault.BEFORE_SEAT, facts.free_since is not None and since < facts.free_since),
        (SeatFault.BEFORE_FOUNDED, facts.founded_on is not None and since < min(facts.founded_on, facts.today)),
        (SeatFault.TOO_YOUNG, facts.of_age_on is not None and since < facts.of_age_on),
        (of_act, of_act is not None),
        (SeatFault.ACT_TWICE, facts.act_known_on is not None and facts.act_known_on != act.on),
        (SeatFault.SAME_PERSON, facts.is_same_person),
        (SeatFault.SITS_HERE, facts.sits_here),
        (SeatFault.SITS_ELSEWHERE, facts.sits_elsewhere),
        (SeatFault.OVERLAPS, facts.last_left_on is not None and facts.last_left_on > since),
        (SeatFault.SECOND_CHAIR, office is Office.CHAIR and facts.has_other_chair),
        (SeatFault.PARTY_TWICE, facts.is_party_here),
    )
    return next((fault for fault, holds in faults if holds), None)


STANDS_UNDER = {
    Territory.REGION: (Territory.COUNTRY,),
    Territory.REPUBLICAN_CITY: (Territory.COUNTRY,),
    Territory.CONSTITUENCY: (Territory.COUNTRY, Territory.REGION, Territory.REPUBLICAN_CITY),
    Territory.DISTRICT: (Territory.REGION, Territory.COUNTRY, Territory.CONSTITUENCY),
    Territory.CITY: (Territory.REGION, Territory.COUNTRY, Territory.CONSTITUENCY),
    Territory.CITY_DISTRICT: (Territory.REPUBLICAN_CITY, Territory.CITY, Territory.CONSTITUENCY),
    Territory.PRECINCT: (
        Territory.DISTRICT,
        Territory.CITY,
        Territory.CITY_DISTRICT,
        Territory.REPUBLICAN_CITY,
        Territory.REGION,
    ),
    Territory.PRECINCT_ABROAD: (
        Territory.DISTRICT,
        Territory.CITY,
        Territory.CITY_DISTRICT,
        Territory.REPUBLICAN_CITY,
        Territory.REGION,
        Territory.COUNTRY,
    ),
}
"""Under which commissions one of a kind may stand."""


def may_stand_under(territory: str, parent: str) -> bool:
    """Whether a commission of one kind of territory may stand directly under one of another."""
    return Territory(parent) in STANDS_UNDER.get(Territory(territory), ())


def may_have_zone(territory: str, zone: str, *, above: str, of_country: Collection[str]) -> bool:
    """Whether a commission may have a time zone: a precinct that of the commission above, a territory any of the
    country, a precinct abroad any at all."""
    kind = Territory(territory)
    if kind is Territory.PRECINCT_ABROAD or zone == above:
        return True
    return kind is not Territory.PRECINCT and zone in of_country


def list_below(parent: str, *, constituencies: bool) -> list[Territory]:
    """The kinds of commissions that may stand directly under one of this kind. `constituencies`: whether the country
    has commissions of constituencies."""
    kinds = [one for one in STANDS_UNDER if may_stand_under(one, parent)]
    return [one for one in kinds if constituencies or one is not Territory.CONSTITUENCY]


def list_commonest_first(parent: str, *, constituencies: bool) -> list[Territory]:
    """The same, the kind first that is made most often: precincts below a district or a city."""
    kinds = list_below(parent, constituencies=constituencies)
    if Territory(parent) not in (Territory.DISTRICT, Territory.CITY, Territory.CITY_DISTRICT):
        return kinds
    return sorted(kinds, key=lambda one: one is not Territory.PRECINCT)


def level_of(territory: Territory) -> Level:
    """The level of a commission that is responsible for such a territory."""
    if territory in (Territory.COUNTRY, Territory.CONSTITUENCY):
        return Level.CEC if territory is Territory.COUNTRY else Level.CONSTITUENCY
    return Level.PEC if territory in (Territory.PRECINCT, Territory.PRECINCT_ABROAD) else Level.TEC


CENTRAL_ROLES = frozenset({Role.CEC_ADMINISTRATOR, Role.METHODOLOGIST})
THERE, BELOW = 0, 1
"""How far above a commission somebody has to hold a role to give another: there or above it; above it."""
GIVES: dict[tuple[Role, Role], int] = {
    (Role.CEC_ADMINISTRATOR, Role.CEC_ADMINISTRATOR): THERE,
    (Role.CEC_ADMINISTRATOR, Role.METHODOLOGIST): THERE,
    (Role.CEC_ADMINISTRATOR, Role.TERRITORIAL_OFFICER): THERE,
    (Role.CEC_ADMINISTRATOR, Role.TRAINER): THERE,
    (Role.CEC_ADMINISTRATOR, Role.REPORTING_OFFICER): THERE,
    (Role.CEC_ADMINISTRATOR, Role.AUDITOR): THERE,
    (Role.TERRITORIAL_OFFICER, Role.TERRITORIAL_OFFICER): BELOW,
    (Role.TERRITORIAL_OFFICER, Role.TRAINER): THERE,
    (Role.TERRITORIAL_OFFICER, Role.REPORTING_OFFICER): BELOW,
}
"""Who gives and takes what: (role held, role given) -> from how far above. What is not listed is given by nobody."""
LONGEST_ROLE = timedelta(days=3660)
"""No role is given for longer than ten years from today; without a last day it stays until it is taken away."""


def child_code(parent_code: str, number: int, territory: Territory) -> str:
    """The code of a commission: its parent's code and its own number, as KZ-12-03 (TEC), KZ-C04 (constituency),
    KZ-12-03-P17 (precinct), KZ-18-01-A5 (precinct abroad)."""
    if territory is Territory.CONSTITUENCY:
        return f"{parent_code}-C{number:02d}"
    if territory is Territory.PRECINCT:
        return f"{parent_code}-P{number}"
    if territory is Territory.PRECINCT_ABROAD:
        return f"{parent_code}-A{number}"
    return f"{parent_code}-{number:02d}"


def may_role_stand_at(role: Role, level: Level) -> bool:
    """Whether `role` can be granted at a commission of `level`: central roles at the CEC, others anywhere above
    precincts."""
    if role in CENTRAL_ROLES:
        return level is Level.CEC
    return level is not Level.PEC


def may_give(held: Iterable[tuple[Role, int]], role: Role) -> bool:
    """Whether somebody may give or take `role` at a commission, who holds these roles so many commissions above it."""
    return any(above >= GIVES[own, role] for own, above in held if (own, role) in GIVES)


def term_fault(first: date | None, last: date | None, today: date) -> str | None:
    """Why a role cannot be given from `first` to `last` (None: from now on; until taken away): `begun`, `over`,
    `turned`, `long`; None when it can."""
    if first is not None and first < today:
        return "begun"
    if last is not None and last < today:
        return "over"
    if first is not None and last is not None and last < first:
        return "turned"
    if max(first or today, last or today) > today + LONGEST_ROLE:
        return "long"
    return None
