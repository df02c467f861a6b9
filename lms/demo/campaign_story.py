"""What the people of the one region told in full did in the campaign of 2022, to its end; and how far that had come at
some moment. Pure; every day is a day of 2022."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from lms.demo.country import ZONE
from lms.demo.story import CAME, CLUSTER, FAILED_FIRST, Journey, Meeting, Seated, Tale, Try

OFFICERS_ON = (date(2022, 10, 3), date(2022, 10, 4))
PRECINCTS_FROM, DAYS = date(2022, 10, 10), 28
MISSED_ON = date(2022, 11, 10)
"""When those are trained who missed the workshop of their precinct."""
LAST = datetime(2022, 11, 17, 19, tzinfo=ZoneInfo(ZONE))
PLANNED_BEFORE = timedelta(days=8)
"""So long before a workshop it is planned."""
LONGEST_TEST = timedelta(minutes=30)


class CampaignTeller:
    """Tells the whole campaign, the same for the same seed."""

    def __init__(self, rng: Random, modules: int) -> None:
        self.rng, self.modules = rng, modules

    def tell_officers(self, commissions: Sequence[Seated]) -> Tale:
        """Two workshops for the territorial commissions, led from above; each of them comes to one."""
        half = -(-len(commissions) // 2)
        parts = [list(commissions[:half]), list(commissions[half:])]
        tale = Tale([Meeting(_ids(part), at(OFFICERS_ON[n], 10), n) for n, part in enumerate(parts)])
        for part, meeting in zip(parts, tale.meetings, strict=True):
            for seated in part:
                for person in seated.people:
                    journey = tale.journeys[person] = Journey(person, seated.commission_id, meeting=meeting)
                    self._finish(journey, meeting.ends_at + timedelta(hours=self.rng.uniform(5, 100)))
        return tale

    def tell_precincts(self, precincts: Sequence[Seated]) -> Tale:
        """The workshops of a district, and the ways of everyone in its precincts."""
        clusters = [list(precincts[start : start + CLUSTER]) for start in range(0, len(precincts), CLUSTER)]
        self.rng.shuffle(clusters)
        tale = Tale([self._meeting(number, cluster, len(clusters)) for number, cluster in enumerate(clusters)])
        missed: list[Journey] = []
        for cluster, meeting in zip(clusters, tale.meetings, strict=True):
            for seated in cluster:
                for person in seated.people:
                    journey = tale.journeys[person] = Journey(person, seated.commission_id)
                    journey.meeting = meeting if self.rng.random() < CAME else None
                    if journey.meeting is None:
                        missed.append(journey)
        self._make_up(tale, missed)
        for journey in tale.journeys.values():
            if journey.meeting is not None:
                self._finish(journey, journey.meeting.ends_at + timedelta(hours=self.rng.uniform(-96, 192)))
        return tale

    def _meeting(self, number: int, cluster: Sequence[Seated], count: int) -> Meeting:
        day = PRECINCTS_FROM + timedelta(days=DAYS * number // count)
        if day.weekday() == 6:
            day += timedelta(days=1)
        return Meeting(_ids(cluster), at(day, (10, 15)[number % 2]), trainer=number % 2)

    def _make_up(self, tale: Tale, missed: Sequence[Journey]) -> None:
        """One more workshop for those who missed theirs."""
        if not missed:
            return
        places = sorted({journey.commission_id for journey in missed})
        meeting = Meeting(places, at(MISSED_ON, 16), trainer=0, only={journey.person_id for journey in missed})
        tale.meetings.append(meeting)
        for journey in missed:
            journey.meeting = meeting

    def _finish(self, journey: Journey, about: datetime) -> None:
        """All read, the test passed by day; at the second try for some, a day or two after the first."""
        passed_at = min(self._by_day(about), LAST - timedelta(minutes=self.rng.randint(1, 300)))
        journey.tries = [Try(passed_at, passes=True)]
        if self.rng.random() < FAILED_FIRST:
            journey.tries.insert(0, Try(passed_at - timedelta(hours=self.rng.uniform(25, 60)), passes=False))
        until = journey.tries[0].started_at
        for _ in range(self.modules):
            until -= timedelta(hours=self.rng.choice((0.2, 0.5, 1, 22, 23, 26)))
            journey.read.insert(0, until)
        journey.finished = True

    def _by_day(self, moment: datetime) -> datetime:
        return at(moment.astimezone(ZoneInfo(ZONE)).date(), self.rng.randint(9, 20), self.rng.randint(0, 59))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clocks of the region."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE))


def stop(tale: Tale, moment: datetime) -> None:
    """Take back from the tale what had not happened by a moment; workshops stay that were planned by then."""
    tale.meetings = [one for one in tale.meetings if one.starts_at - PLANNED_BEFORE < moment]
    for meeting in tale.meetings:
        meeting.taken = meeting.ends_at < moment
    for journey in tale.journeys.values():
        modules = len(journey.read)
        journey.read = [read for read in journey.read if read < moment]
        journey.tries = [one for one in journey.tries if one.started_at + LONGEST_TEST < moment]
        if journey.meeting is not None and journey.meeting.ends_at >= moment:
            journey.meeting = None
        whole = len(journey.read) == modules and any(one.passes for one in journey.tries)
        journey.finished = whole and journey.meeting is not None


def _ids(places: Sequence[Seated]) -> list[int]:
    return [seated.commission_id for seated in places]
