"""The base of all tables: names of constraints, time in UTC, and the session bound to the running app."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from lms.core.errors import NotFound

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


NO_NUMBER_TWICE = {"sqlite_autoincrement": True}
"""For tables whose rows are named in the record and may be deleted: SQLite too never gives an id a second time."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, on both databases. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Every table of the system."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime,
            str: String,
            dict[str, Any]: JSON,
            dict[str, str]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
        },
    )


Row = TypeVar("Row", bound=Model)
db = SQLAlchemy(model_class=Model, session_options={"join_transaction_mode": "create_savepoint"})


def get_row(model: type[Row], key: int) -> Row:
    """The row with this id; NotFound when there is none."""
    found = db.session.get(model, key)
    if found is None:
        raise NotFound
    return found


def table_of(model: type[Model]) -> Table:
    """The table behind a model: every one of ours has a whole one."""
    return cast(Table, model.__table__)
