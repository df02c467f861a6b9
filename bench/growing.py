"""Ten times the people: run inside an installation, `python -m bench.growing N` seats N - 1 more beside everyone."""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import Table, func, insert, literal, select, text

from bench.behind import count_again
from lms.app import create_app
from lms.commissions.models import Appointment, Seat
from lms.core.database.base import Model, db
from lms.learning.models import Enrolment
from lms.people.models import Person, PersonKey

BEYOND = 10_000_000
"""Ids of those who are added lie beyond this, a million times ten for each round."""


def grow(times: int) -> int:
    """How many people there are when beside everyone `times` - 1 more sit, as far with the course as they are."""
    for number in range(1, times):
        shift = BEYOND * number
        _copy(Person, {"id": Person.id + shift, "number_hash": None, "merged_into_id": None})
        _copy(PersonKey, {"person_id": PersonKey.person_id + shift}, PersonKey.person_id)
        _copy(Seat, {"id": Seat.id + shift, "number": Seat.number + 1000 * number})
        moved = {name: getattr(Appointment, name) + shift for name in ("id", "seat_id", "person_id")}
        _copy(Appointment, {**moved, "office": "member"})
        _copy(Enrolment, {"id": Enrolment.id + shift, "person_id": Enrolment.person_id + shift})
    db.session.execute(text("ANALYZE"))
    count_again()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def _copy(model: type[Model], changed: dict[str, Any], numbered: Any = None) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    values = [
        literal(changed[column.name], column.type)
        if column.name in changed and not hasattr(changed[column.name], "type")
        else changed.get(column.name, column)
        for column in table.columns
    ]
    first = (table.c.id if numbered is None else numbered) < BEYOND
    db.session.execute(
        insert(table).from_select([column.name for column in table.columns], select(*values).where(first))
    )


if __name__ == "__main__":
    with create_app().app_context():
        print(grow(int(sys.argv[1])))
