"""How each database is spoken to.

SQLite has its log on disk before a commit returns; PostgreSQL's connections are checked before use, and left when their
host no longer takes writes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, event

from lms.core.address import KEEP_ALIVE
from lms.core.database.base import db
from lms.core.database.trouble import GONE, trouble_of_driver

reading: ContextVar[bool] = ContextVar("reading", default=False)
"""Set while a request only reads: SQLite then takes no write lock when its transaction begins."""
_one_writer = threading.Lock()


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`, by database. Values of statements, which may be personal, stand in no error."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 30, "check_same_thread": False}}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 20,
        "pool_timeout": 10,
        "connect_args": KEEP_ALIVE,
    }


def prepare_engine(engine: Engine) -> None:
    """Make a SQLite engine durable (WAL, FULL), strict about foreign keys, and explicit about its transactions."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "handle_error", leave_useless_host)
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading.get() else "BEGIN IMMEDIATE")


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
def own_reading() -> Iterator[Connection]:
    """A connection for a few reads beside the request's own transaction; takes no write lock."""
    engine: Any = db.engine
    if isinstance(engine, Connection):
        yield engine
        return
    with only_reading(), engine.connect() as connection:
        yield connection
