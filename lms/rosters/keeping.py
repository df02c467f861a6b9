"""Keep what applying an import does, row by row, so that it can be undone exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from lms.commissions.actions import Seated
from lms.commissions.models import Appointment, Seat, SeatNumber
from lms.core.database.base import Model, db
from lms.core.database.bulk import write_rows
from lms.core.database.runs import runs_of
from lms.learning.models import Enrolment
from lms.rosters.models import RosterChange
from lms.rosters.packing import pack_changed

COLUMNS = ("import_id", "table", "first_id", "last_id", "payload")
BATCH = 5_000
Values = Mapping[str, tuple[str, str]]
"""Field -> (before, after), in words."""


class Kept:
    """What one application has done so far."""

    def __init__(self) -> None:
        self._made: dict[str, list[int]] = {}
        self._changed: dict[tuple[str, int], dict[str, tuple[str, str]]] = {}

    def made(self, model: type[Model], ids: Iterable[int]) -> None:
        """Rows were made."""
        self._made.setdefault(model.__tablename__, []).extend(ids)

    def changed(self, model: type[Model], row_id: int, values: Values) -> None:
        """A row was changed, perhaps once more."""
        known = self._changed.setdefault((model.__tablename__, row_id), {})
        for name, (before, after) in values.items():
            known[name] = (known[name][0] if name in known else before, after)

    def seated(self, seated: Seated) -> None:
        """People were seated."""
        self.made(Appointment, seated.appointments)
        self.made(Seat, seated.seats)
        self.made(SeatNumber, seated.numbers)
        for row_id, (seats, valid_to) in seated.earlier_numbers.items():
            now = db.session.get_one(SeatNumber, row_id)
            values = {"seats": (seats, now.seats), "valid_to": (valid_to, now.valid_to)}
            self.changed(
                SeatNumber, row_id, {name: (in_words(old), in_words(new)) for name, (old, new) in values.items()}
            )

    def has_made(self, model: type[Model]) -> set[int]:
        """Ids of the rows that were made."""
        return set(self._made.get(model.__tablename__, ()))

    def write(self, import_id: int) -> None:
        """Write it all down: runs of rows, for most of what a roster does it does to many alike."""
        write_rows(RosterChange, COLUMNS, list(self._rows(import_id)))

    def _rows(self, import_id: int) -> Iterator[Sequence[Any]]:
        for table, ids in self._made.items():
            for first, last in runs_of(ids):
                yield import_id, table, first, last, None
        alike: dict[tuple[str, tuple[tuple[str, tuple[str, str]], ...]], list[int]] = {}
        for (table, row_id), values in self._changed.items():
            alike.setdefault((table, tuple(sorted(values.items()))), []).append(row_id)
        for (table, what), ids in alike.items():
            payload = pack_changed(dict(what))
            for first, last in runs_of(ids):
                yield import_id, table, first, last, payload


def in_words(value: object) -> str:
    """A value as it is kept and compared: nothing is empty, a day as 2022-11-20."""
    return "" if value is None else str(value)


def list_enrolments(people: Iterable[int]) -> set[int]:
    """Ids of the enrolments of these people."""
    ids, found = sorted(people), set[int]()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        found.update(db.session.scalars(select(Enrolment.id).where(Enrolment.person_id.in_(part))))
    return found
