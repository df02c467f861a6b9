"""Read workshops: those a reader may see, a person's own, and who is expected at one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.orm import selectinload
from sqlalchemy.sql import ColumnElement

from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.commissions.queries import find_left_seat
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.curriculum.models import CourseText, CourseVersion
from lms.people.models import Person
from lms.workshops import rules
from lms.workshops.closing import of_open_campaign
from lms.workshops.listing import count_taken
from lms.workshops.models import Attendance, CalendarKey, Workshop, WorkshopCommission, WorkshopGuest
from lms.workshops.needing import ends_in_time

PAGE = 50


@dataclass(frozen=True)
class OwnWorkshop:
    """A workshop as the person sees it who is invited or who leads it."""

    workshop: Workshop
    title: dict[str, str]
    """Title of the course by language."""
    leads: bool
    present: bool | None
    """Whether the person was there; None while nobody has said."""


def visible(scope: Scope) -> ColumnElement[bool]:
    """A condition: the workshop concerns the reader's branches, or the reader is invited, was there or leads it."""
    in_branch = select(WorkshopCommission.workshop_id).where(
        is_commission_in(scope, WorkshopCommission.commission_id, *WATCHERS)
    )
    return or_(
        is_commission_in(scope, Workshop.organiser_id, *WATCHERS), Workshop.id.in_(in_branch), _own(scope.person_id)
    )


def _own(person_id: int | None) -> ColumnElement[bool]:
    seats = select(Appointment.commission_id).where(Appointment.person_id == person_id, Appointment.ends_on.is_(None))
    invited = select(WorkshopCommission.workshop_id).where(WorkshopCommission.commission_id.in_(seats))
    attended = select(Attendance.workshop_id).where(Attendance.person_id == person_id, Attendance.present)
    guest = select(WorkshopGuest.workshop_id).where(WorkshopGuest.person_id == person_id)
    own = (Workshop.id.in_(part) for part in (invited, attended, guest))
    return or_(Workshop.trainer_id == person_id, *own)


def get_workshop(scope: Scope, workshop_id: int) -> Workshop:
    """The workshop, if the reader may see it; NotFound otherwise, as if it were not there."""
    workshop = db.session.scalar(select(Workshop).where(Workshop.id == workshop_id, visible(scope)))
    if workshop is None:
        raise NotFound
    return workshop


def was_invited_before(person_id: int | None, workshop_id: int) -> bool:
    """Whether a workshop is for a commission in which the person held their last seat, which they have left."""
    left = find_left_seat(person_id) if person_id is not None else None
    if left is None:
        return False
    return db.session.get(WorkshopCommission, (workshop_id, left.commission_id)) is not None


