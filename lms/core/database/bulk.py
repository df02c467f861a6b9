"""Write many rows at once, past the unit of work: plain values in, no objects made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert

from lms.core.database.base import Model, db


def insert_many(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows` (column name -> value, all with the same columns); none is fine."""
    if rows:
        db.session.execute(insert(_table(model)), rows)


def insert_for_ids(model: type[Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert `rows` and give their new ids in the same order."""
    if not rows:
        return []
    table = _table(model)
    returned = db.session.execute(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows)
    return list(returned.scalars())


def _table(model: type[Model]) -> Table:
    return cast(Table, model.__table__)
