"""Read whole tables as lines, within one transaction that sees one moment of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine

from lms.core.database.engine import only_reading
from lms.core.database.rows.tables import Column, Kind, Table, quote
from lms.core.database.rows.words import NULL, lines_of, plain_float

ROWS = 2000
"""Rows in a block."""
UNHURRIED = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL TimeZone = 'UTC'",
)
"""For a long transaction on PostgreSQL."""


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and the SHA-256 (hex) of all its lines in order."""

    rows: int
    sha256: str


class Summing:
    """Adds blocks up as they pass."""

    def __init__(self) -> None:
        self.rows, self._digest = 0, hashlib.sha256()

    def passing(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The same blocks, added up."""
        for block in blocks:
            self.rows += block.count(b"\n")
            self._digest.update(block)
            yield block

    @property
    def sum(self) -> Sum:
        """What passed so far."""
        return Sum(self.rows, self._digest.hexdigest())


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection whose reads all see the database as it is now; others write on meanwhile."""
    with only_reading(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with connection.begin():
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # the moment is that of the first read
                yield connection
            return
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            for setting in UNHURRIED:
                connection.exec_driver_sql(setting)
            yield connection


def read_blocks(connection: Connection, table: Table) -> Iterator[bytes]:
    """A table's lines in order of its key, some at a time."""
    return _from_sqlite(connection, table) if connection.dialect.name == "sqlite" else _from_server(connection, table)


def sum_of(connection: Connection, table: Table) -> Sum:
    """The sum of a table as it stands."""
    summing = Summing()
    for _block in summing.passing(read_blocks(connection, table)):
        pass
    return summing.sum


def _from_sqlite(connection: Connection, table: Table) -> Iterator[bytes]:
    raw: Any = connection.connection.driver_connection
    names = ", ".join(quote(column.name) for column in table.columns)
    order = ", ".join(map(quote, table.key))
    cursor = raw.execute(f"SELECT {names} FROM {quote(table.name)} ORDER BY {order}")  # noqa: S608 - our own names
    kinds = [column.kind for column in table.columns]
    while rows := cursor.fetchmany(ROWS):
        yield lines_of(kinds, rows)


def _from_server(connection: Connection, table: Table) -> Iterator[bytes]:
    raw: Any = connection.connection.driver_connection
    names = ", ".join(map(_as_word, table.columns))
    kinds = {column.name: column.kind for column in table.columns}
    order = ", ".join(quote(name) + (' COLLATE "C"' if kinds[name] is Kind.TEXT else "") for name in table.key)
    statement = f"COPY (SELECT {names} FROM {quote(table.name)} ORDER BY {order}) TO STDOUT"  # noqa: S608
    floats = [place for place, column in enumerate(table.columns) if column.kind is Kind.FLOAT]
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        lines = iter(copy)
        while block := b"".join(islice(lines, ROWS)):
            yield _with_floats(block, floats) if floats else block


def _as_word(column: Column) -> str:
    name = quote(column.name)
    return f"to_char({name}, 'YYYY-MM-DD HH24:MI:SS.US')" if column.kind is Kind.MOMENT else name


def _with_floats(block: bytes, places: list[int]) -> bytes:
    lines = [line.split("\t") for line in block.decode()[:-1].split("\n")]
    for line in lines:
        for place in places:
            line[place] = line[place] if line[place] == NULL else plain_float(float(line[place]))
    return ("\n".join(map("\t".join, lines)) + "\n").encode()
