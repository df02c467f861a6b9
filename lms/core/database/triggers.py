"""Triggers that the database makes together with a table."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import DDL, event
from sqlalchemy.sql import FromClause

DIALECTS = ("sqlite", "postgresql")


def make_with(table: FromClause, statements: Callable[[str], list[str]]) -> None:
    """Run these statements as soon as the table is made; `statements` gives them for a dialect."""
    for dialect in DIALECTS:
        for statement in statements(dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # the library leaves it untyped
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
