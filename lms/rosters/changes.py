"""What an applied import did, as it was kept: rows made, and rows changed with their values before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from lms.core.database.base import Model, db
from lms.core.database.runs import Run, count_in
from lms.rosters.models import RosterChange
from lms.rosters.packing import unpack_changed


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows of one table that were changed alike."""

    table: str
    run: Run
    values: dict[str, tuple[str, str]]
    """Field -> (before, after), in words."""


class Changes:
    """All that one application did."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self._made: dict[str, list[Run]] = {}
        self.changed: list[Changed] = []
        rows = db.session.scalars(
            select(RosterChange).where(RosterChange.import_id == import_id).order_by(RosterChange.first_id)
        ).all()
        self.last_id = max((row.id for row in rows), default=0)
        for row in rows:
            run = (row.first_id, row.last_id)
            if row.payload is None:
                self._made.setdefault(row.table, []).append(run)
            else:
                self.changed.append(Changed(row.table, run, unpack_changed(row.payload)))

    def made(self, model: type[Model]) -> list[Run]:
        """Runs of the rows that it made."""
        return self._made.get(model.__tablename__, [])

    def count_made(self, model: type[Model]) -> int:
        """How many rows it made."""
        return count_in(self.made(model))

    def of(self, model: type[Model], field: str = "") -> Iterator[tuple[int, dict[str, tuple[str, str]]]]:
        """Each row that it changed (in that field) and how."""
        for one in self.changed:
            if one.table == model.__tablename__ and (not field or field in one.values):
                for row_id in range(one.run[0], one.run[1] + 1):
                    yield row_id, one.values

    def count_changed(self, model: type[Model], field: str = "") -> int:
        """How many rows it changed (in that field)."""
        return sum(1 for _one in self.of(model, field))
