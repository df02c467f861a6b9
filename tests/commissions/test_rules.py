"""Codes of commissions, and where each role can stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lms.commissions.rules import (
    LONGEST_ROLE,
    Act,
    DayFault,
    Level,
    Office,
    Role,
    SeatFacts,
    SeatFault,
    Territory,
    child_code,
    find_day_fault,
    find_seat_fault,
    list_below,
    list_commonest_first,
    may_give,
    may_role_stand_at,
    term_fault,
    years_after,
)

TODAY = date(2022, 11, 17)
ACT = Act("12", TODAY)
DAY = timedelta(days=1)


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
    assert may_role_stand_at(role, level) == (
        level is Level.CEC or (level in (Level.TEC, Level.CONSTITUENCY) and not central)
    )


@pytest.mark.parametrize(
    ("facts", "since", "act", "fault"),
    [
        ({}, TODAY, ACT, None),
        ({"free_since": TODAY}, TODAY, ACT, None),
        ({"last_left_on": TODAY}, TODAY, ACT, None),
        ({"act_known_on": TODAY}, TODAY, ACT, None),
        ({"closed_on": TODAY}, TODAY, ACT, SeatFault.CLOSED),
        ({}, TODAY + DAY, ACT, SeatFault.FUTURE),
        ({"free_since": TODAY}, TODAY - DAY, Act("12", TODAY - DAY), SeatFault.BEFORE_SEAT),
        ({"founded_on": TODAY}, TODAY, ACT, None),
        ({"founded_on": TODAY + DAY}, TODAY, ACT, None),
        ({"founded_on": TODAY}, TODAY - DAY, Act("12", TODAY - DAY), SeatFault.BEFORE_FOUNDED),
        ({"of_age_on": TODAY}, TODAY, ACT, None),
        ({"of_age_on": TODAY + DAY}, TODAY, ACT, SeatFault.TOO_YOUNG),
        ({}, TODAY - DAY, ACT, SeatFault.ACT_AFTER),
        ({}, TODAY, Act("12", TODAY - 731 * DAY), None),
        ({}, TODAY, Act("12", TODAY - 732 * DAY), SeatFault.ACT_LONG_BEFORE),
        ({"act_known_on": TODAY - DAY}, TODAY, ACT, SeatFault.ACT_TWICE),
        ({"is_same_person": True}, TODAY, ACT, SeatFault.SAME_PERSON),
        ({"sits_elsewhere": True}, TODAY, ACT, SeatFault.SITS_ELSEWHERE),
        ({"last_left_on": TODAY + DAY}, TODAY, ACT, SeatFault.OVERLAPS),
        ({"has_other_chair": True}, TODAY, ACT, SeatFault.SECOND_CHAIR),
    ],
)
def test_what_keeps_somebody_from_a_seat(facts: dict[str, Any], since: date, act: Act, fault: SeatFault | None) -> None:
    known = SeatFacts(today=TODAY, **facts)
    assert find_seat_fault(since=since, act=act, facts=known, office=Office.CHAIR) is fault


def test_a_second_chair_is_only_in_the_way_of_a_chair() -> None:
    known = SeatFacts(today=TODAY, has_other_chair=True)
    assert find_seat_fault(since=TODAY, act=ACT, facts=known, office=Office.MEMBER) is None
    assert find_seat_fault(since=TODAY, act=ACT, facts=known) is None


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


@pytest.mark.parametrize(
    ("parent", "first"),
    [
        (Territory.CITY, Territory.PRECINCT),
        (Territory.DISTRICT, Territory.PRECINCT),
        (Territory.CITY_DISTRICT, Territory.PRECINCT),
        (Territory.REGION, Territory.DISTRICT),
        (Territory.REPUBLICAN_CITY, Territory.CITY_DISTRICT),
        (Territory.COUNTRY, Territory.REGION),
    ],
)
def test_the_commonest_kind_comes_first(parent: Territory, first: Territory) -> None:
    kinds = list_commonest_first(parent, constituencies=False)
    assert kinds[0] is first
    assert sorted(kinds) == sorted(list_below(parent, constituencies=False))


@pytest.mark.parametrize(
    ("day", "not_before", "fault"),
    [
        (TODAY, {}, None),
        (TODAY - 9000 * DAY, {DayFault.BEFORE_FOUNDED: None}, None),
        (TODAY + DAY, {}, DayFault.FUTURE),
        (TODAY - DAY, {DayFault.BEFORE_FOUNDED: TODAY}, DayFault.BEFORE_FOUNDED),
        (TODAY, {DayFault.BEFORE_FOUNDED: TODAY + DAY}, None),
        (TODAY - DAY, {DayFault.BEFORE_FOUNDED: TODAY - DAY, DayFault.BEFORE_MOVE: TODAY}, DayFault.BEFORE_MOVE),
        (TODAY - 9 * DAY, {DayFault.BEFORE_LEFT: TODAY, DayFault.BEFORE_MOVE: TODAY - DAY}, DayFault.BEFORE_LEFT),
        (TODAY - DAY, {DayFault.BEFORE_FOUNDED: TODAY, DayFault.BEFORE_MOVE: TODAY}, DayFault.BEFORE_FOUNDED),
    ],
)
def test_from_which_day_a_commission_changes(
    day: date, not_before: dict[DayFault, date | None], fault: DayFault | None
) -> None:
    assert find_day_fault(day, today=TODAY, not_before=not_before) is fault


def test_years_are_counted_over_leap_days_too() -> None:
    assert years_after(date(1985, 3, 2), 18) == date(2003, 3, 2)
    assert years_after(date(2008, 2, 29), 18) == date(2026, 2, 28)
