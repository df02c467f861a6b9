"""The law of the time: what help adds, what lengthens an attempt that has begun, and which late answers count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from lms.assessment.rules import State
from lms.curriculum.settings import Setting, TestSettings

LARGE_PRINT = "large_print"
HELPS = (LARGE_PRINT, "reader", "scribe", "quiet_room", "paper")
"""Help beside time: what is made ready at the place, the server only tells it."""
REASONS = ("sight", "hearing", "movement", "reading", "language", "health", "other")
"""Why somebody is helped."""
WHY_MORE = ("outage", "device", "disturbance", "other")
WHY_LATE = ("outage", "device", "own_fault", "other")
WHY_GRANTED = ("workshop", "practice", "outage", "other")
MOST_PERCENT, MOST_MINUTES = 200, 240
MOST_MORE = 8 * 60
"""Minutes that one decision may add to an attempt."""
REOPENS_WITHIN = timedelta(hours=72)
"""An attempt whose time ran out longer ago is not opened again: then another attempt is given."""


class Extra(Setting):
    """More time that an attempt had from its beginning: the most that one of several accommodations gives."""

    percent: Annotated[int, Field(ge=0)]
    minutes: Annotated[int, Field(ge=0)]
    adds: Annotated[int, Field(ge=0)]
    """Minutes in all."""
    accommodation: int
    """Which one it was, by its id."""


class OnPaper(Setting):
    """Of a test that was taken on paper: the number of its sheet, and the day written on it (ISO)."""

    number: str
    on: str

    @property
    def day(self) -> date:
        """The day written on it."""
        return date.fromisoformat(self.on)


class AttemptSettings(TestSettings):
    """The settings with which an attempt at the test began."""

    extra: Extra | None = None
    paper: OnPaper | None = None
    large: bool | None = None
    """Whether it is shown in large print; None where that was not asked for."""


@dataclass(frozen=True)
class Help:
    """What of an accommodation matters for time."""

    id: int
    percent: int
    minutes: int


@dataclass(frozen=True)
class Longer:
    """What of an extension matters for the deadline."""

    minutes: int
    reopens: bool
    given_at: datetime


@dataclass(frozen=True)
class Given:
    """A step as it was given: `decided` says of a late one whether it counts, None while nobody has decided."""

    id: int
    position: int
    client: str
    seq: int
    base: int
    stale: bool
    late: bool
    decided: bool | None = None


def minutes_added(minutes: int, percent: int, more: int) -> int:
    """Whole minutes that so many hundredths of `minutes`, rounded up, and `more` minutes add."""
    return -(-minutes * percent // 100) + more


def find_extra(minutes: int, helps: Iterable[Help]) -> Extra | None:
    """The extra time at a test of so many minutes: the best that one of several gives, never the sum; None when none
    gives any."""
    offers = [(minutes_added(minutes, one.percent, one.minutes), -one.id, one) for one in helps]
    adds, _turn, best = max(offers, default=(0, 0, None), key=lambda offer: offer[:2])
    if best is None or adds == 0:
        return None
    return Extra(percent=best.percent, minutes=best.minutes, adds=adds, accommodation=best.id)


def derive_deadline(started_at: datetime, minutes: int, extensions: Sequence[Longer]) -> datetime:
    """The deadline of an attempt of so many minutes (help included) after these extensions, in the order given."""
    ends_at = started_at + timedelta(minutes=minutes)
    for one in extensions:
        ends_at = (one.given_at if one.reopens else ends_at) + timedelta(minutes=one.minutes)
    return ends_at


def may_reopen(state: State, ended_at: datetime, now: datetime, *, passed: bool) -> bool:
    """Whether an attempt may be opened again: its time ran out not long ago, and it was not passed."""
    return state is State.TIMED_OUT and not passed and now - ended_at <= REOPENS_WITHIN


def overlaps(started_at: datetime, ended_at: datetime, since: datetime, until: datetime) -> bool:
    """Whether an attempt was going on at some moment of an outage."""
    return started_at < until and ended_at > since


def decide(steps: Sequence[Given], decisions: Mapping[int, bool]) -> list[Given]:
    """The steps with what was decided about each late one; `decisions`: the newest step decided -> whether it counts.
    A decision covers every late step up to its own that none before it covers."""
    ends = sorted(decisions)
    return [
        Given(
            one.id,
            one.position,
            one.client,
            one.seq,
            one.base,
            one.stale,
            one.late,
            next((decisions[end] for end in ends if one.id <= end), None) if one.late else None,
        )
        for one in sorted(steps, key=lambda step: step.id)
    ]


def replay(steps: Sequence[Given]) -> dict[int, int]:
    """Position -> id of the step that counts there. Stale steps never count. A late one counts when that was decided,
    and when its sender had seen the answer before it: against an answer of elsewhere nobody can be asked any more."""
    newest: dict[int, Given] = {}
    for one in sorted(steps, key=lambda step: step.id):
        before = newest.get(one.position)
        if one.stale or (one.late and not one.decided):
            continue
        if not one.late or before is None or _follows(one, before):
            newest[one.position] = one
    return {position: one.id for position, one in newest.items()}


def _follows(one: Given, before: Given) -> bool:
    return one.base == before.id or (one.client == before.client and one.seq > before.seq)
