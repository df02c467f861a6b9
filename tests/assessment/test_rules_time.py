"""Extra time, deadlines and late answers, as tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lms.assessment.rules import Earlier, State, gives_more, is_over, may_review, may_start
from lms.assessment.rules_time import (
    Given,
    Help,
    Longer,
    decide,
    derive_deadline,
    find_extra,
    may_reopen,
    overlaps,
    replay,
)
from lms.curriculum.settings import Draw, TestSettings

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def settings(**changes: object) -> TestSettings:
    known = {"minutes": 30, "pass_percent": 80, "attempts": 2, "hours_between": 0}
    return TestSettings(**{**known, "blueprint": [Draw(topic="opening", draw=1)], **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("helps", "adds", "which"),
    [
        ([], None, None),
        ([Help(1, 0, 0)], None, None),
        ([Help(1, 50, 0)], 15, 1),
        ([Help(1, 33, 0)], 10, 1),  # 9.9 minutes: rounded up
        ([Help(1, 50, 5)], 20, 1),
        ([Help(1, 50, 0), Help(2, 0, 20)], 20, 2),  # the best, never the sum
        ([Help(1, 50, 0), Help(2, 0, 15)], 15, 1),  # of two alike the first
    ],
)
def test_the_best_help_counts(helps: list[Help], adds: int | None, which: int | None) -> None:
    extra = find_extra(30, helps)
    assert (extra and extra.adds, extra and extra.accommodation) == (adds, which)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Pacific/Kiritimati", "Asia/Aqtau"])
def test_a_deadline_is_the_same_moment_on_every_clock(zone: str) -> None:
    """Half-hour zones have given an hour too much or too little elsewhere."""
    at = START.astimezone(ZoneInfo(zone))
    ends_at = derive_deadline(at, 45, [Longer(10, False, at)])
    assert ends_at == START + timedelta(minutes=55)
    assert [is_over(ends_at, START + timedelta(minutes=55, seconds=by)) for by in (-1, 0, 1)] == [False, True, True]


def test_extensions_add_up_and_a_reopening_counts_from_its_moment() -> None:
    late = START + timedelta(hours=5)
    assert derive_deadline(START, 30, [Longer(10, False, START), Longer(5, False, START)]) == START + timedelta(
        minutes=45
    )
    assert derive_deadline(START, 30, [Longer(20, True, late), Longer(5, False, late)]) == late + timedelta(minutes=25)


@pytest.mark.parametrize(
    ("state", "hours", "passed", "may"),
    [
        (State.TIMED_OUT, 1, False, True),
        (State.TIMED_OUT, 72, False, True),
        (State.TIMED_OUT, 73, False, False),
        (State.TIMED_OUT, 1, True, False),
        (State.SUBMITTED, 1, False, False),
        (State.OPEN, 1, False, False),
    ],
)
def test_what_may_be_opened_again(state: State, hours: int, passed: bool, may: bool) -> None:
    assert may_reopen(state, START, START + timedelta(hours=hours), passed=passed) is may


@pytest.mark.parametrize(
    ("since", "until", "met"), [(-20, -10, False), (-20, 10, True), (10, 20, True), (30, 40, False)]
)
def test_whom_an_outage_met(since: int, until: int, met: bool) -> None:
    at = [START + timedelta(minutes=one) for one in (since, until)]
    assert overlaps(START, START + timedelta(minutes=30), *at) is met


def step(
    number: int, *, client: str = "a", seq: int = 1, base: int = 0, late: bool = False, stale: bool = False
) -> Given:
    return Given(number, 1, client, seq, base, stale, late)


@pytest.mark.parametrize(
    ("steps", "decisions", "counts"),
    [
        ([step(1), step(2, late=True, base=1)], {}, 1),  # nobody has decided
        ([step(1), step(2, late=True, base=1)], {2: True}, 2),
        ([step(1), step(2, late=True, base=1)], {2: False}, 1),
        ([step(1, late=True)], {1: True}, 1),
        ([step(1), step(2, client="b", late=True)], {2: True}, 1),  # it had not seen the answer of the other device
        ([step(1), step(2, seq=2, late=True)], {2: True}, 2),  # the same device, later
        ([step(1, seq=5), step(2, seq=2, late=True)], {2: True}, 1),  # the same device, earlier
        ([step(1), step(2, base=1, late=True), step(3, seq=3, late=True)], {2: True}, 2),  # came after the decision
        ([step(1), step(2, base=1, late=True), step(3, seq=3, late=True)], {2: False, 3: True}, 3),
        ([step(1), step(2, base=1, stale=True)], {2: True}, 1),
    ],
)
def test_which_answer_counts(steps: list[Given], decisions: dict[int, bool], counts: int) -> None:
    assert replay(decide(steps, decisions)) == {1: counts}


def test_attempts_beyond_those_of_the_course() -> None:
    used = [Earlier(State.SUBMITTED, START, False)] * 2
    assert not may_start(START, used, settings(), has_read=True).may
    more = may_start(START, used, settings(), has_read=True, granted=1)
    assert (more.may, more.left) == (True, 1)


@pytest.mark.parametrize(
    ("attempts", "after", "granted", "hours", "gives"),
    [
        (2, "workshop", 0, 1, True),
        (2, "workshop", 0, -1, False),  # it was before the last attempt
        (2, "officer", 0, 1, False),
        (1, "workshop", 0, 1, False),  # one is left
        (2, "workshop", 1, 1, False),  # one was given
    ],
)
def test_when_a_workshop_opens_the_way(attempts: int, after: str, granted: int, hours: int, gives: bool) -> None:
    used = [Earlier(State.SUBMITTED, START, False)] * attempts
    assert gives_more(used, settings(after_attempts=after), granted, START + timedelta(hours=hours)) is gives


def test_right_answers_wait_while_a_workshop_gives_more_attempts() -> None:
    used = [Earlier(State.SUBMITTED, START, False)] * 2
    assert may_review(used, settings())
    assert not may_review(used, settings(), granted=1)
    assert not may_review(used, settings(after_attempts="workshop"))
    assert may_review([Earlier(State.SUBMITTED, START, True)], settings(after_attempts="workshop"))
