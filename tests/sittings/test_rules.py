"""Codes, windows and who may begin: tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.accounts.rules import ALPHABET
from lms.sittings.rules import (
    CODE_LENGTH,
    MOST_HOURS,
    Facts,
    Fault,
    Window,
    closes_at,
    find_fault,
    hours_to,
    is_offered_at,
    lengthened,
    new_code,
    read_code,
    show_code,
)

OPENED = datetime(2026, 11, 20, 10, tzinfo=UTC)
CLOSES = OPENED + timedelta(hours=3)


def at(**after: float) -> datetime:
    """A moment so long after the room was opened."""
    return OPENED + timedelta(**after)


def test_a_code_has_29_random_bits_and_no_signs_that_look_alike() -> None:
    assert len(ALPHABET) ** CODE_LENGTH > 2**29
    assert not set("0O1IL") & set(ALPHABET)
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in codes)


def test_a_code_is_shown_in_threes() -> None:
    assert show_code("ABC234") == "ABC-234"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ABC234", "ABC234"),
        ("abc-234", "ABC234"),
        ("  a b c 2 3 4 ", "ABC234"),
        ("ABC–234", "ABC234"),
        ("АВС234", "ABC234"),  # Cyrillic letters that look alike
        ("авс 234", "ABC234"),
        ("КМНРТХ", "KMHPTX"),
        ("ABC23", None),
        ("ABC2345", None),
        ("ABC23O", None),
        ("АБВГДЕ", None),
        ("", None),
        ("☐☐☐☐☐☐", None),
    ],
)
def test_reading_a_code(typed: str, code: str | None) -> None:
    assert read_code(typed) == code


@pytest.mark.parametrize(
    ("now", "closed_at", "is_open"),
    [
        (at(), None, True),
        (at(hours=2.99), None, True),
        (at(hours=3), None, False),
        (at(days=3), None, False),
        (at(hours=1), at(minutes=30), False),
        (at(hours=-0.5), None, True),  # a clock set back a little
        (at(hours=-2), None, False),  # the day that the installation keeps has begun anew
    ],
)
def test_when_a_room_is_open(now: datetime, closed_at: datetime | None, is_open: bool) -> None:
    assert Window(OPENED, CLOSES, closed_at).is_open(now) is is_open


def test_when_a_room_ended() -> None:
    assert Window(OPENED, CLOSES).ended_at == CLOSES
    assert Window(OPENED, CLOSES, at(hours=1)).ended_at == at(hours=1)
    assert Window(OPENED, CLOSES, at(hours=9)).ended_at == CLOSES, "closed by hand after it had closed by itself"


def facts(**changes: bool) -> Facts:
    """Those of somebody who may begin, with `changes` laid over."""
    return Facts(**{"is_open": True, "same_course": True, "in_branch": True, "supervises": False, **changes})


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (None, Fault.WRONG),
        (facts(), None),
        (facts(is_open=False), Fault.CLOSED),
        (facts(same_course=False), Fault.OTHER_COURSE),
        (facts(in_branch=False), Fault.OTHER_BRANCH),
        (facts(supervises=True), Fault.OWN),
        (facts(is_open=False, in_branch=False), Fault.OTHER_BRANCH),
        (facts(is_open=False, same_course=False), Fault.CLOSED),
        (facts(same_course=False, supervises=True), Fault.OTHER_COURSE),
    ],
)
def test_why_a_code_begins_nothing(found: Facts | None, fault: Fault | None) -> None:
    assert find_fault(found) is fault


@pytest.mark.parametrize(("after", "offered"), [(-72, True), (0, True), (12, True), (12.1, False)])
def test_how_long_a_workshop_offers_a_room(after: float, offered: bool) -> None:
    assert is_offered_at(OPENED, at(hours=after)) is offered


def test_a_room_is_lengthened_to_twelve_hours_at_most() -> None:
    assert closes_at(OPENED, 3) == CLOSES
    assert lengthened(Window(OPENED, CLOSES), 30) == CLOSES + timedelta(minutes=30)
    assert lengthened(Window(OPENED, CLOSES), 24 * 60) == OPENED + timedelta(hours=MOST_HOURS)


@pytest.mark.parametrize(("hours", "offered"), [(-2, 3), (1, 3), (4, 4), (4.5, 5), (60, MOST_HOURS)])
def test_a_room_is_offered_to_the_end_of_its_workshop(hours: float, offered: int) -> None:
    assert hours_to(at(hours=hours), OPENED) == offered
