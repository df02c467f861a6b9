"""The campaigns side by side: when, how many had to learn, finished, were certified; how many workshops there were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, Subquery, and_, func, or_, select

from lms.campaigns.models import Campaign
from lms.certificates.models import Certificate
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.names import name_of
from lms.commissions.queries import find_central, held_on
from lms.commissions.rules import Level
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.web.languages import pick
from lms.curriculum.models import Course, Requirement
from lms.learning.models import Enrolment
from lms.workshops.models import Attendance, Workshop
from lms.workshops.queries import course_titles
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


@dataclass(frozen=True)
class Part:
    """The figures of one region, or of one course, in a campaign."""

    name: str
    """Empty: the people who held no seat on that day."""
    enrolled: int
    finished: int
    """Of them, those who have finished every course on which they are enrolled, or this one."""
    certificates: int


@dataclass(frozen=True)
class Described:
    """What is kept of one campaign, to be read."""

    figures: Compared
    on: date
    """The day by whose seats people belong to regions: election day, or today while it is to come."""
    regions: list[Part]
    courses: list[Part]


def describe_campaign(campaign: Campaign) -> Described:
    """A campaign by region and by course. People belong to the region in which they held a seat on election day."""
    on = min(campaign.election_on, clock.today())
    return Described(_compare(campaign), on, _list_regions(campaign.id, on), _list_courses(campaign.id))


def get_campaign(campaign_id: int) -> Campaign:
    """The campaign, open or archived; NotFound otherwise."""
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    return campaign


def _list_regions(campaign_id: int, on: date) -> list[Part]:
    top = find_central()
    below = Commission.parent_id == (top.id if top else 0), Commission.level != Level.PEC
    regions = db.session.scalars(select(Commission).where(*below).order_by(Commission.code)).all()
    places = _places(regions, top, on)
    people = _people(campaign_id)
    rows = db.session.execute(
        select(places.c.region, func.count(), func.count().filter(people.c.done == people.c.asked))
        .select_from(people.outerjoin(places, places.c.person_id == people.c.person_id))
        .group_by(places.c.region)
    ).all()
    issued = dict(
        db.session.execute(
            select(places.c.region, func.count(Certificate.id))
            .select_from(Certificate)
            .outerjoin(places, places.c.person_id == Certificate.person_id)
            .where(Certificate.campaign_id == campaign_id)
            .group_by(places.c.region)
        )
        .tuples()
        .all()
    )
    found = {region: (asked, done) for region, asked, done in rows}
    named = [(top.id, name_of(top))] if top is not None else []
    named += [(one.id, name_of(one)) for one in regions]
    return [
        Part(name, *found.get(region, (0, 0)), certificates=issued.get(region, 0))
        for region, name in (*named, (None, ""))
        if region in found or region in issued
    ]


def _places(regions: Sequence[Commission], top: Commission | None, on: date) -> Subquery:
    """Person id -> the region in which they held a seat on a day; the central commission with the precincts directly
    below it is one beside them."""
    ids = [one.id for one in regions]
    below = CommissionClosure.ancestor_id.in_(ids)
    of_top = CommissionClosure.ancestor_id == (top.id if top else 0), CommissionClosure.depth <= 1
    own = and_(*of_top, or_(CommissionClosure.depth == 0, Commission.level == Level.PEC))
    return (
        select(Appointment.person_id, func.min(CommissionClosure.ancestor_id).label("region"))
        .join(CommissionClosure, CommissionClosure.descendant_id == Appointment.commission_id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(held_on(on), or_(below, own))
        .group_by(Appointment.person_id)
        .subquery()
    )


def _list_courses(campaign_id: int) -> list[Part]:
    rows = db.session.execute(
        select(Enrolment.course_id, func.count(), func.count(Enrolment.completed_at))
        .where(Enrolment.campaign_id == campaign_id)
        .group_by(Enrolment.course_id)
        .order_by(Enrolment.course_id)
    ).all()
    issued = dict(
        db.session.execute(
            select(Enrolment.course_id, func.count(Certificate.id))
            .join(Certificate, Certificate.enrolment_id == Enrolment.id)
            .where(Certificate.campaign_id == campaign_id)
            .group_by(Enrolment.course_id)
        )
        .tuples()
        .all()
    )
    titles = course_titles([row[0] for row in rows])
    return [Part(pick(titles.get(course, {})), asked, done, issued.get(course, 0)) for course, asked, done in rows]


def _people(campaign_id: int) -> Subquery:
    """Person id -> on how many courses of a campaign they are, and how many of them they have finished."""
    return (
        select(Enrolment.person_id, func.count(Enrolment.completed_at).label("done"), func.count().label("asked"))
        .where(Enrolment.campaign_id == campaign_id)
        .group_by(Enrolment.person_id)
        .subquery()
    )


def list_asked(campaign_id: int) -> Sequence[Course]:
    """The courses that somebody must take in a campaign."""
    asked = select(Requirement.course_id).where(Requirement.campaign_id == campaign_id)
    return db.session.scalars(select(Course).where(Course.id.in_(asked)).order_by(Course.id)).all()


def _compare(campaign: Campaign) -> Compared:
    per_person = _people(campaign.id)
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
