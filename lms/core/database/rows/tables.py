"""The tables that a database really has, whatever its revision: their columns, kinds of values, keys and last ids."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Connection, Date, DateTime, Float, Integer, LargeBinary, String, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import JSON, TypeEngine

from lms.core.errors import Refused

REVISION_TABLE = "alembic_version"
QUEUE_PREFIX = "huey_"
"""Tables of the queue: what stands in them is asked for again by the sweep."""


class Kind(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    FLOAT = "float"
    TEXT = "text"
    JSON = "json"
    MOMENT = "moment"
    DATE = "date"
    BYTES = "bytes"


_TYPES: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Float, Kind.FLOAT),
    (DateTime, Kind.MOMENT),
    (Date, Kind.DATE),
    (JSON, Kind.JSON),
    (String, Kind.TEXT),
    (LargeBinary, Kind.BYTES),
)


@dataclass(frozen=True)
class Column:
    """A column and what it holds."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A table: its columns in order of their names, and the columns by which its rows are put in order."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def id_column(self) -> str | None:
        """The column that numbers the rows; None when the key is more or other than one number."""
        kinds = {column.name: column.kind for column in self.columns}
        return self.key[0] if len(self.key) == 1 and kinds[self.key[0]] is Kind.INTEGER else None


def quote(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def read_tables(connection: Connection) -> list[Table]:
    """Every table of ours, by name: all but the queue's and Alembic's. Raises Refused on a column of a strange type."""
    seen = inspect(connection)
    names = [name for name in seen.get_table_names() if name != REVISION_TABLE and not name.startswith(QUEUE_PREFIX)]
    found = []
    for name in sorted(names):
        columns = tuple(Column(one["name"], _kind_of(name, one["name"], one["type"])) for one in seen.get_columns(name))
        key = tuple(seen.get_pk_constraint(name)["constrained_columns"])
        ordered = tuple(sorted(columns, key=lambda column: column.name))
        found.append(Table(name, ordered, key or tuple(column.name for column in ordered)))
    return found


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.scalar(text(f"SELECT count(*) FROM {quote(table.name)}")) or 0)  # noqa: S608 - our own names


def has_rows(connection: Connection, table: Table) -> bool:
    """Whether a table has any row."""
    return bool(connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {quote(table.name)})")))  # noqa: S608


def last_id(connection: Connection, table: Table) -> int | None:
    """The highest id ever given to a row, as far as the database remembers; None where ids are not given by it."""
    if table.id_column is None:
        return None
    highest = connection.scalar(text(f"SELECT max({quote(table.id_column)}) FROM {quote(table.name)}"))  # noqa: S608
    return max(int(highest or 0), _remembered(connection, table))


def set_last_id(connection: Connection, table: Table, number: int | None) -> None:
    """Have the next row numbered after `number`."""
    if not number or table.id_column is None:
        return
    if connection.dialect.name == "sqlite":
        if _has_counter(connection):
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            statement = "INSERT INTO sqlite_sequence SELECT :name, :n FROM sqlite_master WHERE name = :name"
            connection.execute(
                text(f"{statement} AND type = 'table' AND sql LIKE '%AUTOINCREMENT%'"),
                {"name": table.name, "n": number},
            )
        return
    sequence = _sequence(connection, table)
    if sequence:
        connection.execute(text("SELECT setval(:sequence, :n)"), {"sequence": sequence, "n": number})


def _kind_of(table: str, column: str, found: TypeEngine[Any]) -> Kind:
    for known, kind in _TYPES:
        if isinstance(found, known) and not isinstance(found, JSONB):
            return kind
    raise Refused(
        f"The table {table} has a column {column} of a type that Cascade does not use ({found}). Give Cascade a "
        "database of its own."
    )


def _remembered(connection: Connection, table: Table) -> int:
    if connection.dialect.name == "sqlite":
        if not _has_counter(connection):
            return 0
        found = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        return int(found or 0)
    sequence = _sequence(connection, table)
    if not sequence:
        return 0
    statement = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608 - quoted already
    return int(connection.scalar(text(statement)) or 0)


def _sequence(connection: Connection, table: Table) -> str | None:
    asked = {"table": quote(table.name), "column": table.id_column}
    found = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), asked)
    return None if found is None else str(found)


def _has_counter(connection: Connection) -> bool:
    statement = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence')"
    return bool(connection.scalar(text(statement)))
