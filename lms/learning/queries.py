"""Read enrolments and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lms.campaigns.models import Campaign
from lms.campaigns.queries import keep_open_campaign
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.kept import keep
from lms.curriculum.models import Case, CourseVersion, Form, Term
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import activities_of


@dataclass(frozen=True)
class Beside:
    """What stands beside the modules of a course version: its forms, and how many cases and words there are."""

    forms: Sequence[Form]
    cases: int
    terms: int


_OPEN = (
    select(Enrolment, Campaign)
    .join(Campaign, Campaign.id == Enrolment.campaign_id)
    .where(Enrolment.person_id == bindparam("person"), Campaign.state == "open")
    .order_by(Enrolment.id)
)
_OPEN_OF_COURSE = _OPEN.where(Enrolment.course_id == bindparam("course"))
_DONE = select(CompletedActivity.activity).where(CompletedActivity.enrolment_id == bindparam("enrolment"))


def list_beside(version_id: int) -> Beside:
    """What stands beside the modules of a course version."""
    return _beside(version_id) or Beside([], 0, 0)


@keep(64)
def _beside(session: Session, version_id: int) -> Beside | None:
    if session.get(CourseVersion, version_id) is None:
        return None
    cases, terms = (
        session.scalar(select(func.count()).select_from(model).where(model.version_id == version_id)) or 0
        for model in (Case, Term)
    )
    forms = session.scalars(select(Form).where(Form.version_id == version_id).order_by(Form.position)).all()
    return Beside(forms, cases, terms)


def list_open_enrolments(person_id: int) -> list[Enrolment]:
    """A person's enrolments in the open campaign."""
    return _keep_campaign(db.session.execute(_OPEN, {"person": person_id}).all())


def find_open_enrolment(person_id: int, course_id: int) -> Enrolment | None:
    """A person's enrolment on one course in the open campaign."""
    rows = db.session.execute(_OPEN_OF_COURSE, {"person": person_id, "course": course_id}).all()
    return next(iter(_keep_campaign(rows)), None)


def _keep_campaign(rows: Sequence[Any]) -> list[Enrolment]:
    for row in rows[:1]:
        keep_open_campaign(row.Campaign)
    return [row.Enrolment for row in rows]


def find_enrolment(person_id: int, campaign_id: int, course_id: int) -> Enrolment | None:
    """A person's enrolment on one course."""
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.person_id == person_id,
            Enrolment.campaign_id == campaign_id,
            Enrolment.course_id == course_id,
        )
    )


def get_own_enrolment(person_id: int, enrolment_id: int) -> Enrolment:
    """The enrolment, if it is this person's; NotFound otherwise."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.person_id != person_id:
        raise NotFound
    return enrolment


def list_done(enrolment_id: int) -> set[str]:
    """Activities done."""
    return set(db.session.scalars(_DONE, {"enrolment": enrolment_id}))


def list_required(enrolment: Enrolment) -> list[str]:
    """Activities the enrolment's course version asks for, in order."""
    version = enrolment.version
    return activities_of([module.code for module in version.modules], workshop=version.workshop)
