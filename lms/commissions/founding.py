"""Make many commissions at once: a region's tree in a few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, literal, select

from lms.commissions.events import CommissionsChanged
from lms.commissions.models import (
    Commission,
    CommissionClosure,
    CommissionName,
    CommissionParent,
    Seat,
    SeatNumber,
)
from lms.commissions.names import taken_sentence
from lms.commissions.permissions import Scope
from lms.commissions.rules import Level, Territory, child_code
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.bulk import take_ids, write_rows
from lms.core.errors import Refused
from lms.core.events import publish

BATCH = 500
COLUMNS = ("id", "code", "level", "territory", "number", "parent_id", "time_zone")
CODE = COLUMNS.index("code")


@dataclass(frozen=True, slots=True)
class NewCommission:
    """A commission to be made."""

    key: int
    """The caller's own number for it."""
    parent_key: int
    """Key of another new commission, or of a present one (see `found_commissions`)."""
    level: Level
    territory: Territory
    number: int | None
    """None for a territorial commission that takes the next free number."""
    names: Mapping[str, str]
    seats: int
    time_zone: str = ""
    """Empty: that of the parent."""


@dataclass(frozen=True, slots=True)
class _Parent:
    id: int
    code: str
    time_zone: str


def found_commissions(
    *, plans: Sequence[NewCommission], present: Mapping[int, int], since: date, by: Scope
) -> dict[int, int]:
    """The id of every new commission by its key. `present`: ids of present commissions by key, where parents are.

    Each comes with names, dated parent, place in the closure, number of seats and the seats themselves.
    """
    ids: dict[int, int] = {}
    waiting = list(plans)
    while waiting:
        above = {**present, **ids}
        ready = [plan for plan in waiting if plan.parent_key in above]
        if not ready:
            raise ValueError("a new commission's parent is neither new nor present")
        ids.update(_found_layer(ready, above, since, by))
        waiting = [plan for plan in waiting if plan.key not in ids]
    if ids:
        publish(CommissionsChanged(tuple(ids.values())))
    return ids


def _found_layer(plans: list[NewCommission], above: Mapping[int, int], since: date, by: Scope) -> dict[int, int]:
    parents = _load_parents({above[plan.parent_key] for plan in plans})
    taken = _numbers_taken(list(parents))
    ids = {plan.key: made for plan, made in zip(plans, take_ids(Commission, len(plans)), strict=True)}
    rows = [_row(ids[plan.key], plan, parents[above[plan.parent_key]], taken) for plan in plans]
    _check_codes([row[CODE] for row in rows])
    write_rows(Commission, COLUMNS, rows)
    _furnish(plans, ids, {plan.key: above[plan.parent_key] for plan in plans}, since)
    made: dict[int, list[str]] = {}
    for plan, row in zip(plans, rows, strict=True):
        made.setdefault(above[plan.parent_key], []).append(row[CODE])
    for parent_id, codes in made.items():
        record("commissions.founded", by=by, subject=f"commission:{parent_id}", codes=codes)
    return ids


def _check_codes(codes: Sequence[str]) -> None:
    """A commission that was moved away keeps its code: nobody else gets it."""
    for start in range(0, len(codes), BATCH):
        taken = db.session.scalar(
            select(Commission)
            .where(Commission.code.in_(codes[start : start + BATCH]))
            .order_by(Commission.code)
            .limit(1)
        )
        if taken is not None:
            raise Refused(taken_sentence(taken))


def _load_parents(ids: set[int]) -> dict[int, _Parent]:
    found: dict[int, _Parent] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        columns = select(Commission.id, Commission.code, Commission.time_zone).where(Commission.id.in_(part))
        found.update({row.id: _Parent(row.id, row.code, row.time_zone) for row in db.session.execute(columns)})
    return found


def _numbers_taken(parent_ids: list[int]) -> dict[int, int]:
    """The highest number of a territorial commission under each parent."""
    highest: dict[int, int] = {}
    for start in range(0, len(parent_ids), BATCH):
        rows = db.session.execute(
            select(Commission.parent_id, func.max(Commission.number))
            .where(Commission.parent_id.in_(parent_ids[start : start + BATCH]), Commission.level == Level.TEC)
            .group_by(Commission.parent_id)
        )
        highest.update({parent_id: number for parent_id, number in rows if parent_id is not None})
    return highest


def _row(commission_id: int, plan: NewCommission, parent: _Parent, taken: dict[int, int]) -> Sequence[Any]:
    number = plan.number
    if number is None:
        number = taken.get(parent.id, 0) + 1
    if plan.level is Level.TEC:
        taken[parent.id] = max(taken.get(parent.id, 0), number)
    code, zone = child_code(parent.code, number, plan.territory), plan.time_zone or parent.time_zone
    return commission_id, code, plan.level.value, plan.territory.value, number, parent.id, zone


def _furnish(plans: list[NewCommission], ids: Mapping[int, int], parents: Mapping[int, int], since: date) -> None:
    write_rows(CommissionName, ("commission_id", "language", "name"), _names(plans, ids))
    dated = ((ids[plan.key], parents[plan.key], since) for plan in plans)
    write_rows(CommissionParent, ("commission_id", "parent_id", "valid_from"), dated)
    write_rows(
        SeatNumber, ("commission_id", "seats", "valid_from"), ((ids[one.key], one.seats, since) for one in plans)
    )
    write_rows(Seat, ("commission_id", "number"), _seats(plans, ids))
    _place_in_closure(list(ids.values()))


def _names(plans: list[NewCommission], ids: Mapping[int, int]) -> Iterator[Sequence[Any]]:
    return ((ids[plan.key], language, name) for plan in plans for language, name in plan.names.items())


def _seats(plans: list[NewCommission], ids: Mapping[int, int]) -> Iterator[Sequence[Any]]:
    return ((ids[plan.key], number) for plan in plans for number in range(1, plan.seats + 1))


def _place_in_closure(ids: list[int]) -> None:
    write_rows(CommissionClosure, ("ancestor_id", "descendant_id", "depth"), ((one, one, 0) for one in ids))
    for start in range(0, len(ids), BATCH):
        above = (
            select(CommissionClosure.ancestor_id, Commission.id, CommissionClosure.depth + literal(1))
            .join(Commission, Commission.parent_id == CommissionClosure.descendant_id)
            .where(Commission.id.in_(ids[start : start + BATCH]))
        )
        db.session.execute(insert(CommissionClosure).from_select(["ancestor_id", "descendant_id", "depth"], above))
