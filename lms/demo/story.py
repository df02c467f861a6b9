"""What the people of the demo region have done by now: workshops held and to come, and each person's way. Pure; every
moment is worked out from `now`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from lms.demo.country import ZONE, District

BEGAN = 28
"""Days ago on which the first could begin."""
LATELY = 7
CLUSTER = 3
"""Neighbouring precincts that are trained together."""
HOURS = 3
CAME = 0.975
FAILED_FIRST = 0.2
TODAY_AT = 16


@dataclass(eq=False)
class Meeting:
    """A workshop: for which commissions, when, led by the trainer of this place in the district's list."""

    commissions: list[int]
    starts_at: datetime
    trainer: int
    taken: bool = True
    """Attendance was taken."""
    only: set[int] | None = None
    """The people who are asked to come; None: everybody in these commissions."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(hours=HOURS)


@dataclass(frozen=True)
class Try:
    """One attempt at the test."""

    started_at: datetime
    passes: bool


@dataclass
class Journey:
    """A person's way through the course."""

    person_id: int
    commission_id: int
    read: list[datetime] = field(default_factory=list)
    """When each module was read, in their order; fewer than there are while the person is on the way."""
    tries: list[Try] = field(default_factory=list)
    meeting: Meeting | None = None
    """The workshop the person came to."""
    finished: bool = False

    @property
    def has_begun(self) -> bool:
        """Whether anything was done."""
        return bool(self.read or self.tries or self.meeting)


@dataclass
class Tale:
    """What happened in one district."""

    meetings: list[Meeting] = field(default_factory=list)
    journeys: dict[int, Journey] = field(default_factory=dict)
    """By person."""


@dataclass(frozen=True)
class Seated:
    """The people of one commission."""

    commission_id: int
    people: list[int]


