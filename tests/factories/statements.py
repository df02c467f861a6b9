"""The statements that a piece of work sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from lms.core.database.base import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent inside, savepoints left out."""
    seen: list[str] = []
    connection: Any = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "SAVEPOINT" not in statement:
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)
