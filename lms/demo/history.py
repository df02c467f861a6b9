"""When the people of the other regions did what: the campaign of 2022 as dates alone, as an earlier system would hand
it over. Pure; the same for the same seed, and never later than a given moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from lms.commissions.rules import Level, Territory
from lms.core.clock import start_of
from lms.demo.nation import Place
from lms.learning.rules import TEST, WORKSHOP

CALLED_ON, ELECTION_ON = date(2022, 9, 21), date(2022, 11, 20)
PUBLISHED_AT = start_of(date(2022, 9, 23)) + timedelta(hours=9)
FIRST_DAY = date(2022, 9, 26)
LAST = 52
"""Days after the first until the day by whose evening everyone has finished: 17 November."""
ONLINE = 50
"""The day of the online workshop for the precincts abroad: 15 November, 14:00 in the capital."""
ONLINE_AT = start_of(FIRST_DAY + timedelta(days=ONLINE)) + timedelta(hours=14)
READING, TESTING = 11, 25
"""Minutes that a module and the test take."""
BEFORE = timedelta(minutes=9)
STRAGGLERS = 0.04
Step = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Way:
    """What one person has done, and when."""

    steps: tuple[Step, ...]
    """(activity, moment), the earliest first."""
    finished: bool

    @property
    def started_at(self) -> datetime | None:
        """When the first thing was begun."""
        return self.steps[0][1] - BEFORE if self.steps else None

    @property
    def completed_at(self) -> datetime | None:
        """When everything was done."""
        return self.steps[-1][1] if self.finished else None

    @property
    def seen_at(self) -> datetime | None:
        """When the person was last there: reading or answering, not at a workshop."""
        return max((at for activity, at in self.steps if activity != WORKSHOP), default=None)


class Historian:
    """Tells the ways of the members of one branch after the other."""

    def __init__(self, seed: int, modules: Sequence[str], stop_at: datetime) -> None:
        self.seed, self.modules, self.stop_at = seed, modules, stop_at
        self.own = Random()
        self.begin, self.end = 0, 0

    def tell_branch(self, code: str, places: Sequence[Place]) -> Iterator[Way]:
        """The ways of everyone in a territorial commission and in its precincts, in the order of their seats."""
        self.own = Random(f"{self.seed}:history:{code}")
        self.begin, self.end = self.own.randint(7, 17), self.own.randint(40, 49)
        for place in places:
            workshop = self._workshop_day(place)
            for _ in range(place.members):
                yield self._tell(place, workshop)

    def _workshop_day(self, place: Place) -> int:
        if place.level is Level.TEC:
            return self.own.randint(3, 8)
        if place.territory is Territory.PRECINCT_ABROAD:
            return ONLINE
        day = self.begin + round((self.end - self.begin) * self.own.random())
        return day + 1 if day % 7 == 6 else day  # the first day is a Monday; nobody is called together on a Sunday

    def _tell(self, place: Place, workshop: int) -> Way:
        rng, abroad = self.own, place.territory is Territory.PRECINCT_ABROAD
        late = rng.random() < STRAGGLERS
        last = LAST - abroad  # an evening in America is the next day in the capital
        test_day = min(max(workshop + (rng.randint(4, 12) if late else rng.randint(-4, 3)), 2), last)
        first_day = max(0, min(test_day, workshop) - rng.randint(1, 6))
        at_once = rng.randint(1, len(self.modules))
        begun = _midnight(place.zone, first_day) + timedelta(minutes=rng.randint(9 * 60, 19 * 60))
        again = _midnight(place.zone, test_day) + timedelta(minutes=rng.randint(9 * 60, 20 * 60))
        steps = [
            (activity, (begun if number < at_once else again) + timedelta(minutes=READING * (number + 1)))
            for number, activity in enumerate(self.modules)
        ]
        steps.append((TEST, again + timedelta(minutes=READING * len(self.modules) + TESTING)))
        came = ONLINE_AT if abroad else _midnight(place.zone, workshop) + timedelta(hours=13 + 5 * (place.number % 2))
        steps.append((WORKSHOP, came))
        steps.sort(key=lambda step: step[1])
        done = tuple(step for step in steps if step[1] < self.stop_at)
        return Way(done, len(done) == len(steps))


@lru_cache(maxsize=4096)
def _midnight(zone: str, day: int) -> datetime:
    return start_of(FIRST_DAY + timedelta(days=day), zone)
