"""How much waits in each territory: counted from rows, kept for branches with many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, or_, select, update
from sqlalchemy import event as sql_event
from sqlalchemy.orm import Session, SessionTransaction

from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Appointment, Commission, Seat
from lms.commissions.rules import Level
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.bulk import insert_many
from lms.curriculum.models import Requirement
from lms.home.conditions import OF_OPEN, Asking, Condition, Enrolled, is_open, is_required, without_slip
from lms.home.models import DeskUnit
from lms.home.rules import Want
from lms.reporting.everyone import is_below
from lms.reporting.snapshot import machine_time
from lms.reporting.units import units_of

MOST_AGE = timedelta(minutes=10)
MOST_AT_ONCE = 3
"""More territories than this are not counted again while somebody waits."""
MOST_CHANGED = 500
"""Nor are the territories of more commissions than this looked for."""
_CHANGED = "desk_to_count"
"""Where a transaction keeps in which commissions people came or went."""
COLUMNS = {want: want.value.replace("-", "_") for want in (Want.WITHOUT_SLIP, *OF_OPEN)}
"""Where the number of people of each list is kept."""
NUMBERS = (*COLUMNS.values(), "vacant")
Waiting = Mapping[str, int]
"""Name of a column of DeskUnit -> how many."""


def count_waiting(
    campaign_id: int, unit_ids: Collection[int] | None = None, wants: Collection[Want] | None = None
) -> dict[int, Waiting]:
    """What waits in territories now (in all when none are named), by id; a precinct that is named counts for itself.
    Where lists of people are named in `wants` only these are counted, and no seats: the others are 0. Territories where
    nothing waits are left out."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(NUMBERS, 0))
    asking = Asking(campaign_id, clock.now())
    chosen = [want for want in COLUMNS if wants is None or want in wants]
    statements: list[Select[Any]] = [_free_seats(unit_ids)] if wants is None else []
    if Want.WITHOUT_SLIP in chosen:
        statements.append(_without_slip(asking, unit_ids))
    if of_open := [want for want in chosen if want in OF_OPEN]:
        statements.append(_of_open(asking, of_open, unit_ids))
    for statement in statements:
        for row in db.session.execute(statement).mappings():
            found[row["unit"]].update({name: number for name, number in row.items() if name != "unit"})
    return dict(found)


def find_kept(
    campaign_id: int, commission_id: int, wants: Collection[Want] | None = None
) -> tuple[dict[int, Waiting], datetime | None]:
    """What was kept of the territories of a branch (of the lists in `wants` alone, where some are named), by id, and
    when it was counted; None when it never was."""
    names = NUMBERS if wants is None else [COLUMNS[want] for want in COLUMNS.keys() & wants]
    rows = db.session.execute(
        select(DeskUnit.commission_id, DeskUnit.as_of, *(getattr(DeskUnit, name) for name in names)).where(
            DeskUnit.campaign_id == campaign_id, is_below(commission_id, DeskUnit.commission_id)
        )
    ).all()
    found: dict[int, Waiting] = {row[0]: dict(zip(names, row[2:], strict=True)) for row in rows}
    return found, rows[-1].as_of if rows else None


def is_due(campaign_id: int) -> bool:
    """Whether what is kept is old."""
    as_of = db.session.scalar(select(DeskUnit.as_of).where(DeskUnit.campaign_id == campaign_id).limit(1))
    return as_of is None or machine_time() - as_of >= MOST_AGE


@dataclass(frozen=True)
class Counted:
    """What waits in every territory of a campaign, and when that was so."""

    campaign_id: int
    units: Mapping[int, Waiting]
    as_of: datetime


def count_all(campaign_id: int) -> Counted:
    """What waits in every territory now."""
    as_of = machine_time()
    counted = count_waiting(campaign_id)
    units = db.session.scalars(select(Commission.id).where(Commission.level != Level.PEC))
    nothing = dict.fromkeys(NUMBERS, 0)
    return Counted(campaign_id, {unit: counted.get(unit, nothing) for unit in units}, as_of)


