"""Codes of commissions, and where each role can stand."""

from __future__ import annotations

import pytest

from lms.commissions.rules import Level, Role, Territory, child_code, may_role_stand_at


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
