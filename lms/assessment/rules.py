"""The law of the test: who may begin, what is drawn, how long it lasts, what passes and what to read again."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

from lms.assessment.errors import PoolTooSmall
from lms.core.clock import AHEAD
from lms.curriculum.settings import DIFFICULTIES, Draw, TestSettings
from lms.questions.kinds.shapes import WHOLE, points_of
from lms.questions.uses import Difficulty, is_valid_on

ENTRY_LASTS = timedelta(days=60)
"""The questions before the course have no clock; what was left lying about is closed after this time."""

PAPER_CLIENT = "paper:"
"""Begins the name of the client of answers that were keyed in from paper; no page can call itself so."""


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
    ROOM = "room"
    """The test begins in a room only, with the code of that room."""
    ASKED = "asked"
    """Of the questions before the course: they were asked once already."""
    BEGUN = "begun"
    """Of the questions before the course: reading has begun."""


@dataclass(frozen=True)
class Candidate:
    """A question that may be drawn: how hard it is, and on which days."""

    version_id: int
    topic: str
    difficulty: str = Difficulty.MEDIUM
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Seen:
    """What is known of who saw which questions: those of this person's earlier papers; on how many papers each stood
    when that was counted last, of how many; and the share of papers that a question may stand on at most."""

    before: Collection[int] = frozenset()
    counts: Mapping[int, int] = field(default_factory=dict)
    papers: int = 0
    most_percent: int | None = None

    @property
    def worn_from(self) -> float:
        """A question that stood on so many papers rests while there are others; infinity where nothing is said."""
        if self.most_percent is None or self.papers < FEW_PAPERS:
            return math.inf
        return self.papers * self.most_percent / 100


NOTHING_SEEN = Seen()
FEW_PAPERS = 50
"""So many papers say something about shares."""
LEANING = 3
"""How strongly drawing leans to questions that few have seen: a tenth more papers than usual, a quarter less likely."""
ENOUGH = 20
"""So many candidates, chosen by chance, for each place are looked at: a bank of thousands costs no more than one of
hundreds."""
MOST_LEANING = 2.0
"""So many times more, or less, likely than usual at most: counts are up to a minute old, and hundreds may begin within
it; with more, all of them would draw the same few questions."""


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


def usable(
    blueprint: Sequence[Draw], pool: Sequence[Candidate], withdrawn: Collection[int], today: date
) -> list[Candidate]:
    """What may be drawn today: nothing that was withdrawn, and nothing out of its days, unless a topic would then have
    fewer questions than are drawn of it: a test with an old question is better than none."""
    left = [candidate for candidate in pool if candidate.version_id not in withdrawn]
    valid = [one for one in left if is_valid_on(today, one.valid_from, one.valid_until)]
    if len(valid) == len(left):
        return left
    has = Counter(candidate.topic for candidate in valid)
    short = {part.topic for part in blueprint if has[part.topic] < part.draw}
    return valid + [one for one in left if one.topic in short and one not in valid]


def draw(
    blueprint: Sequence[Draw], pool: Sequence[Candidate], rng: Random, seen: Seen = NOTHING_SEEN
) -> list[Candidate]:
    """The questions of one paper, the first is position 1: topic after topic, in each so many of each difficulty as on
    every other paper; first those not on earlier papers of the same person, and rather those that few have seen.

    Raises PoolTooSmall when a topic has fewer questions than are drawn of it.
    """
    topics: dict[str, dict[str, list[Candidate]]] = {}
    for candidate in pool:
        topics.setdefault(candidate.topic, {}).setdefault(candidate.difficulty, []).append(candidate)
    paper: list[Candidate] = []
    for part in blueprint:
        strata = topics.get(part.topic, {})
        mix = mix_of(part, {difficulty: len(found) for difficulty, found in strata.items()})
        chosen = [one for level, count in mix.items() for one in _choose(strata[level], count, rng, seen)]
        paper += rng.sample(chosen, len(chosen))
    return paper


def mix_of(part: Draw, has: Mapping[str, int]) -> dict[str, int]:
    """How many questions of each difficulty stand on every paper. What is said counts; the rest is of the difficulties
    that are not named, in the shares that the pool has (largest remainder), and of the others where those do not do.

    Raises PoolTooSmall when the pool does not hold them."""
    mix = {difficulty: part.quotas.get(difficulty, 0) for difficulty in DIFFICULTIES}
    for difficulty, wanted in part.quotas.items():
        if has.get(difficulty, 0) < wanted:
            raise PoolTooSmall(part.topic, wanted, has.get(difficulty, 0))
    for names in ([one for one in DIFFICULTIES if one not in part.quotas], DIFFICULTIES):
        left = {one: has.get(one, 0) - mix[one] for one in names}
        for one, more in share_out(min(part.draw - sum(mix.values()), sum(left.values())), left).items():
            mix[one] += more
    if sum(mix.values()) < part.draw:
        raise PoolTooSmall(part.topic, part.draw, sum(has.values()))
    return {difficulty: count for difficulty, count in mix.items() if count}


def share_out(number: int, among: Mapping[str, int]) -> dict[str, int]:
    """`number` things shared out in proportion to these counts, to none more than its count; what rounding leaves goes
    to the largest remainders, of equal ones to the first. Needs number <= the sum of all counts."""
    total = sum(among.values())
    if not number or not total:
        return {}
    shares = {one: number * count // total for one, count in among.items()}
    order = sorted(among, key=lambda one: -(number * among[one] % total))
    for one in order[: number - sum(shares.values())]:
        shares[one] += 1
    return shares


def _choose(candidates: Sequence[Candidate], count: int, rng: Random, seen: Seen) -> list[Candidate]:
    """So many of these: by chance, with those ahead that this person has not met and that are not worn, and rather
    those that stood on few papers (a draw with weights, without putting back)."""
    if len(candidates) > count * ENOUGH:
        candidates = rng.sample(candidates, count * ENOUGH)
    shown = [seen.counts.get(one.version_id, 0) for one in candidates]
    usual, worn, before = sum(shown) / len(shown) + 1, seen.worn_from, seen.before
    lots = [
        (
            one.version_id in before,
            papers >= worn,
            -math.log(1 - rng.random()) * min(MOST_LEANING, max(1 / MOST_LEANING, ((papers + 1) / usual) ** LEANING)),
            place,
        )
        for place, (one, papers) in enumerate(zip(candidates, shown, strict=True))
    ]
    return [candidates[lot[-1]] for lot in heapq.nsmallest(count, lots)]


def deadline(started_at: datetime, settings: TestSettings, adds: int = 0) -> datetime:
    """When the time of an attempt is up, by the server's clock; `adds`: minutes of extra time."""
    return started_at + timedelta(minutes=settings.minutes + adds)


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


