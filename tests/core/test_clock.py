"""The one clock: it runs, is pretended, or keeps a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from lms.core import clock

DAY = date(2022, 11, 18)
NOON = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
"""Noon in the capital, which is one hour nearer to UTC than it was in 2022."""


@pytest.fixture(autouse=True)
def runs_again() -> Iterator[None]:
    """No test leaves a day behind."""
    clock.stand_on(None)
    yield
    clock.stand_on(None)


def local() -> datetime:
    """What a clock on the wall shows in the capital."""
    return clock.now().astimezone(ZoneInfo(clock.CAPITAL))


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (NOON, "2022-11-18 12:00:00"),
        (NOON + timedelta(hours=11, minutes=59, seconds=59), "2022-11-18 23:59:59"),
        (NOON + timedelta(hours=12), "2022-11-18 00:00:00"),
        (NOON + timedelta(days=40, hours=1), "2022-11-18 13:00:00"),
        (NOON - timedelta(days=3000), "2022-11-18 13:00:00"),  # the capital's zone was another one then
    ],
)
def test_the_date_stands_and_the_time_of_day_runs(at: datetime, shown: str) -> None:
    clock.stand_on(DAY)
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        clock.now()
    with time_machine.travel(at, tick=False):
        assert f"{local():%Y-%m-%d %H:%M:%S}" == shown
        assert clock.today() == DAY
        assert clock.machine_time() == at


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 11, 25, 18, 59, tzinfo=UTC), "", date(2026, 11, 25)),
        (datetime(2026, 11, 25, 19, 0, tzinfo=UTC), "", date(2026, 11, 26)),
        (datetime(2026, 11, 25, 19, 0, tzinfo=UTC), "Europe/London", date(2026, 11, 25)),
        (datetime(2026, 11, 26, 1, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 25)),
    ],
)
def test_a_moment_falls_on_the_day_of_its_place(moment: datetime, zone: str, day: date) -> None:
    assert clock.day_of(moment, zone) == day


def test_what_is_pretended_goes_first() -> None:
    clock.stand_on(DAY)
    with clock.pretending(NOON):
        assert clock.now() == NOON
    assert clock.today() == DAY


def test_the_day_is_asked_for_until_there_is_an_answer_and_never_again() -> None:
    answers: list[date | None] = []
    asked = []

    def ask() -> date | None:
        asked.append(1)
        if not answers:
            raise LookupError
        return answers[0]

    clock.ask_once(ask)
    assert clock.today() == clock.machine_time().astimezone(ZoneInfo(clock.CAPITAL)).date()
    answers.append(DAY)
    assert [clock.today(), clock.today(), clock.standing_day()] == [DAY, DAY, DAY]
    assert len(asked) == 2


def test_where_the_date_runs_nobody_is_asked_twice() -> None:
    asked = []
    clock.ask_once(lambda: asked.append(1))
    assert [clock.standing_day(), clock.now() > NOON - timedelta(days=9000)] == [None, True]
    assert len(asked) == 1
