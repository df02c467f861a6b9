"""Tables whose rows never change once written: the session refuses, and so does the database."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Table, event
from sqlalchemy.orm import Mapper, Session, object_session

from lms.core.database.base import Model
from lms.core.database.triggers import make_with
from lms.core.errors import Refused

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % never change once written', TG_TABLE_NAME; END
$$ LANGUAGE plpgsql
"""

frozen_tables: set[str] = set()
"""Names of all frozen tables."""


def freeze(*models: type[Model]) -> None:
    """Have rows of these tables refused any change and deletion, in the session and by triggers of the database."""
    for model in models:
        event.listen(model, "before_update", _refuse_update)
        event.listen(model, "before_delete", _refuse_delete)
        table = model.__table__
        if isinstance(table, Table):
            frozen_tables.add(table.name)
            make_with(table, partial(trigger_statements, table.name))


def trigger_statements(table: str, dialect: str) -> list[str]:
    """The SQL that makes the database refuse changes of `table`, for a migration that creates or rebuilds it."""
    if dialect == "sqlite":
        said = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change once written'); END"
        return [
            f"CREATE TRIGGER frozen_{table}_{act.lower()} BEFORE {act} ON {table} {said}"
            for act in ("UPDATE", "DELETE")
        ]
    trigger = f"CREATE TRIGGER frozen_{table} BEFORE UPDATE OR DELETE ON {table}"
    return [FUNCTION, f"{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change()"]


def _refuse_update(_mapper: Mapper[Model], _connection: object, target: Model) -> None:
    session = object_session(target)
    if isinstance(session, Session) and session.is_modified(target, include_collections=False):
        _refuse_delete(_mapper, _connection, target)


def _refuse_delete(_mapper: Mapper[Model], _connection: object, target: Model) -> None:
    raise Refused(f"A row of {target.__tablename__} never changes once it is written. Write a new one instead.")