def may_start(
    now: datetime, earlier: Sequence[Earlier], settings: TestSettings, *, has_read: bool, granted: int = 0
) -> Chance:
    """Whether an attempt may begin now. `earlier`: all attempts of the enrolment; `has_read`: every module was read;
    `granted`: attempts given beyond those of the course."""
    left = max(0, settings.attempts + granted - len(earlier))
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


def may_review(earlier: Sequence[Earlier], settings: TestSettings, granted: int = 0) -> bool:
    """Whether right answers and explanations may be shown: after a pass or the last attempt; never in an open one, and
    not while a workshop would give further attempts."""
    if any(attempt.state is State.OPEN for attempt in earlier):
        return False
    if any(attempt.passed for attempt in earlier):
        return True
    return settings.after_attempts != "workshop" and len(earlier) >= settings.attempts + granted


def gives_more(earlier: Sequence[Earlier], settings: TestSettings, granted: int, held_at: datetime) -> bool:
    """Whether a workshop that began at that moment opens the way again: every attempt is used, none is passed or going
    on, and the workshop was held after the last one."""
    if settings.after_attempts != "workshop" or len(earlier) < settings.attempts + granted:
        return False
    if any(attempt.passed or attempt.state is State.OPEN for attempt in earlier):
        return False
    return all(attempt.ended_at < held_at for attempt in earlier)


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
