"""Many ids in one statement."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, literal
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.database.base import db

Column = ColumnElement[int] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def is_among(column: Column, ids: Iterable[int]) -> ColumnElement[bool]:
    """A condition: `column` is one of many ids. PostgreSQL gets them as one array, so that the statement reads the same
    however many they are: it is taken apart once for each connection, not each time."""
    if db.engine.dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(Integer)))
    return column.in_(list(ids))
