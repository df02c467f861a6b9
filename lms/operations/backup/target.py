"""The database that is filled anew: what stands in it now, and how the new one takes its place, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from lms.core import clock
from lms.core.database.base import UtcDateTime
from lms.core.database.engine import only_reading
from lms.core.database.rows.tables import REVISION_TABLE, Kind, Table, count_rows, has_rows, quote, read_tables
from lms.core.database.trouble import Trouble, trouble_of
from lms.core.errors import Refused
from lms.core.occupancy import give_to_owner
from lms.core.settling import ADVISORY_LOCK, sync_file, sync_folder

FIRST_NAMED = ("person", "attempt", "answer_step", "certificate", "stored_file")
"""Tables whose counts say best what an installation holds."""


@dataclass(frozen=True)
class Standing:
    """What stands in a database."""

    tables: tuple[Table, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """Rows of each table that has any."""
    newest: datetime | None = None
    """The newest moment in any row that is not in the future."""
    is_damaged: bool = False
    """Something stands there that cannot be read."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no row."""
        return not self.counts and not self.is_damaged

    def in_words(self) -> str:
        """As `83,000 rows (person 1,752, ...), the newest of 2026-02-01 10:00:00 UTC`."""
        if self.is_damaged:
            return "a damaged database, which nothing can be told of"
        counts = self.counts
        named = ", ".join(f"{name} {counts[name]:,}" for name in FIRST_NAMED if name in counts)
        newest = f", the newest of {self.newest:%Y-%m-%d %H:%M:%S} UTC" if self.newest else ""
        return f"{sum(counts.values()):,} rows" + (f" ({named})" if named else "") + newest


def look_at(engine: Engine) -> Standing:
    """What stands in the database now."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return Standing()
    try:
        with only_reading(), engine.connect() as connection:
            tables = tuple(read_tables(connection))
            counts = {table.name: count_rows(connection, table) for table in tables if has_rows(connection, table)}
            moments = [_newest_of(connection, table) for table in tables if table.name in counts]
            return Standing(tables, counts, max((moment for moment in moments if moment), default=None))
    except (DBAPIError, sqlite3.Error) as fault:
        if trouble_of(fault) is Trouble.DAMAGED:
            return Standing(is_damaged=True)
        raise


@contextmanager
def new_sqlite(path: Path) -> Iterator[Connection]:
    """A connection to a new file of SQLite; whole and on disk at the end of the block, gone when it fails."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _be_quick)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    remove_sqlite(path)
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
        engine.dispose()
        _keep_log(path)
    except BaseException:
        engine.dispose()
        remove_sqlite(path)
        raise


def remove_sqlite(path: Path) -> None:
    """Remove a file of SQLite with what lies beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


@contextmanager
def cleared_server(engine: Engine, standing: Standing, *, aside: str) -> Iterator[Connection]:
    """A connection to PostgreSQL in one transaction in which our tables are out of the way: moved to the schema
    `aside` if they have rows, dropped if not. Nothing of it has happened unless the block ends well."""
    with engine.connect() as connection, connection.begin():
        for setting in ("lock_timeout = '10s'", "statement_timeout = 0", "TimeZone = 'UTC'"):
            connection.exec_driver_sql(f"SET LOCAL {setting}")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        check_alone(connection)
        names = [*(table.name for table in standing.tables), *([REVISION_TABLE] if standing.tables else [])]
        if standing.is_empty:
            for name in names:
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quote(name)} CASCADE")
        else:
            _move_aside(connection, names, aside)
        yield connection


def check_alone(connection: Connection) -> None:
    """Raise Refused when others of the same user are connected to the database: a server on another machine."""
    others = connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    )
    if others:
        raise Refused(
            f"{others} other connections to this database are open. Stop the server and its worker on every machine, "
            "and whatever else is connected, and try again. Nothing has changed."
        )


def _keep_log(path: Path) -> None:
    """Have a new file write ahead into a log from now on, as the server wants it, and be on disk."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode=WAL").fetchall()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    path.chmod(0o600)
    give_to_owner(path, path.parent)
    sync_file(path)
    sync_folder(path.parent)


def _move_aside(connection: Connection, names: Sequence[str], aside: str) -> None:
    try:
        connection.exec_driver_sql(f"CREATE SCHEMA {quote(aside)}")
    except DBAPIError as fault:
        if isinstance(fault.orig, psycopg.errors.InsufficientPrivilege):
            raise Refused(
                "The old tables cannot be kept beside: this user of PostgreSQL may not create a schema. Have its "
                "administrator run: GRANT CREATE ON DATABASE ... TO ... . Nothing has changed."
            ) from fault
        raise
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE IF EXISTS {quote(name)} SET SCHEMA {quote(aside)}")


def _newest_of(connection: Connection, table: Table) -> datetime | None:
    now = clock.machine_time()
    bound = now.strftime("%Y-%m-%d %H:%M:%S.%f") if connection.dialect.name == "sqlite" else now
    found = []
    for name in (column.name for column in table.columns if column.kind is Kind.MOMENT):
        statement = f"SELECT max({quote(name)}) AS newest FROM {quote(table.name)} WHERE {quote(name)} <= :now"  # noqa: S608
        found.append(connection.scalar(text(statement).columns(newest=UtcDateTime), {"now": bound}))
    return max((moment for moment in found if moment), default=None)


def _be_quick(raw: object, _record: object) -> None:
    raw.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "foreign_keys=OFF"):
        raw.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
