"""Codes of commissions, and where each role can stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.commissions.rules import (
    LONGEST_ROLE,
    Level,
    Role,
    Territory,
    child_code,
    may_give,
    may_role_stand_at,
    term_fault,
)


@pytest.mark.parametrize(
    ("parent", "number", "territory", "code"),
    [
        ("KZ", 12, Territory.REGION, "KZ-12"),
        ("KZ-12", 3, Territory.DISTRICT, "KZ-12-03"),
        ("KZ-12-03", 17, Territory.PRECINCT, "KZ-12-03-P17"),
        ("KZ-18-01", 5, Territory.PRECINCT_ABROAD, "KZ-18-01-A5"),
    ],
)
def test_a_code_tells_the_place(parent: str, number: int, territory: Territory, code: str) -> None:
    assert child_code(parent, number, territory) == code


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("level", list(Level))
def test_roles_stand_at_their_level(role: Role, level: Level) -> None:
    central = role in (Role.CEC_ADMINISTRATOR, Role.METHODOLOGIST)
    assert may_role_stand_at(role, level) == (level is Level.CEC or (level is Level.TEC and not central))


HEAD, OFFICER = Role.CEC_ADMINISTRATOR, Role.TERRITORIAL_OFFICER
THERE = {HEAD: set(Role), OFFICER: {Role.TRAINER}}
BELOW = {HEAD: set(Role), OFFICER: {OFFICER, Role.TRAINER, Role.REPORTING_OFFICER}}


@pytest.mark.parametrize("held", list(Role))
@pytest.mark.parametrize("given", list(Role))
def test_roles_are_given_downwards_only(held: Role, given: Role) -> None:
    assert may_give([(held, 0)], given) == (given in THERE.get(held, set()))
    for above in (1, 2, 3):
        assert may_give([(held, above)], given) == (given in BELOW.get(held, set()))


def test_who_holds_nothing_gives_nothing_and_one_of_several_roles_is_enough() -> None:
    assert not any(may_give([], role) for role in Role)
    assert may_give([(Role.TRAINER, 3), (OFFICER, 1)], OFFICER)
    assert not may_give([(Role.TRAINER, 3), (OFFICER, 0)], OFFICER)


TODAY = date(2026, 11, 8)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (None, None, None),
        (TODAY, TODAY, None),
        (None, TODAY, None),
        (TODAY + DAY, None, None),
        (TODAY + DAY, TODAY + 9 * DAY, None),
        (TODAY - DAY, None, "begun"),
        (TODAY - DAY, TODAY - 2 * DAY, "begun"),
        (None, TODAY - DAY, "over"),
        (TODAY + 2 * DAY, TODAY + DAY, "turned"),
        (None, TODAY + LONGEST_ROLE, None),
        (None, TODAY + LONGEST_ROLE + DAY, "long"),
        (date.max, None, "long"),
        (None, date.max, "long"),
    ],
)
def test_the_days_of_a_role_make_sense(first: date | None, last: date | None, fault: str | None) -> None:
    assert term_fault(first, last, TODAY) == fault
