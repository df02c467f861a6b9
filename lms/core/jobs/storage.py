"""Where calls of the worker wait: a file of its own beside SQLite, tables beside PostgreSQL's.

Nothing is lost with it, for what was asked for stands in the table of jobs. So the server starts without it, a spoilt
file is put aside, and a host of PostgreSQL that takes no writes is left.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from huey import Huey, MemoryHuey
from huey.storage import PostgresStorage, SqliteStorage

from lms.core.address import libpq_address
from lms.core.config import Settings
from lms.core.database.trouble import GONE, trouble_of_driver

log = structlog.get_logger(__name__)


class FileStorage(SqliteStorage):  # type: ignore[misc]
    """A file; made anew when it is spoilt."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, create_tables=False, **options)

    def _create_connection(self) -> sqlite3.Connection:
        try:
            return self._open()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as fault:
            log.error("queue_put_aside", reason=str(fault))
            for end in ("-wal", "-shm"):
                Path(f"{self.filename}{end}").unlink(missing_ok=True)
            Path(self.filename).replace(f"{self.filename}.spoilt")
            return self._open()

    def _open(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        for statement in self.ddl:
            connection.execute(statement)
        return connection

    @contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[Any]:
        """A cursor; the file is opened anew after any trouble with it."""
        try:
            with super().db(commit=commit, close=close) as cursor:
                yield cursor
        except sqlite3.DatabaseError:
            self.close()
            raise


class HostStorage(PostgresStorage):  # type: ignore[misc]
    """Tables of PostgreSQL."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, create_tables=False, **options)

    def _create_connection(self) -> Any:
        connection = self._connect()
        try:
            for statement in self.ddl:
                connection.execute(statement)
        except Exception:
            connection.close()
            raise
        return connection

    @contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[Any]:
        """A cursor; the host is left after a trouble that another might not have."""
        try:
            with super().db(commit=commit, close=close) as cursor:
                yield cursor
        except Exception as fault:
            if trouble_of_driver(fault) in GONE:
                self.close()
            raise


def make_huey(settings: Settings) -> Huey:
    """The queue with its storage."""
    if settings.immediate_jobs:
        return MemoryHuey("cascade")
    if settings.is_sqlite:
        file = str(settings.instance / "jobs.db")
        return Huey("cascade", storage_class=FileStorage, filename=file, fsync=True)
    return Huey("cascade", storage_class=HostStorage, dsn=libpq_address(settings.database_url))
