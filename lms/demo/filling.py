"""Write what the story tells: workshops and who came, steps done in the course, tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from lms.accounts.models import Account
from lms.campaigns.models import Campaign
from lms.cascade.models import Training
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.core.database.bulk import insert_for_ids, insert_many
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import list_modules
from lms.demo.country import PLACES, ZONE
from lms.demo.keys import SIGNED_IN
from lms.demo.papers import Papers, Sat
from lms.demo.story import HOURS, Journey, Meeting, Tale
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import TEST, WORKSHOP, module_activity
from lms.workshops.models import Attendance, Workshop, WorkshopCommission

SEATS = 30


@dataclass(frozen=True)
class Held:
    """The workshops of one commission's trainers."""

    organiser_id: int
    code: str
    level: Level
    """Whose members are trained."""
    trainers: Sequence[int]
    tale: Tale


def list_enrolled(campaign: Campaign, version: CourseVersion) -> dict[int, int]:
    """Person -> enrolment, of everyone on the course."""
    rows = db.session.execute(
        select(Enrolment.person_id, Enrolment.id).where(
            Enrolment.campaign_id == campaign.id, Enrolment.course_id == version.course_id
        )
    )
    return dict(rows.tuples().all())


class Filler:
    """Writes the story of one course in one campaign. What is left to chance follows from the seed and from whom or
    what it befalls, so that it is the same however much of the story is written. `enrolments`: by person. `first`: the
    lowest id of a person."""

    def __init__(
        self, campaign: Campaign, version: CourseVersion, enrolments: dict[int, int], seed: str, first: int
    ) -> None:
        self.campaign, self.version, self.enrolments = campaign, version, enrolments
        self.seed, self.first = seed, first
        self.modules = [module_activity(module.code) for module in list_modules(version.id)]

    def hold_workshops(self, held: Held) -> None:
        """Write a commission's workshops, past and to come, with invitations and attendance."""
        meetings = held.tale.meetings
        rows = [self._workshop_row(held, meeting) for meeting in meetings]
        ids = dict(zip(meetings, insert_for_ids(Workshop, rows), strict=True))
        invited = [
            {"workshop_id": ids[meeting], "commission_id": place}
            for meeting in meetings
            for place in meeting.commissions
        ]
        insert_many(WorkshopCommission, invited)
        self._take_attendance(held, ids)

    def _workshop_row(self, held: Held, meeting: Meeting) -> dict[str, Any]:
        planned = meeting.starts_at - timedelta(days=8)
        rng = Random(f"{self.seed}:{held.code}:{meeting.starts_at}:{meeting.trainer}")
        language = "kk" if rng.random() < 0.8 else "ru"
        return {
            "campaign_id": self.campaign.id,
            "course_id": self.version.course_id,
            "organiser_id": held.organiser_id,
            "trainer_id": held.trainers[meeting.trainer],
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "time_zone": ZONE,
            "place": rng.choice(PLACES[language]).format(rng.randint(1, 24)),
            "link": "",
            "seats": max(SEATS, 8 * len(meeting.commissions)),
            "language": language,
            "state": "scheduled",
            "sequence": 0,
            "created_by_id": None,
            "created_at": planned,
            "changed_at": planned,
        }

    def _take_attendance(self, held: Held, ids: dict[Meeting, int]) -> None:
        accounts: dict[int, int] = {
            person: account
            for account, person in db.session.execute(
                select(Account.id, Account.person_id).where(Account.person_id.in_(held.trainers))
            )
        }
        rows, links = [], []
        by_place: dict[int, list[Journey]] = {}
        for journey in held.tale.journeys.values():
            by_place.setdefault(journey.commission_id, []).append(journey)
        for meeting in (one for one in held.tale.meetings if one.taken):
            trainer = held.trainers[meeting.trainer]
            for journey in (one for place in meeting.commissions for one in by_place.get(place, [])):
                came = journey.meeting is meeting
                if meeting.only is not None and journey.person_id not in meeting.only:
                    continue
                rows.append(
                    {
                        "workshop_id": ids[meeting],
                        "person_id": journey.person_id,
                        "present": came,
                        "category": held.level.value,
                        "commission_id": journey.commission_id,
                        "marked_at": meeting.ends_at,
                        "recorded_by_id": accounts.get(trainer),
                        "recorded_at": meeting.ends_at,
                    }
                )
                if came and journey.person_id != trainer:
                    links.append(self._link(trainer, journey.person_id, meeting.ends_at))
        insert_many(Attendance, rows)
        insert_many(Training, links)

    def _link(self, trainer: int, learner: int, at: datetime) -> dict[str, Any]:
        return {
            "campaign_id": self.campaign.id,
            "course_id": self.version.course_id,
            "trainer_id": trainer,
            "learner_id": learner,
            "trained_at": at,
        }

    def walk(self, journeys: Sequence[Journey]) -> None:
        """Write modules read, tests taken, workshops attended, and when each person began and finished."""
        papers = Papers(self.version)
        sats = [
            papers.sit(self.enrolments[one.person_id], one.person_id, number, tried, self._chance(one, number))
            for one in journeys
            for number, tried in enumerate(one.tries, start=1)
        ]
        papers.write(sats, self.campaign.id)
        passed = {sat.person_id: sat for sat in sats if sat.tried.passes}
        steps = {one.person_id: self._steps(one, passed.get(one.person_id)) for one in journeys if one.has_begun}
        insert_many(CompletedActivity, [step for own in steps.values() for step in own])
        self._mark_enrolments(journeys, steps)
        self._mark_seen(steps)

    def _chance(self, journey: Journey, number: int) -> Random:
        return Random(f"{self.seed}:{journey.person_id - self.first}:{number}")

    def _steps(self, journey: Journey, sat: Sat | None) -> list[dict[str, Any]]:
        done: list[tuple[str, datetime, dict[str, Any]]] = [
            (activity, at, {}) for activity, at in zip(self.modules, journey.read, strict=False)
        ]
        if sat is not None:
            done.append((TEST, sat.submitted_at, {"right": sat.right, "total": sat.total}))
        if journey.meeting is not None:
            on = journey.meeting.starts_at.astimezone(ZoneInfo(ZONE)).date().isoformat()
            done.append((WORKSHOP, journey.meeting.ends_at, {"minutes": HOURS * 60, "on": on}))
        enrolment = self.enrolments[journey.person_id]
        return [
            {"enrolment_id": enrolment, "activity": activity, "completed_at": at, "details": details}
            for activity, at, details in done
        ]

    def _mark_enrolments(self, journeys: Sequence[Journey], steps: dict[int, list[dict[str, Any]]]) -> None:
        rows = []
        for journey in journeys:
            moments = [step["completed_at"] for step in steps.get(journey.person_id, [])]
            if moments:
                rows.append(
                    {
                        "id": self.enrolments[journey.person_id],
                        "started_at": min(moments) - timedelta(minutes=9),
                        "completed_at": max(moments) if journey.finished else None,
                    }
                )
        if rows:
            db.session.execute(update(Enrolment), rows)

    def _mark_seen(self, steps: dict[int, list[dict[str, Any]]]) -> None:
        """Who has read or answered something has signed in; who only came to a workshop has not."""
        accounts: dict[int, int] = {
            person: account
            for account, person in db.session.execute(
                select(Account.id, Account.person_id).where(Account.person_id.in_(steps))
            )
        }
        rows = [
            {
                "id": accounts[person],
                "password_hash": SIGNED_IN,
                "last_seen_at": max(step["completed_at"] for step in own if step["activity"] != WORKSHOP),
            }
            for person, own in steps.items()
            if any(step["activity"] != WORKSHOP for step in own)
        ]
        if rows:
            db.session.execute(update(Account), rows)
