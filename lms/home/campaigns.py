"""The campaigns side by side: when, how many had to learn, finished, were certified; how many workshops there were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from lms.campaigns.models import Campaign
from lms.certificates.models import Certificate
from lms.core.database.base import db
from lms.core.web.languages import pick
from lms.curriculum.models import Course, Requirement
from lms.learning.models import Enrolment
from lms.workshops.models import Attendance, Workshop
from lms.workshops.rules import State


@dataclass(frozen=True)
class Compared:
    """One campaign and its figures."""

    campaign: Campaign
    enrolled: int
    """People who were or are enrolled on a course."""
    finished: int
    """Of them, those who have finished every course on which they are enrolled."""
    certificates: int
    workshops: int
    """Held or to be held."""
    attended: int
    """Persons counted at each workshop at which they were."""

    @property
    def name(self) -> str:
        """What it is called in the reader's language."""
        return pick({row.language: row.name for row in self.campaign.names})


def list_campaigns() -> list[Compared]:
    """Every campaign, the latest first."""
    campaigns = db.session.scalars(select(Campaign).order_by(Campaign.election_on.desc(), Campaign.id.desc())).all()
    return [_compare(one) for one in campaigns]


def list_asked(campaign_id: int) -> Sequence[Course]:
    """The courses that somebody must take in a campaign."""
    asked = select(Requirement.course_id).where(Requirement.campaign_id == campaign_id)
    return db.session.scalars(select(Course).where(Course.id.in_(asked)).order_by(Course.id)).all()


def _compare(campaign: Campaign) -> Compared:
    per_person = (
        select(func.count(Enrolment.completed_at).label("done"), func.count().label("asked"))
        .where(Enrolment.campaign_id == campaign.id)
        .group_by(Enrolment.person_id)
        .subquery()
    )
    people = db.session.execute(
        select(func.count(), func.count().filter(per_person.c.done == per_person.c.asked)).select_from(per_person)
    ).one()
    workshops = Workshop.campaign_id == campaign.id, Workshop.state == State.SCHEDULED
    present = select(func.count()).select_from(Attendance).join(Workshop).where(Attendance.present, *workshops)
    return Compared(
        campaign,
        enrolled=people[0],
        finished=people[1],
        certificates=_count(select(func.count(Certificate.id)).where(Certificate.campaign_id == campaign.id)),
        workshops=_count(select(func.count(Workshop.id)).where(*workshops)),
        attended=_count(present),
    )


def _count(statement: Select[tuple[int]]) -> int:
    return db.session.scalar(statement) or 0
