"""What refers to the rows that an application made, in whatever table: asked of the tables' own foreign keys, so that a
table which is added later is asked too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, exists, false, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission, Seat
from lms.core.database.base import Model, db
from lms.core.database.runs import within
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.rosters.changes import Changes
from lms.rosters.models import RosterChange

GO_WITH = {
    Person: {
        "account.person_id",
        "enrolment.person_id",
        "appointment.person_id",
        "late_start.person_id",
        "person_key.person_id",
    },
    Account: {"one_time_code.account_id"},
    Enrolment: set[str](),
    Appointment: set[str](),
    Seat: set[str](),
    Commission: {
        "commission_name.commission_id",
        "commission_parent.commission_id",
        "commission_closure.descendant_id",
        "seat_number.commission_id",
        "seat.commission_id",
        "completion_counter.commission_id",
        "completion_change.commission_id",
        "completion_unit.commission_id",
        "desk_unit.commission_id",
    },
}
"""Columns whose rows go with what they refer to, or are looked at by themselves."""
PARTS_OF_COMMISSIONS = {"commission_parent": "commission_id", "commission_closure": "descendant_id"}
"""Tables whose rows were made when the commission was that this column names."""


def list_referred_to(changes: Changes, model: type[Any]) -> set[int]:
    """Ids of rows that the application made and to which rows refer that it did not make."""
    found: set[int] = set()
    for table, column in _referring(model):
        for condition in within(column, changes.made(model)):
            found.update(db.session.scalars(select(column).where(condition, ~is_made(changes, table))))
    return found


def list_people_with(changes: Changes, owned: type[Any]) -> set[int]:
    """People whom the application added and to whose accounts, or enrolments, anything refers."""
    found: set[int] = set()
    for table, column in _referring(owned):
        referring = table.alias()
        for condition in within(owned.person_id, changes.made(Person)):
            referred = select(owned.person_id).join(referring, referring.c[column.name] == owned.id)
            found.update(db.session.scalars(referred.where(condition)))
    return found


def is_made(
    changes: Changes, table: Table, column: ColumnElement[Any] | InstrumentedAttribute[Any] | None = None
) -> ColumnElement[bool]:
    """A condition: the row of this table was made by the application itself. `column`: its id, when it is aliased."""
    part = PARTS_OF_COMMISSIONS.get(table.name, "")
    if column is None:
        if not part and "id" not in table.c:
            return false()
        column = table.c[part or "id"]
    return exists().where(
        RosterChange.import_id == changes.import_id,
        RosterChange.table == (Commission.__tablename__ if part else table.name),
        RosterChange.payload.is_(None),
        column.between(RosterChange.first_id, RosterChange.last_id),
    )


def table_of(model: type[Model]) -> Table:
    """The table of a model."""
    return Model.metadata.tables[model.__tablename__]


def _referring(model: type[Any]) -> Iterator[tuple[Table, ColumnElement[Any]]]:
    """Every column of every table that refers to rows of this one, but those whose rows go with it."""
    going: Collection[str] = GO_WITH[model]
    for table in Model.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is table_of(model) and f"{table.name}.{key.parent.name}" not in going:
                yield table, key.parent