def list_workshops(scope: Scope, *, past: bool, now: datetime, page: int = 1) -> Sequence[Workshop]:
    """One page of the workshops of the reader's branches: those of the open campaign to come, the nearest first; or
    those that are over or belong to a campaign that is closed, the last first."""
    order = Workshop.starts_at.desc() if past else Workshop.starts_at
    return db.session.scalars(
        select(Workshop)
        .where(_when(scope, past=past, now=now))
        .options(selectinload(Workshop.trainer), selectinload(Workshop.organiser), selectinload(Workshop.invited))
        .order_by(order, Workshop.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()


def count_workshops(scope: Scope, *, past: bool, now: datetime) -> int:
    """How many workshops of the reader's branches are to come, or over; cancelled ones among them, as in the list."""
    return db.session.scalar(select(func.count(Workshop.id)).where(_when(scope, past=past, now=now))) or 0


def count_to_come(scope: Scope, now: datetime) -> int:
    """How many workshops of the reader's branches are to take place."""
    taking_place = and_(_when(scope, past=False, now=now), Workshop.state == rules.State.SCHEDULED)
    return db.session.scalar(select(func.count(Workshop.id)).where(taking_place)) or 0


def _when(scope: Scope, *, past: bool, now: datetime) -> ColumnElement[bool]:
    coming = and_(Workshop.ends_at >= now, of_open_campaign())
    return and_(visible(scope), ~coming if past else coming)


def list_slots(slot: rules.Slot) -> list[rules.Slot]:
    """Scheduled workshops that overlap `slot` and share its trainer or one of its commissions."""
    shared = select(WorkshopCommission.workshop_id).where(WorkshopCommission.commission_id.in_(slot.commission_ids))
    rows = db.session.scalars(
        select(Workshop)
        .where(
            Workshop.state == rules.State.SCHEDULED,
            Workshop.starts_at < slot.ends_at,
            Workshop.ends_at > slot.starts_at,
            or_(Workshop.trainer_id == slot.trainer_id, Workshop.id.in_(shared)),
        )
        .options(selectinload(Workshop.invited))
    )
    return [
        rules.Slot(row.trainer_id, frozenset(one.id for one in row.invited), row.starts_at, row.ends_at, row.id)
        for row in rows
    ]


def list_near(
    scope: Scope, commission: Commission, now: datetime, *, courses: Collection[int], limit: int = 3
) -> list[Workshop]:
    """The next workshops of some courses that the reader sees, at which a member of a commission could have a seat, and
    which are over when election day begins: those of its territory, then those of the territories around it, each by
    date; full ones are left out."""
    campaign = find_open_campaign()
    if campaign is None or not courses:
        return []
    up = select(CommissionClosure.ancestor_id).where(CommissionClosure.descendant_id == commission.id)
    around = (
        select(CommissionClosure.descendant_id, func.min(CommissionClosure.depth).label("far"))
        .where(CommissionClosure.ancestor_id.in_(up.where(CommissionClosure.depth.between(1, 2))))
        .group_by(CommissionClosure.descendant_id)
        .subquery()
    )
    own = case((Workshop.organiser_id.in_(up), 0), else_=1)
    offered = Workshop.campaign_id == campaign.id, Workshop.course_id.in_(courses)
    found = db.session.scalars(
        select(Workshop)
        .join(around, around.c.descendant_id == Workshop.organiser_id)
        .where(Workshop.state == rules.State.SCHEDULED, Workshop.starts_at > now, *offered, visible(scope))
        .options(selectinload(Workshop.organiser), selectinload(Workshop.invited))
        .order_by(own, Workshop.starts_at, Workshop.id)
        .limit(limit * 4)
    )
    return [one for one in found if ends_in_time(one, campaign.election_on) and count_taken(one) < one.seats][:limit]


def list_seats_of(person_id: int, now: datetime) -> list[Workshop]:
    """Workshops to come at which a person has a seat, as a member of a commission invited or as a guest."""
    return [own.workshop for own in list_own(person_id, now) if own.workshop.state == rules.State.SCHEDULED]


def list_given_seats(person_id: int, now: datetime) -> Sequence[Workshop]:
    """Workshops to come at which a person has a seat of their own, whatever their commission is invited to."""
    return db.session.scalars(
        select(Workshop)
        .join(WorkshopGuest, WorkshopGuest.workshop_id == Workshop.id)
        .where(
            WorkshopGuest.person_id == person_id,
            Workshop.state == rules.State.SCHEDULED,
            Workshop.ends_at > now,
        )
        .order_by(Workshop.starts_at, Workshop.id)
    ).all()


def course_titles(course_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Course id -> its title by language, of the newest version."""
    newest = (
        select(func.max(CourseVersion.id))
        .where(CourseVersion.course_id.in_(course_ids))
        .group_by(CourseVersion.course_id)
    )
    rows = db.session.execute(
        select(CourseVersion.course_id, CourseText.language, CourseText.title)
        .join(CourseText, CourseText.version_id == CourseVersion.id)
        .where(CourseVersion.id.in_(newest))
    )
    titles: dict[int, dict[str, str]] = {}
    for course_id, language, title in rows:
        titles.setdefault(course_id, {})[language] = title
    return titles


def title_of(workshop: Workshop) -> dict[str, str]:
    """Title of the workshop's course by language."""
    return course_titles([workshop.course_id]).get(workshop.course_id, {})


def list_own(person_id: int, now: datetime) -> list[OwnWorkshop]:
    """The workshops a person is invited to or leads that are not over, the nearest first; cancelled ones among them, so
    that nobody travels in vain."""
    return _as_own(person_id, Workshop.ends_at >= now)


def list_ever(person_id: int) -> list[OwnWorkshop]:
    """Every workshop that a person is or was invited to, leads or led, or was at; the earliest first."""
    return _as_own(person_id, true())


def list_for_calendar(person_id: int, now: datetime) -> list[OwnWorkshop]:
    """What a person's calendar shows: own workshops to come and those of the last two months."""
    return _as_own(person_id, Workshop.ends_at >= now - rules.CALENDAR_KEEPS)


def _as_own(person_id: int, condition: ColumnElement[bool]) -> list[OwnWorkshop]:
    found = db.session.scalars(
        select(Workshop)
        .where(_own(person_id), condition)
        .options(selectinload(Workshop.trainer))
        .order_by(Workshop.starts_at, Workshop.id)
    ).all()
    if not found:
        return []
    titles = course_titles({workshop.course_id for workshop in found})
    marks: dict[int, bool] = {
        row[0]: row[1]
        for row in db.session.execute(
            select(Attendance.workshop_id, Attendance.present).where(
                Attendance.person_id == person_id, Attendance.workshop_id.in_([workshop.id for workshop in found])
            )
        )
    }
    return [
        OwnWorkshop(
            workshop, titles.get(workshop.course_id, {}), workshop.trainer_id == person_id, marks.get(workshop.id)
        )
        for workshop in found
    ]


def find_calendar_key(person_id: int) -> CalendarKey | None:
    """The secret part of a person's calendar address, once they have asked for one."""
    return db.session.get(CalendarKey, person_id)


def get_person_of_key(key: str) -> Person:
    """Whose calendar it is; NotFound when the key is unknown or was renewed."""
    person = db.session.scalar(
        select(Person).join(CalendarKey, CalendarKey.person_id == Person.id).where(CalendarKey.key == key)
    )
    if person is None:
        raise NotFound
    return person
