"""What levels, offices and roles there are, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Level(StrEnum):
    """A commission's place in the cascade."""

    CEC = "cec"
    TEC = "tec"
    PEC = "pec"


class Territory(StrEnum):
    """What a commission is responsible for."""

    COUNTRY = "country"
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


class SeatFault(StrEnum):
    """Why somebody cannot come to a seat, or leave it, as an officer has entered it."""

    CLOSED = "closed"
    """The commission is closed."""
    FUTURE = "future"
    """The day is yet to come."""
    BEFORE_SEAT = "before_seat"
    """Before the one who leaves had the seat, or before the seat became free."""
    ACT_AFTER = "act_after"
    """The decision is later than the day from which it holds."""
    ACT_TWICE = "act_twice"
    """The number is known with another date."""
    SAME_PERSON = "same_person"
    """The one who comes is the one who leaves."""
    SITS_ELSEWHERE = "sits_elsewhere"
    OVERLAPS = "overlaps"
    """The person held another seat on that day still."""
    SECOND_CHAIR = "second_chair"


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
    free_since: date | None = None
    """The first day on which the seat can change hands: since when the one who leaves holds it, or since when it is
    free; None when nobody ever held it."""
    act_known_on: date | None = None
    """The day with which a decision of that number and year is known already."""
    sits_elsewhere: bool = False
    is_same_person: bool = False
    last_left_on: date | None = None
    """When the person who comes left their last seat."""
    has_other_chair: bool = False


def find_seat_fault(*, since: date, act: Act, facts: SeatFacts, office: Office | None = None) -> SeatFault | None:
    """The first thing that keeps a change of seat, which holds from `since`, from being made. `office`: of the one who
    comes; None when somebody only leaves."""
    faults = (
        (SeatFault.CLOSED, facts.closed_on is not None),
        (SeatFault.FUTURE, since > facts.today),
        (SeatFault.BEFORE_SEAT, facts.free_since is not None and since < facts.free_since),
        (SeatFault.ACT_AFTER, act.on > since),
        (SeatFault.ACT_TWICE, facts.act_known_on is not None and facts.act_known_on != act.on),
        (SeatFault.SAME_PERSON, facts.is_same_person),
        (SeatFault.SITS_ELSEWHERE, facts.sits_elsewhere),
        (SeatFault.OVERLAPS, facts.last_left_on is not None and facts.last_left_on > since),
        (SeatFault.SECOND_CHAIR, office is Office.CHAIR and facts.has_other_chair),
    )
    return next((fault for fault, holds in faults if holds), None)


STANDS_UNDER = {
    Territory.REGION: (Territory.COUNTRY,),
    Territory.REPUBLICAN_CITY: (Territory.COUNTRY,),
    Territory.DISTRICT: (Territory.REGION, Territory.COUNTRY),
    Territory.CITY: (Territory.REGION, Territory.COUNTRY),
    Territory.CITY_DISTRICT: (Territory.REPUBLICAN_CITY, Territory.CITY),
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


def list_below(parent: str) -> list[Territory]:
    """The kinds of commissions that may stand directly under one of this kind."""
    return [one for one in STANDS_UNDER if may_stand_under(one, parent)]


def list_commonest_first(parent: str) -> list[Territory]:
    """The same, the kind first that is made most often: precincts below a district or a city."""
    if Territory(parent) not in (Territory.DISTRICT, Territory.CITY, Territory.CITY_DISTRICT):
        return list_below(parent)
    return sorted(list_below(parent), key=lambda one: one is not Territory.PRECINCT)


def level_of(territory: Territory) -> Level:
    """The level of a commission that is responsible for such a territory."""
    if territory is Territory.COUNTRY:
        return Level.CEC
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
    """The code of a commission: its parent's code and its own number, as KZ-12-03 (TEC), KZ-12-03-P17 (precinct),
    KZ-18-01-A5 (precinct abroad)."""
    if territory is Territory.PRECINCT:
        return f"{parent_code}-P{number}"
    if territory is Territory.PRECINCT_ABROAD:
        return f"{parent_code}-A{number}"
    return f"{parent_code}-{number:02d}"


def may_role_stand_at(role: Role, level: Level) -> bool:
    """Whether `role` can be granted at a commission of `level`: central roles at the CEC, others at CEC or TEC."""
    if role in CENTRAL_ROLES:
        return level is Level.CEC
    return level in (Level.CEC, Level.TEC)


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
