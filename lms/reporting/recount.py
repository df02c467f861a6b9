"""The same figures counted another way, and what does not agree: row by row, up the parents of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.curriculum.models import Requirement
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import is_complete
from lms.reporting.queries import count_by_child
from lms.reporting.required import list_required_by_version
from lms.reporting.rules import Figures

Steps = list[tuple[datetime | None, datetime | None]]
"""Begin and end of each course that one person must take."""


def recount(campaign_id: int, *, since: datetime) -> dict[int, Figures]:
    """The figures of every commission with all below it, counted plainly."""
    steps = _steps_by_commission(campaign_id)
    commissions = db.session.execute(
        select(Commission.id, Commission.parent_id, Commission.level, Commission.closed_on)
    ).all()
    parents = {row.id: row.parent_id for row in commissions}
    found = dict.fromkeys(parents, Figures())
    for row in commissions:
        own = Figures()
        if row.closed_on is None:
            own = _count(steps.get(row.id, []), since, is_precinct=row.level == Level.PEC)
        at: int | None = row.id
        while at is not None:
            found[at] += own
            at = parents[at]
    return found


def find_drift(campaign_id: int, *, since: datetime) -> tuple[int, list[str]]:
    """How many commissions were compared, and a sentence for each thing that does not agree."""
    plain = recount(campaign_id, since=since)
    return len(plain), [*_unlike(plain, campaign_id, since), *_unproven(campaign_id)]


def _unlike(plain: Mapping[int, Figures], campaign_id: int, since: datetime) -> Iterator[str]:
    """Every page with rows below, and each of its rows: so precincts are compared too, as rows of the page above."""
    pages = db.session.scalars(select(Commission.id).where(Commission.level != Level.PEC).order_by(Commission.id)).all()
    for commission_id in pages:
        rows = count_by_child(SYSTEM, commission_id, campaign_id, since=since)
        shown = {row.commission_id: row.figures for row in rows if not row.own}
        shown[commission_id] = sum((row.figures for row in rows), Figures())
        for place, figures in shown.items():
            if figures != plain[place]:
                yield f"Commission {place}: the page of {commission_id} says {figures}, the recount {plain[place]}."


def _unproven(campaign_id: int) -> Iterator[str]:
    """Enrolments whose end does not agree with the activities done."""
    required = list_required_by_version()
    done = defaultdict(set)
    for enrolment_id, activity in db.session.execute(
        select(CompletedActivity.enrolment_id, CompletedActivity.activity)
        .join(Enrolment, Enrolment.id == CompletedActivity.enrolment_id)
        .where(Enrolment.campaign_id == campaign_id)
    ):
        done[enrolment_id].add(activity)
    for enrolment_id, version_id, completed_at in db.session.execute(
        select(Enrolment.id, Enrolment.version_id, Enrolment.completed_at).where(Enrolment.campaign_id == campaign_id)
    ):
        whole = is_complete(required.get(version_id, []), done[enrolment_id])
        if whole != (completed_at is not None):
            said = "finished, yet activities are missing" if completed_at else "not finished, yet everything is done"
            yield f"Enrolment {enrolment_id} is {said}."


def _steps_by_commission(campaign_id: int) -> dict[int, list[Steps]]:
    courses = defaultdict(list)
    for level, course_id in db.session.execute(
        select(Requirement.level, Requirement.course_id).where(Requirement.campaign_id == campaign_id)
    ):
        courses[level].append(course_id)
    progress = {
        (row.person_id, row.course_id): (row.started_at, row.completed_at)
        for row in db.session.execute(
            select(Enrolment.person_id, Enrolment.course_id, Enrolment.started_at, Enrolment.completed_at).where(
                Enrolment.campaign_id == campaign_id
            )
        )
    }
    steps = defaultdict(list)
    for commission_id, person_id, level in db.session.execute(
        select(Appointment.commission_id, Appointment.person_id, Commission.level)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Appointment.ends_on.is_(None))
    ):
        if courses[level]:
            own = [progress.get((person_id, course), (None, None)) for course in courses[level]]
            steps[commission_id].append(own)
    return steps


def _count(people: list[Steps], since: datetime, *, is_precinct: bool) -> Figures:
    finished = begun = lately = 0
    for courses in people:
        ends = [completed for _started, completed in courses if completed is not None]
        if len(ends) == len(courses):
            finished += 1
            lately += max(ends) >= since
        elif any(started for started, _completed in courses):
            begun += 1
    ready = is_precinct and bool(people) and finished == len(people)
    return Figures(len(people), begun, finished, lately, int(is_precinct), int(ready))
