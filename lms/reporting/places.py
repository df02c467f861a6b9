"""Commissions as tables name them: plain rows with the name in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select

from lms.commissions.models import Commission, CommissionClosure, CommissionName
from lms.commissions.permissions import Scope, is_commission_in
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.core.web.languages import current_language, pick

BATCH = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A commission, as far as a table tells of it."""

    id: int
    code: str
    level: str
    number: int
    parent_id: int | None
    name: str

    @property
    def is_precinct(self) -> bool:
        """Whether it is a precinct commission."""
        return self.level == Level.PEC


def list_places(ids: Iterable[int]) -> dict[int, Place]:
    """Commissions by id."""
    wanted = sorted(set(ids))
    found: dict[int, Place] = {}
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        found.update(_places(_named().where(Commission.id.in_(part)).order_by(Commission.id)))
    return found


def list_places_with_parents(ids: Iterable[int]) -> dict[int, Place]:
    """Commissions by id, and those directly above them."""
    found = list_places(ids)
    return list_places(place.parent_id for place in found.values() if place.parent_id) | found


def list_above(scope: Scope, commission_id: int) -> list[Place]:
    """The commissions above one from the top down, as far as `scope` reaches them."""
    rows = _named().join(CommissionClosure, CommissionClosure.ancestor_id == Commission.id)
    above = rows.where(
        CommissionClosure.descendant_id == commission_id,
        CommissionClosure.depth > 0,
        is_commission_in(scope, Commission.id),
    )
    return list(_places(above.order_by(CommissionClosure.depth.desc())).values())


def _named() -> Select[Any]:
    """Commissions, each with its name in the reader's language."""
    columns = (Commission.id, Commission.code, Commission.level, Commission.number, Commission.parent_id)
    called = and_(CommissionName.commission_id == Commission.id, CommissionName.language == current_language())
    return select(*columns, CommissionName.name).outerjoin(CommissionName, called)


def _places(rows: Select[Any]) -> dict[int, Place]:
    """What was read with `_named`, in the order of the rows."""
    found = db.session.execute(rows).all()
    others = _names_of([row.id for row in found if not row.name])
    return {
        row.id: Place(
            row.id, row.code, row.level, row.number, row.parent_id, row.name or pick(others[row.id]) or row.code
        )
        for row in found
    }


def _names_of(ids: list[int]) -> dict[int, dict[str, str]]:
    """The names that commissions have in any language."""
    names: dict[int, dict[str, str]] = {one: {} for one in ids}
    rows = select(CommissionName.commission_id, CommissionName.language, CommissionName.name)
    for place_id, language, name in (
        db.session.execute(rows.where(CommissionName.commission_id.in_(ids))) if ids else ()
    ):
        names[place_id][language] = name
    return names
