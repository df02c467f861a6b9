"""What levels, offices and roles there are, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
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
