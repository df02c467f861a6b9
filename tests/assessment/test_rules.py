"""Drawing, time, who may begin, what passes, what to read again: tables of cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import inf
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
    Seen,
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
    mix_of,
    result,
    seconds_left,
    share_out,
    usable,
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
        paper = draw([Draw(topic="opening", draw=4)], POOL + fresh, Random(3), Seen(seen))
        assert {one.version_id for one in fresh} < {one.version_id for one in paper}

    def test_too_few_questions_are_named(self) -> None:
        with pytest.raises(PoolTooSmall, match="'opening'"):
            draw([Draw(topic="opening", draw=9)], POOL, Random(1))

    @given(st.integers(), st.sets(st.integers(0, 31)))
    def test_any_seed_gives_a_whole_paper(self, seed: int, seen: set[int]) -> None:
        paper = draw(SETTINGS.blueprint, POOL, Random(seed), Seen(seen))
        assert len(set(paper)) == SETTINGS.size

    @pytest.mark.parametrize(
        ("part", "has", "mix"),
        [
            (Draw(topic="t", draw=4), {"medium": 30}, {"medium": 4}),
            (Draw(topic="t", draw=4), {"easy": 10, "medium": 20, "hard": 10}, {"easy": 1, "medium": 2, "hard": 1}),
            (Draw(topic="t", draw=3), {"easy": 10, "medium": 20, "hard": 10}, {"easy": 1, "medium": 1, "hard": 1}),
            (Draw(topic="t", draw=5), {"easy": 1, "medium": 23, "hard": 6}, {"medium": 4, "hard": 1}),
            (
                Draw(topic="t", draw=4, easy=1, hard=1),
                {"easy": 5, "medium": 9, "hard": 5},
                {"easy": 1, "medium": 2, "hard": 1},
            ),
            (Draw(topic="t", draw=4, hard=0), {"easy": 5, "medium": 15, "hard": 50}, {"easy": 1, "medium": 3}),
            (Draw(topic="t", draw=4, easy=1, hard=1), {"easy": 5, "hard": 15}, {"easy": 1, "hard": 3}),
            (Draw(topic="t", draw=3, easy=3), {"easy": 3, "medium": 9}, {"easy": 3}),
            (Draw(topic="t", draw=9), {"easy": 3, "medium": 6}, {"easy": 3, "medium": 6}),
        ],
    )
    def test_the_mix_of_difficulties(self, part: Draw, has: dict[str, int], mix: dict[str, int]) -> None:
        assert mix_of(part, has) == mix

    def test_a_difficulty_that_the_pool_does_not_hold_is_refused(self) -> None:
        with pytest.raises(PoolTooSmall, match="draws 2 questions"):
            mix_of(Draw(topic="t", draw=4, hard=2), {"medium": 30, "hard": 1})

    @given(st.integers(0, 60), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 40)))
    def test_shares_come_to_the_whole_and_never_to_more_than_there_is(self, wanted: int, has: dict[str, int]) -> None:
        number = min(wanted, sum(has.values()))
        shares = share_out(number, has)
        assert sum(shares.values()) == number
        assert all(shares[one] <= has[one] for one in shares)

    def test_two_thousand_papers_are_equally_hard_and_show_every_question_about_as_often(self) -> None:
        """Counts are refreshed after every 100 papers, as the worker does it once a minute."""
        papers, refreshed = 2_000, 100
        levels, rng = ("easy", "medium", "medium", "hard"), Random(7)
        pool = [Candidate(n, TOPICS[n % 4], levels[n // 4 % 4]) for n in range(480)]
        counts, kept = Counter[int](), Seen()
        mixes = set()
        for number in range(papers):
            paper = draw(SETTINGS.blueprint, pool, rng, kept)
            mixes.add(tuple(sorted((one.topic, one.difficulty) for one in paper)))
            counts.update(one.version_id for one in paper)
            if number % refreshed == refreshed - 1:
                kept = Seen(counts=dict(counts), papers=number + 1)
        assert len(mixes) == 1
        for (topic, level), fair in fair_shares(pool, mixes.pop(), papers).items():
            shown = [counts[one.version_id] for one in pool if (one.topic, one.difficulty) == (topic, level)]
            assert max(shown) <= fair * 1.2, (topic, level)
            assert min(shown) >= fair * 0.8, (topic, level)

    def test_a_worn_question_rests_while_there_are_others(self) -> None:
        part, pool = Draw(topic="t", draw=2), [Candidate(n, "t") for n in range(6)]
        seen = Seen(counts={0: 60, 1: 60, 2: 60}, papers=100, most_percent=50)
        for seed in range(50):
            assert {one.version_id for one in draw([part], pool, Random(seed), seen)} <= {3, 4, 5}
        everything = draw([Draw(topic="t", draw=6)], pool, Random(1), seen)
        assert len(everything) == 6
        assert replace(seen, papers=49).worn_from == replace(seen, most_percent=None).worn_from == inf


TODAY = date(2026, 11, 8)


class TestUsable:
    part = Draw(topic="t", draw=2)
    old = Candidate(1, "t", valid_until=date(2026, 11, 7))
    later = Candidate(2, "t", valid_from=date(2026, 11, 9))
    good = tuple(Candidate(n, "t") for n in (3, 4))

    def test_what_is_withdrawn_or_out_of_its_days_is_not_drawn(self) -> None:
        pool = [self.old, self.later, *self.good, Candidate(5, "t")]
        assert usable([self.part], pool, {5}, TODAY) == list(self.good)

    def test_an_old_question_is_better_than_no_test_and_a_withdrawn_one_is_not(self) -> None:
        found = usable([self.part], [self.old, *self.good], {3}, TODAY)
        assert {one.version_id for one in found} == {1, 4}


def fair_shares(pool: list[Candidate], mix: tuple[tuple[str, str], ...], papers: int) -> dict[tuple[str, str], float]:
    """On how many papers each question of a stratum stands when all stand on equally many."""
    has = Counter((one.topic, one.difficulty) for one in pool)
    return {stratum: papers * count / has[stratum] for stratum, count in Counter(mix).items()}


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
