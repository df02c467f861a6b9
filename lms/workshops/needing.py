"""Which workshops somebody needs, by what is asked of their seat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select

from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Appointment
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.queries import find_newest_version
from lms.learning.models import LateStart
from lms.learning.queries import list_done, list_open_enrolments, list_requirements
from lms.learning.rules import WORKSHOP
from lms.workshops.models import Attendance, Workshop


@dataclass(frozen=True)
class Needs:
    """Of which courses somebody may be given a seat at a workshop: ids of courses."""

    must: frozenset[int] = frozenset()
    """Asked of the person, with the workshop as a step that is not done."""
    may: frozenset[int] = frozenset()
    """For who came late and of whom only a short course without a workshop is asked: the usual courses of the level, at
    whose workshops they are welcome and need not be."""

    @property
    def courses(self) -> frozenset[int]:
        """All of them."""
        return self.must | self.may


def find_needs(seat: Appointment) -> Needs:
    """Which workshops the holder of a seat needs in the open campaign."""
    campaign = find_open_campaign()
    if campaign is None:
        return Needs()
    level, person_id = seat.commission.level, seat.person_id
    required = list_requirements(campaign.id, level)
    found = db.session.get(LateStart, (campaign.id, person_id))
    late = found is not None and found.level == level
    asked = {one.course_id for one in required if (one.late_days is not None) == late}
    must = {
        one.course_id
        for one in list_open_enrolments(person_id)
        if one.course_id in asked
        and one.completed_at is None
        and one.version.workshop
        and WORKSHOP not in list_done(one.id)
    }
    if must or not late:
        return Needs(must=frozenset(must))
    usual = [one.course_id for one in required if one.late_days is None]
    return Needs(may=frozenset(one for one in usual if asks(one) and not _was_at(person_id, one, campaign.id)))


def asks(course_id: int) -> bool:
    """Whether a course asks for a workshop."""
    version = find_newest_version(course_id)
    return version is not None and version.workshop


def ends_in_time(workshop: Workshop, election_on: date) -> bool:
    """Whether a workshop is over when election day begins there."""
    return workshop.ends_at <= clock.start_of(election_on, workshop.time_zone)


def _was_at(person_id: int, course_id: int, campaign_id: int) -> bool:
    held = Workshop.course_id == course_id, Workshop.campaign_id == campaign_id
    was = exists().where(
        Attendance.person_id == person_id, Attendance.present, Attendance.workshop_id == Workshop.id, *held
    )
    return bool(db.session.scalar(select(was)))