def keep(counted: Counted) -> None:
    """Keep what was counted, a row for each territory, instead of what was kept before."""
    common = {"campaign_id": counted.campaign_id, "as_of": counted.as_of}
    db.session.execute(delete(DeskUnit).where(DeskUnit.campaign_id == counted.campaign_id))
    insert_many(DeskUnit, [{**common, "commission_id": unit, **numbers} for unit, numbers in counted.units.items()])


def note_changed(commission_ids: Iterable[int]) -> None:
    """Have the territories of these commissions counted again before this transaction's commit, if they are few."""
    db.session.info.setdefault(_CHANGED, set()).update(commission_ids)


@sql_event.listens_for(Session, "before_commit")
def _count_changed(session: Session) -> None:
    """The time at which everything else was counted stays."""
    if session.in_nested_transaction():
        return
    changed: set[int] = session.info.pop(_CHANGED, set())
    units = sorted(units_of(session, changed)) if len(changed) <= MOST_CHANGED else []
    campaign = find_open_campaign() if 0 < len(units) <= MOST_AT_ONCE else None
    if campaign is None:
        return
    counted, nothing = count_waiting(campaign.id, units), dict.fromkeys(NUMBERS, 0)
    for unit in units:
        kept = update(DeskUnit).where(DeskUnit.campaign_id == campaign.id, DeskUnit.commission_id == unit)
        session.execute(kept.values(dict(counted.get(unit, nothing))))


@sql_event.listens_for(Session, "after_soft_rollback")
def _forget_changed(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        session.info.pop(_CHANGED, None)


def _unit(unit_ids: Collection[int] | None) -> ColumnElement[int]:
    above = Commission.level == Level.PEC
    if unit_ids is not None:
        above = and_(above, Commission.id.not_in(unit_ids))
    return case((above, Commission.parent_id), else_=Commission.id)


def _in_units(unit_ids: Collection[int] | None) -> list[Condition]:
    if unit_ids is None:
        return []
    below = and_(Commission.parent_id.in_(unit_ids), Commission.level == Level.PEC)
    return [or_(Commission.id.in_(unit_ids), below)]


def _seats(campaign_id: int, unit_ids: Collection[int] | None, *counted: ColumnElement[int]) -> Select[Any]:
    """By territory, what is counted of the seats held by those who must learn."""
    unit, levels = _unit(unit_ids), select(Requirement.level).where(Requirement.campaign_id == campaign_id)
    return (
        select(unit.label("unit"), *counted)
        .select_from(Appointment)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(
            Appointment.ends_on.is_(None),
            Commission.closed_on.is_(None),
            Commission.level.in_(levels),
            *_in_units(unit_ids),
        )
        .group_by(unit)
    )


def _without_slip(asking: Asking, unit_ids: Collection[int] | None) -> Select[Any]:
    counted = func.count().label(COLUMNS[Want.WITHOUT_SLIP])
    return _seats(asking.campaign_id, unit_ids, counted).where(without_slip(asking))


def _of_open(asking: Asking, wants: Sequence[Want], unit_ids: Collection[int] | None) -> Select[Any]:
    """All lists of those who have an open enrolment together: their rows are looked at once."""
    people = [case((OF_OPEN[want](asking), Appointment.person_id)) for want in wants]
    counted = [func.count(one.distinct()).label(COLUMNS[want]) for want, one in zip(wants, people, strict=True)]
    rows = _seats(asking.campaign_id, unit_ids, *counted)
    return rows.join(Enrolled, and_(*is_open(asking))).where(is_required(asking))


def _free_seats(unit_ids: Collection[int] | None) -> Select[Any]:
    unit = _unit(unit_ids)
    held = exists().where(Appointment.seat_id == Seat.id, Appointment.ends_on.is_(None))
    return (
        select(unit.label("unit"), func.count().label("vacant"))
        .select_from(Seat)
        .join(Commission, Commission.id == Seat.commission_id)
        .where(Commission.closed_on.is_(None), ~held, *_in_units(unit_ids))
        .group_by(unit)
    )
