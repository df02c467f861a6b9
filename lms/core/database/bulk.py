"""Write many rows at once, past the unit of work: plain values in, no objects made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, Dialect, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from lms.core.database.base import Model, UtcDateTime, db, table_of

Process = Callable[[Any], Any]
WITHOUT_ZONE = len("2022-11-18 00:00:00.000000")


def insert_many(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows` (column name -> value, all with the same columns); none is fine."""
    if rows:
        db.session.execute(insert(table_of(model)), rows)


def insert_for_ids(model: type[Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert `rows` and give their new ids in the same order."""
    if not rows:
        return []
    table = table_of(model)
    returned = db.session.execute(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows)
    return list(returned.scalars())


def reserve_ids(model: type[Model], count: int) -> int:
    """The first of `count` ids in a row that belong to the caller's transaction: others who add such rows wait for its
    end."""
    table = table_of(model)
    if db.engine.dialect.name == "sqlite":  # the transaction that writes is the only one
        return (db.session.scalar(select(func.max(table.c.id))) or 0) + 1
    db.session.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
    sequence = func.pg_get_serial_sequence(table.name, "id")
    first: int = db.session.scalar(select(func.nextval(sequence))) or 1
    db.session.execute(select(func.setval(sequence, first + max(0, count - 1))))
    return first


def take_ids(model: type[Model], count: int) -> list[int]:
    """So many ids, rising, for rows that the caller writes in this transaction. Nobody waits for anybody: on PostgreSQL
    others may get ids in between."""
    table = table_of(model)
    if db.engine.dialect.name == "sqlite":  # the transaction that writes is the only one
        first = (db.session.scalar(select(func.max(table.c.id))) or 0) + 1
        return list(range(first, first + count))
    sequence = func.pg_get_serial_sequence(table.name, "id")
    taken = select(func.nextval(sequence)).select_from(func.generate_series(1, count).alias())
    return sorted(db.session.scalars(taken))


def write_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows, each with the values of `columns` in their order, the quickest way the driver has: for hundreds of
    thousands at once. Columns not named get their plain defaults. What makes the rows must not ask the database."""
    db.session.flush()
    connection = db.session.connection()
    table = table_of(model)
    defaults = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in columns and isinstance(column.default, ScalarElementColumnDefault)
    }
    names = [*columns, *defaults]
    plain = _plain(rows, tuple(defaults.values()), [_process(table.c[name], connection.dialect) for name in names])
    quote = connection.dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    driver: Any = connection.connection.driver_connection
    kind = connection.dialect.loaded_dbapi.Error
    try:
        if connection.dialect.name == "sqlite":
            driver.executemany(f"INSERT INTO {target} VALUES ({', '.join('?' * len(names))})", plain)  # noqa: S608
            return
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in plain:
                copy.write_row(row)
    except kind as fault:  # told as every other statement's fault, without values
        raise DBAPIError.instance(target, None, fault, kind, hide_parameters=True) from fault


def look_over(*models: type[Model]) -> None:
    """Have PostgreSQL look over tables into which very many rows were just written. Until somebody does, it plans
    statements of this transaction as if the tables were as small as before."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        db.session.flush()
        for model in models:
            connection.exec_driver_sql(
                f"ANALYZE {connection.dialect.identifier_preparer.format_table(table_of(model))}"
            )


def _plain(
    rows: Iterable[Sequence[Any]], rest: tuple[Any, ...], processes: list[Process | None]
) -> Iterator[list[Any]]:
    """Rows as the driver takes them."""
    to_process = [(place, process) for place, process in enumerate(processes) if process is not None]
    for row in rows:
        values = [*row, *rest]
        for place, process in to_process:
            values[place] = process(values[place])
        yield values


def _process(column: Column[Any], dialect: Dialect) -> Process | None:
    """How a column's values are written for the driver; JSON as plain text, with its letters as they are."""
    if isinstance(column.type, JSON):
        return _json_process()
    if isinstance(column.type, UtcDateTime) and dialect.name == "sqlite":
        return _sqlite_moment
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _json_process() -> Process:
    """Many rows carry one and the same thing: it is put into words once."""
    words = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    last: Any = None
    said = "null"

    def process(value: Any) -> str:
        nonlocal last, said
        if value is not last:
            last, said = value, words(value)
        return said

    return process


def _sqlite_moment(value: datetime | None) -> str | None:
    """A moment as the embedded database keeps it, as `UtcDateTime` would write it."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:WITHOUT_ZONE]
