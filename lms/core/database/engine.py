"""How each database is spoken to.

SQLite has its log on disk before a commit returns; PostgreSQL's connections are asked after a rest, and left when their
host no longer takes writes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from select import POLLIN, poll
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, RootTransaction, event
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from lms.core.address import KEEP_ALIVE
from lms.core.database.base import db
from lms.core.database.trouble import GONE, trouble_of_driver

reading: ContextVar[bool] = ContextVar("reading", default=False)
"""Set while a request only reads: SQLite then takes no write lock when its transaction begins."""
_one_writer = threading.Lock()
BUSY_TIMEOUT = 30
"""Seconds a SQLite connection waits for another that writes."""
THREADS = {"sqlite": 16, "postgresql": 8}
"""Requests that one server process answers at once, by database."""
REST = 1.0
"""Seconds after which a resting connection is asked before it is used again."""
RESTS_SINCE = "rests_since"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-20000")
"""Of every connection to SQLite. Deleted values are overwritten in the file, not only forgotten."""
CONNECTIONS_EACH = 2
"""A request may hold one connection and, for a moment, one more beside it (`own_transaction`, `own_reading`)."""


def connections_of_process(kind: str) -> int:
    """How many connections to the database one server process opens at most."""
    return THREADS[kind] * CONNECTIONS_EACH


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`, by database. Values of statements, which may be personal, stand in no error."""
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    pool = {"pool_size": THREADS[kind], "max_overflow": connections_of_process(kind) - THREADS[kind]}
    common = {**pool, "hide_parameters": True}
    if kind == "sqlite":
        return {**common, "connect_args": {"timeout": BUSY_TIMEOUT, "check_same_thread": False}}
    return {**common, "pool_timeout": 10, "pool_use_lifo": True, "connect_args": KEEP_ALIVE}


def prepare_engine(engine: Engine) -> None:
    """Make a SQLite engine durable (WAL, FULL), strict about foreign keys, thorough in deleting, and explicit about its
    transactions."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", tell_planner)
        event.listen(engine, "handle_error", leave_useless_host)
        event.listen(engine, "checkin", note_rest)

        @event.listens_for(engine, "checkout")
        def ask(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
            if needs_asking(connection, record):
                try:
                    engine.dialect.do_ping(connection)
                except Exception as fault:  # the others of the pool are gone too: all are made anew
                    raise InvalidatePoolError from fault

        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading.get() else "BEGIN IMMEDIATE")


def tell_planner(connection: Any, _record: object) -> None:
    """Have PostgreSQL, however it is set up, plan our short statements as it should: not compiled, which takes longer
    than running them, and by index, since what they read is in memory."""
    for setting in ("jit = off", "random_page_cost = 1.1"):
        connection.execute(f"SET {setting}")
    connection.commit()


def plan_anew(engine: Engine) -> None:
    """Have PostgreSQL plan each statement for the branch that is asked for, since what suits a district takes many
    times as long for the country: for who answers pages. Who writes many rows alike is quicker with one plan."""
    if engine.dialect.name != "postgresql":
        return

    @event.listens_for(engine, "connect")
    def tell(connection: Any, _record: object) -> None:
        connection.execute("SET plan_cache_mode = force_custom_plan")
        connection.commit()


def note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    """Remember since when a connection has rested."""
    record.info[RESTS_SINCE] = monotonic()


def needs_asking(connection: Any, record: ConnectionPoolEntry) -> bool:
    """Whether a connection is to be asked, before it is used, if its server is still there: when it rested a while, or
    when its server sent something unasked, as it does when it ends. Asking each time costs as much as a statement."""
    since = record.info.get(RESTS_SINCE)
    return since is not None and (monotonic() - since >= REST or _says_something(connection))


def _says_something(connection: Any) -> bool:
    if connection.closed:
        return True
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    return bool(waiting.poll(0))


def leave_useless_host(context: ExceptionContext) -> None:
    """Have every pooled connection made anew when a host went away or takes no writes: a plain check before use passes
    on a standby, so without this the pool would keep to a host that cannot save."""
    if trouble_of_driver(context.original_exception) in GONE:
        context.is_disconnect = True


@contextmanager
def only_reading() -> Iterator[None]:
    """Inside, new transactions take no write lock."""
    token = reading.set(True)
    try:
        yield
    finally:
        reading.reset(token)


@contextmanager
def own_transaction() -> Iterator[Connection]:
    """A connection with a transaction of its own, committed at the end: for the few writes that must not wait for the
    request's commit. (Inside a test's open connection it is a savepoint.)

    On SQLite, which has one writer, they queue up here: quicker than asking the file again and again.
    """
    engine: Any = db.engine
    token = reading.set(False)
    try:
        if isinstance(engine, Connection):
            with engine.begin_nested():
                yield engine
        elif engine.dialect.name == "sqlite":
            with _one_writer, engine.begin() as connection:
                yield connection
        else:
            with engine.begin() as connection:
                yield connection
    finally:
        reading.reset(token)


@contextmanager
def quick_transaction(wait: float = 0.05) -> Iterator[Connection | None]:
    """As `own_transaction`, for a write that can be left out: None when another writes on SQLite and has not done so
    within `wait` seconds."""
    engine: Any = db.engine
    if isinstance(engine, Connection) or engine.dialect.name != "sqlite":
        with own_transaction() as connection:
            yield connection
        return
    token = reading.set(False)
    has_turn = _one_writer.acquire(timeout=wait)
    try:
        with engine.connect() as connection:
            begun = _begin_within(connection, wait) if has_turn else None
            if begun is None:
                yield None
                return
            with begun:
                yield connection
    finally:
        if has_turn:
            _one_writer.release()
        reading.reset(token)


def _begin_within(connection: Connection, wait: float) -> RootTransaction | None:
    """The write transaction begun on SQLite, or None when another process holds the file longer than `wait` seconds."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
    try:
        return connection.begin()
    except OperationalError:
        return None
    finally:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000}")


@contextmanager
def own_reading() -> Iterator[Connection]:
    """A connection for a few reads beside the request's own transaction; takes no write lock."""
    engine: Any = db.engine
    if isinstance(engine, Connection):
        yield engine
        return
    with only_reading(), engine.connect() as connection:
        yield connection


def empty_log() -> None:
    """Have SQLite's log hold nothing any more, so that deleted values do not stand there either. Left out while others
    read: the next time does it. PostgreSQL recycles its log and clears dead rows by itself."""
    engine: Any = db.engine
    if isinstance(engine, Connection) or engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        raw.driver_connection.execute("PRAGMA busy_timeout = 200")
        raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.driver_connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000}")
    finally:
        raw.close()
