"""Read enrolments and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.curriculum.models import Case, Form, Term
from lms.curriculum.queries import list_forms
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import activities_of


@dataclass(frozen=True)
class Beside:
    """What stands beside the modules of a course version: its forms, and how many cases and words there are."""

    forms: Sequence[Form]
    cases: int
    terms: int


def list_beside(version_id: int) -> Beside:
    """What stands beside the modules of a course version."""
    cases, terms = (
        db.session.scalar(select(func.count()).select_from(model).where(model.version_id == version_id)) or 0
        for model in (Case, Term)
    )
    return Beside(list_forms(version_id), cases, terms)


def list_enrolments(person_id: int, campaign_id: int) -> Sequence[Enrolment]:
    """A person's enrolments in a campaign."""
    return db.session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.campaign_id == campaign_id)
        .order_by(Enrolment.id)
    ).all()


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
    return set(
        db.session.scalars(select(CompletedActivity.activity).where(CompletedActivity.enrolment_id == enrolment_id))
    )


def list_required(enrolment: Enrolment) -> list[str]:
    """Activities the enrolment's course version asks for, in order."""
    version = enrolment.version
    return activities_of([module.code for module in version.modules], workshop=version.workshop)
