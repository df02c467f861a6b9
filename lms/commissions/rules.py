"""What levels, offices and roles there are, and what follows from them."""

from __future__ import annotations

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


CENTRAL_ROLES = frozenset({Role.CEC_ADMINISTRATOR, Role.METHODOLOGIST})


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
