"""The law of the test: who may begin, what is drawn, how long it lasts, what passes and what to read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

from lms.assessment.errors import PoolTooSmall
from lms.core.clock import AHEAD
from lms.curriculum.settings import Draw, TestSettings
from lms.questions.kinds.shapes import WHOLE, points_of

ENTRY_LASTS = timedelta(days=60)
"""The questions before the course have no clock; what was left lying about is closed after this time."""


class Kind(StrEnum):
    """What an attempt is at: the test of the course, or the questions before it, which count for nothing."""

    FINAL = "final"
    ENTRY = "entry"


class State(StrEnum):
    """Where an attempt stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    TIMED_OUT = "timed_out"


class Hindrance(StrEnum):
    """Why a test cannot be begun now."""

    PASSED = "passed"
    OPEN = "open"
    USED_UP = "used_up"
    READ_FIRST = "read_first"
    WAIT = "wait"
    OVER = "over"
    """The campaign is over."""
    ASKED = "asked"
    """Of the questions before the course: they were asked once already."""
    BEGUN = "begun"
    """Of the questions before the course: reading has begun."""


@dataclass(frozen=True)
class Candidate:
    """A question that may be drawn."""

    version_id: int
    topic: str


@dataclass(frozen=True)
class Earlier:
    """What counts of an earlier attempt; `ended_at` of an open one is its deadline."""

    state: State
    ended_at: datetime
    passed: bool


@dataclass(frozen=True)
class Chance:
    """Whether a test can be begun now: what stands in the way, attempts left, and when the next one may begin."""

    hindrance: Hindrance | None
    left: int
    opens_at: datetime | None = None

    @property
    def may(self) -> bool:
        """Whether nothing stands in the way."""
        return self.hindrance is None


@dataclass(frozen=True)
class TopicMark:
    """What the answers to the questions of one topic are worth, in thousandths of a question, of how many questions."""

    topic: str
    credit: int
    total: int

    @property
    def points(self) -> Decimal:
        """What they are worth, in questions."""
        return points_of(self.credit)

    @property
    def full(self) -> bool:
        """Whether nothing is missing."""
        return self.credit == self.total * WHOLE


@dataclass(frozen=True)
class Shortfall:
    """A minimum over some topics that was not reached: `credit` in thousandths, `needed` in questions."""

    topics: tuple[str, ...]
    credit: int
    needed: int


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to: `credit` in thousandths of a question, the others in questions."""

    credit: int
    total: int
    enough: int
    """As many questions answered rightly, in whole or in parts, are enough, if every minimum is reached too."""
    passed: bool
    shortfalls: tuple[Shortfall, ...]
    read_again: tuple[str, ...]
    """Topics to read again, in the order of the paper."""


def draw(
    blueprint: Sequence[Draw], pool: Sequence[Candidate], rng: Random, seen: Collection[int] = ()
) -> list[Candidate]:
    """The questions of one paper, the first is position 1: topic after topic, in each first those not `seen` before.

    Raises PoolTooSmall when a topic has fewer questions than are drawn of it.
    """
    paper: list[Candidate] = []
    for part in blueprint:
        candidates = [candidate for candidate in pool if candidate.topic == part.topic]
        if len(candidates) < part.draw:
            raise PoolTooSmall(part.topic, part.draw, len(candidates))
        shuffled = rng.sample(candidates, len(candidates))
        chosen = sorted(shuffled, key=lambda candidate: candidate.version_id in seen)[: part.draw]
        paper += rng.sample(chosen, len(chosen))
    return paper


def deadline(started_at: datetime, settings: TestSettings) -> datetime:
    """When the time of an attempt is up, by the server's clock."""
    return started_at + timedelta(minutes=settings.minutes)


def is_over(ends_at: datetime, now: datetime) -> bool:
    """Whether the time is up: an answer that comes at the very deadline is late."""
    return now >= ends_at


