"""Write whole tables from lines, with constraints and triggers off meanwhile and everything checked after."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection

from lms.core.database.rows.tables import Table, quote
from lms.core.database.rows.words import rows_of
from lms.core.errors import Refused

_PLACE = re.compile(r"line (\d+)(?:, column (\w+))?")
_TAKEN_OFF = {
    "sqlite": """
        SELECT type, name, tbl_name, 'DROP ' || type || ' "' || name || '"', sql FROM sqlite_master
        WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY type, name""",
    "postgresql": """
        SELECT 'foreign key', c.conname, t.relname, format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass,
               c.conname), format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname,
               pg_get_constraintdef(c.oid))
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT 'index', n.relname, t.relname, format('DROP INDEX %s', i.indexrelid::regclass),
               pg_get_indexdef(i.indexrelid)
        FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
        WHERE t.relnamespace = current_schema()::regnamespace
              AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid AND contype <> 'f')
        ORDER BY 1, 2""",
}
"""What is taken off while rows are written: kind, name, table, how it goes, how it comes back."""


@contextmanager
def bare(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Inside, the tables have no rows at first, no foreign keys, no further indexes and no triggers; at the end all of
    them stand again, and rows that break one are refused by the database."""
    ours = {table.name for table in tables}
    raw: Any = connection.connection.driver_connection
    parts = [part for part in raw.execute(_TAKEN_OFF[connection.dialect.name]).fetchall() if part[2] in ours]
    for part in parts:
        raw.execute(part[3])
    _empty(connection, tables)
    yield
    for kind, name, table, _off, back in reversed(parts):
        try:
            raw.execute(back)
        except (psycopg.IntegrityError, sqlite3.IntegrityError) as fault:
            raise Refused(
                f"Rows of the table {table} break a rule of the database ({kind} {name}). Nothing has changed."
            ) from fault


def write_blocks(connection: Connection, table: Table, blocks: Iterator[bytes]) -> None:
    """Add the lines' rows to a table. Raises Refused when the database does not take a value."""
    try:
        if connection.dialect.name == "sqlite":
            _into_sqlite(connection, table, blocks)
        else:
            _into_server(connection, table, blocks)
    except (psycopg.DataError, psycopg.IntegrityError) as fault:
        place = _PLACE.search(fault.diag.context or "")
        where = f", row {place[1]}" + (f", column {place[2]}" if place[2] else "") if place else ""
        raise Refused(
            f"PostgreSQL does not take a value of the table {table.name}{where} ({type(fault).__name__}). "
            "Nothing has changed. Mend it where it stands now, and try again."
        ) from None


def check_links(connection: Connection) -> None:
    """Raise Refused when rows point nowhere or the file is damaged (PostgreSQL has checked while it built them)."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise Refused(f"Rows of these tables point to rows that are not there: {tables}. Nothing has changed.")
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        raise Refused(f"The new database is damaged ({said}). Nothing has changed. Look at the disk, and try again.")


def _empty(connection: Connection, tables: Sequence[Table]) -> None:
    if connection.dialect.name == "sqlite":
        for table in tables:
            connection.exec_driver_sql(f"DELETE FROM {quote(table.name)}")  # noqa: S608 - our own names
    elif tables:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(quote(table.name) for table in tables)}")


def _into_sqlite(connection: Connection, table: Table, blocks: Iterator[bytes]) -> None:
    raw: Any = connection.connection.driver_connection
    names = ", ".join(quote(column.name) for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    kinds = [column.kind for column in table.columns]
    for block in blocks:
        raw.executemany(statement, rows_of(kinds, block))


def _into_server(connection: Connection, table: Table, blocks: Iterator[bytes]) -> None:
    raw: Any = connection.connection.driver_connection
    names = ", ".join(quote(column.name) for column in table.columns)
    with raw.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        for block in blocks:
            copy.write(block)