class Teller:
    """Tells what happened, the same for the same seed."""

    def __init__(self, rng: Random, now: datetime, modules: int) -> None:
        self.rng, self.now, self.modules = rng, now, modules

    def tell_district(self, district: District, precincts: Sequence[Seated]) -> Tale:
        """The workshops and the ways of everyone in a district's precincts."""
        clusters = [list(precincts[start : start + CLUSTER]) for start in range(0, len(precincts), CLUSTER)]
        self.rng.shuffle(clusters)
        held = round(len(clusters) * min(0.92, district.finished + 0.14))
        tale = Tale(self._meetings(district, clusters, held))
        everyone = [(cluster, seated, person) for cluster in clusters for seated in cluster for person in seated.people]
        for _cluster, seated, person in everyone:
            tale.journeys[person] = Journey(person, seated.commission_id)
        self._let_attend(tale, clusters)
        self._let_finish(tale, district)
        self._let_begin(tale, round(district.begun * len(everyone)))
        return tale

    def tell_officers(self, commissions: Sequence[Seated]) -> Tale:
        """The two workshops for territorial commissions; nearly everyone there has finished."""
        half = -(-len(commissions) // 2)
        parts = [list(commissions[:half]), list(commissions[half:])]
        tale = Tale(
            [
                Meeting([one.commission_id for one in part], self._at(-BEGAN + 1 + n, 10), n)
                for n, part in enumerate(parts)
            ]
        )
        for part, meeting in zip(parts, tale.meetings, strict=True):
            for seated in part:
                for place, person in enumerate(seated.people):
                    journey = tale.journeys[person] = Journey(person, seated.commission_id, meeting=meeting)
                    if place == len(seated.people) - 1 and self.rng.random() < 0.4:
                        self._go_part_of_the_way(journey)
                    else:
                        self._finish(journey, meeting.ends_at + timedelta(hours=self.rng.uniform(5, 100)))
        return tale

    def _meetings(self, district: District, clusters: list[list[Seated]], held: int) -> list[Meeting]:
        meetings = []
        recent = max(1, round(held * district.lately))
        for number, cluster in enumerate(clusters):
            ids = [seated.commission_id for seated in cluster]
            if number < held - recent:
                day = -BEGAN + 4 + (BEGAN - 4 - LATELY - 1) * number // max(1, held - recent)
            elif number < held:
                day = -LATELY + LATELY * (number - held + recent) // recent
                day = min(-1, day)
            elif number - held < 5 or self.rng.random() < 0.5:
                day = 2 * (number - held) if number == held else number - held + 1
            else:
                continue
            hour = TODAY_AT if day == 0 else (10, 15)[number % 2]
            meetings.append(Meeting(ids, self._at(day, hour), trainer=0 if number in (held - 1, held) else number % 2))
        last = meetings[held - 1]
        last.taken = district.key not in ("aktau", "beineu")
        for meeting in meetings:
            meeting.taken = meeting.taken and meeting.ends_at < self.now
        return meetings

    def _at(self, days: int, hour: int) -> datetime:
        local = self.now.astimezone(ZoneInfo(ZONE)) + timedelta(days=days)
        return local.replace(hour=hour, minute=0, second=0, microsecond=0)

    def _let_attend(self, tale: Tale, clusters: list[list[Seated]]) -> None:
        people = {seated.commission_id: seated.people for cluster in clusters for seated in cluster}
        for meeting in tale.meetings:
            if not meeting.taken:
                continue
            for person in [person for place in meeting.commissions for person in people[place]]:
                if self.rng.random() < CAME:
                    tale.journeys[person].meeting = meeting

    def _let_finish(self, tale: Tale, district: District) -> None:
        ready = [(one, one.meeting) for one in tale.journeys.values() if one.meeting is not None]
        temper = {journey.commission_id: self.rng.gauss(0, 2.5) for journey, _meeting in ready}
        first = tale.meetings[0].starts_at

        def turn(pair: tuple[Journey, Meeting]) -> float:
            days = (pair[1].starts_at - first).total_seconds() / 86400
            return days + temper[pair[0].commission_id] + self.rng.gauss(0, 1.2)

        finishing = sorted(ready, key=turn)[: round(district.finished * len(tale.journeys))]
        border = self.now - timedelta(days=LATELY)
        could_early = [journey.person_id for journey, meeting in finishing if meeting.ends_at < border]
        of_late = max(0, round(district.lately * len(finishing)) - (len(finishing) - len(could_early)))
        early = set(could_early[: len(could_early) - of_late])
        for journey, meeting in finishing:
            self._finish(journey, self._test_time(meeting, border, late=journey.person_id not in early))

    def _test_time(self, meeting: Meeting, border: datetime, *, late: bool) -> datetime:
        since, until = meeting.ends_at - timedelta(days=4), border - timedelta(hours=3)
        if late:
            since, until = max(border + timedelta(hours=1), since), self.now - timedelta(hours=2)
        since = max(since, self.now - timedelta(days=BEGAN - 3))
        return since + (max(until, since) - since) * self.rng.random()

    def _finish(self, journey: Journey, passed_at: datetime) -> None:
        """All read, the test passed; at the second try for some, a day or two after the first."""
        passed_at = min(passed_at, self.now - timedelta(hours=1))
        journey.tries = [Try(passed_at, passes=True)]
        if self.rng.random() < FAILED_FIRST:
            journey.tries.insert(0, Try(passed_at - timedelta(hours=self.rng.uniform(25, 60)), passes=False))
        journey.read = self._reading(journey.tries[0].started_at, self.modules)
        journey.finished = True

    def _let_begin(self, tale: Tale, quota: int) -> None:
        waiting = [journey for journey in tale.journeys.values() if not journey.finished]
        came = [journey for journey in waiting if journey.meeting is not None]
        others = [journey for journey in waiting if journey.meeting is None]
        self.rng.shuffle(others)
        for journey in came + others[: max(0, quota - len(came))]:
            self._go_part_of_the_way(journey)

    def _go_part_of_the_way(self, journey: Journey) -> None:
        """Some modules; perhaps the test, passed only by those who have yet to come to a workshop."""
        step = self.rng.randint(0 if journey.meeting else 1, self.modules + 2)
        at = self.now - timedelta(hours=self.rng.uniform(3, 24 * 9))
        if step > self.modules:
            passes = journey.meeting is None and step == self.modules + 2
            journey.tries = [Try(at, passes)]
        journey.read = self._reading(at, min(step, self.modules))

    def _reading(self, until: datetime, modules: int) -> list[datetime]:
        moments = []
        for _ in range(modules):
            until -= timedelta(hours=self.rng.choice((0.2, 0.5, 1, 14, 23, 26)))
            moments.append(until)
        return moments[::-1]
