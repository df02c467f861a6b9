"""Drawing, time, who may begin, what passes, what to read again: tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.errors import PoolTooSmall
from lms.assessment.rules import (
    Candidate,
    Chance,
    Earlier,
    Hindrance,
    Shortfall,
    State,
    TopicMark,
    close_reason,
    count_by_topic,
    deadline,
    draw,
    is_over,
    is_up,
    may_review,
    may_start,
    result,
    seconds_left,
)
from lms.curriculum.settings import Draw, Minimum, TestSettings
from lms.questions.kinds.shapes import WHOLE

NOW = datetime(2026, 11, 8, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SETTINGS = TestSettings(
    minutes=30,
    pass_percent=80,
    attempts=3,
    hours_between=24,
    blueprint=[
        Draw(topic=topic, draw=n) for topic, n in (("opening", 4), ("voting", 6), ("count", 5), ("protocol", 5))
    ],
    minimums=[Minimum(topics=["count", "protocol"], right=7)],
)
TOPICS = ("opening", "voting", "count", "protocol")
POOL = [Candidate(number, topic) for number, topic in enumerate(TOPICS * 8)]


def earlier(state: State, *, hours_ago: float = 0, passed: bool = False) -> Earlier:
    return Earlier(state, NOW - hours_ago * HOUR, passed)


SENT = State.SUBMITTED


class TestDraw:
    def test_a_paper_follows_the_blueprint(self) -> None:
        paper = draw(SETTINGS.blueprint, POOL, Random(1))
        assert [one.topic for one in paper] == ["opening"] * 4 + ["voting"] * 6 + ["count"] * 5 + ["protocol"] * 5
        assert len({one.version_id for one in paper}) == 20

    def test_papers_differ_and_the_same_seed_gives_the_same_paper(self) -> None:
        papers = [tuple(draw(SETTINGS.blueprint, POOL, Random(seed))) for seed in (1, 1, 2)]
        assert papers[0] == papers[1] != papers[2]

    def test_questions_not_seen_come_first(self) -> None:
        seen = {one.version_id for one in POOL if one.topic == "opening"}
        fresh = [Candidate(100 + n, "opening") for n in range(3)]
        paper = draw([Draw(topic="opening", draw=4)], POOL + fresh, Random(3), seen)
        assert {one.version_id for one in fresh} < {one.version_id for one in paper}

    def test_too_few_questions_are_named(self) -> None:
        with pytest.raises(PoolTooSmall, match="'opening'"):
            draw([Draw(topic="opening", draw=9)], POOL, Random(1))

    @given(st.integers(), st.sets(st.integers(0, 31)))
    def test_any_seed_gives_a_whole_paper(self, seed: int, seen: set[int]) -> None:
        paper = draw(SETTINGS.blueprint, POOL, Random(seed), seen)
        assert len(set(paper)) == SETTINGS.size


class TestTime:
    def test_the_deadline_is_minutes_after_the_start(self) -> None:
        assert deadline(NOW, SETTINGS) == NOW + timedelta(minutes=30)

    @pytest.mark.parametrize(
        ("seconds", "over", "left", "reason"),
        [
            (-1, False, 1, State.SUBMITTED),
            (0, True, 0, State.TIMED_OUT),
            (1, True, 0, State.TIMED_OUT),
            (-0.4, False, 0, State.SUBMITTED),
        ],
    )
    def test_the_very_deadline_is_late(self, seconds: float, over: bool, left: int, reason: State) -> None:
        now = NOW + timedelta(seconds=seconds)
        assert (is_over(NOW, now), seconds_left(NOW, now), close_reason(NOW - HOUR, NOW, now)) == (over, left, reason)

    @pytest.mark.parametrize(("begun", "up"), [(-HOUR, False), (HOUR / 2, False), (20 * HOUR, True)])
    def test_a_test_of_before_the_day_began_anew_is_up(self, begun: timedelta, up: bool) -> None:
        assert is_up(NOW + begun, NOW + 24 * HOUR, NOW) is up


@pytest.mark.parametrize(
    ("attempts", "has_read", "chance"),
    [
        ([], True, Chance(None, 3)),
        ([], False, Chance(Hindrance.READ_FIRST, 3)),
        ([earlier(SENT, hours_ago=25)], True, Chance(None, 2)),
        ([earlier(SENT, hours_ago=24)], True, Chance(None, 2)),
        ([earlier(SENT, hours_ago=23)], True, Chance(Hindrance.WAIT, 2, NOW + HOUR)),
        ([earlier(State.TIMED_OUT, hours_ago=1)], True, Chance(Hindrance.WAIT, 2, NOW + 23 * HOUR)),
        ([earlier(State.OPEN, hours_ago=-0.5)], True, Chance(Hindrance.OPEN, 2)),
        ([earlier(SENT, hours_ago=99, passed=True)], True, Chance(Hindrance.PASSED, 2)),
        ([earlier(SENT, hours_ago=99)] * 3, True, Chance(Hindrance.USED_UP, 0)),
        ([earlier(SENT, hours_ago=99)] * 2 + [earlier(SENT, passed=True)], True, Chance(Hindrance.PASSED, 0)),
        ([earlier(SENT, hours_ago=99)] * 4, False, Chance(Hindrance.USED_UP, 0)),
    ],
)
def test_may_start(attempts: list[Earlier], has_read: bool, chance: Chance) -> None:
    assert may_start(NOW, attempts, SETTINGS, has_read=has_read) == chance
    assert chance.may == (chance.hindrance is None)


@pytest.mark.parametrize(
    ("attempts", "may"),
    [
        ([earlier(SENT)], False),
        ([earlier(SENT, passed=True)], True),
        ([earlier(SENT)] * 2, False),
        ([earlier(SENT)] * 3, True),
        ([earlier(SENT)] * 2 + [earlier(State.OPEN)], False),
        ([], False),
    ],
)
def test_right_answers_wait_for_the_end(attempts: list[Earlier], may: bool) -> None:
    assert may_review(attempts, SETTINGS) is may


def marks(opening: int, voting: int, count: int, protocol: int) -> list[TopicMark]:
    return [
        TopicMark("opening", opening * WHOLE, 4),
        TopicMark("voting", voting * WHOLE, 6),
        TopicMark("count", count * WHOLE, 5),
        TopicMark("protocol", protocol * WHOLE, 5),
    ]


@pytest.mark.parametrize(
    ("got", "passed", "shortfalls", "again"),
    [
        (marks(4, 6, 5, 5), True, (), ()),
        (marks(4, 6, 3, 4), True, (), ("count",)),
        (marks(4, 4, 4, 3), False, (), ("voting", "protocol")),
        (marks(4, 6, 3, 3), False, (Shortfall(("count", "protocol"), 6 * WHOLE, 7),), ("count", "protocol")),
        (marks(4, 6, 5, 1), False, (Shortfall(("count", "protocol"), 6 * WHOLE, 7),), ("protocol",)),
        (marks(4, 6, 4, 2), False, (Shortfall(("count", "protocol"), 6 * WHOLE, 7),), ("count", "protocol")),
        (marks(0, 6, 5, 5), True, (), ("opening",)),
        (marks(0, 0, 0, 0), False, (Shortfall(("count", "protocol"), 0, 7),), TOPICS),
    ],
)
def test_result(got: list[TopicMark], passed: bool, shortfalls: tuple[Shortfall, ...], again: tuple[str, ...]) -> None:
    outcome = result(got, SETTINGS)
    assert (outcome.passed, outcome.shortfalls, outcome.read_again) == (passed, shortfalls, again)
    assert (outcome.credit, outcome.total, outcome.enough) == (sum(mark.credit for mark in got), 20, 16)


def test_marks_are_counted_in_the_order_of_the_paper() -> None:
    graded = [("voting", WHOLE), ("voting", 250), ("opening", WHOLE)]
    assert count_by_topic(graded) == [TopicMark("voting", 1250, 2), TopicMark("opening", WHOLE, 1)]