def is_up(started_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether an open attempt is to be closed: its time is up, or it began long after now, as happens only where an
    installation keeps one day and that day has begun anew meanwhile."""
    return is_over(ends_at, now) or started_at > now + AHEAD


def seconds_left(ends_at: datetime, now: datetime) -> int:
    """Whole seconds to the deadline; 0 when it has passed."""
    return max(0, int((ends_at - now).total_seconds()))


def close_reason(started_at: datetime, ends_at: datetime, now: datetime) -> State:
    """How an attempt that is closed now ends: sent in time, or timed out with what was saved."""
    return State.TIMED_OUT if is_up(started_at, ends_at, now) else State.SUBMITTED


def may_start(now: datetime, earlier: Sequence[Earlier], settings: TestSettings, *, has_read: bool) -> Chance:
    """Whether an attempt may begin now. `earlier`: all attempts of the enrolment; `has_read`: every module was read."""
    left = max(0, settings.attempts - len(earlier))
    if any(attempt.passed for attempt in earlier):
        return Chance(Hindrance.PASSED, left)
    if any(attempt.state is State.OPEN for attempt in earlier):
        return Chance(Hindrance.OPEN, left)
    if left == 0:
        return Chance(Hindrance.USED_UP, 0)
    if not has_read:
        return Chance(Hindrance.READ_FIRST, left)
    opens_at = max((attempt.ended_at for attempt in earlier), default=now) + timedelta(hours=settings.hours_between)
    if earlier and now < opens_at:
        return Chance(Hindrance.WAIT, left, opens_at)
    return Chance(None, left)


def find_entry_hindrance(*, offered: bool, asked: bool, begun: bool) -> Hindrance | None:
    """What stands in the way of the questions before the course: they are asked once, before anything was read."""
    if asked:
        return Hindrance.ASKED
    if begun:
        return Hindrance.BEGUN
    return None if offered else Hindrance.OVER


def may_review(earlier: Sequence[Earlier], settings: TestSettings) -> bool:
    """Whether right answers and explanations may be shown: after a pass or the last attempt; never in an open one."""
    if any(attempt.state is State.OPEN for attempt in earlier):
        return False
    return any(attempt.passed for attempt in earlier) or len(earlier) >= settings.attempts


def result(marks: Sequence[TopicMark], settings: TestSettings) -> Outcome:
    """What these marks come to: passed with enough credit and every minimum reached.

    Where questions were left out, every threshold shrinks in proportion to what is left and is rounded down (14 of 20
    becomes 13 of 19), so that leaving one question out fails nobody who had passed."""
    marked = {mark.topic: mark for mark in marks}
    shortfalls = tuple(_find_shortfalls(marked, settings))
    together = sum(mark.credit for mark in marks)
    total = sum(mark.total for mark in marks)
    enough = of_rest(settings.enough, total, settings.size)
    return Outcome(
        credit=together,
        total=total,
        enough=enough,
        passed=together >= enough * WHOLE and not shortfalls,
        shortfalls=shortfalls,
        read_again=tuple(mark.topic for mark in marks if _is_weak(mark, shortfalls, settings)),
    )


def count_by_topic(graded: Sequence[tuple[str, int]]) -> list[TopicMark]:
    """Marks by topic, in the order of the paper, of (topic, credit) for each question."""
    topics = list(dict.fromkeys(topic for topic, _credit in graded))
    return [
        TopicMark(
            topic,
            sum(credit for found, credit in graded if found == topic),
            sum(found == topic for found, _credit in graded),
        )
        for topic in topics
    ]


def of_rest(threshold: int, rest: int, drawn: int) -> int:
    """A threshold in questions where only `rest` of the `drawn` questions count, rounded down."""
    return threshold * rest // drawn if rest < drawn else threshold


def _find_shortfalls(marked: Mapping[str, TopicMark], settings: TestSettings) -> list[Shortfall]:
    found = []
    for minimum in settings.minimums:
        there = [marked[topic] for topic in minimum.topics if topic in marked]
        reached = sum(mark.credit for mark in there)
        drawn = sum(part.draw for part in settings.blueprint if part.topic in minimum.topics)
        needed = of_rest(minimum.right, sum(mark.total for mark in there), drawn)
        if reached < needed * WHOLE:
            found.append(Shortfall(tuple(minimum.topics), reached, needed))
    return found


def _is_weak(mark: TopicMark, shortfalls: Sequence[Shortfall], settings: TestSettings) -> bool:
    if mark.full:
        return False
    below = mark.credit * 100 < mark.total * WHOLE * settings.pass_percent
    return below or any(mark.topic in shortfall.topics for shortfall in shortfalls)
