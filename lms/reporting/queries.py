"""How many must, have begun, have finished: counted live over everyone who must."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.curriculum.models import Requirement
from lms.learning.models import Enrolment
from lms.reporting.rules import Figures


@dataclass(frozen=True, slots=True)
class ChildFigures:
    """The figures of one commission with all below it; of a commission's own seats alone when `own`."""

    commission_id: int
    own: bool
    units: Mapping[int, Figures]
    """The same people by the territorial commission that trains them: a precinct counts to the one above it."""

    @property
    def figures(self) -> Figures:
        """All together."""
        return sum(self.units.values(), Figures())


def count_by_child(scope: Scope, commission_id: int, campaign_id: int, *, since: datetime) -> list[ChildFigures]:
    """The figures of every commission directly below one, and of its own seats, in one statement. `since` when somebody
    has to have finished to count as `lately`. Nothing for commissions that `scope` does not reach."""
    counted = _per_commission(scope, commission_id, campaign_id, since)
    top, below = aliased(CommissionClosure), aliased(CommissionClosure)
    unit = case((counted.c.precinct == 1, counted.c.parent_id), else_=counted.c.id)
    statement = (
        select(
            top.descendant_id,
            top.depth,
            unit.label("unit"),
            *(func.sum(counted.c[name]) for name in ("must", "begun", "finished", "lately", "precinct", "ready")),
        )
        .join(below, and_(below.ancestor_id == top.descendant_id, or_(top.depth == 1, below.depth == 0)))
        .join(counted, counted.c.id == below.descendant_id)
        .where(top.ancestor_id == commission_id, top.depth <= 1)
        .group_by(top.descendant_id, top.depth, unit)
        .order_by(top.descendant_id)
    )
    found: dict[tuple[int, bool], dict[int, Figures]] = {}
    for child, depth, trained_by, *values in db.session.execute(statement):
        found.setdefault((child, depth == 0), {})[trained_by] = Figures(*(int(value) for value in values))
    return [ChildFigures(child, own, units) for (child, own), units in found.items()]


def count_precinct(scope: Scope, commission_id: int, campaign_id: int, *, since: datetime) -> Figures:
    """The figures of one commission's own seats."""
    return next(
        (row.figures for row in count_by_child(scope, commission_id, campaign_id, since=since) if row.own), Figures()
    )


def per_person(campaign_id: int, places: Select[tuple[int]]) -> CTE:
    """Everyone seated now in `places` who must take a course: commission_id, person_id; over all courses they must take
    finished, begun and imported (0 or 1), finished_at of the last one. Counted once, however few statistics the
    database has."""
    return (
        select(
            Appointment.commission_id,
            Appointment.person_id,
            func.min(case((Enrolment.completed_at.is_not(None), 1), else_=0)).label("finished"),
            func.max(case((Enrolment.started_at.is_not(None), 1), else_=0)).label("begun"),
            func.max(Enrolment.completed_at).label("finished_at"),
            func.max(case((Enrolment.imported_at.is_not(None), 1), else_=0)).label("imported"),
        )
        .join(Commission, Commission.id == Appointment.commission_id)
        .join(Requirement, and_(Requirement.level == Commission.level, Requirement.campaign_id == campaign_id))
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.person_id == Appointment.person_id,
                Enrolment.course_id == Requirement.course_id,
                Enrolment.campaign_id == campaign_id,
            ),
        )
        .where(Appointment.ends_on.is_(None), Appointment.commission_id.in_(places))
        .group_by(Appointment.commission_id, Appointment.person_id)
        .cte("per_person")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def branch(commission_id: int) -> Select[tuple[int]]:
    """Ids of a commission and of all below it."""
    return select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission_id)


def _per_commission(scope: Scope, commission_id: int, campaign_id: int, since: datetime) -> CTE:
    person = per_person(campaign_id, branch(commission_id))
    must = func.count(person.c.person_id)
    finished = func.coalesce(func.sum(person.c.finished), 0)
    is_precinct = Commission.level == Level.PEC
    return (
        select(
            Commission.id,
            Commission.parent_id,
            must.label("must"),
            func.coalesce(func.sum(case((person.c.finished == 0, person.c.begun), else_=0)), 0).label("begun"),
            finished.label("finished"),
            func.coalesce(
                func.sum(case((and_(person.c.finished == 1, person.c.finished_at >= since), 1), else_=0)), 0
            ).label("lately"),
            case((is_precinct, 1), else_=0).label("precinct"),
            case((and_(is_precinct, must > 0, must == finished), 1), else_=0).label("ready"),
        )
        .outerjoin(person, person.c.commission_id == Commission.id)
        .where(
            Commission.id.in_(branch(commission_id)),
            Commission.closed_on.is_(None),
            is_commission_in(scope, Commission.id, *WATCHERS),
        )
        .group_by(Commission.id, Commission.parent_id, Commission.level)
        .cte("per_commission")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def find_training_begin(campaign_id: int) -> datetime | None:
    """When the first people of a campaign were enrolled."""
    return db.session.scalar(
        select(Enrolment.enrolled_at).where(Enrolment.campaign_id == campaign_id).order_by(Enrolment.id).limit(1)
    )


def list_commissions(ids: Sequence[int]) -> dict[int, Commission]:
    """Commissions by id, with their names."""
    return {row.id: row for row in db.session.scalars(select(Commission).where(Commission.id.in_(ids)))}


def list_places(ids: Iterable[int]) -> dict[int, Commission]:
    """Commissions by id, and those directly above them, with their names."""
    found = list_commissions(sorted(set(ids)))
    return list_commissions(sorted({place.parent_id for place in found.values() if place.parent_id})) | found


def list_tops(scope: Scope) -> Sequence[Commission]:
    """The commissions at which the reader holds a role that watches people; none that lies below another of them."""
    places = scope.places(*WATCHERS)
    if not places:
        return []
    lower = select(CommissionClosure.descendant_id).where(
        CommissionClosure.ancestor_id.in_(places), CommissionClosure.depth > 0
    )
    return db.session.scalars(
        select(Commission).where(Commission.id.in_(places), Commission.id.not_in(lower)).order_by(Commission.code)
    ).all()
