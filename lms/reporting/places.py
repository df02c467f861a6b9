"""Commissions as tables name them: plain rows with the name in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from lms.commissions.models import Commission, CommissionName
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.core.web.languages import pick

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
        found.update(_read(wanted[start : start + BATCH]))
    return found


def list_places_with_parents(ids: Iterable[int]) -> dict[int, Place]:
    """Commissions by id, and those directly above them."""
    found = list_places(ids)
    return list_places(place.parent_id for place in found.values() if place.parent_id) | found


def _read(ids: list[int]) -> dict[int, Place]:
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for commission_id, language, name in db.session.execute(
        select(CommissionName.commission_id, CommissionName.language, CommissionName.name).where(
            CommissionName.commission_id.in_(ids)
        )
    ):
        names[commission_id][language] = name
    columns = (Commission.id, Commission.code, Commission.level, Commission.number, Commission.parent_id)
    return {
        place_id: Place(place_id, code, level, number, parent_id, pick(names[place_id]) or code)
        for place_id, code, level, number, parent_id in db.session.execute(
            select(*columns).where(Commission.id.in_(ids))
        )
    }
