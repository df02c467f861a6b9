"""Tables whose rows never change once written, or only by being emptied of what was personal: the session refuses
everything else, and so does the database."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Table, event
from sqlalchemy.orm import Mapper, Session, object_session

from lms.core.database.base import Model
from lms.core.database.triggers import make_with
from lms.core.errors import Refused

Emptied = tuple[str, ...]
"""Names of columns."""
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % never change once written', TG_TABLE_NAME; END
$$ LANGUAGE plpgsql
"""

EMPTYING = """
CREATE OR REPLACE FUNCTION refuse_change_but_emptying() RETURNS trigger AS $$
DECLARE name text; empty boolean := TG_OP = 'UPDATE';
BEGIN
    IF empty AND to_jsonb(NEW) - TG_ARGV::text[] = to_jsonb(OLD) - TG_ARGV::text[] THEN
        FOREACH name IN ARRAY TG_ARGV LOOP empty := empty AND to_jsonb(NEW) ->> name = ''; END LOOP;
        IF empty THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'rows of % never change once written', TG_TABLE_NAME;
END
$$ LANGUAGE plpgsql
"""

frozen_tables: dict[str, Emptied] = {}
"""All frozen tables by name, each with the columns of which a row may be emptied."""


def freeze(*models: type[Model], emptied: Emptied = ()) -> None:
    """Have rows of these tables refused any change and deletion, in the session and by triggers of the database. The
    columns in `emptied` may be made empty texts by a statement past the session, all together."""
    for model in models:
        event.listen(model, "before_update", _refuse_update)
        event.listen(model, "before_delete", _refuse_delete)
        table = model.__table__
        if isinstance(table, Table):
            frozen_tables[table.name] = emptied
            kept = tuple(column.name for column in table.columns if column.name not in emptied)
            make_with(table, partial(trigger_statements, table.name, emptied=emptied, kept=kept))


def trigger_statements(table: str, dialect: str, emptied: Emptied = (), kept: Emptied = ()) -> list[str]:
    """The SQL that makes the database refuse changes of `table`, for a migration that creates or rebuilds it: any
    change, or any but making the columns `emptied` empty while those in `kept`, all others, stay."""
    if dialect == "sqlite":
        said = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change once written'); END"
        same = [f"NEW.{one} = ''" for one in emptied] + [f"NEW.{one} IS OLD.{one}" for one in kept]
        unless = f"WHEN NOT ({' AND '.join(same)}) " if emptied else ""
        return [
            f"CREATE TRIGGER frozen_{table}_update BEFORE UPDATE ON {table} {unless}{said}",
            f"CREATE TRIGGER frozen_{table}_delete BEFORE DELETE ON {table} {said}",
        ]
    trigger = f"CREATE TRIGGER frozen_{table} BEFORE UPDATE OR DELETE ON {table}"
    if not emptied:
        return [FUNCTION, f"{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change()"]
    names = ", ".join(f"'{one}'" for one in emptied)
    return [EMPTYING, f"{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change_but_emptying({names})"]


def _refuse_update(_mapper: Mapper[Model], _connection: object, target: Model) -> None:
    session = object_session(target)
    if isinstance(session, Session) and session.is_modified(target, include_collections=False):
        _refuse_delete(_mapper, _connection, target)


def _refuse_delete(_mapper: Mapper[Model], _connection: object, target: Model) -> None:
    raise Refused(f"A row of {target.__tablename__} never changes once it is written. Write a new one instead.")
