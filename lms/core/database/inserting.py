"""INSERT as each database knows it: what to do about rows that are there already."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from lms.core.database.base import db


def insert_into(table: Any) -> postgresql.Insert | sqlite.Insert:
    """The database's own INSERT into the table of a model, which takes ON CONFLICT."""
    return (postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert)(table)
