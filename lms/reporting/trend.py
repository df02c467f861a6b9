"""How many have finished by each day: a line beside everyone who must, with words on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lms.reporting.rules import Figures, Forecast

SIZE = 1000
"""Width and height of the picture in its own units; it is stretched to the page."""
EDGE = 25
"""Per cent of the width near an end in which the label of that end leaves no room for another."""


@dataclass(frozen=True)
class TrendDay:
    """What one day brought."""

    on: date
    finished: int
    so_far: int


@dataclass(frozen=True)
class Trend:
    """The line of a branch, from the first day of training to election day."""

    days: list[TrendDay]
    must: int
    last: date
    """Where the picture ends: election day, or today when that is later."""
    line: str
    """Points of what was reached, by day."""
    ahead: str
    """Points of what will be at the present pace; empty when nothing can be said."""

    @property
    def so_far(self) -> int:
        """How many have finished."""
        return self.days[-1].so_far

    @property
    def today_x(self) -> int:
        """Where today ends, in the picture's own units: where the line does."""
        return len(self.days) * SIZE // self._length

    @property
    def today_at(self) -> float:
        """The same in per cent of the width."""
        return self.today_x * 100 / SIZE

    @property
    def has_room_for_today(self) -> bool:
        """Whether today is far enough from both ends for a label of its own."""
        return EDGE <= self.today_at <= 100 - EDGE

    @property
    def area(self) -> str:
        """Points of the surface below the line."""
        end = self.line.rsplit(" ", 1)[-1].split(",")[0]
        return f"{self.line} {end},{SIZE}"

    @property
    def _length(self) -> int:
        return (self.last - self.days[0].on).days + 1


def trend_of(
    counts: Mapping[date, int],
    total: Figures,
    forecast: Forecast,
    *,
    began: date,
    today: date,
    election_on: date,
    called_on: date = date.min,
) -> Trend | None:
    """The line of a branch; None when nobody must. What was finished before the election was called, in the campaign
    before, counts on the first day."""
    if total.must == 0:
        return None
    first = min([began, today, *(on for on in counts if on >= called_on)])
    days = _days(counts, first, today)
    last = max(today, election_on)
    length = (last - first).days + 1

    def point(on: date, so_far: int) -> str:
        """The end of a day."""
        return f"{((on - first).days + 1) * SIZE // length},{SIZE - so_far * SIZE // total.must}"

    line = [f"0,{SIZE}", *(point(day.on, day.so_far) for day in days)]
    goal = _goal(total, forecast, election_on - timedelta(days=1)) if today < election_on else None
    ahead = f"{line[-1]} {point(*goal)}" if goal else ""
    return Trend(days, total.must, last, " ".join(line), ahead)


def _days(counts: Mapping[date, int], first: date, today: date) -> list[TrendDay]:
    """Every day up to today; what bears a later date is counted today, what bears an earlier one on the first."""
    found: list[TrendDay] = []
    so_far, earlier = 0, sum(count for day, count in counts.items() if day < first)
    for number in range((today - first).days + 1):
        on = first + timedelta(days=number)
        finished = counts.get(on, 0) if on < today else sum(count for day, count in counts.items() if day >= today)
        finished += 0 if number else earlier
        so_far += finished
        found.append(TrendDay(on, finished, so_far))
    return found


def _goal(total: Figures, forecast: Forecast, eve: date) -> tuple[date, int] | None:
    """Where the line will be at the present pace: on the last day when all will have finished, on the eve otherwise."""
    if forecast.finished_on is not None and forecast.finished_on <= eve:
        return forecast.finished_on, total.must
    return (eve, total.must - forecast.short) if forecast.finished_on is not None else None
